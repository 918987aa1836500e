-- Codes of a site: its alarm, gates, key safes, keypads, safes. `sealed` holds what is typed in there; a row a code.

create table vault.site_codes (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  site_id uuid not null,
  kind text not null check (kind in ('alarm','gate','key_safe','keypad','safe')),
  label text not null check (length(label) between 1 and 120),
  sealed bytea not null,
  sealing int not null default 1, -- counts what was sealed here: bytes of an older sealing put back do not open
  sealed_at timestamptz not null default app.now(),
  archived_at timestamptz,
  version int not null default 1,
  primary key (shop_id, id),
  foreign key (shop_id, client_id, site_id) references app.sites (shop_id, client_id, id)
);
create index site_codes_of_site on vault.site_codes (shop_id, client_id, site_id);
select app.isolate('vault.site_codes');
grant select, insert on vault.site_codes to shearline_app;
grant update (kind, label, sealed, sealing, sealed_at, archived_at, version) on vault.site_codes to shearline_app;

-- As with how to get in: a technician's while a job of his there is open.
create policy technician on vault.site_codes as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.visits v join app.jobs j on j.shop_id = v.shop_id and j.id = v.job_id
    where v.shop_id = site_codes.shop_id and v.site_id = site_codes.site_id and v.technician_id = (select app.ctx_person())
      and v.cancelled_at is null and j.status in ('scheduled','en_route','on_site')));
