-- Passwords: tries counted by the database, browsers known by a cookie, changes, and links to reset.

-- Three of four kinds of characters in new passwords, as CMMC asks.
alter table app.shops add column cmmc_passwords boolean not null default false;
grant update (cmmc_passwords) on app.shops to shearline_app;

-- A browser somebody signed in with. It keeps a count of tries of its own, so that strangers who lock an account do not
-- lock out those who work there. It opens nothing.
create table auth.devices (
  hash bytea not null check (length(hash) = 32),
  person_id uuid not null references auth.people, -- several may share one browser
  created_at timestamptz not null default app.now(),
  last_used_at timestamptz not null default app.now(),
  primary key (hash, person_id)
);
create index devices_person on auth.devices (person_id, last_used_at);

-- Tries that failed or are being made, by hash of the address typed: the same row, whether anybody has that address or not.
create table auth.sign_in_tries (
  account bytea not null check (length(account) = 32),
  device bytea not null, -- of auth.devices, or '' for all strangers together
  failures int not null check (failures between 1 and 10),
  last_at timestamptz not null,
  primary key (account, device)
);
create index sign_in_tries_old on auth.sign_in_tries (last_at);

create table auth.password_history (
  person_id uuid not null references auth.people,
  id bigint generated always as identity,
  password_hash text not null,
  replaced_at timestamptz not null default app.now(),
  primary key (person_id, id)
);

