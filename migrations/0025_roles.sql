-- Roles of a shop's own: a role of ours, less what the shop holds back. Never more, so that the walls of the tables, which
-- know our roles alone, hold for them too; and never one that manages members, keys or the shop.

create table auth.custom_roles (
  shop_id uuid not null references auth.shops,
  id uuid not null,
  name text not null check (length(name) between 1 and 40),
  base text not null check (base in ('manager','dispatcher','bookkeeper','front_desk','technician','auditor')),
  withheld text[] not null check (cardinality(withheld) between 1 and 40),
  created_at timestamptz not null default app.now(),
  primary key (shop_id, id)
);
create unique index custom_roles_name on auth.custom_roles (shop_id, lower(name));

alter table auth.memberships add column custom_role uuid;
alter table auth.memberships add foreign key (shop_id, custom_role) references auth.custom_roles (shop_id, id);

-- A custom role is of one base: whoever gets another role has it no more.
create function auth.forget_custom_role() returns trigger language plpgsql as $$
begin
  if new.role <> old.role then new.custom_role := null; end if;
  return new;
end $$;
create trigger forget_custom_role before update of role on auth.memberships for each row execute function auth.forget_custom_role();

-- What is held back from whoever presents this session.
create function auth.withheld(cap_hash bytea) returns table (name text, permissions text[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select coalesce(r.name, ''), coalesce(r.withheld, '{}') from auth.capabilities c
    join auth.memberships m on m.shop_id = c.shop_id and m.person_id = c.person_id
    left join auth.custom_roles r on r.shop_id = m.shop_id and r.id = m.custom_role
    where c.hash = cap_hash and c.kind = 'session';
end $$;

-- The shop's own roles, and who holds each.
create function auth.custom_roles() returns table (id uuid, name text, base text, withheld text[], holders uuid[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  return query select r.id, r.name, r.base, r.withheld,
      array(select m.person_id from auth.memberships m where m.shop_id = r.shop_id and m.custom_role = r.id and m.disabled_at is null)
    from auth.custom_roles r where r.shop_id = me.shop_id order by lower(r.name);
end $$;

create function auth.may_make_roles() returns app.context
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.role is distinct from 'owner' then raise exception 'roles are the owner''s to make' using errcode = '42501'; end if;
  return me;
end $$;

-- Makes a role, or changes its name and what it holds back; its base stays.
create function auth.save_role(custom uuid, called text, of_base text, held_back text[], payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_make_roles();
begin
  if (select count(*) from auth.custom_roles r where r.shop_id = me.shop_id and r.id <> custom) >= 30 then
    raise exception 'a shop has at most thirty roles of its own' using errcode = '23514', constraint = 'custom_roles_most';
  end if;
  insert into auth.custom_roles as r (shop_id, id, name, base, withheld) values (me.shop_id, custom, called, of_base, held_back)
    on conflict on constraint custom_roles_pkey do update set name = called, withheld = held_back where r.base = of_base;
  if not found then return false; end if;
  perform audit.append_as(me.shop_id, 1, me.person_id, 137, custom, 0, array[custom], payload, facts);
  return true;
end $$;

-- Removes a role nobody holds: taking it from its holders would give them what was held back.
create function auth.drop_role(custom uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_make_roles();
begin
  if exists (select from auth.memberships m where m.shop_id = me.shop_id and m.custom_role = custom and m.disabled_at is null) then
    raise exception 'somebody holds it' using errcode = '23514', constraint = 'custom_roles_held';
  end if;
  update auth.memberships m set custom_role = null where m.shop_id = me.shop_id and m.custom_role = custom;
  delete from auth.custom_roles r where r.shop_id = me.shop_id and r.id = custom;
  if not found then return false; end if;
  perform audit.append_as(me.shop_id, 1, me.person_id, 138, custom, 0, array[custom], payload, facts);
  return true;
end $$;

-- Gives a member a role of its base, or with null the whole of it again; their sessions end, as with any change of role.
create function auth.give_role(member uuid, custom uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  update auth.memberships m set custom_role = custom where m.shop_id = me.shop_id and m.person_id = member and m.disabled_at is null
    and (custom is null or m.role = (select r.base from auth.custom_roles r where r.shop_id = me.shop_id and r.id = custom));
  if not found then return false; end if;
  update auth.capabilities c set revoked_at = app.now() where c.shop_id = me.shop_id and c.person_id = member and c.revoked_at is null;
  perform audit.append_as(me.shop_id, 1, me.person_id, 139, member, 0, array[member], payload, facts);
  return true;
end $$;

grant execute on function
  auth.withheld(bytea),
  auth.custom_roles(),
  auth.save_role(uuid, text, text, text[], bytea, bytea),
  auth.drop_role(uuid, bytea, bytea),
  auth.give_role(uuid, uuid, bytea, bytea)
  to shearline_auth;
