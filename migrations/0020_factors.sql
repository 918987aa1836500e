-- The second factor: codes of an app, recovery codes, passkeys; sign-ins that wait for one; and "confirm it is you".
-- Factors are a person's, who may belong to several shops; what happens to them is told on the chain of each.

-- A code app's secret, sealed for the person and this row. Unconfirmed until its first code was typed.
create table auth.totp (
  id uuid primary key,
  person_id uuid not null references auth.people,
  sealed bytea not null,
  last_step bigint not null default 0, -- the thirty seconds whose code was used last: none of them serves twice
  created_at timestamptz not null default app.now(),
  confirmed_at timestamptz
);
create unique index totp_confirmed on auth.totp (person_id) where confirmed_at is not null;
create index totp_person on auth.totp (person_id);

-- Ten codes for the day the telephone is lost. `salt` is the set's, so that one hash finds the code.
create table auth.recovery_codes (
  person_id uuid not null references auth.people,
  hash bytea not null check (length(hash) = 32),
  salt bytea not null check (length(salt) = 16),
  used_at timestamptz,
  primary key (person_id, hash)
);

create table auth.passkeys (
  id uuid primary key,
  person_id uuid not null references auth.people,
  name text not null check (length(name) between 1 and 60),
  credential_id bytea not null constraint passkeys_credential unique check (length(credential_id) between 16 and 1023),
  credential jsonb not null, -- public key, counter, backup state
  created_at timestamptz not null default app.now(),
  last_used_at timestamptz
);
create index passkeys_person on auth.passkeys (person_id);

-- What an authenticator was asked to sign: five minutes, once.
create table auth.challenges (
  hash bytea primary key check (length(hash) = 32),
  person_id uuid references auth.people, -- whose passkey is being added; nobody's when one is to be shown
  state jsonb not null,
  expires_at timestamptz not null
);

-- A right password that waits for its second step: ten minutes, five tries.
create table auth.pending (
  hash bytea primary key check (length(hash) = 32),
  shop_id uuid not null references auth.shops,
  person_id uuid not null references auth.people,
  tries int not null default 0,
  expires_at timestamptz not null,
  foreign key (shop_id, person_id) references auth.memberships
);

-- Wrong codes of an app over all sign-ins of a person: whoever knows the password must not try them all.
create table auth.code_tries (
  person_id uuid primary key references auth.people,
  tries int not null,
  since timestamptz not null
);

-- Roles whose members must have a second step.
create table auth.second_step_roles (
  shop_id uuid not null references auth.shops,
  role text not null check (role in ('owner','admin','manager','dispatcher','bookkeeper','front_desk','technician','auditor')),
  primary key (shop_id, role)
);

-- When whoever holds this session last proved to be its person: at sign-in, or by confirming since.
alter table auth.capabilities add column confirmed_at timestamptz;

-- Inner: ends every session of a person but one; says how many.
create function auth.end_others_of(person uuid, keep uuid) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare ended int;
begin
  update auth.capabilities c set revoked_at = app.now()
    where c.person_id = person and c.kind = 'session' and c.revoked_at is null and c.id is distinct from keep;
  get diagnostics ended = row_count;
  delete from auth.pending p where p.person_id = person;
  return ended;
end $$;

-- Inner: who is signed in, or an error.
create function auth.myself() returns app.context
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.person_id is null then raise exception 'nobody is signed in' using errcode = '42501'; end if;
  return me;
end $$;

