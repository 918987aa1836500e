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
-- neither ('broken'): erased is only what is about somebody whose forgetting stands on the chain (210 to 212): with a client
-- their contacts are forgotten, with a member the invitation.
create function audit.facts_state(e audit.entries, p audit.personal) returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if sha256(audit.opened(p)) = e.commitment then return 'held'; end if;
  if exists (select from audit.subject_keys k
    where k.shop_id = e.shop_id and k.subject = any(p.people) and k.forgotten_at is not null
      and k.subject = any(audit.people_in(e.shop_id, (select array_agg(u.subject) from audit.subjects u where u.shop_id = e.shop_id and u.seq = e.seq) || e.actor || e.entity))
      and exists (select from audit.subjects u join audit.entries f on f.shop_id = u.shop_id and f.seq = u.seq
        where u.shop_id = k.shop_id and f.action in (210, 211, 212) and (u.subject = k.subject
          or u.subject = (select c.client_id from app.contacts c where c.shop_id = k.shop_id and c.id = k.subject)
          or u.subject = (select i.forgotten_with from auth.invites i where i.shop_id = k.shop_id and i.id = k.subject)))) then
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

-- Forgetting a client, a contact or somebody who was a member.

alter table app.clients add column forgotten_at timestamptz,
  add column held_reason text not null default '' check (length(held_reason) <= 400); -- a legal hold: nothing is forgotten while it lasts
grant update (held_reason) on app.clients to shearline_app;
alter table app.contacts add column forgotten_at timestamptz;
alter table auth.memberships add column forgotten_at timestamptz;
alter table auth.invites add column forgotten_with uuid; -- the member it had invited

-- Whether a client, or one of their people, was forgotten.
create function audit.is_forgotten(shop uuid, client uuid) returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from audit.subject_keys k where k.shop_id = shop and k.forgotten_at is not null
    and (k.subject = client or k.subject in (select c.id from app.contacts c where c.shop_id = shop and c.client_id = client)))
$$;

-- The key goes; whoever never had one gets none.
create function audit.forget(shop uuid, subjects uuid[]) returns void language sql set search_path = pg_catalog, pg_temp as $$
  insert into audit.subject_keys as k (shop_id, subject, key, forgotten_at) select shop, s, null, app.now() from unnest(subjects) s
    on conflict (shop_id, subject) do update set key = null, forgotten_at = app.now() where k.key is not null
$$;

-- Who is forgotten does not change, nor come back.
create function app.forgotten_stays() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.forgotten_at is not null then
    raise exception 'was forgotten' using errcode = '23514', constraint = 'forgotten';
  end if;
  return new;
end $$;
create trigger forgotten_stays before update on app.clients for each row execute function app.forgotten_stays();
create trigger forgotten_stays before update on app.contacts for each row execute function app.forgotten_stays();
create trigger forgotten_stays before update on auth.memberships for each row execute function app.forgotten_stays();
alter table app.clients enable always trigger forgotten_stays;
alter table app.contacts enable always trigger forgotten_stays;
alter table auth.memberships enable always trigger forgotten_stays;

-- Nothing new of a client who was forgotten; what is being written meanwhile waits for the answer.
create function app.not_forgotten() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone timestamptz;
begin
  select c.forgotten_at into gone from app.clients c where c.shop_id = new.shop_id and c.id = new.client_id for key share;
  if gone is not null then
    raise exception 'was forgotten' using errcode = '23514', constraint = 'forgotten';
  end if;
  return new;
end $$;
do $$
declare child text;
begin
  foreach child in array array['app.client_channels','app.client_notes','app.contacts','app.sites','app.openings','app.jobs','app.attachments','vault.bittings','vault.site_codes'] loop
    execute format('create trigger not_forgotten before insert on %s for each row execute function app.not_forgotten()', child);
  end loop;
end $$;

-- Evidence about somebody who was forgotten may go, unless it hangs on a signature; anything else about it stays refused.
create function app.until_forgotten() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  row jsonb := to_jsonb(old);
  client uuid := coalesce((row ->> 'client_id')::uuid,
    (select j.client_id from app.jobs j where j.shop_id = old.shop_id and j.id = (row ->> 'job_id')::uuid),
    (select a.client_id from app.attachments a where a.shop_id = old.shop_id and a.id = (row ->> 'attachment_id')::uuid),
    (select s.client_id from app.signatures s where s.shop_id = old.shop_id and s.id = (row ->> 'signature_id')::uuid));
