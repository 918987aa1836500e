-- What was signed, byte for byte, and by whom.

create table app.documents (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  job_id uuid not null,
  kind text not null check (kind in ('work_order')),
  version int not null,                       -- of this document of this job; a later change makes the next
  body bytea not null check (length(body) between 1 and 262144), -- UTF-8 HTML fragment without script or style
  sha256 bytea not null check (sha256 = sha256(body)),
  created_by uuid not null,
  created_at timestamptz not null default app.now(),
  primary key (shop_id, id),
  unique (shop_id, client_id, id),
  unique (shop_id, job_id, kind, version),
  foreign key (shop_id, client_id, job_id) references app.jobs (shop_id, client_id, id),
  foreign key (shop_id, created_by) references auth.memberships
);
select app.isolate('app.documents'), app.open_to_client('app.documents'), app.append_only('app.documents');
grant select, insert on app.documents to shearline_app;
grant select (shop_id, id, client_id, job_id, kind, version, body, sha256, created_at) on app.documents to shearline_portal;

create table app.signatures (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  job_id uuid not null,
  document_id uuid not null,
  document_sha256 bytea not null,
  signer_name text not null check (length(signer_name) between 1 and 120),
  signer_role text not null check (signer_role in ('client','technician','witness')),
  method text not null check (method in ('drawn','typed')),
  consent_version int not null,
  consent_text text not null,
  strokes_sha256 bytea,
  signed_at timestamptz not null default app.now(),
  device_time text not null default '' check (length(device_time) <= 60),
  ip text not null,
  user_agent text not null,
  witness_id uuid,              -- who of the shop stood beside
  link_id uuid,                 -- or by which portal link
  primary key (shop_id, id),
  constraint signatures_once unique (shop_id, document_id, signer_role), -- each role signs a document once
  foreign key (shop_id, client_id, document_id) references app.documents (shop_id, client_id, id),
  foreign key (shop_id, client_id, job_id) references app.jobs (shop_id, client_id, id),
  foreign key (shop_id, witness_id) references auth.memberships match simple,
  check ((witness_id is null) <> (link_id is null)),
  check ((method = 'drawn') = (strokes_sha256 is not null))
);
create index signatures_job on app.signatures (shop_id, job_id);
select app.isolate('app.signatures'), app.open_to_client('app.signatures'), app.append_only('app.signatures');
grant select, insert on app.signatures to shearline_app;
grant select (shop_id, id, client_id, job_id, document_id, signer_name, signer_role, method, signed_at) on app.signatures to shearline_portal;

create table vault.signature_strokes (
  shop_id uuid not null,
  signature_id uuid not null,
  sealed bytea not null,
  primary key (shop_id, signature_id),
  foreign key (shop_id, signature_id) references app.signatures
);
select app.isolate('vault.signature_strokes'), app.append_only('vault.signature_strokes');
grant select, insert on vault.signature_strokes to shearline_app;

do $$
declare child text;
begin
  foreach child in array array['app.documents','app.signatures'] loop
    execute format('create policy technician on %s as restrictive to shearline_app using ((select app.ctx_role()) <> ''technician''
      or exists (select from app.visits v where v.shop_id = %1$s.shop_id and v.job_id = %1$s.job_id and v.technician_id = (select app.ctx_person())))', child);
  end loop;
end $$;
create policy technician on vault.signature_strokes as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.signatures s join app.visits v on v.shop_id = s.shop_id and v.job_id = s.job_id
    where s.shop_id = signature_strokes.shop_id and s.id = signature_strokes.signature_id and v.technician_id = (select app.ctx_person())));

-- The chain is the office's; a technician reads what it says of the jobs of his visits and their signatures, without names and addresses.
create policy technician on audit.subjects as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.visits v
    where v.shop_id = subjects.shop_id and v.job_id = subjects.subject and v.technician_id = (select app.ctx_person()))
    or exists (select from app.signatures g where g.shop_id = subjects.shop_id and g.id = subjects.subject)); -- those of his jobs: their own policy sees to it
create policy technician on audit.entries as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from audit.subjects s where s.shop_id = entries.shop_id and s.seq = entries.seq));
create policy technician on audit.personal as restrictive to shearline_app using ((select app.ctx_role()) <> 'technician');
