-- Jobs: the work, from the call to the closed file; and the templates that say what evidence each kind demands.

create table app.job_templates (
  shop_id uuid not null references app.shops,
  id uuid not null,
  key text not null check (key ~ '^[a-z_]{1,40}$'),
  name text not null check (length(name) between 1 and 80),
  current_version int not null default 1,
  archived_at timestamptz,
  primary key (shop_id, id),
  unique (shop_id, key)
);
select app.isolate('app.job_templates');
grant select, insert on app.job_templates to shearline_app;
grant update (name, current_version, archived_at) on app.job_templates to shearline_app;

-- A version never changes: a job keeps the one it was created with.
create table app.job_template_versions (
  shop_id uuid not null,
  template_id uuid not null,
  version int not null,
  requirements jsonb not null,
  default_lines jsonb not null default '[]',
  created_at timestamptz not null default app.now(),
  primary key (shop_id, template_id, version),
  foreign key (shop_id, template_id) references app.job_templates
);
select app.isolate('app.job_template_versions'), app.append_only('app.job_template_versions');
grant select, insert on app.job_template_versions to shearline_app;

create table app.jobs (
  shop_id uuid not null references app.shops,
  id uuid not null,
  number bigint not null,
  client_id uuid not null,
  site_id uuid,
  contact_id uuid,              -- who asked
  template_id uuid not null,
  template_version int not null,
  status text not null default 'new' check (status in ('new','scheduled','en_route','on_site','completed','invoiced','closed','cancelled','refused')),
  requested text not null check (length(requested) between 1 and 2000),
  performed text not null default '' check (length(performed) <= 4000),
  answers jsonb not null default '{}',
  caller text not null default '' check (length(caller) <= 160),
  caller_phone text not null default '' check (length(caller_phone) <= 40),
  po_number text not null default '' check (length(po_number) <= 60),
  ceiling_minor bigint check (ceiling_minor >= 0), -- do not exceed
  urgent boolean not null default false,
  ended_reason text not null default '' check (length(ended_reason) <= 400),    -- why cancelled or refused
  override_reason text not null default '' check (length(override_reason) <= 400), -- why completed with something missing
  created_by uuid not null,
  created_at timestamptz not null default app.now(),
  completed_at timestamptz,
  version int not null default 1,
  primary key (shop_id, id),
  unique (shop_id, client_id, id),
  constraint jobs_number_key unique (shop_id, number),
  foreign key (shop_id, client_id) references app.clients,
  foreign key (shop_id, client_id, site_id) references app.sites (shop_id, client_id, id) match simple,
  foreign key (shop_id, client_id, contact_id) references app.contacts (shop_id, client_id, id) match simple,
  foreign key (shop_id, template_id, template_version) references app.job_template_versions,
  foreign key (shop_id, created_by) references auth.memberships
);
create index jobs_newest on app.jobs (shop_id, number desc);
create index jobs_by_status on app.jobs (shop_id, status, number desc);
create index jobs_client on app.jobs (shop_id, client_id, number desc);
create index jobs_site on app.jobs (shop_id, site_id, number desc);
select app.isolate('app.jobs'), app.open_to_client('app.jobs');
grant select, insert on app.jobs to shearline_app;
grant update (site_id, contact_id, status, requested, performed, answers, po_number, ceiling_minor, urgent, ended_reason, override_reason, completed_at, version) on app.jobs to shearline_app;
grant select (shop_id, id, number, client_id, site_id, status, requested, performed, created_at, completed_at) on app.jobs to shearline_portal;

-- The same table of steps as domain::jobs; a test compares the two. A page that forgot to ask is refused here.
create function app.jobs_step() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.status <> old.status and not (old.status || '>' || new.status = any (array[
    'new>scheduled','new>cancelled','new>refused','scheduled>new','scheduled>en_route','scheduled>on_site','scheduled>cancelled','scheduled>refused',
    'en_route>on_site','en_route>cancelled','en_route>refused','on_site>completed','on_site>cancelled','on_site>refused',
    'completed>invoiced','completed>closed','invoiced>completed','invoiced>closed'])) then
    raise exception 'a job does not go from % to %', old.status, new.status using errcode = '23514', constraint = 'jobs_step';
  end if;
  return new;
end $$;
create trigger jobs_step before update of status on app.jobs for each row execute function app.jobs_step();

create table app.job_openings (
  shop_id uuid not null,
  job_id uuid not null,
  opening_id uuid not null,
  primary key (shop_id, job_id, opening_id),
  foreign key (shop_id, job_id) references app.jobs,
  foreign key (shop_id, opening_id) references app.openings
);
create index job_openings_opening on app.job_openings (shop_id, opening_id);
select app.isolate('app.job_openings');
grant select, insert, delete on app.job_openings to shearline_app;

-- A ticked item of the job's checklist.
create table app.job_checks (
  shop_id uuid not null,
  job_id uuid not null,
  key text not null check (length(key) between 1 and 60),
  note text not null default '' check (length(note) <= 400),
  done_by uuid not null,
  done_at timestamptz not null default app.now(),
  primary key (shop_id, job_id, key),
  foreign key (shop_id, job_id) references app.jobs,
  foreign key (shop_id, done_by) references auth.memberships
);
select app.isolate('app.job_checks');
grant select, insert, delete on app.job_checks to shearline_app;

-- Who asked and why we believed them. The document's last characters are sealed; nothing here changes afterwards.
create table app.authority_checks (
  shop_id uuid not null,
  id uuid not null,
  job_id uuid not null,
  person_name text not null check (length(person_name) between 1 and 120),
  relation text not null check (relation in ('owner','tenant','manager','employee','relative','agent','police','other')),
  document text not null check (document in ('driving_licence','passport','identity_card','lease','utility_bill','registration','letter','known_to_shop','none')),
  sealed_characters bytea,
  outcome text not null check (outcome in ('allowed','refused')),
  reason text not null default '' check (length(reason) <= 400),
  checked_by uuid not null,
  checked_at timestamptz not null default app.now(),
  primary key (shop_id, id),
  foreign key (shop_id, job_id) references app.jobs,
  foreign key (shop_id, checked_by) references auth.memberships
);
create index authority_checks_job on app.authority_checks (shop_id, job_id, id desc);
select app.isolate('app.authority_checks'), app.append_only('app.authority_checks');
grant select, insert on app.authority_checks to shearline_app;

create table app.job_lines (
  shop_id uuid not null,
  id uuid not null,
  job_id uuid not null,
  client_id uuid not null,
  kind text not null check (kind in ('labour','part','fee','travel')),
  description text not null check (length(description) between 1 and 300),
  quantity_milli bigint not null check (quantity_milli > 0 and quantity_milli <= 1000000000),
  unit_minor bigint not null check (abs(unit_minor) <= 100000000000),
  taxable boolean not null default true,
  primary key (shop_id, id),
  foreign key (shop_id, client_id, job_id) references app.jobs (shop_id, client_id, id)
);
create index job_lines_job on app.job_lines (shop_id, job_id, id);
select app.isolate('app.job_lines');
grant select, insert, delete on app.job_lines to shearline_app;
