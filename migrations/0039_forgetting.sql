-- What is personal in an entry is kept under keys of the people it is about. Who is forgotten loses the key, and with it
-- everything that was ever recorded under it is unreadable, in each copy of this database too; the chain holds hashes alone
-- and stays whole (docs/decisions/0013).

create schema crypt; -- nobody is given USAGE: what the extension offers to everybody is out of reach there
create extension pgcrypto schema crypt;

-- The keys of members, contacts, clients and invitations, each made when first needed. A key that is gone leaves its row: a
-- new one is never made, and the verifier knows erased from lost.
create table audit.subject_keys (
  shop_id uuid not null references audit.heads,
  subject uuid not null,
  key bytea check (length(key) = 32),
  forgotten_at timestamptz,
  primary key (shop_id, subject),
  check ((key is null) = (forgotten_at is not null))
);
select app.isolate('audit.subject_keys');

-- A key goes, and does nothing else.
create function audit.key_goes() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and old.key is not null and new.key is null and (new.shop_id, new.subject) = (old.shop_id, old.subject) then
    return new;
  end if;
  raise exception 'a key is forgotten, and does not change' using errcode = '42501';
end $$;
create trigger goes before update or delete on audit.subject_keys for each row execute function audit.key_goes();
create trigger goes_truncate before truncate on audit.subject_keys for each statement execute function app.refuse_change();
alter table audit.subject_keys enable always trigger goes;
alter table audit.subject_keys enable always trigger goes_truncate;

-- Whose a thing is: every table that names a client, and the person of the client where it names one. Made from the catalogue;
-- a migration that adds such a table calls it again.
create function audit.learn_whose() returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  body text;
begin
  select string_agg(format('select shop_id, id, %s as client_id, %s as contact_id from %s',
      case when c.oid = 'app.clients'::regclass then 'id' else 'client_id' end,
      case when c.oid = 'app.contacts'::regclass then 'id'
           when exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'contact_id' and not a.attisdropped) then 'contact_id'
           else 'null::uuid' end, c.oid::regclass), ' union all ' order by c.oid::regclass::text)
    into body
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('app','vault','auth') and c.oid <> 'auth.capabilities'::regclass
      and (c.oid = 'app.clients'::regclass or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'client_id' and not a.attisdropped))
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'id' and not a.attisdropped)
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'shop_id' and not a.attisdropped);
  execute 'create or replace view audit.whose (shop_id, id, client_id, contact_id) with (security_invoker = true) as ' || body;
end $$;
select audit.learn_whose();

-- The people that things of a shop are about: members and contacts themselves, the client behind a job, a site or a paper, the
-- member behind a key, an invitation for whoever it invites. Nearly every event names one of the first; the rest is asked
-- for what none of these knows.
create function audit.people_in(shop uuid, ids uuid[]) returns uuid[] language plpgsql stable as $$
declare
  people uuid[];
  found_client boolean;
  rest uuid[];
begin
  select array_agg(f.person) filter (where f.person is not null), coalesce(bool_or(f.client), false), array_agg(f.id) into people, found_client, rest from (
    select c.id, c.id, true from app.clients c where c.shop_id = shop and c.id = any(ids)
    union all select j.id, unnest(array[j.client_id, j.contact_id]), true from app.jobs j where j.shop_id = shop and j.id = any(ids)
    union all select s.id, s.client_id, true from app.sites s where s.shop_id = shop and s.id = any(ids)
    union all select k.id, unnest(array[k.client_id, k.id]), true from app.contacts k where k.shop_id = shop and k.id = any(ids)
    union all select m.person_id, m.person_id, false from auth.memberships m where m.shop_id = shop and m.person_id = any(ids)) f (id, person, client);
  if not found_client and not ids <@ (shop || rest) then
    people := people || array(
      select unnest(array[w.client_id, w.contact_id]) from audit.whose w where w.shop_id = shop and w.id = any(ids)
      union all select k.made_by from auth.api_keys k where k.shop_id = shop and k.id = any(ids)
      union all select p.person_id from auth.programs p where p.shop_id = shop and p.id = any(ids)
      union all select i.id from auth.invites i where i.shop_id = shop and i.id = any(ids));
  end if;
  return (select array_agg(distinct p order by p) from unnest(people) p where p is not null);
end $$;

-- The key of one entry's facts: it follows from those of all people it is about, so that any of them takes it along.
create function audit.facts_key(shop uuid, seq bigint, keys bytea) returns bytea language sql immutable as
  $$ select sha256(convert_to('shearline-facts-v1', 'UTF8') || uuid_send(shop) || int8send(seq) || keys) $$;

alter table audit.personal rename to personal_in_clear;
alter table audit.personal_in_clear rename constraint personal_pkey to personal_in_clear_pkey;

-- Salt and facts, as AES-256 under that key, which serves once. What the bytes are worth says the commitment in the chain.
create table audit.personal (
  shop_id uuid not null,
  seq bigint not null,
  people uuid[] not null check (cardinality(people) > 0),
  sealed bytea not null,
  primary key (shop_id, seq),
  foreign key (shop_id, seq) references audit.entries
);
select app.isolate('audit.personal'), app.append_only('audit.personal');

-- Puts salt and facts away under the keys of those people who have one still; where there is nobody, under the shop's own.
create function audit.keep_facts(shop uuid, seq bigint, people uuid[], salt bytea, facts bytea) returns void language plpgsql as $$
declare
  known int;
  holders uuid[];
  keys bytea;
