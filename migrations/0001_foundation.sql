-- Schemas, privileges, time and the shop context: what every other migration stands on.
-- Runs as shearline_owner. Roles are cluster-wide and are made by `shearline migrate`, never here.

create schema app;    -- tenant tables in clear
create schema vault;  -- tenant tables whose columns are sealed
create schema audit;  -- the chain
create schema auth;   -- people, memberships, capabilities: reached by functions alone
create schema portal; -- what the client's door may do
create schema worker; -- background work

revoke all on schema public from public;
alter default privileges revoke execute on functions from public;

grant usage on schema app to shearline_app, shearline_portal, shearline_auth, shearline_worker;
grant usage on schema vault, audit to shearline_app;
grant usage on schema portal to shearline_portal;
grant usage on schema worker to shearline_app, shearline_worker;
grant usage on schema auth to shearline_auth;

-- All SQL takes its time from here; only the test template replaces the body.
create function app.now() returns timestamptz language sql stable as 'select now()';
grant execute on function app.now() to shearline_app, shearline_portal, shearline_auth, shearline_worker;

-- Every shop of the installation. The slug is the one thing about a shop that is unique across shops, so it stands here.
create table auth.shops (
  id uuid primary key,
  slug text not null constraint shops_slug_key unique check (slug ~ '^[a-z0-9](-?[a-z0-9]){1,39}$'),
  created_at timestamptz not null default app.now()
);

create table auth.people (
  id uuid primary key,
  email text not null constraint people_email_key unique check (email = lower(email) and length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 120),
  password_hash text not null,
  created_at timestamptz not null default app.now()
);

create table auth.memberships (
  shop_id uuid not null references auth.shops,
  person_id uuid not null references auth.people,
  role text not null check (role in ('owner','admin','manager','dispatcher','bookkeeper','front_desk','technician','auditor')),
  created_at timestamptz not null default app.now(),
  disabled_at timestamptz,
  primary key (shop_id, person_id)
);
create index memberships_person on auth.memberships (person_id);

-- A capability is the right to act in one shop as one person, client or piece of work. The row holds a hash of
-- HMAC(token, "db"); neither the token nor what a transaction presents can be read back from it.
create table auth.capabilities (
  hash bytea primary key check (length(hash) = 32),
  id uuid not null unique,
  kind text not null check (kind in ('session','portal','job')),
  shop_id uuid not null references auth.shops,
  person_id uuid references auth.people,
  client_id uuid,
  contact_id uuid,
  link_id uuid,
  role text,
  created_at timestamptz not null default app.now(),
  last_seen_at timestamptz not null default app.now(),
  idle interval not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  user_agent text not null default '',
  ip text not null default '',
  check ((kind = 'session') = (person_id is not null and role is not null)),
  check ((kind = 'portal') = (client_id is not null and link_id is not null)),
  foreign key (shop_id, person_id) references auth.memberships
);
create index capabilities_person on auth.capabilities (shop_id, person_id) where revoked_at is null;
create index capabilities_link on auth.capabilities (shop_id, link_id) where revoked_at is null;

-- Who this transaction acts for: the capability named by app.cap, if it lives and if this login may present its kind.
-- plpgsql, because a SQL function would be inlined into policies and lose its privileges; empty, unknown, expired and
-- revoked all come to "nobody", which every policy turns into zero rows.
create type app.context as (kind text, shop_id uuid, person_id uuid, role text, client_id uuid, contact_id uuid, link_id uuid, capability uuid);
create function app.ctx() returns app.context
language plpgsql stable security definer parallel restricted set search_path = pg_catalog, pg_temp as $$
declare found app.context;
begin
  select c.kind, c.shop_id, c.person_id, m.role, c.client_id, c.contact_id, c.link_id, c.id into found
  from auth.capabilities c left join auth.memberships m on m.shop_id = c.shop_id and m.person_id = c.person_id
  where c.hash = sha256(convert_to(coalesce(current_setting('app.cap', true), ''), 'UTF8'))
    and c.revoked_at is null and c.expires_at > app.now() and c.last_seen_at + c.idle > app.now()
    and (c.person_id is null or m.disabled_at is null)
    and session_user = any (case c.kind when 'session' then array['shearline_app','shearline_auth']
                                        when 'portal' then array['shearline_portal','shearline_auth']
                                        else array['shearline_app','shearline_worker'] end);
  return found;
