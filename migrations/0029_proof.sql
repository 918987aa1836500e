-- Proof beyond this database: a Merkle tree over each chain, checkpoints of it that the shop's key signs, the evidence of
-- signatures, and what the verifier found last.

-- Hashes of a signature's parts, sealed by the shop's evidence key; the entry of the signature holds their hash. What is
-- personal stands in the body only under this salt, which can be forgotten: then nobody can open it any more.
create table app.signature_evidence (
  shop_id uuid not null,
  signature_id uuid not null,
  body text not null check (length(body) between 2 and 4096),
  key text not null check (length(key) between 1 and 300),
  seal bytea not null check (length(seal) = 64),
  salt bytea check (length(salt) = 32),
  primary key (shop_id, signature_id),
  foreign key (shop_id, signature_id) references app.signatures
);
select app.isolate('app.signature_evidence');
grant select, insert on app.signature_evidence to shearline_app;
-- The client learns whether there is a proof of a signature; what is in it comes by portal.proof_of.
create policy own_client on app.signature_evidence for select to shearline_portal
  using ((select app.ctx_client()) = (select s.client_id from app.signatures s where s.shop_id = signature_evidence.shop_id and s.id = signature_evidence.signature_id));
grant select (shop_id, signature_id) on app.signature_evidence to shearline_portal;
create policy technician on app.signature_evidence as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.signatures s join app.visits v on v.shop_id = s.shop_id and v.job_id = s.job_id
    where s.shop_id = signature_evidence.shop_id and s.id = signature_evidence.signature_id and v.technician_id = (select app.ctx_person())));

-- The salt may go; nothing else ever changes.
create function app.evidence_keeps() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.salt is null
     and (new.shop_id, new.signature_id, new.body, new.key, new.seal) is not distinct from (old.shop_id, old.signature_id, old.body, old.key, old.seal) then
    return new;
  end if;
  raise exception 'evidence does not change' using errcode = '42501';
end $$;
create trigger keeps before update or delete on app.signature_evidence for each row execute function app.evidence_keeps();
create trigger keeps_truncate before truncate on app.signature_evidence for each statement execute function app.refuse_change();
alter table app.signature_evidence enable always trigger keeps;
alter table app.signature_evidence enable always trigger keeps_truncate;

-- The bytes of an issued invoice. The entry of its issuing holds their SHA-256.
create table app.invoice_papers (
  shop_id uuid not null,
  invoice_id uuid not null,
  client_id uuid not null,
  body bytea not null check (length(body) between 1 and 262144), -- UTF-8 HTML without script
  sha256 bytea not null check (sha256 = sha256(body)),
  primary key (shop_id, invoice_id),
  foreign key (shop_id, client_id, invoice_id) references app.invoices (shop_id, client_id, id)
);
select app.isolate('app.invoice_papers'), app.open_to_client('app.invoice_papers'), app.append_only('app.invoice_papers');
grant select, insert on app.invoice_papers to shearline_app;
grant select on app.invoice_papers to shearline_portal;
create policy technician on app.invoice_papers as restrictive to shearline_app using ((select app.ctx_role()) <> 'technician');

-- Checkpoints, each over the first `size` entries. `peaks` is the tree's right edge, so that the next costs what is new.
create table audit.checkpoints (
  shop_id uuid not null references audit.heads,
  size bigint not null check (size > 0),
  root bytea not null check (length(root) = 32),
  peaks bytea not null,
  key text not null check (length(key) between 1 and 300),
  note text not null check (length(note) between 1 and 4096),
  made_at timestamptz not null default app.now(),
  primary key (shop_id, size)
);
-- Leaf hashes by 256, each with the root over them: a proof reads few of them, however long the chain.
create table audit.tiles (
  shop_id uuid not null references audit.heads,
  n bigint not null check (n >= 0),
  root bytea not null check (length(root) = 32),
  leaves bytea not null check (length(leaves) = 8192),
  primary key (shop_id, n)
);
-- What the verifier found last. Missed runs and breaks are told once.
create table audit.verifications (
  shop_id uuid primary key references audit.heads,
  full_at timestamptz not null,
  new_at timestamptz not null,
  seq bigint not null,   -- up to here
  hash bytea not null,   -- of the entry there
  broken_at timestamptz, -- since when; null while it holds
  broken_seq bigint,
  why text not null default ''
);
select app.isolate('audit.checkpoints'), app.isolate('audit.tiles'), app.isolate('audit.verifications');
select app.append_only('audit.checkpoints'), app.append_only('audit.tiles');
grant select on audit.checkpoints, audit.verifications to shearline_app;
grant usage on schema audit to shearline_portal;

