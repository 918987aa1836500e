-- Machines: API keys. A key is a capability of the member who made it, narrowed to some rooms of the shop; it ends with
-- that membership, as sessions do. Of the key itself only a hash is kept.

create table auth.api_keys (
  shop_id uuid not null references auth.shops,
  id uuid not null,
  trap boolean not null default false, -- a honeypot: opens nothing, and tells the owners that it was tried
  hash bytea not null constraint api_keys_hash_key unique check (length(hash) = 32),
  name text not null check (length(name) between 1 and 80),
  writes boolean not null,
  namespaces text[] not null check (namespaces <@ array['clients','jobs','invoices','payments','audit']),
  made_by uuid not null,
  created_at timestamptz not null default app.now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz,
  last_ip text not null default '',
  unrecorded int not null default 0, -- uses of a trap since the last one on the chain
  primary key (shop_id, id),
  foreign key (shop_id, made_by) references auth.memberships
);

alter table auth.capabilities drop constraint capabilities_kind_check, drop constraint capabilities_check;
alter table auth.capabilities
  add constraint capabilities_kind_check check (kind in ('session','portal','job','api_key')),
  add constraint capabilities_check check ((kind in ('session','api_key')) = (person_id is not null and role is not null));

-- As before, and keys: they come in by the office's login alone, so that nothing of the front door (members, sessions,
-- other keys) is theirs to touch. A key that may only read has the auditor's part, whoever made it: the policies of
-- every table then refuse it all writing.
create or replace function app.ctx() returns app.context
language plpgsql stable security definer parallel restricted set search_path = pg_catalog, pg_temp as $$
declare found app.context;
begin
  select c.kind, c.shop_id, c.person_id, case when c.kind = 'api_key' and c.role = 'auditor' then 'auditor' else m.role end,
    c.client_id, c.contact_id, c.link_id, c.id into found
  from auth.capabilities c left join auth.memberships m on m.shop_id = c.shop_id and m.person_id = c.person_id
  where c.hash = sha256(convert_to(coalesce(current_setting('app.cap', true), ''), 'UTF8'))
    and c.revoked_at is null and c.expires_at > app.now() and c.last_seen_at + c.idle > app.now()
    and (c.person_id is null or m.disabled_at is null)
    and session_user = any (case c.kind when 'session' then array['shearline_app','shearline_auth']
                                        when 'portal' then array['shearline_portal','shearline_auth']
                                        when 'api_key' then array['shearline_app']
                                        else array['shearline_app','shearline_worker'] end);
  return found;
end $$;

-- actor_kind 4: an API key; the actor is the key itself.
create or replace function audit.append(action int, entity uuid, subjects uuid[], payload bytea, facts bytea) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.shop_id is null then raise exception 'no capability' using errcode = '42501'; end if;
  return audit.append_as(me.shop_id,
    case me.kind when 'session' then 1 when 'portal' then 2 when 'api_key' then 4 else 3 end,
    case me.kind when 'api_key' then me.capability else coalesce(me.person_id, me.contact_id, me.client_id, me.capability) end,
    action, entity, 0, subjects, payload, facts);
end $$;