begin
  if audit.is_forgotten(old.shop_id, client)
     and not (tg_table_name = 'documents' and exists (select from app.signatures s where s.shop_id = old.shop_id and s.document_id = (row ->> 'id')::uuid)) then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;
do $$
declare evidence text;
begin
  foreach evidence in array array['app.client_notes','app.authority_checks','app.documents','vault.file_keys','vault.signature_strokes'] loop
    execute format('drop trigger append_only on %s', evidence);
    execute format('create trigger append_only before update on %s for each row execute function app.refuse_change()', evidence);
    execute format('create trigger until_forgotten before delete on %s for each row execute function app.until_forgotten()', evidence);
    execute format('alter table %s enable always trigger append_only', evidence);
    execute format('alter table %s enable always trigger until_forgotten', evidence);
  end loop;
end $$;

-- A signature loses who gave it, from where, when that person was forgotten, and nothing else.
create function app.signature_keeps() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  personal constant text[] := array['signer_name', 'ip', 'user_agent', 'device_time'];
begin
  if tg_op = 'UPDATE' and (to_jsonb(new) - personal) = (to_jsonb(old) - personal)
     and (new.signer_name, new.ip, new.user_agent, new.device_time) = ('Forgotten', '', '', '') and audit.is_forgotten(old.shop_id, old.client_id) then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;
drop trigger append_only on app.signatures;
create trigger append_only before update or delete on app.signatures for each row execute function app.signature_keeps();
alter table app.signatures enable always trigger append_only;

-- Forgetting is the owner's, who proved it within ten minutes.
create function auth.may_forget() returns app.context
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'session' or me.role is distinct from 'owner' or not exists (select from app.proved() p where p.confirmed) then
    raise exception 'forgetting is the owner''s' using errcode = '42501';
  end if;
  return me;
end $$;

-- What a signature's signer leaves behind.
create function app.forget_signatures(shop uuid, signatures uuid[]) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  delete from vault.signature_strokes t where t.shop_id = shop and t.signature_id = any(signatures);
  update app.signature_evidence v set salt = null where v.shop_id = shop and v.signature_id = any(signatures) and v.salt is not null;
  update app.signatures s set signer_name = 'Forgotten', ip = '', user_agent = '', device_time = '' where s.shop_id = shop and s.id = any(signatures);
end $$;

-- The links of a client, or of one contact, and every visit by them.
create function auth.forget_links(shop uuid, client uuid, contact uuid) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update auth.portal_links l set revoked_at = coalesce(l.revoked_at, app.now()) where l.shop_id = shop and l.client_id = client and l.contact_id = coalesce(contact, l.contact_id);
  update auth.capabilities c set revoked_at = coalesce(c.revoked_at, app.now()), ip = '', user_agent = ''
    where c.shop_id = shop and c.client_id = client and c.kind = 'portal' and c.contact_id is not distinct from coalesce(contact, c.contact_id);
end $$;