-- The newest checkpoint of the caller's shop that covers an entry. Each client is a witness: size and root stand at the
-- foot of what a client is shown.
create function audit.newest_checkpoint(entry bigint) returns table (size bigint, root bytea, key text, note text, made_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select c.size, c.root, c.key, c.note, c.made_at from audit.checkpoints c
    where c.shop_id = app.ctx_shop() and c.size >= newest_checkpoint.entry order by c.size desc limit 1;
end $$;
grant execute on function audit.newest_checkpoint(bigint) to shearline_app, shearline_portal;

-- An entry's bytes, as `audit.append_as` hashed them.
create function audit.entry_bytes(e audit.entries) returns bytea language sql immutable set search_path = pg_catalog, pg_temp as $$
  select audit.byte(1) || uuid_send(e.shop_id) || int8send(e.seq) || int8send(e.time_us) || int2send(e.action)
    || audit.byte(case when e.actor_kind between 0 and 255 then e.actor_kind else 255 end) || uuid_send(e.actor) || uuid_send(e.entity)
    || audit.byte(case when e.result between 0 and 255 then e.result else 255 end) || sha256(e.payload) || e.commitment
$$;
-- Whom a payload names; null when it cannot be read, for then somebody changed it.
create function audit.named(payload bytea) returns uuid[] language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct a.id::uuid order by a.id::uuid), '{}') from jsonb_array_elements_text(convert_from(payload, 'UTF8')::jsonb -> 'about') a(id));
exception when others then
  return null;
end $$;
grant execute on function audit.byte(int), audit.entry_bytes(audit.entries) to shearline_app;

