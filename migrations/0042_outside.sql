-- What is remembered of what lies outside the database: how far the archive of checkpoints reached, and where keyd's log of
-- openings stood. What is gone there is missed here.

create table audit.rounds (
  shop_id uuid primary key references audit.heads,
  archived bigint not null default 0 check (archived >= 0), -- size of the newest checkpoint that the archive held
  away_at timestamptz,                        -- since when it does not hold it, or cannot be read
  away_told boolean not null default false,
  missed_at timestamptz,                      -- when a missed run was told last
  openings_told text not null default ''      -- what was told last of keyd's log
);
select app.isolate('audit.rounds');
-- What has a checkpoint has had it archived.
insert into audit.rounds (shop_id, archived) select c.shop_id, max(c.size) from audit.checkpoints c group by c.shop_id;

-- Size of the newest checkpoint that the archive held; 0 where nothing was put there yet.
create function worker.archive_reached(of_shop uuid) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select r.archived from audit.rounds r where r.shop_id = of_shop), 0);
end $$;

-- The archive holds a checkpoint over so many entries.
create function worker.archive_holds(of_shop uuid, size bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into audit.rounds as r (shop_id, archived) values (of_shop, size)
    on conflict on constraint rounds_pkey do update set archived = greatest(r.archived, excluded.archived), away_at = null, away_told = false
    where r.archived < excluded.archived or r.away_at is not null;
end $$;

-- The archive does not hold what it held, or cannot be read. Whether to tell of it: once, and not at once of a store that may
-- answer again in a moment.
create function worker.archive_away(of_shop uuid, at_once boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into audit.rounds as r (shop_id, away_at) values (of_shop, app.now())
    on conflict on constraint rounds_pkey do update set away_at = app.now() where r.away_at is null;
  return (select not r.away_told and (at_once or r.away_at <= app.now() - interval '10 minutes') from audit.rounds r where r.shop_id = of_shop);
end $$;

-- An archive that is taken as it is: by the command line alone, on the record of the shop.
create function audit.accept_archive(of_shop uuid, held bigint, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into audit.rounds as r (shop_id, archived) values (of_shop, held)
    on conflict on constraint rounds_pkey do update set archived = excluded.archived, away_at = null, away_told = false;
  perform audit.append_as(of_shop, 3, of_shop, 221, of_shop, 0, array[of_shop], payload, facts);
end $$;

-- Shops whose last full run, or whose beginning, is more than twenty-five hours ago and of which that was not told yet:
-- asked by a clock of its own, for a run that fails each time tells nothing.
create function worker.verification_missed() returns table (shop_id uuid, hours int, name text, bosses text[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select h.shop_id, (extract(epoch from app.now() - l.at) / 3600)::int, s.name,
      array(select p.email from auth.memberships m join auth.people p on p.id = m.person_id
            where m.shop_id = h.shop_id and m.role in ('owner','admin') and m.disabled_at is null order by p.email)
    from audit.heads h join app.shops s on s.shop_id = h.shop_id
    left join audit.verifications v on v.shop_id = h.shop_id
    left join audit.rounds r on r.shop_id = h.shop_id
    cross join lateral (select coalesce(v.full_at, to_timestamp(h.created_us / 1e6)) as at) l
    where l.at < app.now() - interval '25 hours' and coalesce(r.missed_at < l.at, true);
end $$;

-- As in 0029; a day that lies ahead of the clock was never the day of a run.
create or replace function worker.verification_due() returns table (shop_id uuid, whole boolean, seq bigint, hash bytea, missed int, broken_seq bigint, name text, bosses text[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select h.shop_id, v.full_at is null or v.full_at not between app.now() - interval '24 hours' and app.now(), coalesce(v.seq, 0), v.hash,
      case when v.full_at < app.now() - interval '25 hours' then (extract(epoch from app.now() - v.full_at) / 3600)::int end, v.broken_seq, s.name,
      array(select p.email from auth.memberships m join auth.people p on p.id = m.person_id
            where m.shop_id = h.shop_id and m.role in ('owner','admin') and m.disabled_at is null order by p.email)
    from audit.heads h join app.shops s on s.shop_id = h.shop_id
    left join audit.verifications v on v.shop_id = h.shop_id
    where v.shop_id is null or v.full_at not between app.now() - interval '24 hours' and app.now()
      or v.new_at not between app.now() - interval '15 minutes' and app.now()
    order by v.new_at nulls first;
end $$;

-- As in 0029; besides 220, the archive is missed, and 222, keyd's log of openings is not what it was. Told once each: of whoever
-- comes second nothing is written.
create or replace function worker.tell_of_chain(of_shop uuid, code int, mails uuid[], sealed_mails bytea[], payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if code not in (165, 166, 220, 222) then raise exception 'not of the chain' using errcode = '42501'; end if;
  if code <> 165 then
    insert into audit.rounds (shop_id) values (of_shop) on conflict on constraint rounds_pkey do nothing;
  end if;
  if code = 166 then
    update audit.rounds r set missed_at = app.now() where r.shop_id = of_shop and coalesce(r.missed_at < coalesce(
      (select v.full_at from audit.verifications v where v.shop_id = of_shop), '-infinity'), true);
    if not found then return; end if;
  elsif code = 220 then
    update audit.rounds r set away_told = true where r.shop_id = of_shop and not r.away_told;
    if not found then return; end if;
  elsif code = 222 then
    update audit.rounds r set openings_told = o.fault from keyd.openings o where r.shop_id = of_shop and r.openings_told <> o.fault;
    if not found then return; end if;
  end if;
  insert into worker.outbox (shop_id, id, sealed) select of_shop, m.id, m.sealed from unnest(mails, sealed_mails) m (id, sealed);
  perform audit.append_as(of_shop, 3, of_shop, code, of_shop, 0, array[of_shop], payload, facts);
end $$;

-- Where keyd's log of openings stood, and what is wrong with it. A log that is shorter than this, or another, is not used.
create table keyd.openings (
  one boolean primary key default true check (one),
  seq bigint not null check (seq >= 0),
  hash bytea not null check (length(hash) = 32),
  fault text not null default '' check (length(fault) <= 500)
);

create function keyd.head() returns table (seq bigint, hash bytea)
language plpgsql stable security definer rows 1 set search_path = pg_catalog, pg_temp as $$
begin
  return query select o.seq, o.hash from keyd.openings o;
end $$;

-- The log has come so far. It never goes back; of two that come late the later stays.
create function keyd.keep_head(of_seq bigint, of_hash bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into keyd.openings as o (seq, hash) values (of_seq, of_hash)
    on conflict on constraint openings_pkey do update set seq = excluded.seq, hash = excluded.hash where o.seq < excluded.seq;
  if exists (select from keyd.openings o where o.seq = of_seq and o.hash <> of_hash) then
    raise exception 'another log of openings stood here' using errcode = '23514';
  end if;
end $$;

-- Says what is wrong with the log, or '' that nothing is.
create function keyd.complain(words text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into keyd.openings as o (seq, hash, fault) values (0, sha256('shearline-openings-v1'), left(words, 500))
    on conflict on constraint openings_pkey do update set fault = excluded.fault where o.fault <> excluded.fault;
end $$;

-- Every entry that something was opened against, for keyd to hold its log against them: no record's content, no person's name.
create function keyd.receipts() returns table (shop_id uuid, seq bigint, search boolean, actor uuid, entity uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select e.shop_id, e.seq, e.action = 147, e.actor, e.entity from audit.entries e where e.action in (147, 148, 151);
end $$;

-- How long each chain is: a checkpoint was never signed over more.
create function keyd.lengths() returns table (shop_id uuid, seq bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select h.shop_id, h.seq from audit.heads h;
end $$;

-- What is wrong with keyd's log, where the shop was not told of it yet; else ''.
create function worker.openings_fault(of_shop uuid) returns text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select o.fault from keyd.openings o where o.fault is distinct from
    coalesce((select r.openings_told from audit.rounds r where r.shop_id = of_shop), '')), '');
end $$;

-- A log of openings that is taken as it is: by the command line alone, on the record of every shop.
create function audit.accept_openings(of_shop uuid, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from keyd.openings;
  perform audit.append_as(of_shop, 3, of_shop, 221, of_shop, 0, array[of_shop], payload, facts);
end $$;

grant execute on function
  worker.archive_reached(uuid), worker.archive_holds(uuid, bigint), worker.archive_away(uuid, boolean), worker.verification_missed(),
  worker.openings_fault(uuid) to shearline_worker;
grant execute on function keyd.head(), keyd.keep_head(bigint, bytea), keyd.complain(text), keyd.receipts(), keyd.lengths() to shearline_keyd;

-- A reason to look: what keeps watch over the trail from outside is not what it was.
alter table app.alerts drop constraint alerts_rule_check;
alter table app.alerts add constraint alerts_rule_check check (rule in ('honeypot','chain_broken','verification_missed','many_reveals','after_hours',
  'new_network','probing','guessed_in','mass_print','mass_export','decoy','outside_changed'));
drop index audit.entries_watched;
create index entries_watched on audit.entries (shop_id, time_us) where action in (2, 3, 9, 90, 106, 119, 147, 148, 151, 165, 166, 176, 191, 200, 201, 217, 220, 222);