create table auth.password_resets (
  token_hash bytea primary key check (length(token_hash) = 32),
  person_id uuid not null references auth.people,
  created_at timestamptz not null default app.now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index password_resets_person on auth.password_resets (person_id, created_at);

-- Takes one of ten tries, before the password is looked at: parallel tries wait for the row and count like others. Tries
-- are given back by auth.sign_in_right; ten in a row close the account for thirty minutes. verdict: go, wait, locked.
create function auth.begin_sign_in(address text, device bytea)
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
    select p.id, p.name, p.password_hash, array(select m.shop_id from auth.memberships m where m.person_id = p.id and m.disabled_at is null order by m.created_at)
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

-- The password was right: the tries are given back, and a hash made anew with today's parameters takes the old one's place.
-- Whoever calls shows the hash that was checked.
create function auth.sign_in_right(person uuid, was text, renewed text, device bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.sign_in_tries t using auth.people p
    where p.id = person and p.password_hash = was and t.account = sha256(convert_to(p.email, 'UTF8')) and t.device = sign_in_right.device;
  if renewed is not null then
    update auth.people p set password_hash = renewed where p.id = person and p.password_hash = was;
  end if;
end $$;

-- Puts what happened to a person on the chain of each of the person's shops, in one order, so that two do not wait for
-- each other.
create function auth.append_everywhere(person uuid, by_person boolean, action int, result int, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare shop uuid;
begin
  for shop in select m.shop_id from auth.memberships m where m.person_id = person order by m.shop_id loop
    perform audit.append_as(shop, by_person::int, person, action, person, result, array[person], payload, facts);
  end loop;
end $$;

-- The tenth try failed: on the chains, or, for an address nobody has, in the instance's log.
create function auth.record_lock(address text, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare person uuid;
begin
  select p.id into person from auth.people p where p.email = address;
  if found then
    perform auth.append_everywhere(person, false, 90, 1, payload, facts);
  else
    insert into auth.instance_log (what) values ('ten sign-ins refused for an unknown address');
    delete from auth.instance_log l where l.id <= (select max(id) - 1000 from auth.instance_log);
  end if;
end $$;

-- Remembers the browser somebody has signed in with; the twenty last used are kept.
create function auth.know_device(person uuid, device bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into auth.devices as d (hash, person_id) values (device, person)
    on conflict on constraint devices_pkey do update set last_used_at = app.now();
  delete from auth.devices d where d.person_id = person
    and d.hash not in (select k.hash from auth.devices k where k.person_id = person order by k.last_used_at desc, k.hash limit 20);
end $$;

-- What a new password is held against, and the key that seals the letter about it. An inner step of others.
create function auth.password_of(of_person uuid)
returns table (person_id uuid, email text, name text, password_hash text, earlier text[], own text[], cmmc boolean, shop_id uuid, kek_id int, wrapped bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select p.id, p.email, p.name, p.password_hash,
      array(select h.password_hash from auth.password_history h where h.person_id = p.id order by h.id desc limit 11),
      coalesce(array_agg(s.name) filter (where s.name is not null), '{}'), coalesce(bool_or(s.cmmc_passwords), false),
      k.shop_id, k.kek_id, k.wrapped
    from auth.people p
    left join auth.memberships m on m.person_id = p.id and m.disabled_at is null
    left join app.shops s on s.shop_id = m.shop_id
    left join lateral (select k.* from vault.shop_keys k join auth.memberships o on o.shop_id = k.shop_id
      where o.person_id = p.id and o.disabled_at is null order by o.created_at, k.kek_id desc limit 1) k on true
    where p.id = of_person group by p.id, k.shop_id, k.kek_id, k.wrapped;
end $$;

create function auth.my_password()
returns table (person_id uuid, email text, name text, password_hash text, earlier text[], own text[], cmmc boolean, shop_id uuid, kek_id int, wrapped bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select * from auth.password_of(app.ctx_person());
end $$;

-- Whether the shop of a live invitation asks for three kinds of characters.
create function auth.invite_asks_cmmc(token_hash bytea) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from auth.invites i join app.shops s on s.shop_id = i.shop_id
    where i.token_hash = invite_asks_cmmc.token_hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > app.now() and s.cmmc_passwords);
end $$;

-- Ends whatever speaks for a person, in all shops, but this session: the others, keys made for programs, and sign-ins that
-- wait for their second step, because they began with the old password. (A changed second step ends sessions alone: see
-- auth.end_others_of.)
create function auth.end_sessions(person uuid, but uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.capabilities c set revoked_at = app.now()
    where (c.shop_id, c.person_id) in (select m.shop_id, m.person_id from auth.memberships m where m.person_id = person)
      and c.revoked_at is null and c.id is distinct from but;
  delete from auth.pending p where p.person_id = person;
end $$;

-- A new password, once the one it replaces is shown by its hash: with it go the other sessions, links to reset, the count
-- of failed tries, and the browsers that were known. An inner step of others.
create function auth.replace_password(person uuid, was text, new_hash text, but_session uuid, but_device bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.people p set password_hash = new_hash where p.id = person and p.password_hash = was;
  if not found then return false; end if;
  insert into auth.password_history (person_id, password_hash) values (person, was);
  delete from auth.password_history h where h.person_id = person
    and h.id not in (select k.id from auth.password_history k where k.person_id = person order by k.id desc limit 11);
  update auth.password_resets r set revoked_at = app.now() where r.person_id = person and r.used_at is null and r.revoked_at is null;
  delete from auth.sign_in_tries t using auth.people p where p.id = person and t.account = sha256(convert_to(p.email, 'UTF8'));
  delete from auth.devices d where d.person_id = person and d.hash is distinct from but_device;
  perform auth.end_sessions(person, but_session);
  return true;
end $$;

-- Puts a sealed letter into a shop's outbox, if the person works there. An inner step of others.
create function auth.post_letter(person uuid, shop uuid, mail uuid, sealed_mail bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into worker.outbox (shop_id, id, sealed)
  select m.shop_id, mail, sealed_mail from auth.memberships m where m.shop_id = shop and m.person_id = person and m.disabled_at is null;
end $$;

create function auth.change_password(was text, new_hash text, device bytea, mail_shop uuid, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.person_id is null then return false; end if;
  if not auth.replace_password(me.person_id, was, new_hash, me.capability, device) then return false; end if;
  perform auth.post_letter(me.person_id, mail_shop, mail, sealed_mail);
  perform auth.append_everywhere(me.person_id, true, 91, 0, payload, facts);
  return true;
end $$;

-- Who would get a link to reset, and the key that seals the letter. The caller does the same work for nobody.
create function auth.reset_account(address text) returns table (person_id uuid, name text, shop_id uuid, kek_id int, wrapped bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select f.person_id, f.name, f.shop_id, f.kek_id, f.wrapped
    from auth.people p cross join lateral auth.password_of(p.id) f where p.email = address and f.shop_id is not null;
end $$;

-- A link to reset; an older one dies. Five an hour for a person; what is asked beyond is forgotten.
create function auth.open_reset(address text, token_hash bytea, lifetime interval, mail_shop uuid, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare person uuid;
begin
  select p.id into person from auth.people p where p.email = address
    and exists (select from auth.memberships m where m.person_id = p.id and m.shop_id = mail_shop and m.disabled_at is null) for update;
  if not found then
    insert into auth.instance_log (what) values ('a password link was asked for an address nobody uses');
    delete from auth.instance_log l where l.id <= (select max(id) - 1000 from auth.instance_log);
    return;
  end if;
  if (select count(*) from auth.password_resets r where r.person_id = person and r.created_at > app.now() - interval '1 hour') >= 5 then return; end if;
  delete from auth.password_resets r where r.person_id = person and r.created_at < app.now() - interval '1 day';
  update auth.password_resets r set revoked_at = app.now() where r.person_id = person and r.used_at is null and r.revoked_at is null;
  insert into auth.password_resets (token_hash, person_id, expires_at) values (open_reset.token_hash, person, app.now() + lifetime);
  perform auth.post_letter(person, mail_shop, mail, sealed_mail);
  perform auth.append_everywhere(person, false, 92, 0, payload, facts);
end $$;

-- Who stands behind a live link. Looking changes nothing: a mail scanner may look.
create function auth.find_reset(hash bytea)
returns table (person_id uuid, email text, name text, password_hash text, earlier text[], own text[], cmmc boolean, shop_id uuid, kek_id int, wrapped bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select f.* from auth.password_resets r cross join lateral auth.password_of(r.person_id) f
    where r.token_hash = hash and r.used_at is null and r.revoked_at is null and r.expires_at > app.now();
end $$;

-- Uses a link, once.
create function auth.reset_password(hash bytea, was text, new_hash text, mail_shop uuid, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare person uuid;
begin
  update auth.password_resets r set used_at = app.now()
    where r.token_hash = hash and r.used_at is null and r.revoked_at is null and r.expires_at > app.now() returning r.person_id into person;
  if not found then return false; end if;
  if not auth.replace_password(person, was, new_hash, null, null) then
    raise exception 'the password was changed meanwhile' using errcode = '40001';
  end if;
  perform auth.post_letter(person, mail_shop, mail, sealed_mail);
  perform auth.append_everywhere(person, true, 93, 0, payload, facts);
  return true;
end $$;

grant execute on function
  auth.begin_sign_in(text, bytea),
  auth.sign_in_right(uuid, text, text, bytea),
  auth.record_lock(text, bytea, bytea),
  auth.know_device(uuid, bytea),
  auth.my_password(),
  auth.invite_asks_cmmc(bytea),
  auth.change_password(text, text, bytea, uuid, uuid, bytea, bytea, bytea),
  auth.reset_account(text),
  auth.open_reset(text, bytea, interval, uuid, uuid, bytea, bytea, bytea),
  auth.find_reset(bytea),
  auth.reset_password(bytea, text, text, uuid, uuid, bytea, bytea, bytea)
  to shearline_auth;