-- What a path through the tree of the first `upto` entries of the caller's shop is made of: roots of whole tiles, the tile
-- that holds the entry, and the leaves behind the last whole tile. Hashes alone.
create function audit.path_ground(entry bigint, upto bigint) returns table (roots bytea, near bytea, tail bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  mine uuid := app.ctx_shop();
  whole bigint := upto / 256;
begin
  if mine is null then raise exception 'no capability' using errcode = '42501'; end if;
  return query select
    coalesce((select string_agg(t.root, '' order by t.n) from audit.tiles t where t.shop_id = mine and t.n < whole), ''),
    coalesce((select t.leaves from audit.tiles t where t.shop_id = mine and t.n = (entry - 1) / 256 and t.n < whole), ''),
    coalesce((select string_agg(sha256(audit.byte(0) || audit.entry_bytes(e)), '' order by e.seq)
      from audit.entries e where e.shop_id = mine and e.seq > whole * 256 and e.seq <= upto), '');
end $$;
grant execute on function audit.path_ground(bigint, bigint) to shearline_app, shearline_portal;

-- A client's own signature or invoice, as a proof shows it: the entry, what it says, and the signature's evidence. Of the
-- personal facts the name alone can be opened: the device is the shop's where the client signed in person.
create function portal.proof_of(subject uuid) returns table (entry bytea, seq bigint, payload text, body text, key text, seal bytea, consent text,
  signer text, signer_salt bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'portal' then raise exception 'portal only' using errcode = '42501'; end if;
  return query
    select audit.entry_bytes(e), e.seq, convert_from(e.payload, 'UTF8'), v.body, v.key, v.seal, s.consent_text, s.signer_name,
      sha256(convert_to('shearline-opening-v1', 'UTF8') || v.salt || convert_to('signer', 'UTF8'))
    from audit.subjects u join audit.entries e on e.shop_id = u.shop_id and e.seq = u.seq
    left join app.signatures s on s.shop_id = e.shop_id and s.id = e.entity and s.client_id = me.client_id
    left join app.signature_evidence v on v.shop_id = s.shop_id and v.signature_id = s.id
    left join app.invoices i on i.shop_id = e.shop_id and i.id = e.entity and i.client_id = me.client_id
    where u.shop_id = me.shop_id and u.subject = proof_of.subject and e.entity = proof_of.subject
      and (e.action = 61 and s.id is not null or e.action = 71 and i.id is not null)
    order by e.seq limit 1;
end $$;

-- Keeps the evidence of a signature that this very visit has just made.
create function portal.keep_evidence(signature uuid, body text, key text, seal bytea, salt bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'portal' or not exists (select from app.signatures s
     where s.shop_id = me.shop_id and s.id = signature and s.client_id = me.client_id and s.link_id = me.link_id and s.signed_at = app.now()) then
    raise exception 'no signature of this visit' using errcode = '42501';
  end if;
  insert into app.signature_evidence values (me.shop_id, signature, body, key, seal, salt);
end $$;
grant execute on function portal.proof_of(uuid), portal.keep_evidence(uuid, text, text, bytea, bytea) to shearline_portal;

-- Shops whose next checkpoint is due: an hour after the last, each thousand entries, at the end of its day, and at once when
-- something was signed or issued, for a client may ask for the proof; never on top of a chain that is known to be broken.
-- What it needs beside the new entries comes along.
create function worker.checkpoint_due() returns table (shop_id uuid, head bigint, size bigint, root bytea, peaks bytea, key text, note text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select h.shop_id, h.seq, coalesce(c.size, 0), c.root, c.peaks, c.key, c.note
    from audit.heads h join app.shops s on s.shop_id = h.shop_id
    left join lateral (select * from audit.checkpoints x where x.shop_id = h.shop_id order by x.size desc limit 1) c on true
    where h.seq > coalesce(c.size, 0)
      and not exists (select from audit.verifications v where v.shop_id = h.shop_id and v.broken_at is not null)
      and (c.size is null or c.made_at <= app.now() - interval '1 hour' or h.seq - c.size >= 1000
      or (c.made_at at time zone s.time_zone)::date < app.today(s.time_zone)
      or exists (select from audit.entries e where e.shop_id = h.shop_id and e.seq > c.size and e.action in (61, 71)))
    order by c.made_at nulls first;
end $$;

-- A stretch of a chain as the verifier needs it: the entry's bytes, and whether what stands beside it is what it was written
-- with. No payload and no personal fact leaves.
create function worker.chain(of_shop uuid, after bigint, most int)
returns table (seq bigint, entry bytea, hash bytea, facts_hold boolean, subjects_hold boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select e.seq, audit.entry_bytes(e), e.hash, p.seq is null or sha256(p.salt || p.facts) = e.commitment,
      coalesce((select coalesce(array_agg(u.subject order by u.subject), '{}') from audit.subjects u where u.shop_id = e.shop_id and u.seq = e.seq)
        = audit.named(e.payload), false)
    from audit.entries e left join audit.personal p on p.shop_id = e.shop_id and p.seq = e.seq
    where e.shop_id = of_shop and e.seq > after order by e.seq limit least(most, 5000);
end $$;

-- A stretch of the log for the archive, no further than a checkpoint binds it: entries and what they say, without the facts
-- beside them.
create function worker.log_after(of_shop uuid, after bigint, most int) returns table (seq bigint, entry bytea, payload bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select e.seq, audit.entry_bytes(e), e.payload from audit.entries e
    where e.shop_id = of_shop and e.seq > after and e.seq <= (select max(c.size) from audit.checkpoints c where c.shop_id = of_shop)
    order by e.seq limit least(most, 5000);
end $$;

-- Where a chain begins and ends.
create function worker.chain_ends(of_shop uuid) returns table (created_us bigint, seq bigint, hash bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select h.created_us, h.seq, h.hash from audit.heads h where h.shop_id = of_shop;
end $$;

-- All checkpoints of a shop, the first first.
create function worker.checkpoints(of_shop uuid) returns table (size bigint, key text, note text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select c.size, c.key, c.note from audit.checkpoints c where c.shop_id = of_shop order by c.size;
end $$;

create function worker.keep_checkpoint(of_shop uuid, size bigint, root bytea, peaks bytea, key text, note text, tiles bigint[], roots bytea[], leaves bytea[])
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if size > (select h.seq from audit.heads h where h.shop_id = of_shop) then raise exception 'no such entry' using errcode = '23514'; end if;
  insert into audit.tiles select of_shop, t.n, t.root, t.leaves from unnest(tiles, roots, leaves) t (n, root, leaves) on conflict do nothing;
  insert into audit.checkpoints (shop_id, size, root, peaks, key, note) values (of_shop, size, root, peaks, key, note) on conflict do nothing;
end $$;

-- Shops whose verification is due: all of it once a day, what is new every quarter of an hour. `missed` is how many hours
-- ago the last full run ended, when that is more than twenty-five.
create function worker.verification_due() returns table (shop_id uuid, whole boolean, seq bigint, hash bytea, missed int, broken_seq bigint, name text, bosses text[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select h.shop_id, v.full_at is null or v.full_at <= app.now() - interval '24 hours', coalesce(v.seq, 0), v.hash,
      case when v.full_at < app.now() - interval '25 hours' then (extract(epoch from app.now() - v.full_at) / 3600)::int end, v.broken_seq, s.name,
      array(select p.email from auth.memberships m join auth.people p on p.id = m.person_id
            where m.shop_id = h.shop_id and m.role in ('owner','admin') and m.disabled_at is null order by p.email)
    from audit.heads h join app.shops s on s.shop_id = h.shop_id
    left join audit.verifications v on v.shop_id = h.shop_id
    where v.shop_id is null or v.full_at <= app.now() - interval '24 hours' or v.new_at <= app.now() - interval '15 minutes'
    order by v.new_at nulls first;
end $$;

-- What a run found: up to where it holds, or from which entry it does not.
create function worker.verified(of_shop uuid, whole boolean, upto bigint, of_hash bytea, broken bigint, words text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into audit.verifications as v (shop_id, full_at, new_at, seq, hash, broken_at, broken_seq, why)
    values (of_shop, app.now(), app.now(), upto, of_hash, case when broken is not null then app.now() end, broken, words)
  on conflict on constraint verifications_pkey do update set
    full_at = case when whole then app.now() else v.full_at end, new_at = app.now(), seq = excluded.seq, hash = excluded.hash,
    broken_at = case when broken is not null then coalesce(v.broken_at, app.now()) end, broken_seq = broken, why = words;
end $$;

-- Tells the shop: an entry on its chain and a letter to each of its bosses. `code` is 165, broken, or 166, a run was missed.
create function worker.tell_of_chain(of_shop uuid, code int, mails uuid[], sealed_mails bytea[], payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if code not in (165, 166) then raise exception 'not of the chain' using errcode = '42501'; end if;
  insert into worker.outbox (shop_id, id, sealed) select of_shop, m.id, m.sealed from unnest(mails, sealed_mails) m (id, sealed);
  perform audit.append_as(of_shop, 3, of_shop, code, of_shop, 0, array[of_shop], payload, facts);
end $$;
grant execute on function
  worker.checkpoint_due(), worker.log_after(uuid, bigint, int), worker.chain(uuid, bigint, int), worker.chain_ends(uuid), worker.checkpoints(uuid),
  worker.keep_checkpoint(uuid, bigint, bytea, bytea, text, text, bigint[], bytea[], bytea[]),
  worker.verification_due(), worker.verified(uuid, boolean, bigint, bytea, bigint, text),
  worker.tell_of_chain(uuid, int, uuid[], bytea[], bytea, bytea)
  to shearline_worker;
