-- Whoever runs this installation: who they are, what they did, and the few things they may do. Their login has no grant on
-- any table; it reaches the functions below alone, which give names and counts of shops and nothing that is in them.
-- And how many members and keys a shop may have.

create schema instance;
grant usage on schema instance to shearline_instance;

create table instance.admins (
  id uuid primary key,
  name text not null check (length(name) between 1 and 60),
  created_at timestamptz not null default app.now(),
  removed_at timestamptz
);
create unique index admins_name on instance.admins (lower(name)) where removed_at is null;

create table instance.passkeys (
  id uuid primary key,
  admin_id uuid not null references instance.admins,
  credential_id bytea not null constraint instance_passkeys_credential unique check (length(credential_id) between 16 and 1023),
  credential jsonb not null, -- public key, counter, backup state
  created_at timestamptz not null default app.now(),
  last_used_at timestamptz
);
create index passkeys_admin on instance.passkeys (admin_id);

-- A link that makes one passkey, for whoever was named at the command line: once, within half an hour. Only the owner of
-- the schema makes one, so that nobody who comes by the network alone makes another administrator.
create table instance.enrolments (
  hash bytea primary key check (length(hash) = 32),
  admin_id uuid not null,
  name text not null check (length(name) between 1 and 60),
  created_at timestamptz not null default app.now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table instance.challenges (
  hash bytea primary key check (length(hash) = 32),
  enrolment bytea references instance.enrolments, -- null when a passkey is to be shown
  state jsonb not null,
  expires_at timestamptz not null
);

create table instance.sessions (
  hash bytea primary key check (length(hash) = 32),
  id uuid not null unique,
  admin_id uuid not null references instance.admins,
  created_at timestamptz not null default app.now(),
  last_seen_at timestamptz not null default app.now(),
  confirmed_at timestamptz not null default app.now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index sessions_admin on instance.sessions (admin_id) where revoked_at is null;

create table instance.log (
  id bigint generated always as identity primary key,
  at timestamptz not null default app.now(),
  who text not null,
  act text not null check (act in ('link made', 'enrolled', 'signed in', 'signed out', 'administrator removed', 'shop opened',
    'owner invited', 'shop suspended', 'shop resumed', 'caps changed')),
  shop_id uuid references auth.shops,
  details text not null default '' check (length(details) <= 500)
);
create index log_shop on instance.log (shop_id, id);
select app.append_only('instance.log');

-- Inner: a line of the log.
create function instance.note(by_name text, what text, shop uuid, words text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as
  'insert into instance.log (who, act, shop_id, details) values (by_name, what, shop, left(words, 500))';

-- Inner: whose session this transaction presents. Fifteen minutes without a request end it, four hours in any case.
create type instance.holder as (session uuid, admin uuid, name text, confirmed_at timestamptz);
create function instance.me() returns instance.holder
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare found instance.holder;
begin
  select s.id, a.id, a.name, s.confirmed_at into found from instance.sessions s join instance.admins a on a.id = s.admin_id and a.removed_at is null
    where s.hash = sha256(convert_to(coalesce(current_setting('app.cap', true), ''), 'UTF8')) and session_user = 'shearline_instance'
      and s.revoked_at is null and s.expires_at > app.now() and s.last_seen_at + interval '15 minutes' > app.now();
  return found;
end $$;

-- Inner: who looks, or an error.
create function instance.looking() returns instance.holder
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.me();
begin
  if me.admin is null then raise exception 'no administrator is signed in' using errcode = '42501'; end if;
  return me;
end $$;

-- Inner: who changes something, having shown a passkey within the last ten minutes, or an error.
create function instance.changing() returns instance.holder
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.looking();
begin
  if me.confirmed_at <= app.now() - interval '10 minutes' then
    raise exception 'the passkey was shown too long ago' using errcode = '23514', constraint = 'instance_confirm';
  end if;
  return me;
end $$;

create function instance.find_enrolment(link bytea) returns table (admin_id uuid, name text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select e.admin_id, e.name from instance.enrolments e where e.hash = link and e.used_at is null and e.expires_at > app.now();
end $$;

create function instance.put_challenge(token_hash bytea, link bytea, asked jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from instance.challenges c where c.expires_at < app.now();
  insert into instance.challenges values (token_hash, link, asked, app.now() + interval '5 minutes');
end $$;

-- Gives a challenge back once: a link's own only for that link.
create function instance.take_challenge(token_hash bytea, link bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare asked jsonb;
begin
  delete from instance.challenges c where c.hash = token_hash and c.expires_at > app.now() and c.enrolment is not distinct from link
    returning c.state into asked;
  return asked;
end $$;

-- Uses a link, once: of two at the same moment one waits for the other's row and finds it used.
create function instance.enrol(link bytea, passkey uuid, cred_id bytea, cred jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare e instance.enrolments;
begin
  update instance.enrolments n set used_at = app.now() where n.hash = link and n.used_at is null and n.expires_at > app.now() returning * into e;
  if not found then return false; end if;
  insert into instance.admins (id, name) values (e.admin_id, e.name) on conflict on constraint admins_pkey do nothing;
  insert into instance.passkeys (id, admin_id, credential_id, credential) values (passkey, e.admin_id, cred_id, cred);
  perform instance.note(e.name, 'enrolled', null, '');
  return true;
end $$;

create function instance.passkey_by_id(cred_id bytea) returns table (id uuid, admin_id uuid, credential jsonb)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select k.id, k.admin_id, k.credential from instance.passkeys k join instance.admins a on a.id = k.admin_id and a.removed_at is null
    where k.credential_id = cred_id;
end $$;

-- The passkey answered: a session, and the counter that tells copies.
create function instance.open_session(session uuid, cap_hash bytea, passkey uuid, cred jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare a instance.admins;
begin
  update instance.passkeys k set credential = cred, last_used_at = app.now() where k.id = passkey;
  select x.* into a from instance.admins x join instance.passkeys k on k.admin_id = x.id where k.id = passkey and x.removed_at is null;
  if not found then raise exception 'no such passkey' using errcode = '42501'; end if;
  delete from instance.sessions s where s.expires_at < app.now() - interval '1 day';
  insert into instance.sessions (hash, id, admin_id, expires_at) values (cap_hash, session, a.id, app.now() + interval '4 hours');
  perform instance.note(a.name, 'signed in', null, '');
end $$;

-- Who is signed in, and for how many seconds more the last passkey counts.
create function instance.resolve() returns table (name text, fresh int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.me();
begin
  if me.admin is null then return; end if;
  update instance.sessions s set last_seen_at = app.now() where s.id = me.session and s.last_seen_at < app.now() - interval '1 minute';
  return query select me.name, greatest(0, extract(epoch from me.confirmed_at + interval '10 minutes' - app.now()))::int;
end $$;

-- The passkey was shown again, one of the same administrator: the session goes on under a new token.
create function instance.confirm(new_hash bytea, passkey uuid, cred jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.looking();
begin
  update instance.passkeys k set credential = cred, last_used_at = app.now() where k.id = passkey and k.admin_id = me.admin;
  if not found then return false; end if;
  update instance.sessions s set hash = new_hash, confirmed_at = app.now() where s.id = me.session;
  return true;
end $$;

create function instance.sign_out() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.me();
begin
  if me.admin is null then return; end if;
  update instance.sessions s set revoked_at = app.now() where s.id = me.session;
  perform instance.note(me.name, 'signed out', null, '');
end $$;

-- Caps: how many of something a shop may have; without a row, as many as this installation gives everybody.
create table auth.caps (
  shop_id uuid not null references auth.shops,
  kind text not null check (kind in ('members','api_keys')),
  most int not null check (most between 1 and 100000),
  primary key (shop_id, kind)
);

create function auth.cap(shop uuid, of_kind text) returns int
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select c.most from auth.caps c where c.shop_id = shop and c.kind = of_kind), case of_kind when 'members' then 200 else 50 end);
end $$;

-- How many there are: members with those who were invited and may still come; keys that still open something.
create function auth.taken(shop uuid, of_kind text) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if of_kind = 'members' then
    return (select count(*) from auth.memberships m where m.shop_id = shop and m.disabled_at is null)
      + (select count(*) from auth.invites i where i.shop_id = shop and i.accepted_at is null and i.revoked_at is null and i.expires_at > app.now());
  end if;
  return (select count(*) from auth.api_keys k where k.shop_id = shop and k.revoked_at is null and k.expires_at > app.now());
end $$;

-- Takes a place under the cap, in the transaction that fills it: whoever comes meanwhile waits here and then counts again.
create function auth.take_place(shop uuid, of_kind text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('place ' || of_kind || ' ' || shop::text, 0));
  if auth.taken(shop, of_kind) >= auth.cap(shop, of_kind) then
    raise exception 'no place under the cap' using errcode = '23514', constraint = of_kind || '_most';
  end if;
end $$;

-- As in 0017, with a place to take.
create or replace function auth.invite(invite uuid, address text, as_role text, token_hash bytea, lifetime interval,
  mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  if as_role = 'owner' and me.role <> 'owner' then
    raise exception 'an owner is made by an owner' using errcode = '23514', constraint = 'invites_owner';
  end if;
  if exists (select from auth.memberships m join auth.people p on p.id = m.person_id where m.shop_id = me.shop_id and p.email = address) then
    raise exception 'a member already' using errcode = '23514', constraint = 'invites_member';
  end if;
  update auth.invites i set revoked_at = app.now() where i.shop_id = me.shop_id and i.email = address and i.accepted_at is null and i.revoked_at is null;
  perform auth.take_place(me.shop_id, 'members');
  insert into auth.invites (id, shop_id, email, role, token_hash, invited_by, expires_at)
  values (invite, me.shop_id, address, as_role, token_hash, me.person_id, app.now() + lifetime);
  insert into worker.outbox (shop_id, id, sealed) values (me.shop_id, mail, sealed_mail);
  perform audit.append_as(me.shop_id, 1, me.person_id, 6, invite, 0, array[invite], payload, facts);
end $$;

-- As in 0004; who comes back takes a place, before anything else is locked.
create or replace function auth.set_member(member uuid, new_role text, enabled boolean, action int, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  if enabled and exists (select from auth.memberships m where m.shop_id = me.shop_id and m.person_id = member and m.disabled_at is not null) then
    perform auth.take_place(me.shop_id, 'members');
  end if;
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

-- As in 0021, with the shop's own cap in the place of fifty.
create or replace function auth.put_api_key(key auth.api_keys) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare member auth.memberships;
begin
  perform auth.take_place(key.shop_id, 'api_keys');
  select * into member from auth.memberships m where m.shop_id = key.shop_id and m.person_id = key.made_by and m.disabled_at is null;
  if not found then raise exception 'no such membership' using errcode = '42501'; end if;
  insert into auth.api_keys select key.*;
  if not key.trap then
    insert into auth.capabilities (hash, id, kind, shop_id, person_id, role, idle, expires_at)
    values (key.hash, key.id, 'api_key', key.shop_id, key.made_by, case when key.writes then member.role else 'auditor' end, interval '100 years', key.expires_at);
  end if;
end $$;

-- What an administrator sees of shops: names and counts.
create function instance.shops(only_this uuid)
returns table (id uuid, slug text, name text, created_at timestamptz, members bigint, invited bigint, clients bigint, jobs bigint, api_keys bigint,
  last_entry timestamptz, suspended_at timestamptz, most_members int, most_api_keys int, own_members int, own_api_keys int, reason text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform instance.looking();
  return query
    with c as (select x.shop_id, count(*) as n from app.clients x where only_this is null or x.shop_id = only_this group by 1),
      j as (select x.shop_id, count(*) as n from app.jobs x where only_this is null or x.shop_id = only_this group by 1),
      m as (select x.shop_id, count(*) as n from auth.memberships x where x.disabled_at is null and (only_this is null or x.shop_id = only_this) group by 1)
    select s.id, s.slug, a.name, s.created_at, coalesce(m.n, 0), auth.taken(s.id, 'members') - coalesce(m.n, 0), coalesce(c.n, 0), coalesce(j.n, 0),
      auth.taken(s.id, 'api_keys'), to_timestamp(e.time_us / 1000000.0), s.suspended_at, auth.cap(s.id, 'members'), auth.cap(s.id, 'api_keys'),
      (select k.most from auth.caps k where k.shop_id = s.id and k.kind = 'members'), (select k.most from auth.caps k where k.shop_id = s.id and k.kind = 'api_keys'),
      (select l.details from instance.log l where s.suspended_at is not null and l.shop_id = s.id and l.act = 'shop suspended' order by l.id desc limit 1)
    from auth.shops s join app.shops a on a.shop_id = s.id left join c on c.shop_id = s.id left join j on j.shop_id = s.id left join m on m.shop_id = s.id
    left join audit.heads h on h.shop_id = s.id left join audit.entries e on e.shop_id = h.shop_id and e.seq = h.seq
    where only_this is null or s.id = only_this order by lower(a.name), s.slug;
end $$;

grant execute on function
  instance.find_enrolment(bytea),
  instance.put_challenge(bytea, bytea, jsonb),
  instance.take_challenge(bytea, bytea),
  instance.enrol(bytea, uuid, bytea, jsonb),
  instance.passkey_by_id(bytea),
  instance.open_session(uuid, bytea, uuid, jsonb),
  instance.resolve(),
  instance.confirm(bytea, uuid, jsonb),
  instance.sign_out(),
  instance.shops(uuid)
  to shearline_instance;

-- Puts an owner's invitation down with its letter. Inner.
create function instance.put_invite(invite uuid, shop uuid, by_admin uuid, address text, token_hash bytea, lifetime interval, mail uuid, sealed_mail bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.invites i set revoked_at = app.now() where i.shop_id = shop and i.accepted_at is null and i.revoked_at is null;
  insert into auth.invites (id, shop_id, email, role, token_hash, invited_by, expires_at)
  values (invite, shop, address, 'owner', token_hash, by_admin, app.now() + lifetime);
  insert into worker.outbox (shop_id, id, sealed) values (shop, mail, sealed_mail);
end $$;

-- Opens a shop nobody works in yet, and invites its owner. actor_kind 5: whoever runs the installation.
create function instance.open_shop(shop uuid, short text, details jsonb, kek_id int, wrapped_key bytea, invite uuid, address text, token_hash bytea,
  lifetime interval, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.changing();
begin
  insert into auth.shops (id, slug) values (shop, short);
  insert into app.shops (shop_id, slug, name, licence_number, time_zone, currency, units)
  select shop, short, d.name, d.licence_number, d.time_zone, d.currency, d.units
  from jsonb_to_record(details) as d(name text, licence_number text, time_zone text, currency text, units text);
  insert into app.number_series (shop_id, kind) values (shop, 'job'), (shop, 'invoice');
  insert into vault.shop_keys (shop_id, kek_id, wrapped) values (shop, kek_id, wrapped_key);
  perform audit.begin_chain(shop);
  perform instance.put_invite(invite, shop, me.admin, address, token_hash, lifetime, mail, sealed_mail);
  perform audit.append_as(shop, 5, me.admin, 140, shop, 0, array[shop, invite], payload, facts);
  perform instance.note(me.name, 'shop opened', shop, '');
end $$;

-- The key that seals a letter to the owner of a shop where nobody works yet; no row for any other shop.
create function instance.empty_shop(shop uuid) returns table (name text, slug text, kek_id int, wrapped bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform instance.looking();
  return query select a.name, a.slug, k.kek_id, k.wrapped from app.shops a join vault.shop_keys k on k.shop_id = a.shop_id
    where a.shop_id = shop and not exists (select from auth.memberships m where m.shop_id = shop) order by k.kek_id desc limit 1;
end $$;

-- Invites the owner once more, as long as nobody works there.
create function instance.invite_owner(invite uuid, shop uuid, address text, token_hash bytea, lifetime interval, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.changing();
begin
  perform 1 from audit.heads h where h.shop_id = shop for update;
  if not found or exists (select from auth.memberships m where m.shop_id = shop) then return false; end if;
  perform instance.put_invite(invite, shop, me.admin, address, token_hash, lifetime, mail, sealed_mail);
  perform audit.append_as(shop, 5, me.admin, 141, shop, 0, array[shop, invite], payload, facts);
  perform instance.note(me.name, 'owner invited', shop, '');
  return true;
end $$;

create function instance.suspend(shop uuid, reason text, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.changing();
begin
  update auth.shops s set suspended_at = app.now() where s.id = shop and s.suspended_at is null;
  if not found then return false; end if;
  perform audit.append_as(shop, 5, me.admin, 142, shop, 0, array[shop], payload, facts);
  perform instance.note(me.name, 'shop suspended', shop, reason);
  return true;
end $$;

create function instance.resume(shop uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.changing();
begin
  update auth.shops s set suspended_at = null where s.id = shop and s.suspended_at is not null;
  if not found then return false; end if;
  perform audit.append_as(shop, 5, me.admin, 143, shop, 0, array[shop], payload, facts);
  perform instance.note(me.name, 'shop resumed', shop, '');
  return true;
end $$;

-- Null takes a cap away: what the installation gives everybody holds again.
create function instance.set_caps(shop uuid, members int, api_keys int, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.changing();
begin
  perform 1 from auth.shops s where s.id = shop;
  if not found then return false; end if;
  delete from auth.caps c where c.shop_id = shop;
  insert into auth.caps (shop_id, kind, most) select shop, k.kind, k.most from (values ('members', members), ('api_keys', api_keys)) k (kind, most) where k.most is not null;
  perform audit.append_as(shop, 5, me.admin, 144, shop, 0, array[shop], payload, facts);
  perform instance.note(me.name, 'caps changed', shop, format('members %s, API keys %s', coalesce(members::text, 'as usual'), coalesce(api_keys::text, 'as usual')));
  return true;
end $$;

create function instance.health()
returns table (server text, schema bigint, bytes bigint, waiting bigint, failed bigint, oldest timestamptz, last_entry timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform instance.looking();
  return query select current_setting('server_version'), (select max(m.version) from public._migrations m), pg_database_size(current_database()),
    (select count(*) from worker.outbox o where o.state in ('waiting','sending')), (select count(*) from worker.outbox o where o.state = 'failed'),
    (select min(o.created_at) from worker.outbox o where o.state in ('waiting','sending')),
    (select to_timestamp(max(e.time_us) / 1000000.0) from audit.heads h join audit.entries e on e.shop_id = h.shop_id and e.seq = h.seq);
end $$;

create function instance.lines() returns table (at timestamptz, who text, act text, shop text, details text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform instance.looking();
  return query select l.at, l.who, l.act, s.slug, l.details from instance.log l left join auth.shops s on s.id = l.shop_id order by l.id desc limit 200;
end $$;

grant execute on function
  instance.open_shop(uuid, text, jsonb, int, bytea, uuid, text, bytea, interval, uuid, bytea, bytea, bytea),
  instance.empty_shop(uuid),
  instance.invite_owner(uuid, uuid, text, bytea, interval, uuid, bytea, bytea, bytea),
  instance.suspend(uuid, text, bytea, bytea),
  instance.resume(uuid, bytea, bytea),
  instance.set_caps(uuid, int, int, bytea, bytea),
  instance.health(),
  instance.lines()
  to shearline_instance;

-- Suspended shops: app.ctx() answers nobody there (0023). What follows is asked before there is a context, or opens one.

create function auth.shop_is_open(shop uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from auth.shops s where s.id = shop and s.suspended_at is null);
end $$;

-- Inner: an error with a name of its own, for whoever has shown to be somebody of that shop.
create function auth.must_be_open(shop uuid) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not auth.shop_is_open(shop) then raise exception 'the shop is suspended' using errcode = '23514', constraint = 'shops_suspended'; end if;
end $$;

-- As in 0019; shops that are suspended come last, so that the first is one that can be entered, if there is any.
create or replace function auth.begin_sign_in(address text, device bytea)
returns table (verdict text, failures int, wait_seconds int, tried_by bytea, person_id uuid, name text, password_hash text, shops uuid[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  key constant bytea := sha256(convert_to(address, 'UTF8'));
  pause constant int[] := array[1, 3, 5, 10]; -- seconds before the 7th, 8th, 9th and 10th try
  t auth.sign_in_tries;
begin
  delete from auth.sign_in_tries o where (o.account, o.device) in
    (select s.account, s.device from auth.sign_in_tries s where s.last_at < app.now() - interval '1 hour' order by s.last_at limit 20 for update skip locked);
  select d.hash into tried_by from auth.devices d join auth.people p on p.id = d.person_id
    where d.hash = begin_sign_in.device and p.email = address;
  tried_by := coalesce(tried_by, '');
  insert into auth.sign_in_tries as s values (key, tried_by, 1, app.now())
  on conflict on constraint sign_in_tries_pkey do update set
      failures = case when s.last_at <= app.now() - interval '30 minutes' then 1 else s.failures + 1 end,
      last_at = greatest(s.last_at, app.now())
    where s.last_at <= app.now() - interval '30 minutes' or s.failures < 6
      or s.failures < 10 and s.last_at + make_interval(secs => pause[s.failures - 5]) <= app.now()
  returning s.failures into failures;
  if found then
    verdict := 'go';
    select p.id, p.name, p.password_hash, array(select m.shop_id from auth.memberships m join auth.shops s on s.id = m.shop_id
        where m.person_id = p.id and m.disabled_at is null order by s.suspended_at is null desc, m.created_at)
      into person_id, name, password_hash, shops from auth.people p where p.email = address;
    return next;
    return;
  end if;
  select * into t from auth.sign_in_tries s where s.account = key and s.device = tried_by;
  failures := t.failures;
  if t.failures < 10 then
    verdict := 'wait';
    wait_seconds := greatest(1, ceil(extract(epoch from t.last_at + make_interval(secs => pause[t.failures - 5]) - app.now()))::int);
  else
    verdict := 'locked';
  end if;
  return next;
end $$;

-- As in 0020, with the same order.
create or replace function auth.passkey_by_id(cred_id bytea) returns table (id uuid, person_id uuid, credential jsonb, shop_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select k.id, k.person_id, k.credential,
      (select m.shop_id from auth.memberships m where m.person_id = k.person_id and m.disabled_at is null
       order by auth.shop_is_open(m.shop_id) desc, m.created_at limit 1)
    from auth.passkeys k where k.credential_id = cred_id;
end $$;

-- As in 0020.
create or replace function auth.begin_pending(token_hash bytea, shop uuid, person uuid, lifetime interval) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform auth.must_be_open(shop);
  delete from auth.pending p where p.expires_at < app.now();
  insert into auth.pending (hash, shop_id, person_id, expires_at)
    select token_hash, m.shop_id, m.person_id, app.now() + lifetime from auth.memberships m
    where m.shop_id = shop and m.person_id = person and m.disabled_at is null;
  if not found then raise exception 'no such membership' using errcode = '42501'; end if;
end $$;

-- As in 0004.
create or replace function auth.open_session(session uuid, cap_hash bytea, shop uuid, person uuid, idle interval, lifetime interval,
  user_agent text, ip text, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare member auth.memberships;
begin
  perform auth.must_be_open(shop);
  select * into member from auth.memberships m where m.shop_id = shop and m.person_id = person and m.disabled_at is null;
  if not found then raise exception 'no such membership' using errcode = '42501'; end if;
  insert into auth.capabilities (hash, id, kind, shop_id, person_id, role, idle, expires_at, user_agent, ip)
  values (cap_hash, session, 'session', shop, person, member.role, idle, app.now() + lifetime, left(user_agent, 300), ip);
  perform audit.append_as(shop, 1, person, 2, person, 0, array[person], payload, facts);
end $$;

-- As in 0004.
create or replace function auth.resolve_session(cap_hash bytea)
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
      and c.last_seen_at + c.idle > app.now() and auth.shop_is_open(c.shop_id);
end $$;

-- As in 0022; a suspended shop is none to go over to.
create or replace function auth.my_shops() returns table (shop_id uuid, name text, role text, current boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  return query select s.shop_id, s.name, m.role, s.shop_id = me.shop_id
    from auth.memberships m join app.shops s on s.shop_id = m.shop_id
    where m.person_id = me.person_id and m.disabled_at is null and auth.shop_is_open(m.shop_id) order by lower(s.name);
end $$;

-- As in 0022.
create or replace function auth.switch_shop(session uuid, cap_hash bytea, shop uuid, left_payload bytea, left_facts bytea, payload bytea, facts bytea)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := app.ctx();
  old auth.capabilities;
  member auth.memberships;
begin
  if me.kind is distinct from 'session' or shop = me.shop_id or not auth.shop_is_open(shop) then return false; end if;
  select * into member from auth.memberships m where m.shop_id = shop and m.person_id = me.person_id and m.disabled_at is null;
  if not found then return false; end if;
  -- Two chains are written: whoever comes the other way takes them in the same order.
  perform 1 from audit.heads h where h.shop_id in (shop, me.shop_id) order by h.shop_id for update;
  update auth.capabilities c set revoked_at = app.now() where c.id = me.capability and c.revoked_at is null returning * into old;
  if not found then return false; end if;
  insert into auth.capabilities (hash, id, kind, shop_id, person_id, role, idle, expires_at, user_agent, ip)
  values (cap_hash, session, 'session', shop, me.person_id, member.role, old.idle, old.expires_at, old.user_agent, old.ip);
  perform audit.append_as(me.shop_id, 1, me.person_id, 4, me.person_id, 0, array[me.person_id], left_payload, left_facts);
  perform audit.append_as(shop, 1, me.person_id, 2, me.person_id, 0, array[me.person_id], payload, facts);
  return true;
end $$;

-- As in 0004: an invitation into a suspended shop waits; it opens nothing meanwhile.
create or replace function auth.find_invite(hash bytea) returns table (id uuid, shop_id uuid, shop_name text, email text, role text, person_id uuid, password_hash text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select i.id, i.shop_id, s.name, i.email, i.role, p.id, p.password_hash
    from auth.invites i join app.shops s on s.shop_id = i.shop_id left join auth.people p on p.email = i.email
    where i.token_hash = hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > app.now() and auth.shop_is_open(i.shop_id);
end $$;

-- As in 0017.
create or replace function auth.accept_invite(hash bytea, new_person uuid, person_name text, new_password_hash text, payload bytea, facts bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  i auth.invites;
  person uuid;
begin
  update auth.invites v set accepted_at = app.now()
    where v.token_hash = hash and v.accepted_at is null and v.revoked_at is null and v.expires_at > app.now() and auth.shop_is_open(v.shop_id) returning * into i;
  if not found then return null; end if;
  select p.id into person from auth.people p where p.email = i.email;
  if person is null then
    insert into auth.people (id, email, name, password_hash) values (new_person, i.email, person_name, new_password_hash);
    person := new_person;
  end if;
  insert into auth.memberships (shop_id, person_id, role) values (i.shop_id, person, i.role) on conflict do nothing;
  if not found then return null; end if;
  perform audit.append_as(i.shop_id, 1, person, 7, i.id, 0, array[i.id], payload, facts);
  return person;
end $$;

-- As in 0011, all three.
create or replace function auth.peek_portal_link(hash bytea) returns table (link_id uuid, shop_id uuid, shop_name text, shop_phone text, client_id uuid, contact_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select l.id, l.shop_id, s.name, s.phone, l.client_id, l.contact_id from auth.portal_links l join app.shops s on s.shop_id = l.shop_id
    where l.token_hash = hash and l.revoked_at is null and l.expires_at > app.now() and auth.shop_is_open(l.shop_id);
end $$;

create or replace function auth.redeem_portal_link(hash bytea, capability uuid, cap_hash bytea, idle interval, user_agent text, ip text, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare l auth.portal_links;
begin
  update auth.portal_links p set last_used_at = app.now()
    where p.token_hash = hash and p.revoked_at is null and p.expires_at > app.now() and auth.shop_is_open(p.shop_id) returning * into l;
  if not found then return false; end if;
  insert into auth.capabilities (hash, id, kind, shop_id, client_id, contact_id, link_id, idle, expires_at, user_agent, ip)
  values (cap_hash, capability, 'portal', l.shop_id, l.client_id, l.contact_id, l.id, idle, least(l.expires_at, app.now() + interval '12 hours'), left(user_agent, 300), ip);
  perform audit.append_as(l.shop_id, 2, l.contact_id, 82, l.id, 0, array[l.id, l.client_id, l.contact_id], payload, facts);
  return true;
end $$;

create or replace function auth.resolve_portal(cap_hash bytea)
returns table (capability_id uuid, link_id uuid, shop_id uuid, shop_name text, shop_phone text, client_id uuid, client_name text, contact_id uuid, contact_name text, time_zone text, currency text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.capabilities c set last_seen_at = app.now()
    where c.hash = cap_hash and c.kind = 'portal' and c.revoked_at is null and c.expires_at > app.now()
      and c.last_seen_at + c.idle > app.now() and c.last_seen_at < app.now() - interval '1 minute';
  if found then
    update auth.portal_links l set last_used_at = app.now() from auth.capabilities c where c.hash = cap_hash and l.id = c.link_id;
  end if;
  return query select c.id, c.link_id, s.shop_id, s.name, s.phone, cl.id, cl.name, co.id, co.name, s.time_zone, s.currency
    from auth.capabilities c
    join app.shops s on s.shop_id = c.shop_id
    join app.clients cl on cl.shop_id = c.shop_id and cl.id = c.client_id
    join app.contacts co on co.shop_id = c.shop_id and co.id = c.contact_id
    where c.hash = cap_hash and c.kind = 'portal' and c.revoked_at is null and c.expires_at > app.now() and c.last_seen_at + c.idle > app.now()
      and auth.shop_is_open(c.shop_id);
end $$;

-- As in 0021.
create or replace function auth.resolve_api_key(cap_hash bytea, from_ip text)
returns table (key_id uuid, trap boolean, person_id uuid, person_name text, shop_id uuid, shop_name text, shop_slug text, role text,
               time_zone text, currency text, writes boolean, namespaces text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare k auth.api_keys;
begin
  select * into k from auth.api_keys a where a.hash = cap_hash and a.revoked_at is null and a.expires_at > app.now() and auth.shop_is_open(a.shop_id);
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

-- Each gives one row at most. Three of them joined were taken for a thousand million rows, and every page's first statement
-- was compiled for them.
alter function auth.resolve_session(bytea) rows 1;
alter function auth.standing(bytea) rows 1;
alter function auth.withheld(bytea) rows 1;
alter function auth.resolve_portal(bytea) rows 1;
alter function auth.resolve_api_key(bytea, text) rows 1;
alter function auth.resolve_program(bytea, text, text) rows 1;
