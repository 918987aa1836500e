-- Programs that sign in as a person (OAuth 2.1): what they were let into, their tokens, and who may end them. And shops
-- that are suspended: nobody acts there, whatever is presented.

alter table auth.shops add column suspended_at timestamptz;

-- A program's access token is a capability of the person who let it in, under the program's own id: whatever ends all of a
-- person's capabilities ends their programs too, because a refresh asks for that same row. One that may only read answers in
-- transactions alone that cannot write; it keeps the person's own role, since the auditor's sees more than a technician's.
alter table auth.capabilities add column reads_only boolean not null default false;
alter table auth.capabilities drop constraint capabilities_kind_check, drop constraint capabilities_check;
alter table auth.capabilities
  add constraint capabilities_kind_check check (kind in ('session','portal','job','api_key','program')),
  add constraint capabilities_check check ((kind in ('session','api_key','program')) = (person_id is not null and role is not null));

create or replace function app.ctx() returns app.context
language plpgsql stable security definer parallel restricted set search_path = pg_catalog, pg_temp as $$
declare found app.context;
begin
  select c.kind, c.shop_id, c.person_id, case when c.kind = 'api_key' and c.role = 'auditor' then 'auditor' else m.role end,
    c.client_id, c.contact_id, c.link_id, c.id into found
  from auth.capabilities c
  join auth.shops s on s.id = c.shop_id and s.suspended_at is null
  left join auth.memberships m on m.shop_id = c.shop_id and m.person_id = c.person_id
  where c.hash = sha256(convert_to(coalesce(current_setting('app.cap', true), ''), 'UTF8'))
    and c.revoked_at is null and c.expires_at > app.now() and c.last_seen_at + c.idle > app.now()
    and (c.person_id is null or m.disabled_at is null)
    and (not c.reads_only or current_setting('transaction_read_only')::boolean)
    and session_user = any (case c.kind when 'session' then array['shearline_app','shearline_auth']
                                        when 'portal' then array['shearline_portal','shearline_auth']
                                        when 'api_key' then array['shearline_app']
                                        when 'program' then array['shearline_app']
                                        else array['shearline_app','shearline_worker'] end);
  return found;
end $$;

-- actor_kind 4: a machine, by its key or as a program; the actor is the key or the program itself.
create or replace function audit.append(action int, entity uuid, subjects uuid[], payload bytea, facts bytea) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := app.ctx();
  machine boolean := me.kind in ('api_key', 'program');
begin
  if me.shop_id is null then raise exception 'no capability' using errcode = '42501'; end if;
  return audit.append_as(me.shop_id,
    case me.kind when 'session' then 1 when 'portal' then 2 when 'job' then 3 else 4 end,
    case when machine then me.capability else coalesce(me.person_id, me.contact_id, me.client_id, me.capability) end,
    action, entity, 0, subjects, payload, facts);
end $$;

-- A program somebody let in. Whether it still is, says its capability, which has the same id.
create table auth.programs (
  shop_id uuid not null references auth.shops,
  id uuid not null,
  person_id uuid not null,
  client text not null check (length(client) between 1 and 40), -- which program: a name of our own list
  name text not null check (length(name) between 1 and 80), -- as people read it
  writes boolean not null,
  namespaces text[] not null check (cardinality(namespaces) > 0 and namespaces <@ array['clients','jobs','invoices','payments','audit']),
  created_at timestamptz not null default app.now(),
  used_at timestamptz not null default app.now(),
  used_ip text not null,
  used_by text not null, -- what the machine calls itself
  primary key (shop_id, id),
  foreign key (shop_id, person_id) references auth.memberships
);
create index programs_person on auth.programs (person_id);

-- Every refresh token a program had. Each serves once; one that comes a second time was stolen, from the program or by it.
create table auth.refresh_tokens (
  hash bytea primary key check (length(hash) = 32),
  shop_id uuid not null,
  program_id uuid not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  foreign key (shop_id, program_id) references auth.programs
);
create index refresh_tokens_program on auth.refresh_tokens (shop_id, program_id);

-- A program that asks to be let in, by a browser's way (a code, sixty seconds) or from a device without one (ten minutes).
create table auth.program_asks (
  hash bytea primary key check (length(hash) = 32), -- of the code, or of what the device asks with
  id uuid not null unique, -- of the program it will be
  client text not null,
  name text not null,
  redirect_uri text, -- the browser's way
  challenge text,
  user_code bytea unique, -- the device's way: hash of what a person types
  writes boolean not null,
  namespaces text[] not null,
  asked_ip text not null default '',
  asked_by text not null default '',
  shop_id uuid references auth.shops, -- who answers, once somebody does
  person_id uuid references auth.people,
  session uuid,
  let_in boolean,
  expires_at timestamptz not null,
  asked_at timestamptz, -- when the device asked last
  pause int not null default 5, -- seconds it must wait between two askings
  used_at timestamptz,
  check ((redirect_uri is null) = (challenge is null) and (redirect_uri is null) = (user_code is not null))
);
create index program_asks_old on auth.program_asks (expires_at);

