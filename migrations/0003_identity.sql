-- The shop's own record, its tax rates and number series; and the functions of the front door.

create table app.shops (
  shop_id uuid primary key references auth.shops,
  slug text not null,
  name text not null check (length(name) between 1 and 120),
  licence_number text not null check (length(licence_number) <= 60),
  phone text not null default '' check (length(phone) <= 40),
  email text not null default '' check (length(email) <= 254),
  address text not null default '' check (length(address) <= 400),
  time_zone text not null check (length(time_zone) between 1 and 60),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  units text not null check (units in ('in','mm')),
  terms_days int not null default 14 check (terms_days between 0 and 120),
  invoice_prefix text not null default 'INV-' check (length(invoice_prefix) <= 12),
  version int not null default 1
);
select app.isolate('app.shops');
grant select on app.shops to shearline_app;
grant update (name, licence_number, phone, email, address, time_zone, units, terms_days, version) on app.shops to shearline_app;
create policy portal on app.shops for select to shearline_portal using (true);
grant select (shop_id, name, licence_number, phone, email, address, time_zone, currency) on app.shops to shearline_portal;

create table app.tax_rates (
  shop_id uuid not null references app.shops,
  id uuid not null,
  position int not null,
  name text not null check (length(name) between 1 and 40),
  rate_micro bigint not null check (rate_micro between 0 and 100000000), -- millionths of a percent: 9.975 % = 9975000
  compound boolean not null default false,
  kinds text[] not null check (kinds <@ array['labour','part','fee','travel']), -- line kinds it taxes
  archived_at timestamptz,
  primary key (shop_id, id)
);
select app.isolate('app.tax_rates');
grant select, insert on app.tax_rates to shearline_app;
grant update (archived_at) on app.tax_rates to shearline_app;

-- Numbers without gaps: the row is locked by the transaction that takes a number, so a rollback gives it back.
create table app.number_series (
  shop_id uuid not null references app.shops,
  kind text not null check (kind in ('job','invoice')),
  next bigint not null default 1001,
  primary key (shop_id, kind)
);
select app.isolate('app.number_series');
grant select on app.number_series to shearline_app;
grant update (next) on app.number_series to shearline_app;

-- Same form twice: the first result is given again. The row is written first in the transaction it guards.
create table app.form_posts (
  shop_id uuid not null references app.shops,
  id text not null check (length(id) between 1 and 120),
  body_hash bytea not null,
  location text not null default '',
  at timestamptz not null default app.now(),
  primary key (shop_id, id)
);
select app.isolate('app.form_posts');
grant select, insert on app.form_posts to shearline_app;
grant update (location) on app.form_posts to shearline_app;

-- The shop's people, as pages and lists name them.
create function app.members() returns table (person_id uuid, name text, email text, role text, since timestamptz, disabled_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select m.person_id, p.name, p.email, m.role, m.created_at, m.disabled_at
    from auth.memberships m join auth.people p on p.id = m.person_id where m.shop_id = app.ctx_shop();
end $$;
grant execute on function app.members() to shearline_app;

create table auth.invites (
  id uuid primary key,
  shop_id uuid not null references auth.shops,
  email text not null check (email = lower(email)),
  role text not null,
  token_hash bytea not null unique,
  invited_by uuid not null,
  created_at timestamptz not null default app.now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz
);
create index invites_shop on auth.invites (shop_id);

-- One-shot memory of a form that failed without script: sealed by the server, gone when read or after ten minutes.
create table auth.flash (
  token_hash bytea primary key,
  sealed bytea not null,
  expires_at timestamptz not null
);

-- Failed sign-ins for addresses nobody has: no chain to put them on, so a short unchained log.
create table auth.instance_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default app.now(),
  what text not null
);

create table auth.denials (
  shop_id uuid not null,
  person_id uuid not null,
  permission text not null,
  last_recorded timestamptz not null,
  unrecorded int not null default 0,
  primary key (shop_id, person_id, permission)
);