-- Names of keys, for the timelines they stand on.
create function app.key_names() returns table (id uuid, name text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select k.id, k.name from auth.api_keys k where k.shop_id = app.ctx_shop();
end $$;
grant execute on function app.key_names() to shearline_app;

-- Times as machines read them.
create function app.machine_time(moment timestamptz) returns text language sql stable parallel safe as
  $$ select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;
grant execute on function app.machine_time(timestamptz) to shearline_app, shearline_auth;

create function auth.may_manage_keys() returns app.context
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'session' or me.role is null or me.role not in ('owner', 'admin') then
    raise exception 'keys are the owner''s and admin''s' using errcode = '42501';
  end if;
  return me;
end $$;

-- Writes a key down and, unless it is a trap, makes the capability it stands for. No login may execute it.
create function auth.put_api_key(key auth.api_keys) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare member auth.memberships;
begin
  perform 1 from auth.shops s where s.id = key.shop_id for update;
  if (select count(*) from auth.api_keys k where k.shop_id = key.shop_id and k.revoked_at is null and k.expires_at > app.now()) >= 50 then
    raise exception 'a shop has at most fifty keys' using errcode = '23514', constraint = 'api_keys_most';
  end if;
  select * into member from auth.memberships m where m.shop_id = key.shop_id and m.person_id = key.made_by and m.disabled_at is null;
  if not found then raise exception 'no such membership' using errcode = '42501'; end if;
  insert into auth.api_keys select key.*;
  if not key.trap then
    insert into auth.capabilities (hash, id, kind, shop_id, person_id, role, idle, expires_at)
    values (key.hash, key.id, 'api_key', key.shop_id, key.made_by, case when key.writes then member.role else 'auditor' end, interval '100 years', key.expires_at);
  end if;
end $$;

-- A form that is sent twice makes one key: the second answer shows another secret for it, and the first one is dead.
-- Null when that key was used meanwhile or is no more.
create function auth.reshow_api_key(shop uuid, key uuid, new_hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.api_keys k set hash = new_hash where k.shop_id = shop and k.id = key and k.revoked_at is null and k.last_used_at is null;
  if not found then return null; end if;
  update auth.capabilities c set hash = new_hash where c.shop_id = shop and c.id = key and c.kind = 'api_key' and c.revoked_at is null;
  return true;
end $$;

create function auth.make_api_key(key uuid, cap_hash bytea, is_trap boolean, called text, may_write boolean, of_namespaces text[], lifetime interval,
  action int, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_keys();
begin
  if exists (select from auth.api_keys k where k.shop_id = me.shop_id and k.id = key) then
    return auth.reshow_api_key(me.shop_id, key, cap_hash);
  end if;
  perform auth.put_api_key(row(me.shop_id, key, is_trap, cap_hash, called, may_write, of_namespaces, me.person_id, app.now(), app.now() + lifetime,
    null, null, '', 0)::auth.api_keys);
  perform audit.append_as(me.shop_id, 1, me.person_id, action, key, 0, array[key], payload, facts);
  return true;
end $$;

create function auth.end_api_key(shop uuid, key uuid) returns auth.api_keys
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare ended auth.api_keys;
begin
  update auth.api_keys k set revoked_at = app.now() where k.shop_id = shop and k.id = key and k.revoked_at is null returning * into ended;
  update auth.capabilities c set revoked_at = app.now() where c.shop_id = shop and c.id = key and c.kind = 'api_key' and c.revoked_at is null;
  return ended;
end $$;

-- The old key ends and a new one takes its place, with the same name, reach and length of life: one transaction.
create function auth.rotate_api_key(key uuid, new_key uuid, cap_hash bytea, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := auth.may_manage_keys();
  old auth.api_keys;
begin
  if exists (select from auth.api_keys k where k.shop_id = me.shop_id and k.id = new_key) then
    return auth.reshow_api_key(me.shop_id, new_key, cap_hash);
  end if;
  old := auth.end_api_key(me.shop_id, key);
  if old.id is null then return false; end if;
  perform auth.put_api_key(row(me.shop_id, new_key, old.trap, cap_hash, old.name, old.writes, old.namespaces, me.person_id, app.now(),
    app.now() + (old.expires_at - old.created_at), null, null, '', 0)::auth.api_keys);
  perform audit.append_as(me.shop_id, 1, me.person_id, 116, new_key, 0, array[new_key, key], payload, facts);
  return true;
end $$;

create function auth.revoke_api_key(key uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := auth.may_manage_keys();
  old auth.api_keys;
begin
  old := auth.end_api_key(me.shop_id, key);
  if old.id is null then return false; end if;
  perform audit.append_as(me.shop_id, 1, me.person_id, 117, key, 0, array[key], payload, facts);
  return true;
end $$;

-- The shop's keys, the newest first. One whose maker has left is over, though nobody revoked it.
create function auth.api_keys() returns table (id uuid, trap boolean, name text, writes boolean, namespaces text[], made_by text, created_at timestamptz,
  expires_at timestamptz, last_used_at timestamptz, last_ip text, live boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_keys();
begin
  return query select k.id, k.trap, k.name, k.writes, k.namespaces, p.name, k.created_at, k.expires_at, k.last_used_at, k.last_ip,
      k.revoked_at is null and k.expires_at > app.now() and (k.trap or (c.revoked_at is null and m.disabled_at is null))
    from auth.api_keys k join auth.people p on p.id = k.made_by
    join auth.memberships m on m.shop_id = k.shop_id and m.person_id = k.made_by
    left join auth.capabilities c on c.hash = k.hash
    where k.shop_id = me.shop_id order by k.created_at desc, k.id limit 200;
end $$;

-- For whom a key speaks. Notes the use at most once a minute. A trap answers with its name alone.
create function auth.resolve_api_key(cap_hash bytea, from_ip text)
returns table (key_id uuid, trap boolean, person_id uuid, person_name text, shop_id uuid, shop_name text, shop_slug text, role text,
               time_zone text, currency text, writes boolean, namespaces text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare k auth.api_keys;
begin
  select * into k from auth.api_keys a where a.hash = cap_hash and a.revoked_at is null and a.expires_at > app.now();
  if not found then return; end if;
  if k.trap then
    return query select k.id, true, k.made_by, '', k.shop_id, '', '', 'auditor', 'UTC', 'CAD', false, '{}'::text[];
    return;
  end if;
  return query select k.id, false, p.id, p.name, s.shop_id, s.name, s.slug, case when k.writes then m.role else 'auditor' end, s.time_zone, s.currency, k.writes, k.namespaces
    from auth.capabilities c
    join auth.people p on p.id = c.person_id
    join auth.memberships m on m.shop_id = c.shop_id and m.person_id = c.person_id and m.disabled_at is null
    join app.shops s on s.shop_id = c.shop_id
    where c.hash = cap_hash and c.kind = 'api_key' and c.revoked_at is null and c.expires_at > app.now();
  if found and (k.last_used_at is null or k.last_used_at <= app.now() - interval '1 minute') then
    update auth.api_keys a set last_used_at = app.now(), last_ip = from_ip where a.shop_id = k.shop_id and a.id = k.id;
  end if;
end $$;

-- A trap was tried: whom to tell, with what is needed to seal the letters, and how many tries went untold since the last
-- letter. No row when one was told within the minute, so that nobody can flood the owners through it.
create function auth.spring_trap(cap_hash bytea, from_ip text)
returns table (key_id uuid, shop_id uuid, shop_name text, name text, missed int, owners text[], kek_id int, wrapped bytea)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare k auth.api_keys;
begin
  select * into k from auth.api_keys a where a.hash = cap_hash and a.trap and a.revoked_at is null for update;
  if not found then return; end if;
  if k.last_used_at > app.now() - interval '1 minute' then
    update auth.api_keys a set unrecorded = a.unrecorded + 1 where a.shop_id = k.shop_id and a.id = k.id;
    return;
  end if;
  update auth.api_keys a set last_used_at = app.now(), last_ip = from_ip, unrecorded = 0 where a.shop_id = k.shop_id and a.id = k.id;
  return query select k.id, k.shop_id, s.name, k.name, k.unrecorded,
      array(select p.email from auth.memberships m join auth.people p on p.id = m.person_id
            where m.shop_id = k.shop_id and m.role in ('owner','admin') and m.disabled_at is null order by p.email),
      v.kek_id, v.wrapped
    from app.shops s join lateral (select w.kek_id, w.wrapped from vault.shop_keys w where w.shop_id = k.shop_id order by w.kek_id desc limit 1) v on true
    where s.shop_id = k.shop_id;
end $$;

create function auth.record_trap(cap_hash bytea, mails uuid[], sealed_mails bytea[], payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare k auth.api_keys;
begin
  select * into k from auth.api_keys a where a.hash = cap_hash and a.trap and a.revoked_at is null;
  if not found then return; end if;
  insert into worker.outbox (shop_id, id, sealed) select k.shop_id, m.id, m.sealed from unnest(mails, sealed_mails) m (id, sealed);
  perform audit.append_as(k.shop_id, 0, k.id, 119, k.id, 1, array[k.id], payload, facts);
end $$;

grant execute on function
  auth.make_api_key(uuid, bytea, boolean, text, boolean, text[], interval, int, bytea, bytea),
  auth.rotate_api_key(uuid, uuid, bytea, bytea, bytea),
  auth.revoke_api_key(uuid, bytea, bytea),
  auth.api_keys(),
  auth.resolve_api_key(bytea, text),
  auth.spring_trap(bytea, text),
  auth.record_trap(bytea, uuid[], bytea[], bytea, bytea)
  to shearline_auth;