-- Codes typed for devices, right or wrong: nobody may try them all.
create table auth.device_tries (
  person_id uuid primary key references auth.people,
  tries int not null,
  since timestamptz not null
);

-- Inner: whoever is signed in by a browser. Keys and programs let nobody in.
create function auth.in_person() returns app.context
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'session' then raise exception 'a person lets programs in' using errcode = '42501'; end if;
  return me;
end $$;

-- Inner: ends a program with its tokens; false when it had ended.
create function auth.end_program(shop uuid, program uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.capabilities c set revoked_at = app.now()
    where c.shop_id = shop and c.id = program and c.kind = 'program' and c.revoked_at is null;
  return found;
end $$;

-- Inner: gives a program that was let in its first tokens. Not when whoever let it in is signed out since, or works there
-- no more: a changed password ends what waits, too.
create function auth.start_program(ask auth.program_asks, access bytea, refresh bytea, access_life interval, refresh_life interval, from_ip text, agent text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare member auth.memberships;
begin
  -- Whatever ends a person's capabilities changes one of these two rows first: it waits, and then finds the program.
  perform 1 from auth.people p where p.id = ask.person_id for share;
  select * into member from auth.memberships m where m.shop_id = ask.shop_id and m.person_id = ask.person_id and m.disabled_at is null for share;
  if not found or not exists (select from auth.capabilities c where c.id = ask.session and c.revoked_at is null)
    or exists (select from auth.shops s where s.id = ask.shop_id and s.suspended_at is not null) then return false; end if;
  update auth.program_asks a set used_at = app.now() where a.hash = ask.hash;
  insert into auth.programs (shop_id, id, person_id, client, name, writes, namespaces, used_ip, used_by)
  values (ask.shop_id, ask.id, ask.person_id, ask.client, ask.name, ask.writes, ask.namespaces, from_ip, agent);
  insert into auth.capabilities (hash, id, kind, shop_id, person_id, role, reads_only, idle, expires_at)
  values (access, ask.id, 'program', ask.shop_id, ask.person_id, member.role, not ask.writes, interval '100 years', app.now() + access_life);
  insert into auth.refresh_tokens (hash, shop_id, program_id, expires_at) values (refresh, ask.shop_id, ask.id, app.now() + refresh_life);
  return true;
end $$;

-- A person lets a program in: the code its browser page goes back with.
create function auth.let_program_in(code bytea, program uuid, of_client text, called text, redirect text, pkce text, may_write boolean, of_namespaces text[],
  lifetime interval, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.in_person();
begin
  delete from auth.program_asks a where a.expires_at < app.now() - interval '1 day';
  insert into auth.program_asks (hash, id, client, name, redirect_uri, challenge, writes, namespaces, shop_id, person_id, session, let_in, expires_at)
  values (code, program, of_client, called, redirect, pkce, may_write, of_namespaces, me.shop_id, me.person_id, me.capability, true, app.now() + lifetime);
  perform audit.append_as(me.shop_id, 1, me.person_id, 120, program, 0, array[program, me.person_id], payload, facts);
end $$;

-- Turns a code into tokens, once. verdict: made; unknown; replayed, when it came a second time and what it gave has ended.
create function auth.redeem_code(code bytea, of_client text, redirect text, pkce text, access bytea, refresh bytea, access_life interval, refresh_life interval,
  from_ip text, agent text) returns table (verdict text, program uuid, person uuid, writes boolean, namespaces text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare a auth.program_asks;
begin
  verdict := 'unknown';
  select * into a from auth.program_asks k where k.hash = code and k.redirect_uri is not null and k.client = of_client for update;
  if not found then return next; return; end if;
  program := a.id; person := a.person_id; writes := a.writes; namespaces := a.namespaces;
  if a.used_at is not null then
    if auth.end_program(a.shop_id, a.id) then verdict := 'replayed'; end if;
  elsif a.expires_at > app.now() and a.redirect_uri = redirect and a.challenge = pkce
      and auth.start_program(a, access, refresh, access_life, refresh_life, from_ip, agent) then
    verdict := 'made';
  end if;
  return next;
end $$;

-- A device asks for a code to be typed elsewhere.
create function auth.begin_device(device bytea, program uuid, typed bytea, of_client text, called text, may_write boolean, of_namespaces text[], lifetime interval,
  from_ip text, agent text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.program_asks a where a.expires_at < app.now() - interval '1 day';
  insert into auth.program_asks (hash, id, user_code, client, name, writes, namespaces, asked_ip, asked_by, expires_at)
  values (device, program, typed, of_client, called, may_write, of_namespaces, from_ip, agent, app.now() + lifetime);
end $$;

-- Somebody typed a code: from now on that device is theirs alone to answer. Ten codes in ten minutes.
-- verdict: found, unknown, locked.
create function auth.find_device(typed bytea) returns table (verdict text, ask uuid)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := auth.in_person();
  counted int;
begin
  insert into auth.device_tries as d values (me.person_id, 1, app.now())
    on conflict (person_id) do update set
      tries = case when d.since < app.now() - interval '10 minutes' then 1 else d.tries + 1 end,
      since = case when d.since < app.now() - interval '10 minutes' then app.now() else d.since end
    returning d.tries into counted;
  if counted > 10 then verdict := 'locked'; return next; return; end if;
  update auth.program_asks a set shop_id = me.shop_id, person_id = me.person_id
    where a.user_code = typed and a.let_in is null and a.expires_at > app.now() and (a.person_id is null or a.person_id = me.person_id)
    returning a.id into ask;
  verdict := case when found then 'found' else 'unknown' end;
  return next;
end $$;

-- What the device asks for, to whoever typed its code.
create function auth.device_asked(ask uuid) returns table (client text, writes boolean, namespaces text[], asked_ip text, asked_by text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.in_person();
begin
  return query select a.client, a.writes, a.namespaces, a.asked_ip, a.asked_by from auth.program_asks a
    where a.id = ask and a.user_code is not null and a.person_id = me.person_id and a.let_in is null and a.expires_at > app.now();
end $$;

-- Lets the device in, with at most what it asked for, or refuses it.
create function auth.answer_device(ask uuid, answer boolean, may_write boolean, of_namespaces text[], payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.in_person();
begin
  update auth.program_asks a set let_in = answer, shop_id = me.shop_id, session = me.capability, writes = a.writes and may_write,
      namespaces = array(select n from unnest(a.namespaces) n where n = any (of_namespaces))
    where a.id = ask and a.user_code is not null and a.person_id = me.person_id and a.let_in is null and a.expires_at > app.now();
  if not found then return false; end if;
  if answer then perform audit.append_as(me.shop_id, 1, me.person_id, 120, ask, 0, array[ask, me.person_id], payload, facts); end if;
  return true;
end $$;

-- The device asks whether it was let in. verdict: made, wait, slower, denied, expired, unknown, replayed.
create function auth.poll_device(device bytea, of_client text, access bytea, refresh bytea, access_life interval, refresh_life interval, from_ip text, agent text)
returns table (verdict text, program uuid, person uuid, writes boolean, namespaces text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare a auth.program_asks;
begin
  verdict := 'unknown';
  select * into a from auth.program_asks k where k.hash = device and k.user_code is not null and k.client = of_client for update;
  if not found then return next; return; end if;
  program := a.id; person := a.person_id; writes := a.writes; namespaces := a.namespaces;
  if a.used_at is not null then
    if auth.end_program(a.shop_id, a.id) then verdict := 'replayed'; end if;
  elsif a.expires_at <= app.now() then
    verdict := 'expired';
  elsif a.asked_at + make_interval(secs => a.pause) > app.now() then
    verdict := 'slower';
    update auth.program_asks k set asked_at = app.now(), pause = least(k.pause + 5, 60) where k.hash = device;
  else
    update auth.program_asks k set asked_at = app.now() where k.hash = device;
    if a.let_in is null then
      verdict := 'wait';
    elsif not a.let_in then
      verdict := 'denied';
    elsif auth.start_program(a, access, refresh, access_life, refresh_life, from_ip, agent) then
      verdict := 'made';
    end if;
  end if;
  return next;
end $$;

-- New tokens for a refresh token, which then is spent. verdict: made; unknown; reused, when it was spent before: the program
-- has ended then, whoever of the two that hold it was the thief. Two at once wait for each other at the program's row.
create function auth.refresh_program(token bytea, of_client text, access bytea, refresh bytea, access_life interval, refresh_life interval, from_ip text, agent text)
returns table (verdict text, program uuid, person uuid, writes boolean, namespaces text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  p auth.programs;
  t auth.refresh_tokens;
begin
  verdict := 'unknown';
  select g.* into p from auth.programs g join auth.refresh_tokens r on r.shop_id = g.shop_id and r.program_id = g.id
    where r.hash = token and g.client = of_client for update of g;
  if not found then return next; return; end if;
  select * into t from auth.refresh_tokens r where r.hash = token;
  program := p.id; person := p.person_id; writes := p.writes; namespaces := p.namespaces;
  if t.used_at is not null then
    if auth.end_program(p.shop_id, p.id) then verdict := 'reused'; end if;
    return next;
    return;
  end if;
  update auth.capabilities c set hash = access, expires_at = app.now() + access_life
    where c.shop_id = p.shop_id and c.id = p.id and c.kind = 'program' and c.revoked_at is null and t.expires_at > app.now()
      and exists (select from auth.memberships m join auth.shops s on s.id = m.shop_id and s.suspended_at is null
                  where m.shop_id = p.shop_id and m.person_id = p.person_id and m.disabled_at is null);
  if found then
    verdict := 'made';
    update auth.refresh_tokens r set used_at = app.now() where r.hash = token;
    delete from auth.refresh_tokens r where r.shop_id = p.shop_id and r.program_id = p.id and r.expires_at <= app.now();
    insert into auth.refresh_tokens (hash, shop_id, program_id, expires_at) values (refresh, p.shop_id, p.id, app.now() + refresh_life);
    update auth.programs g set used_at = app.now(), used_ip = from_ip, used_by = agent where g.shop_id = p.shop_id and g.id = p.id;
  end if;
  return next;
end $$;

-- Inner: the program behind a token it has or had, or the code it came by. Its number alone would let anybody ask.
create function auth.program_of(token bytea) returns setof auth.programs
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select g.* from auth.programs g where g.id in
    (select r.program_id from auth.refresh_tokens r where r.hash = token
     union select a.id from auth.program_asks a where a.hash = token
     union select c.id from auth.capabilities c where c.hash = token and c.kind = 'program');
end $$;

-- Whom to tell that a program's token was used twice, and the key that seals the letter.
create function auth.program_person(token bytea) returns table (email text, shop_id uuid, shop_name text, name text, kek_id int, wrapped bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select p.email, g.shop_id, s.name, g.name, v.kek_id, v.wrapped
    from auth.program_of(token) g join auth.people p on p.id = g.person_id join app.shops s on s.shop_id = g.shop_id
    join lateral (select w.kek_id, w.wrapped from vault.shop_keys w where w.shop_id = g.shop_id order by w.kek_id desc limit 1) v on true;
end $$;

-- Puts what a program did, or what was done with its tokens, on the chain; with a letter to its person, or none.
create function auth.record_program(token bytea, action int, outcome int, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare p auth.programs;
begin
  select * into p from auth.program_of(token);
  if not found then return; end if;
  if sealed_mail is not null then perform auth.post_letter(p.person_id, p.shop_id, mail, sealed_mail); end if;
  perform audit.append_as(p.shop_id, case when outcome = 0 then 4 else 0 end, p.id, action, p.id, outcome, array[p.id, p.person_id], payload, facts);
end $$;

-- Ends a program by any token of its own; no row when there was nothing to end.
create function auth.revoke_program(token bytea, of_client text) returns table (program uuid, person uuid)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare p auth.programs;
begin
  select * into p from auth.program_of(token) g where g.client = of_client;
  if found and auth.end_program(p.shop_id, p.id) then return query select p.id, p.person_id; end if;
end $$;

-- For whom an access token speaks. Notes the use at most once a minute.
create function auth.resolve_program(cap_hash bytea, from_ip text, agent text)
returns table (program_id uuid, person_id uuid, person_name text, shop_id uuid, shop_name text, shop_slug text, role text,
               time_zone text, currency text, writes boolean, namespaces text[], withheld text[], second_step_due boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select g.id, p.id, p.name, s.shop_id, s.name, s.slug, m.role, s.time_zone, s.currency, g.writes, g.namespaces,
      coalesce(r.withheld, '{}'), -- of 0025_roles.sql
      exists (select from auth.second_step_roles o where o.shop_id = m.shop_id and o.role = m.role)
        and not exists (select from auth.totp t where t.person_id = m.person_id and t.confirmed_at is not null)
        and not exists (select from auth.passkeys k where k.person_id = m.person_id)
    from auth.capabilities c
    join auth.programs g on g.shop_id = c.shop_id and g.id = c.id
    join auth.people p on p.id = c.person_id
    join auth.memberships m on m.shop_id = c.shop_id and m.person_id = c.person_id and m.disabled_at is null
    join auth.shops a on a.id = c.shop_id and a.suspended_at is null
    join app.shops s on s.shop_id = c.shop_id
    left join auth.custom_roles r on r.shop_id = m.shop_id and r.id = m.custom_role
    where c.hash = cap_hash and c.kind = 'program' and c.revoked_at is null and c.expires_at > app.now();
  if found then
    update auth.programs g set used_at = app.now(), used_ip = from_ip, used_by = agent from auth.capabilities c
      where c.hash = cap_hash and g.shop_id = c.shop_id and g.id = c.id and g.used_at <= app.now() - interval '1 minute';
  end if;
end $$;

-- Inner: programs that are signed in.
create function auth.live_programs() returns setof auth.programs
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select g.* from auth.programs g
    join auth.capabilities c on c.shop_id = g.shop_id and c.id = g.id and c.revoked_at is null
    join auth.memberships m on m.shop_id = g.shop_id and m.person_id = g.person_id and m.disabled_at is null
    where exists (select from auth.refresh_tokens r where r.shop_id = g.shop_id and r.program_id = g.id and r.used_at is null and r.expires_at > app.now());
end $$;

-- Programs signed in as whoever presents this session, in all their shops.
create function auth.my_programs() returns table (id uuid, name text, shop_name text, writes boolean, namespaces text[], created_at timestamptz,
  used_at timestamptz, used_ip text, used_by text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.in_person();
begin
  return query select g.id, g.name, s.name, g.writes, g.namespaces, g.created_at, g.used_at, g.used_ip, g.used_by
    from auth.live_programs() g join app.shops s on s.shop_id = g.shop_id where g.person_id = me.person_id order by g.used_at desc;
end $$;

-- Signs out a program of one's own.
create function auth.sign_program_out(program uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := auth.in_person();
  p auth.programs;
begin
  select * into p from auth.programs g where g.id = program and g.person_id = me.person_id;
  if not found or not auth.end_program(p.shop_id, p.id) then return false; end if;
  perform audit.append_as(p.shop_id, 1, me.person_id, 122, p.id, 0, array[p.id, me.person_id], payload, facts);
  return true;
end $$;

-- A changed second step ends programs as it ends sessions. (A password ends all: see auth.end_sessions.)
create or replace function auth.end_others_of(person uuid, keep uuid) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare ended int;
begin
  perform 1 from auth.people p where p.id = person for update;
  update auth.capabilities c set revoked_at = app.now()
    where c.person_id = person and c.kind in ('session', 'program') and c.revoked_at is null and c.id is distinct from keep;
  get diagnostics ended = row_count;
  delete from auth.pending p where p.person_id = person;
  return ended;
end $$;

-- The list of browsers shows browsers: keys and programs have lists of their own.
create or replace function auth.my_sessions() returns table (id uuid, user_agent text, ip text, created_at timestamptz, last_seen_at timestamptz, current boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  return query select c.id, c.user_agent, c.ip, c.created_at, c.last_seen_at, c.id = me.capability from auth.capabilities c
    where c.person_id = me.person_id and c.shop_id = me.shop_id and c.kind = 'session' and c.revoked_at is null and c.expires_at > app.now()
      and c.last_seen_at + c.idle > app.now() order by c.last_seen_at desc;
end $$;

-- Who acted, as timelines name machines.
create or replace function app.key_names() returns table (id uuid, name text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select k.id, format('The key “%s”', k.name) from auth.api_keys k where k.shop_id = app.ctx_shop()
    union all select g.id, format('%s, for %s', g.name, p.name) from auth.programs g join auth.people p on p.id = g.person_id where g.shop_id = app.ctx_shop();
end $$;

grant execute on function
  auth.let_program_in(bytea, uuid, text, text, text, text, boolean, text[], interval, bytea, bytea),
  auth.redeem_code(bytea, text, text, text, bytea, bytea, interval, interval, text, text),
  auth.begin_device(bytea, uuid, bytea, text, text, boolean, text[], interval, text, text),
  auth.find_device(bytea),
  auth.device_asked(uuid),
  auth.answer_device(uuid, boolean, boolean, text[], bytea, bytea),
  auth.poll_device(bytea, text, bytea, bytea, interval, interval, text, text),
  auth.refresh_program(bytea, text, bytea, bytea, interval, interval, text, text),
  auth.program_person(bytea),
  auth.record_program(bytea, int, int, uuid, bytea, bytea, bytea),
  auth.revoke_program(bytea, text),
  auth.resolve_program(bytea, text, text),
  auth.my_programs(),
  auth.sign_program_out(uuid, bytea, bytea)
  to shearline_auth;