-- What a person can show besides the password.
create function auth.factors_of(person uuid) returns table (app boolean, passkeys bigint, codes bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select exists (select from auth.totp t where t.person_id = person and t.confirmed_at is not null),
    (select count(*) from auth.passkeys k where k.person_id = person),
    (select count(*) from auth.recovery_codes c where c.person_id = person and c.used_at is null);
end $$;

-- A person's code app, with the time its codes are told by.
create function auth.totp_of(person uuid, confirmed boolean) returns table (id uuid, sealed bytea, at bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select t.id, t.sealed, extract(epoch from app.now())::bigint from auth.totp t
    where t.person_id = person and (t.confirmed_at is not null) = totp_of.confirmed order by t.created_at desc limit 1;
end $$;

-- Counts a try at a code before it is looked at; false once ten have failed within half an hour.
create function auth.count_code_try(person uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare counted int;
begin
  insert into auth.code_tries as c values (person, 1, app.now())
    on conflict (person_id) do update set
      tries = case when c.since < app.now() - interval '30 minutes' then 1 else c.tries + 1 end,
      since = case when c.since < app.now() - interval '30 minutes' then app.now() else c.since end
    returning c.tries into counted;
  return counted <= 10;
end $$;

-- Takes the code of one step, once: of two who send it at the same moment one waits for the other's row and finds it spent.
create function auth.spend_totp(person uuid, factor uuid, step bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.totp t set last_step = step where t.id = factor and t.person_id = person and t.confirmed_at is not null and t.last_step < step;
  if not found then return false; end if;
  delete from auth.code_tries c where c.person_id = person;
  return true;
end $$;

create function auth.code_salt(person uuid) returns bytea
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select c.salt from auth.recovery_codes c where c.person_id = person limit 1);
end $$;

create function auth.spend_code(person uuid, code bytea, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.recovery_codes c set used_at = app.now() where c.person_id = person and c.hash = code and c.used_at is null;
  if not found then return false; end if;
  delete from auth.code_tries c where c.person_id = person;
  perform auth.append_everywhere(person, true, 103, 0, payload, facts);
  return true;
end $$;

create function auth.refuse_second_step(person uuid, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform auth.append_everywhere(person, false, 106, 1, payload, facts);
end $$;

-- A sign-in that waits.
create function auth.begin_pending(token_hash bytea, shop uuid, person uuid, lifetime interval) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.pending p where p.expires_at < app.now();
  insert into auth.pending (hash, shop_id, person_id, expires_at)
    select token_hash, m.shop_id, m.person_id, app.now() + lifetime from auth.memberships m
    where m.shop_id = shop and m.person_id = person and m.disabled_at is null;
  if not found then raise exception 'no such membership' using errcode = '42501'; end if;
end $$;

create function auth.find_pending(token_hash bytea) returns table (shop_id uuid, person_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select p.shop_id, p.person_id from auth.pending p where p.hash = token_hash and p.tries < 5 and p.expires_at > app.now();
end $$;

-- Uses up one of the five tries, before anything is compared.
create function auth.try_pending(token_hash bytea) returns table (shop_id uuid, person_id uuid)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query update auth.pending p set tries = p.tries + 1 where p.hash = token_hash and p.tries < 5 and p.expires_at > app.now()
    returning p.shop_id, p.person_id;
end $$;

-- The second step was taken: what waited is over, once.
create function auth.end_pending(token_hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.pending p where p.hash = token_hash;
  return found;
end $$;

-- Own factors.
create function auth.begin_totp(factor uuid, sealed_secret bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.myself();
begin
  delete from auth.totp t where t.person_id = me.person_id and t.confirmed_at is null;
  insert into auth.totp (id, person_id, sealed) values (factor, me.person_id, sealed_secret);
end $$;

-- The first code was right: the app counts from now on, and every other session of the person ends.
create function auth.confirm_totp(factor uuid, step bigint, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.myself();
begin
  perform 1 from auth.people p where p.id = me.person_id for update;
  if not exists (select from auth.totp t where t.id = factor and t.person_id = me.person_id and t.confirmed_at is null) then return false; end if;
  delete from auth.totp t where t.person_id = me.person_id and t.id <> factor;
  update auth.totp t set confirmed_at = app.now(), last_step = step where t.id = factor;
  delete from auth.code_tries c where c.person_id = me.person_id;
  perform auth.end_others_of(me.person_id, me.capability);
  perform auth.append_everywhere(me.person_id, true, 100, 0, payload, facts);
  return true;
end $$;

-- Ten new recovery codes; the old ones open nothing any more.
create function auth.replace_codes(code_salt bytea, hashes bytea[], payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.myself();
begin
  delete from auth.recovery_codes c where c.person_id = me.person_id;
  insert into auth.recovery_codes (person_id, hash, salt) select me.person_id, h, code_salt from unnest(hashes) h;
  perform auth.append_everywhere(me.person_id, true, 102, 0, payload, facts);
end $$;

-- Inner: a factor is gone; recovery codes without a factor open nothing and go with the last one.
create function auth.after_removal(me app.context) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.recovery_codes c where c.person_id = me.person_id
    and not exists (select from auth.totp t where t.person_id = me.person_id and t.confirmed_at is not null)
    and not exists (select from auth.passkeys k where k.person_id = me.person_id);
  perform auth.end_others_of(me.person_id, me.capability);
end $$;

create function auth.remove_totp(payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.myself();
begin
  delete from auth.totp t where t.person_id = me.person_id and t.confirmed_at is not null;
  if not found then return false; end if;
  delete from auth.totp t where t.person_id = me.person_id;
  perform auth.after_removal(me);
  perform auth.append_everywhere(me.person_id, true, 101, 0, payload, facts);
  return true;
end $$;

create function auth.put_challenge(token_hash bytea, person uuid, asked jsonb, lifetime interval) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.challenges c where c.expires_at < app.now();
  insert into auth.challenges values (token_hash, person, asked, app.now() + lifetime);
end $$;

-- Gives a challenge back once: a person's own only to that person, and nobody's to anybody.
create function auth.take_challenge(token_hash bytea, person uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare asked jsonb;
begin
  delete from auth.challenges c where c.hash = token_hash and c.expires_at > app.now() and c.person_id is not distinct from person
    returning c.state into asked;
  return asked;
end $$;

create function auth.add_passkey(passkey uuid, called text, cred_id bytea, cred jsonb, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.myself();
begin
  insert into auth.passkeys (id, person_id, name, credential_id, credential) values (passkey, me.person_id, called, cred_id, cred);
  perform auth.end_others_of(me.person_id, me.capability);
  perform auth.append_everywhere(me.person_id, true, 104, 0, payload, facts);
end $$;

create function auth.my_passkeys() returns table (id uuid, name text, credential_id bytea, created_at timestamptz, last_used_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select k.id, k.name, k.credential_id, k.created_at, k.last_used_at from auth.passkeys k
    where k.person_id = app.ctx_person() order by k.created_at;
end $$;

create function auth.rename_passkey(passkey uuid, called text, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.myself();
begin
  update auth.passkeys k set name = called where k.id = passkey and k.person_id = me.person_id;
  if not found then return false; end if;
  perform auth.append_everywhere(me.person_id, true, 111, 0, payload, facts);
  return true;
end $$;

create function auth.remove_passkey(passkey uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.myself();
begin
  delete from auth.passkeys k where k.id = passkey and k.person_id = me.person_id;
  if not found then return false; end if;
  perform auth.after_removal(me);
  perform auth.append_everywhere(me.person_id, true, 105, 0, payload, facts);
  return true;
end $$;

-- Whose passkey this is, and into which shop it leads: the oldest membership, as the password does.
create function auth.passkey_by_id(cred_id bytea) returns table (id uuid, person_id uuid, credential jsonb, shop_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select k.id, k.person_id, k.credential,
      (select m.shop_id from auth.memberships m where m.person_id = k.person_id and m.disabled_at is null order by m.created_at limit 1)
    from auth.passkeys k where k.credential_id = cred_id;
end $$;

create function auth.used_passkey(passkey uuid, cred jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.passkeys k set last_used_at = app.now(), credential = cred where k.id = passkey;
end $$;

-- A session just opened by a proof counts as confirmed.
create function auth.opened_by_proof(cap_hash bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.capabilities c set confirmed_at = app.now()
    where c.hash = cap_hash and c.kind = 'session' and c.confirmed_at is null and c.created_at > app.now() - interval '1 minute';
end $$;

-- "It is me": the session goes on under a new token, and the old one is worth nothing.
create function auth.confirm_session(new_hash bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.myself();
begin
  update auth.capabilities c set hash = new_hash, confirmed_at = app.now() where c.id = me.capability and c.revoked_at is null;
  delete from auth.code_tries c where c.person_id = me.person_id;
  perform audit.append_as(me.shop_id, 1, me.person_id, 107, me.person_id, 0, array[me.person_id], payload, facts);
end $$;

-- How far a session may go: whether its holder confirmed within ten minutes, and whether the shop asks for a second
-- step that this person does not have.
create function auth.standing(cap_hash bytea) returns table (confirmed boolean, second_step_due boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select coalesce(c.confirmed_at > app.now() - interval '10 minutes', false),
      exists (select from auth.memberships m join auth.second_step_roles r on r.shop_id = m.shop_id and r.role = m.role
              where m.shop_id = c.shop_id and m.person_id = c.person_id)
      and not exists (select from auth.totp t where t.person_id = c.person_id and t.confirmed_at is not null)
      and not exists (select from auth.passkeys k where k.person_id = c.person_id)
    from auth.capabilities c where c.hash = cap_hash and c.kind = 'session';
end $$;

-- Whom to tell that a browser never seen has signed in, and the key that seals the letter; nobody when it is known, or
-- the person's first.
create function auth.stranger(person uuid, device bytea) returns table (email text, shop_id uuid, kek_id int, wrapped bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select p.email, k.shop_id, k.kek_id, k.wrapped
    from auth.people p join auth.memberships m on m.person_id = p.id and m.disabled_at is null
    join vault.shop_keys k on k.shop_id = m.shop_id
    where p.id = person
      and exists (select from auth.devices d where d.person_id = person)
      and not exists (select from auth.devices d where d.person_id = person and d.hash = device)
    order by m.created_at, k.kek_id desc limit 1;
end $$;

create function auth.tell_of_stranger(person uuid, mail_shop uuid, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform auth.post_letter(person, mail_shop, mail, sealed_mail);
  perform auth.append_everywhere(person, true, 112, 0, payload, facts);
end $$;

create function auth.end_other_sessions(payload bytea, facts bytea) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := auth.myself();
  ended int;
begin
  ended := auth.end_others_of(me.person_id, me.capability);
  if ended > 0 then perform auth.append_everywhere(me.person_id, true, 109, 0, payload, facts); end if;
  return ended;
end $$;

create function auth.second_step_roles() returns table (role text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select r.role from auth.second_step_roles r where r.shop_id = app.ctx_shop() order by r.role;
end $$;

create function auth.require_second_step(roles text[], payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.myself();
begin
  if me.role is distinct from 'owner' then raise exception 'this is the owner''s' using errcode = '42501'; end if;
  delete from auth.second_step_roles r where r.shop_id = me.shop_id;
  insert into auth.second_step_roles select me.shop_id, r from unnest(roles) r group by r;
  perform audit.append_as(me.shop_id, 1, me.person_id, 110, me.shop_id, 0, array[me.shop_id], payload, facts);
end $$;

-- By name: a function added later is closed until someone opens it.
grant execute on function
  auth.factors_of(uuid),
  auth.totp_of(uuid, boolean),
  auth.count_code_try(uuid),
  auth.spend_totp(uuid, uuid, bigint),
  auth.code_salt(uuid),
  auth.spend_code(uuid, bytea, bytea, bytea),
  auth.refuse_second_step(uuid, bytea, bytea),
  auth.begin_pending(bytea, uuid, uuid, interval),
  auth.find_pending(bytea),
  auth.try_pending(bytea),
  auth.end_pending(bytea),
  auth.begin_totp(uuid, bytea),
  auth.confirm_totp(uuid, bigint, bytea, bytea),
  auth.replace_codes(bytea, bytea[], bytea, bytea),
  auth.remove_totp(bytea, bytea),
  auth.put_challenge(bytea, uuid, jsonb, interval),
  auth.take_challenge(bytea, uuid),
  auth.add_passkey(uuid, text, bytea, jsonb, bytea, bytea),
  auth.my_passkeys(),
  auth.rename_passkey(uuid, text, bytea, bytea),
  auth.remove_passkey(uuid, bytea, bytea),
  auth.passkey_by_id(bytea),
  auth.used_passkey(uuid, jsonb),
  auth.opened_by_proof(bytea),
  auth.confirm_session(bytea, bytea, bytea),
  auth.standing(bytea),
  auth.stranger(uuid, bytea),
  auth.tell_of_stranger(uuid, uuid, uuid, bytea, bytea, bytea),
  auth.end_other_sessions(bytea, bytea),
  auth.second_step_roles(),
  auth.require_second_step(text[], bytea, bytea)
  to shearline_auth;