begin
  people := coalesce(people, array[shop]);
  for attempt in 1..3 loop
    select count(*), array_agg(k.subject order by k.subject) filter (where k.key is not null), string_agg(k.key, '' order by k.subject)
      into known, holders, keys from audit.subject_keys k where k.shop_id = shop and k.subject = any(people);
    if known = cardinality(people) then
      exit when holders is not null;
      people := array[shop];
    else
      insert into audit.subject_keys (shop_id, subject, key) select shop, p, crypt.gen_random_bytes(32) from unnest(people) p on conflict do nothing;
    end if;
  end loop;
  if holders is null then -- the shop's own key, made only now
    select array_agg(k.subject), string_agg(k.key, '') into holders, keys from audit.subject_keys k where k.shop_id = shop and k.subject = shop;
  end if;
  insert into audit.personal values (shop, seq, holders, crypt.encrypt(salt || facts, audit.facts_key(shop, seq, keys), 'aes'));
end $$;

do $$
declare
  p record;
begin
  for p in select c.*, audit.people_in(c.shop_id, (select array_agg(u.subject) from audit.subjects u where u.shop_id = c.shop_id and u.seq = c.seq) || e.actor || e.entity) as people
    from audit.personal_in_clear c join audit.entries e using (shop_id, seq) loop
    perform audit.keep_facts(p.shop_id, p.seq, p.people, p.salt, p.facts);
  end loop;
end $$;

-- Salt and facts again; nothing when somebody was forgotten, or the bytes are not ours.
create function audit.opened(p audit.personal) returns bytea language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare keys bytea;
begin
  select string_agg(k.key, '' order by k.subject) into keys from audit.subject_keys k
    where k.shop_id = p.shop_id and k.subject = any(p.people) having count(k.key) = cardinality(p.people);
  if keys is null then return null; end if;
  return crypt.decrypt(p.sealed, audit.facts_key(p.shop_id, p.seq, keys), 'aes');
exception when others then
  return null;
end $$;

create function audit.facts(p audit.personal) returns bytea language sql stable as 'select substr(audit.opened(p), 33)';

-- Whether what is personal in an entry is what it was written with ('held'), was erased as the chain says ('erased'), or
-- neither ('broken'): erased is only what is about somebody whose forgetting stands on the chain (210 to 212).
create function audit.facts_state(e audit.entries, p audit.personal) returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if sha256(audit.opened(p)) = e.commitment then return 'held'; end if;
  if exists (select from audit.subject_keys k
    where k.shop_id = e.shop_id and k.subject = any(p.people) and k.forgotten_at is not null
      and k.subject = any(audit.people_in(e.shop_id, (select array_agg(u.subject) from audit.subjects u where u.shop_id = e.shop_id and u.seq = e.seq) || e.actor || e.entity))
      and exists (select from audit.subjects u join audit.entries f on f.shop_id = u.shop_id and f.seq = u.seq
        where u.shop_id = k.shop_id and u.subject = k.subject and f.action in (210, 211, 212))) then
    return 'erased';
  end if;
  return 'broken';
end $$;

-- The facts of these entries, for who may read them: the office's and the auditor's eyes, never a technician's.
create function audit.facts_of(seqs bigint[]) returns table (seq bigint, facts bytea, erased boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.shop_id is null or me.role is null or me.role = 'technician' then return; end if;
  return query select o.seq, substr(o.open, 33), o.open is null
    from (select p.seq, audit.opened(p) as open from audit.personal p where p.shop_id = me.shop_id and p.seq = any(seqs)) o;
end $$;
grant execute on function audit.facts_of(bigint[]) to shearline_app;

-- As in 0002, and what is personal under its people's keys. Planned once: the arrays tempt the planner to do it each time.
create or replace function audit.append_as(shop uuid, actor_kind int, actor uuid, action int, entity uuid, result int,
                                subjects uuid[], payload bytea, facts bytea) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  head audit.heads;
  us bigint;
  salt bytea := crypt.gen_random_bytes(32);
  commitment bytea;
  entry bytea;
begin
  select * into head from audit.heads h where h.shop_id = shop for update;
  if not found then raise exception 'no audit chain' using errcode = '42501'; end if;
  us := (extract(epoch from app.now()) * 1000000)::bigint;
  commitment := sha256(salt || facts);
  entry := audit.byte(1) || uuid_send(shop) || int8send(head.seq + 1) || int8send(us) || int2send(action::smallint)
    || audit.byte(actor_kind) || uuid_send(actor) || uuid_send(entity) || audit.byte(result) || sha256(payload) || commitment;
  insert into audit.entries values (shop, head.seq + 1, us, action, actor_kind, actor, entity, result, payload, commitment,
    sha256(audit.byte(2) || head.hash || sha256(entry)));
  insert into audit.subjects select distinct shop, s, head.seq + 1 from unnest(subjects) s;
  perform audit.keep_facts(shop, head.seq + 1, audit.people_in(shop, subjects || actor || entity), salt, facts);
  update audit.heads h set seq = head.seq + 1, hash = sha256(audit.byte(2) || head.hash || sha256(entry)) where h.shop_id = shop;
  return head.seq + 1;
end $$;

-- As in 0029; facts that were erased as the chain says hold, facts that are gone without it do not.
create or replace function worker.chain(of_shop uuid, after bigint, most int)
returns table (seq bigint, entry bytea, hash bytea, facts_hold boolean, subjects_hold boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select e.seq, audit.entry_bytes(e), e.hash, coalesce(audit.facts_state(e, p) <> 'broken', false),
      coalesce((select coalesce(array_agg(u.subject order by u.subject), '{}') from audit.subjects u where u.shop_id = e.shop_id and u.seq = e.seq)
        = audit.named(e.payload), false)
    from audit.entries e left join audit.personal p on p.shop_id = e.shop_id and p.seq = e.seq
    where e.shop_id = of_shop and e.seq > after order by e.seq limit least(most, 5000);
end $$;

-- A new file for what was in clear: nothing of it stays in the old one.
drop table audit.personal_in_clear;