end $$;

create function app.ctx_shop() returns uuid language plpgsql stable security definer parallel restricted
  set search_path = pg_catalog, pg_temp as 'begin return (app.ctx()).shop_id; end';
create function app.ctx_person() returns uuid language plpgsql stable security definer parallel restricted
  set search_path = pg_catalog, pg_temp as 'begin return (app.ctx()).person_id; end';
create function app.ctx_role() returns text language plpgsql stable security definer parallel restricted
  set search_path = pg_catalog, pg_temp as 'begin return (app.ctx()).role; end';
create function app.ctx_client() returns uuid language plpgsql stable security definer parallel restricted
  set search_path = pg_catalog, pg_temp as 'begin return (app.ctx()).client_id; end';
grant execute on function app.ctx_shop(), app.ctx_person(), app.ctx_role(), app.ctx_client()
  to shearline_app, shearline_portal, shearline_auth, shearline_worker;

-- Gives a tenant table its walls. RESTRICTIVE for the shop, so that a careless second policy can only take away;
-- PERMISSIVE for the audience; the owner sees all, because a definer function that silently saw nothing would be worse.
create function app.isolate(tenant_table regclass) returns void language plpgsql as $$
declare
  own_shop constant text := 'shop_id = (select app.ctx_shop())';
  writer constant text := '(select app.ctx_role()) is distinct from ''auditor''';
begin
  execute format('alter table %s enable row level security', tenant_table);
  execute format('alter table %s force row level security', tenant_table);
  execute format('create policy shop on %s as restrictive to shearline_app, shearline_portal, shearline_auth, shearline_worker using (%s) with check (%s)', tenant_table, own_shop, own_shop);
  execute format('create policy auditor_adds_nothing on %s as restrictive for insert to shearline_app with check (%s)', tenant_table, writer);
  execute format('create policy auditor_changes_nothing on %s as restrictive for update to shearline_app using (%s)', tenant_table, writer);
  execute format('create policy auditor_removes_nothing on %s as restrictive for delete to shearline_app using (%s)', tenant_table, writer);
  execute format('create policy office on %s to shearline_app using (true) with check (true)', tenant_table);
  execute format('create policy owner_all on %s to shearline_owner using (true) with check (true)', tenant_table);
end $$;

-- Adds the client's door to a table that carries client_id: rows of the link's client, to be read only.
create function app.open_to_client(tenant_table regclass, client_column text default 'client_id') returns void language plpgsql as $$
begin
  execute format('create policy own_client on %s for select to shearline_portal using (%I = (select app.ctx_client()))', tenant_table, client_column);
end $$;

-- Refuses change: for rows that are evidence.
create function app.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;

create function app.append_only(evidence regclass) returns void language plpgsql as $$
begin
  execute format('create trigger append_only before update or delete on %s for each row execute function app.refuse_change()', evidence);
  execute format('create trigger append_only_truncate before truncate on %s for each statement execute function app.refuse_change()', evidence);
  -- ALWAYS: an ordinary trigger sleeps under session_replication_role = replica.
  execute format('alter table %s enable always trigger append_only', evidence);
  execute format('alter table %s enable always trigger append_only_truncate', evidence);
end $$;

-- Times as people read them: the server formats, in the shop's zone, so that pages are the same in every browser.
create function app.local_time(moment timestamptz, zone text) returns text language sql stable parallel safe as
  $$ select to_char(moment at time zone zone, 'Dy FMDD Mon YYYY, HH24:MI') $$;
create function app.local_date(moment timestamptz, zone text) returns text language sql stable parallel safe as
  $$ select to_char(moment at time zone zone, 'FMDD Mon YYYY') $$;
create function app.local_date(day date) returns text language sql stable parallel safe as
  $$ select to_char(day, 'FMDD Mon YYYY') $$;
create function app.today(zone text) returns date language sql stable as
  $$ select (app.now() at time zone zone)::date $$;
grant execute on function app.local_time(timestamptz, text), app.local_date(timestamptz, text), app.local_date(date), app.today(text)
  to shearline_app, shearline_portal, shearline_auth, shearline_worker;