-- A client in one act: the row stays, empty, for what must be kept hangs on it: issued invoices, what was signed, the chain.
create function auth.forget_client(client uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := auth.may_forget();
  c app.clients;
begin
  select * into c from app.clients x where x.shop_id = me.shop_id and x.id = client and x.forgotten_at is null for update;
  if not found then return false; end if;
  if c.held_reason <> '' then raise exception 'held' using errcode = '23514', constraint = 'forget_held'; end if;
  if exists (select from app.jobs j where j.shop_id = me.shop_id and j.client_id = client and j.status in ('new','scheduled','en_route','on_site','completed')) then
    raise exception 'open jobs' using errcode = '23514', constraint = 'forget_jobs';
  end if;
  if exists (select from app.invoices i where i.shop_id = me.shop_id and i.client_id = client and i.status in ('draft','sent','part_paid')) then
    raise exception 'unpaid invoices' using errcode = '23514', constraint = 'forget_invoices';
  end if;
  perform audit.forget(me.shop_id, client || array(select k.id from app.contacts k where k.shop_id = me.shop_id and k.client_id = client));
  perform auth.forget_links(me.shop_id, client, null);
  perform app.forget_signatures(me.shop_id, array(select s.id from app.signatures s where s.shop_id = me.shop_id and s.client_id = client));
  delete from app.documents d where d.shop_id = me.shop_id and d.client_id = client
    and not exists (select from app.signatures s where s.shop_id = d.shop_id and s.document_id = d.id);
  delete from app.authority_checks a using app.jobs j where j.shop_id = me.shop_id and j.client_id = client and a.shop_id = j.shop_id and a.job_id = j.id;
  delete from vault.file_keys f using app.attachments a where a.shop_id = me.shop_id and a.client_id = client and f.shop_id = a.shop_id and f.attachment_id = a.id;
  update app.attachments a set slot = '', caption = '', device_time = '', removed_at = coalesce(a.removed_at, app.now()), removed_by = coalesce(a.removed_by, me.person_id),
    removed_reason = 'Forgotten', version = a.version + 1 where a.shop_id = me.shop_id and a.client_id = client;
  delete from vault.releases r using vault.bittings b where b.shop_id = me.shop_id and b.client_id = client and r.shop_id = b.shop_id and r.record_id = b.id;
  delete from vault.bittings b where b.shop_id = me.shop_id and b.client_id = client;
  delete from vault.site_codes k where k.shop_id = me.shop_id and k.client_id = client;
  delete from vault.access_notes n using app.sites s where s.shop_id = me.shop_id and s.client_id = client and n.shop_id = s.shop_id and n.site_id = s.id;
  delete from app.client_channels h where h.shop_id = me.shop_id and h.client_id = client;
  delete from app.client_notes n where n.shop_id = me.shop_id and n.client_id = client;
  delete from app.invoices i where i.shop_id = me.shop_id and i.client_id = client and i.status = 'void' and i.serial is null
    and not exists (select from app.invoice_lines l where l.shop_id = i.shop_id and l.invoice_id = i.id);
  update app.job_checks k set note = '' from app.jobs j where j.shop_id = me.shop_id and j.client_id = client and k.shop_id = j.shop_id and k.job_id = j.id and k.note <> '';
  update app.job_lines l set description = 'Forgotten' where l.shop_id = me.shop_id and l.client_id = client;
  update app.jobs j set requested = 'Forgotten', performed = '', answers = '{}', caller = '', caller_phone = '', po_number = '', ended_reason = '', override_reason = '',
    version = j.version + 1 where j.shop_id = me.shop_id and j.client_id = client;
  update app.openings o set number = '-', folded = '-', location = '', function = '', hardware = '', archived_at = coalesce(o.archived_at, app.now()), version = o.version + 1
    where o.shop_id = me.shop_id and o.client_id = client;
  update app.sites s set name = '', address = 'Forgotten', folded = 'forgotten', hours = '', hazards = '', archived_at = coalesce(s.archived_at, app.now()), version = s.version + 1
    where s.shop_id = me.shop_id and s.client_id = client;
  update app.contacts k set name = 'Forgotten', title = '', phone = '', email = '', archived_at = coalesce(k.archived_at, app.now()), forgotten_at = app.now(), version = k.version + 1
    where k.shop_id = me.shop_id and k.client_id = client and k.forgotten_at is null;
  update app.clients x set name = 'Forgotten', folded = 'forgotten', billing_address = '', tags = '', alert = '', archived_at = coalesce(x.archived_at, app.now()),
    forgotten_at = app.now(), version = x.version + 1 where x.shop_id = me.shop_id and x.id = client;
  perform audit.append_as(me.shop_id, 1, me.person_id, 210, client, 0, array[client], payload, facts);
  return true;
end $$;

-- One person of a client: what names them, and the facts that are about them.
create function auth.forget_contact(contact uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := auth.may_forget();
  k app.contacts;
begin
  select * into k from app.contacts x where x.shop_id = me.shop_id and x.id = contact and x.forgotten_at is null for update;
  if not found then return false; end if;
  if exists (select from app.clients c where c.shop_id = me.shop_id and c.id = k.client_id and c.held_reason <> '') then
    raise exception 'held' using errcode = '23514', constraint = 'forget_held';
  end if;
  if exists (select from app.jobs j where j.shop_id = me.shop_id and j.contact_id = contact and j.status in ('new','scheduled','en_route','on_site','completed')) then
    raise exception 'open jobs' using errcode = '23514', constraint = 'forget_jobs';
  end if;
  perform audit.forget(me.shop_id, array[contact]);
  perform auth.forget_links(me.shop_id, k.client_id, contact);
  perform app.forget_signatures(me.shop_id, array(select s.id from app.signatures s left join auth.portal_links l on l.shop_id = s.shop_id and l.id = s.link_id
    where s.shop_id = me.shop_id and s.client_id = k.client_id and (l.contact_id = contact or lower(s.signer_name) = lower(k.name))));
  delete from app.authority_checks a using app.jobs j where j.shop_id = me.shop_id and j.client_id = k.client_id and a.shop_id = j.shop_id and a.job_id = j.id
    and (j.contact_id = contact or lower(a.person_name) = lower(k.name));
  update app.jobs j set caller = '', caller_phone = '', version = j.version + 1
    where j.shop_id = me.shop_id and j.client_id = k.client_id and (j.contact_id = contact or lower(j.caller) = lower(k.name));
  update app.contacts x set name = 'Forgotten', title = '', phone = '', email = '', archived_at = coalesce(x.archived_at, app.now()), forgotten_at = app.now(), version = x.version + 1
    where x.shop_id = me.shop_id and x.id = contact;
  perform audit.append_as(me.shop_id, 1, me.person_id, 211, contact, 0, array[contact, k.client_id], payload, facts);
  return true;
end $$;

-- Somebody who left. What they did stays on the chain, under an id that names nobody; where they are in no other shop, their
-- account goes with it.
create function auth.forget_member(member uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := auth.may_forget();
  p auth.people;
begin
  select * into p from auth.people x where x.id = member for update;
  perform 1 from auth.memberships m where m.shop_id = me.shop_id and m.person_id = member and m.forgotten_at is null for update;
  if not found then return false; end if;
  if exists (select from auth.memberships m where m.shop_id = me.shop_id and m.person_id = member and m.disabled_at is null) then
    raise exception 'still a member' using errcode = '23514', constraint = 'forget_member';
  end if;
  perform audit.forget(me.shop_id, member || array(select i.id from auth.invites i where i.shop_id = me.shop_id and i.email = p.email));
  update auth.invites i set email = 'forgotten-' || i.id || '@forgotten.invalid', forgotten_with = member, revoked_at = case when i.accepted_at is null then coalesce(i.revoked_at, app.now()) end
    where i.shop_id = me.shop_id and i.email = p.email;
  update auth.capabilities c set revoked_at = coalesce(c.revoked_at, app.now()), ip = '', user_agent = '' where c.shop_id = me.shop_id and c.person_id = member;
  update auth.programs g set name = 'Forgotten', used_ip = '', used_by = '' where g.shop_id = me.shop_id and g.person_id = member;
  update auth.memberships m set forgotten_at = app.now() where m.shop_id = me.shop_id and m.person_id = member;
  if not exists (select from auth.memberships m where m.person_id = member and m.forgotten_at is null) then
    update auth.people x set name = 'Forgotten', email = 'forgotten-' || x.id || '@forgotten.invalid', password_hash = '!' where x.id = member;
    delete from auth.totp t where t.person_id = member;
    delete from auth.recovery_codes t where t.person_id = member;
    delete from auth.passkeys t where t.person_id = member;
    delete from auth.challenges t where t.person_id = member;
    delete from auth.pending t where t.person_id = member;
    delete from auth.devices t where t.person_id = member;
    delete from auth.password_history t where t.person_id = member;
    delete from auth.password_resets t where t.person_id = member;
    delete from auth.program_asks t where t.person_id = member;
  end if;
  perform audit.append_as(me.shop_id, 1, me.person_id, 212, member, 0, array[member], payload, facts);
  return true;
end $$;
grant execute on function auth.forget_client(uuid, bytea, bytea), auth.forget_contact(uuid, bytea, bytea), auth.forget_member(uuid, bytea, bytea) to shearline_auth;

-- As in 0003, without the name of whoever was forgotten here and may still work elsewhere.
drop function app.members();
create function app.members() returns table (person_id uuid, name text, email text, role text, since timestamptz, disabled_at timestamptz, forgotten boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select m.person_id, case when m.forgotten_at is null then p.name else 'Forgotten' end, case when m.forgotten_at is null then p.email else '' end,
      m.role, m.created_at, m.disabled_at, m.forgotten_at is not null
    from auth.memberships m join auth.people p on p.id = m.person_id where m.shop_id = app.ctx_shop();
end $$;
grant execute on function app.members() to shearline_app;
