-- A shop's own key: a lock that its own key service keeps, without which the shop's keys open for nobody.

create table vault.own_keys (
  shop_id uuid primary key references app.shops,
  kind text not null check (kind in ('vault','aws-kms')),
  place text not null check (length(place) between 1 and 600), -- which key, and where; never a credential
  sealed bytea not null, -- by keyd: settings, credential, and the lock as the service wrapped it
  since timestamptz not null default app.now(),
  by_person uuid not null,
  foreign key (shop_id, by_person) references auth.memberships
);
create index own_keys_by on vault.own_keys (shop_id, by_person);
select app.isolate('vault.own_keys');
grant select (shop_id, kind, place, since, by_person) on vault.own_keys to shearline_app;
create policy bosses on vault.own_keys as restrictive to shearline_app using ((select app.ctx_role()) in ('owner','admin','auditor'));

-- The root key that something is sealed or wrapped under, as it names it itself; null for anything else.
create function vault.root_of(bytes bytea) returns int language sql immutable set search_path = pg_catalog, pg_temp as
  $$ select case when length(bytes) > 6 and substr(bytes, 1, 2) in ('\x0111', '\x0112', '\x0121') then ('x' || encode(substr(bytes, 3, 4), 'hex'))::bit(32)::int end $$;

-- All keys of a shop anew, in one form, if they are still those that were shown: whoever turned one meanwhile was first.
create function vault.replace_keys(shop uuid, generations int[], before bytea[], after bytea[], form bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare changed bigint;
begin
  perform 1 from vault.shop_keys k where k.shop_id = shop for update;
  if exists (select from unnest(after) a where a is null or length(a) < 60 or substr(a, 1, 2) <> form) then return false; end if;
  update vault.shop_keys k set wrapped = n.after from unnest(generations, before, after) n (generation, before, after)
    where k.shop_id = shop and k.kek_id = n.generation and k.wrapped = n.before;
  get diagnostics changed = row_count;
  return changed > 0 and changed = (select count(*) from vault.shop_keys k where k.shop_id = shop);
end $$;

-- An owner, in person, who has just proved who is there.
create function vault.owner_in_person() returns app.context
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'session' or me.role is distinct from 'owner' or not exists (select from app.proved() p where p.confirmed) then
    raise exception 'not proved' using errcode = '42501';
  end if;
  return me;
end $$;

-- The shop's keys under a lock of its own; false where they were turned meanwhile.
create function vault.take_own_key(of_kind text, of_place text, of_sealed bytea, generations int[], before bytea[], after bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := vault.owner_in_person();
begin
  if vault.root_of(of_sealed) is null or not vault.replace_keys(me.shop_id, generations, before, after, '\x0112') then return false; end if;
  insert into vault.own_keys as k (shop_id, kind, place, sealed, by_person) values (me.shop_id, of_kind, of_place, of_sealed, me.person_id)
    on conflict (shop_id) do update set kind = excluded.kind, place = excluded.place, sealed = excluded.sealed, since = app.now(), by_person = excluded.by_person;
  return true;
end $$;

-- And out from under it.
create function vault.leave_own_key(generations int[], before bytea[], after bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := vault.owner_in_person();
begin
  if not vault.replace_keys(me.shop_id, generations, before, after, '\x0111') then return false; end if;
  delete from vault.own_keys k where k.shop_id = me.shop_id;
  return true;
end $$;

grant execute on function vault.take_own_key(text, text, bytea, int[], bytea[], bytea[]), vault.leave_own_key(int[], bytea[], bytea[]) to shearline_app;

-- What is sealed of a shop's own key service: worth nothing to anybody but keyd.
create function keyd.own_key(shop uuid) returns bytea
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select k.sealed from vault.own_keys k where k.shop_id = shop);
end $$;
grant execute on function keyd.own_key(uuid) to shearline_keyd;

-- As in 0028, and those that are needed for shops' own key services.
create or replace function keyd.roots() returns table (root int)
language plpgsql stable security definer rows 2 set search_path = pg_catalog, pg_temp as $$
begin
  return query select ('x' || encode(substr(k.wrapped, 3, 4), 'hex'))::bit(32)::int from vault.shop_keys k
    union select vault.root_of(o.sealed) from vault.own_keys o where vault.root_of(o.sealed) is not null;
end $$;
