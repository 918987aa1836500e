-- What can be done before, and about, being signed in. Each is one definer function of the auth login; each that
-- changes something appends its own audit entry. None takes a shop on trust where a capability could name it.

create table vault.shop_keys (
  shop_id uuid not null references app.shops,
  kek_id int not null,
  wrapped bytea not null,
  created_at timestamptz not null default app.now(),
  primary key (shop_id, kek_id)
);
select app.isolate('vault.shop_keys');
grant select on vault.shop_keys to shearline_app;

-- The wrapped key of the shop in whose name this transaction stands: useless without the root key.
create function auth.shop_key() returns table (kek_id int, wrapped bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select k.kek_id, k.wrapped from vault.shop_keys k where k.shop_id = app.ctx_shop() order by k.kek_id desc limit 1;
end $$;

create function auth.sign_up(shop uuid, slug text, details jsonb, taxes jsonb, person uuid, email text, person_name text,
  password_hash text, kek_id int, wrapped_key bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into auth.shops (id, slug) values (shop, slug);
  insert into auth.people (id, email, name, password_hash) values (person, email, person_name, password_hash);
  insert into auth.memberships (shop_id, person_id, role) values (shop, person, 'owner');
  insert into app.shops (shop_id, slug, name, licence_number, phone, email, address, time_zone, currency, units)
  select shop, sign_up.slug, d.name, d.licence_number, coalesce(d.phone, ''), coalesce(d.email, ''), coalesce(d.address, ''), d.time_zone, d.currency, d.units
  from jsonb_to_record(details) as d(name text, licence_number text, phone text, email text, address text, time_zone text, currency text, units text);
  insert into app.tax_rates (shop_id, id, position, name, rate_micro, compound, kinds)
  select shop, t.id, t.position, t.name, t.rate_micro, t.compound, t.kinds
  from jsonb_to_recordset(taxes) as t(id uuid, position int, name text, rate_micro bigint, compound boolean, kinds text[]);
  insert into app.number_series (shop_id, kind) values (shop, 'job'), (shop, 'invoice');
  insert into vault.shop_keys (shop_id, kek_id, wrapped) values (shop, kek_id, wrapped_key);
  perform audit.begin_chain(shop);
  perform audit.append_as(shop, 1, person, 1, shop, 0, array[shop, person], payload, facts);
end $$;

-- Everything a password check needs, or no row. The caller hashes in either case, so that both take the same time.
create function auth.find_account(address text)
returns table (person_id uuid, name text, password_hash text, shop_id uuid, shop_name text, role text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select p.id, p.name, p.password_hash, m.shop_id, s.name, m.role
    from auth.people p
    left join auth.memberships m on m.person_id = p.id and m.disabled_at is null
    left join app.shops s on s.shop_id = m.shop_id
    where p.email = find_account.address order by m.created_at;
end $$;

create function auth.open_session(session uuid, cap_hash bytea, shop uuid, person uuid, idle interval, lifetime interval,
  user_agent text, ip text, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare member auth.memberships;
begin
  select * into member from auth.memberships m where m.shop_id = shop and m.person_id = person and m.disabled_at is null;
  if not found then raise exception 'no such membership' using errcode = '42501'; end if;
  insert into auth.capabilities (hash, id, kind, shop_id, person_id, role, idle, expires_at, user_agent, ip)
  values (cap_hash, session, 'session', shop, person, member.role, idle, app.now() + lifetime, left(user_agent, 300), ip);
  perform audit.append_as(shop, 1, person, 2, person, 0, array[person], payload, facts);
end $$;

create function auth.record_failure(address text, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare m record;
begin
  for m in select ms.shop_id, ms.person_id from auth.people p join auth.memberships ms on ms.person_id = p.id where p.email = address order by ms.shop_id loop
    perform audit.append_as(m.shop_id, 0, m.person_id, 3, m.person_id, 1, array[m.person_id], payload, facts);
  end loop;
  if not found then
    insert into auth.instance_log (what) values ('sign-in refused for an unknown address');
    delete from auth.instance_log where id <= (select max(id) - 1000 from auth.instance_log);
  end if;
end $$;

-- The session of a cookie. Touches last_seen at most once a minute: the one write a read may cause.
create function auth.resolve_session(cap_hash bytea)
returns table (session_id uuid, person_id uuid, person_name text, shop_id uuid, shop_name text, shop_slug text, role text,
               time_zone text, currency text, units text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.capabilities c set last_seen_at = app.now()
    where c.hash = cap_hash and c.kind = 'session' and c.revoked_at is null and c.expires_at > app.now()
      and c.last_seen_at + c.idle > app.now() and c.last_seen_at < app.now() - interval '1 minute';
  return query select c.id, p.id, p.name, s.shop_id, s.name, s.slug, m.role, s.time_zone, s.currency, s.units
    from auth.capabilities c
    join auth.people p on p.id = c.person_id
    join auth.memberships m on m.shop_id = c.shop_id and m.person_id = c.person_id and m.disabled_at is null
    join app.shops s on s.shop_id = c.shop_id
    where c.hash = cap_hash and c.kind = 'session' and c.revoked_at is null and c.expires_at > app.now()
      and c.last_seen_at + c.idle > app.now();
end $$;

create function auth.my_sessions() returns table (id uuid, user_agent text, ip text, created_at timestamptz, last_seen_at timestamptz, current boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  return query select c.id, c.user_agent, c.ip, c.created_at, c.last_seen_at, c.id = me.capability from auth.capabilities c
    where c.person_id = me.person_id and c.shop_id = me.shop_id and c.revoked_at is null and c.expires_at > app.now()
      and c.last_seen_at + c.idle > app.now() order by c.last_seen_at desc;
end $$;

-- Ends one of the caller's own sessions. action 4: signed out (its own), 5: session revoked (another of the same person's).
create function auth.end_session(session uuid, action int, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.person_id is null then return false; end if;
  update auth.capabilities c set revoked_at = app.now()
    where c.id = session and c.person_id = me.person_id and c.shop_id = me.shop_id and c.revoked_at is null;
  if not found then return false; end if;
  perform audit.append_as(me.shop_id, 1, me.person_id, action, me.person_id, 0, array[me.person_id], payload, facts);
  return true;
end $$;

create function auth.may_manage_members() returns app.context
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.role is null or me.role not in ('owner', 'admin') then raise exception 'members are the owner''s and admin''s' using errcode = '42501'; end if;
  return me;
end $$;

create function auth.invite(invite uuid, address text, as_role text, token_hash bytea, lifetime interval,
  mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  update auth.invites i set revoked_at = app.now() where i.shop_id = me.shop_id and i.email = address and i.accepted_at is null and i.revoked_at is null;
  insert into auth.invites (id, shop_id, email, role, token_hash, invited_by, expires_at)
  values (invite, me.shop_id, address, as_role, token_hash, me.person_id, app.now() + lifetime);
  insert into worker.outbox (shop_id, id, sealed) values (me.shop_id, mail, sealed_mail);
  perform audit.append_as(me.shop_id, 1, me.person_id, 6, invite, 0, array[invite], payload, facts);
end $$;

create function auth.open_invites() returns table (id uuid, email text, role text, created_at timestamptz, expires_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select i.id, i.email, i.role, i.created_at, i.expires_at from auth.invites i
    where i.shop_id = app.ctx_shop() and i.accepted_at is null and i.revoked_at is null and i.expires_at > app.now() order by i.created_at desc;
end $$;

create function auth.revoke_invite(invite uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  update auth.invites i set revoked_at = app.now() where i.shop_id = me.shop_id and i.id = invite and i.accepted_at is null and i.revoked_at is null;
  if not found then return false; end if;
  perform audit.append_as(me.shop_id, 1, me.person_id, 8, invite, 0, array[invite], payload, facts);
  return true;
end $$;

-- A live invite by its token, with whether its address already has an account.
create function auth.find_invite(hash bytea) returns table (id uuid, shop_id uuid, shop_name text, email text, role text, person_id uuid, password_hash text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select i.id, i.shop_id, s.name, i.email, i.role, p.id, p.password_hash
    from auth.invites i join app.shops s on s.shop_id = i.shop_id left join auth.people p on p.email = i.email
    where i.token_hash = hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > app.now();
end $$;

-- Accepts once. The address comes from the invite, never from the person who holds the link.
create function auth.accept_invite(hash bytea, new_person uuid, person_name text, new_password_hash text, payload bytea, facts bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  i auth.invites;
  person uuid;
begin
  update auth.invites set accepted_at = app.now()
    where token_hash = hash and accepted_at is null and revoked_at is null and expires_at > app.now() returning * into i;
  if not found then return null; end if;
  select p.id into person from auth.people p where p.email = i.email;
  if person is null then
    insert into auth.people (id, email, name, password_hash) values (new_person, i.email, person_name, new_password_hash);
    person := new_person;
  end if;
  insert into auth.memberships (shop_id, person_id, role) values (i.shop_id, person, i.role)
    on conflict (shop_id, person_id) do update set role = excluded.role, disabled_at = null;
  perform audit.append_as(i.shop_id, 1, person, 7, i.id, 0, array[i.id], payload, facts);
  return person;
end $$;

-- Changes a member's role or standing; ends that member's sessions in the same transaction. The last owner stays.
create function auth.set_member(member uuid, new_role text, enabled boolean, action int, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  perform 1 from auth.shops s where s.id = me.shop_id for update;
  update auth.memberships m set role = new_role, disabled_at = case when enabled then null else app.now() end
    where m.shop_id = me.shop_id and m.person_id = member and (me.role = 'owner' or (m.role <> 'owner' and new_role <> 'owner'));
  if not found then return false; end if;
  if not exists (select 1 from auth.memberships m where m.shop_id = me.shop_id and m.role = 'owner' and m.disabled_at is null) then
    raise exception 'a shop keeps one owner' using errcode = '23514', constraint = 'memberships_last_owner';
  end if;
  update auth.capabilities c set revoked_at = app.now() where c.shop_id = me.shop_id and c.person_id = member and c.revoked_at is null;
  perform audit.append_as(me.shop_id, 1, me.person_id, action, member, 0, array[member], payload, facts);
  return true;
end $$;

create function auth.put_flash(hash bytea, content bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.flash f where f.expires_at < app.now();
  insert into auth.flash values (hash, content, app.now() + interval '10 minutes');
end $$;

create function auth.take_flash(hash bytea) returns bytea
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare content bytea;
begin
  delete from auth.flash f where f.token_hash = hash and f.expires_at > app.now() returning f.sealed into content;
  return content;
end $$;

-- Counts a refusal; says how many were left unrecorded since the last one on the chain, or null when it is not yet
-- a minute ago, so that a person leaning on a locked door cannot flood the chain.
create function auth.count_denial(what text) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := app.ctx();
  missed int;
begin
  if me.person_id is null then return null; end if;
  insert into auth.denials as d values (me.shop_id, me.person_id, what, 'epoch', 0) on conflict do nothing;
  select d.unrecorded into missed from auth.denials d
    where d.shop_id = me.shop_id and d.person_id = me.person_id and d.permission = what and d.last_recorded <= app.now() - interval '1 minute' for update;
  if found then
    update auth.denials d set last_recorded = app.now(), unrecorded = 0 where d.shop_id = me.shop_id and d.person_id = me.person_id and d.permission = what;
    return missed;
  end if;
  update auth.denials d set unrecorded = d.unrecorded + 1 where d.shop_id = me.shop_id and d.person_id = me.person_id and d.permission = what;
  return null;
end $$;

create function auth.record_denial(payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.person_id is not null then
    perform audit.append_as(me.shop_id, 1, me.person_id, 9, me.person_id, 1, array[me.person_id], payload, facts);
  end if;
end $$;

-- By name: a function added later is closed until someone opens it.
grant execute on function
  auth.shop_key(),
  auth.sign_up(uuid, text, jsonb, jsonb, uuid, text, text, text, int, bytea, bytea, bytea),
  auth.find_account(text),
  auth.open_session(uuid, bytea, uuid, uuid, interval, interval, text, text, bytea, bytea),
  auth.record_failure(text, bytea, bytea),
  auth.resolve_session(bytea),
  auth.my_sessions(),
  auth.end_session(uuid, int, bytea, bytea),
  auth.invite(uuid, text, text, bytea, interval, uuid, bytea, bytea, bytea),
  auth.open_invites(),
  auth.revoke_invite(uuid, bytea, bytea),
  auth.find_invite(bytea),
  auth.accept_invite(bytea, uuid, text, text, bytea, bytea),
  auth.set_member(uuid, text, boolean, int, bytea, bytea),
  auth.put_flash(bytea, bytea),
  auth.take_flash(bytea),
  auth.count_denial(text),
  auth.record_denial(bytea, bytea)
  to shearline_auth;
