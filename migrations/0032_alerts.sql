-- Alerts: what somebody of the shop should look at soon, raised once for each cause, and closed by a person with a note.

-- Monday to Sunday, "08:00-17:00" or "-" for closed; empty where the shop has said nothing.
alter table app.shops add column opening_hours text not null default '' check (length(opening_hours) <= 120);
grant update (opening_hours) on app.shops to shearline_app;

-- Whether an owner sits before it: no key, no program, nobody else.
create function app.owner_here() returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  return me.kind = 'session' and me.role = 'owner';
end $$;
grant execute on function app.owner_here() to shearline_app;

create table app.alerts (
  shop_id uuid not null references app.shops,
  id uuid not null,
  rule text not null check (rule in ('honeypot','chain_broken','verification_missed','many_reveals','after_hours','new_network','probing','guessed_in',
    'mass_print','decoy')),
  cause text not null check (length(cause) between 1 and 120), -- what raised it: never a second one for the same
  more_causes text[] not null default '{}', -- what was counted there while it was open
  at timestamptz not null,
  raised_at timestamptz not null default app.now(),
  actor uuid not null,
  actor_kind smallint not null,
  subject uuid not null,
  first bigint, -- entries of the chain; null for what is on no chain
  last bigint,
  times int not null default 1 check (times > 0),
  usual int not null default 0,
  place text not null default '' check (length(place) <= 60), -- network address
  way text not null default '' check (length(way) <= 40), -- how a decoy was touched
  closed_at timestamptz,
  closed_by uuid,
  note text not null default '' check (length(note) <= 500),
  primary key (shop_id, id),
  check ((closed_at is null) = (closed_by is null))
);
create unique index alerts_cause on app.alerts (shop_id, cause);
create index alerts_open on app.alerts (shop_id, id) where closed_at is null;
select app.isolate('app.alerts');
grant select, update (closed_at, closed_by, note) on app.alerts to shearline_app;

create policy watchers on app.alerts as restrictive to shearline_app using ((select app.ctx_role()) in ('owner','admin','manager','auditor'));
-- What tells of a decoy is the owners' alone.
create policy owners_alone on app.alerts as restrictive to shearline_app using (rule <> 'decoy' or (select app.owner_here()));
-- Closed once, in one's own name.
create policy once on app.alerts as restrictive for update to shearline_app using (closed_at is null) with check (closed_by = (select app.ctx_person()));

-- How far each chain was watched: the entry and its hash, so that a chain that was cut and grew again is seen anew.
create table worker.watches (
  shop_id uuid primary key references audit.heads,
  seq bigint not null,
  hash bytea not null
);
select app.isolate('worker.watches');
insert into worker.watches select h.shop_id, h.seq, h.hash from audit.heads h;
create function worker.watch_begins() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into worker.watches values (new.shop_id, new.seq, new.hash);
  return new;
end $$;
create trigger watch_begins after insert on audit.heads for each row execute function worker.watch_begins();

-- What the rules look back on.
create index entries_watched on audit.entries (shop_id, time_us) where action in (2, 3, 9, 90, 106, 119, 147, 148, 151, 165, 166, 191);

-- A value out of the JSON of an entry; null when somebody changed it so that it cannot be read.
create function audit.said(bytes bytea, path text[]) returns text language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  return convert_from(bytes, 'UTF8')::jsonb #>> path;
exception when others then
  return null;
end $$;

-- Shops whose chain moved since it was watched, and the stretch to look at next.
create function worker.watch_due() returns table (shop_id uuid, stood bigint, stood_hash bytea, after bigint, upto bigint, hours text, name text, bosses text[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select w.shop_id, w.seq, w.hash, f.after, least(h.seq, f.after + 500), s.opening_hours, s.name,
      array(select p.email from auth.memberships m join auth.people p on p.id = m.person_id
            where m.shop_id = w.shop_id and m.role in ('owner','admin') and m.disabled_at is null order by p.email)
    from worker.watches w join audit.heads h on h.shop_id = w.shop_id join app.shops s on s.shop_id = w.shop_id
    cross join lateral (select case when w.seq = 0 or exists (select from audit.entries e where e.shop_id = w.shop_id and e.seq = w.seq and e.hash = w.hash)
                        then w.seq else greatest(0, least(w.seq, h.seq) - 500) end as after) f
    where h.seq <> w.seq or h.hash <> w.hash
    order by w.shop_id limit 50;
end $$;

-- Entries of these kinds: of a stretch, or, for what the rules look back on, of a time. Of the facts beside the chain only
-- the network address leaves, and of what an entry says only how many it counts.
create function worker.watch_acts(of_shop uuid, after bigint, upto bigint, since timestamptz, codes smallint[])
returns table (seq bigint, hash text, at bigint, minute int, action smallint, actor_kind smallint, actor uuid, entity uuid, place text, more text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select e.seq, encode(e.hash, 'hex'), e.time_us, (extract(isodow from l.at)::int - 1) * 1440 + extract(hour from l.at)::int * 60 + extract(minute from l.at)::int,
      e.action, e.actor_kind, e.actor, e.entity,
      case when since is null or e.action = 2 then coalesce(audit.said(audit.facts(p), '{ip}'), '') else '' end, -- audit.facts: see 0039
      coalesce(audit.said(e.payload, '{event,unrecorded}'), audit.said(e.payload, '{event,times}'), '')
    from audit.entries e join app.shops s on s.shop_id = e.shop_id
    cross join lateral (select to_timestamp(e.time_us / 1e6) at time zone s.time_zone as at) l
    left join audit.personal p on p.shop_id = e.shop_id and p.seq = e.seq
    where e.shop_id = of_shop and e.seq > after and e.seq <= upto and e.action = any(codes)
      and (since is null or e.time_us >= (extract(epoch from since) * 1000000)::bigint)
    order by e.seq desc limit 20000;
end $$;

-- Ends the look at a stretch: raises what was found, with its letters, and moves on; nothing when another worker was faster.
-- What goes on while an alert is open is counted there.
create function worker.watch_done(of_shop uuid, stood_at bigint, stood_hash bytea, upto bigint, findings jsonb, mails uuid[], mail_alerts uuid[], sealed_mails bytea[])
returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  a record;
  raised int := 0;
begin
  update worker.watches w set seq = upto, hash = e.hash from audit.entries e
    where w.shop_id = of_shop and w.seq = stood_at and w.hash = stood_hash and e.shop_id = of_shop and e.seq = upto;
  if not found then return 0; end if;
  for a in select * from jsonb_to_recordset(findings) as x (id uuid, rule text, cause text, at bigint, actor uuid, actor_kind smallint, subject uuid,
      first bigint, last bigint, times int, usual int, place text) loop
    if worker.raise_alert(of_shop, a.id, a.rule, a.cause, to_timestamp(a.at / 1e6), a.actor, a.actor_kind, a.subject, a.first, a.last, a.times, a.usual, a.place, '') then
      raised := raised + 1;
      insert into worker.outbox (shop_id, id, sealed) select of_shop, m.id, m.sealed from unnest(mails, mail_alerts, sealed_mails) m (id, alert, sealed)
        where m.alert = a.id;
    end if;
  end loop;
  return raised;
end $$;

-- No login may execute it.
create function worker.raise_alert(of_shop uuid, alert uuid, of_rule text, of_cause text, act_at timestamptz, who uuid, who_kind smallint, about uuid,
  first_entry bigint, last_entry bigint, counted int, was_usual int, from_place text, by_way text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from app.alerts t where t.shop_id = of_shop and (t.cause = of_cause or of_cause = any (t.more_causes))) then return false; end if;
  if of_rule in ('honeypot','probing','decoy') then
    update app.alerts t set times = t.times + counted, last = coalesce(last_entry, t.last), more_causes = t.more_causes || of_cause
      where t.shop_id = of_shop and t.rule = of_rule and t.actor = who and t.subject = about and t.closed_at is null and t.at > act_at - interval '1 hour';
    if found then return false; end if;
  end if;
  insert into app.alerts (shop_id, id, rule, cause, at, actor, actor_kind, subject, first, last, times, usual, place, way)
    values (of_shop, alert, of_rule, of_cause, act_at, who, who_kind, about, first_entry, last_entry, counted, was_usual, left(from_place, 60), by_way);
  return true;
end $$;
-- Somebody was refused, or found nothing, so often that it is put down once: counted by the server, at every door.
create function worker.record_tries(of_shop uuid, kind int, who uuid, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform audit.append_as(of_shop, kind, who, 191, who, 1, array[who], payload, facts);
end $$;
grant execute on function
  worker.record_tries(uuid, int, uuid, bytea, bytea), worker.watch_due(), worker.watch_acts(uuid, bigint, bigint, timestamptz, smallint[]),
  worker.watch_done(uuid, bigint, bytea, bigint, jsonb, uuid[], uuid[], bytea[])
  to shearline_worker;

-- Decoys: records that are there to be touched by whoever has no business there. That they are some stands here alone, where
-- no login reads; a function tells it to an owner who sits before it. They are made, kept and archived like all others.
create table auth.decoys (
  shop_id uuid not null references auth.shops,
  id uuid not null, -- the client, the bitting record, the portal link
  kind text not null check (kind in ('client','bitting','portal_link')),
  client_id uuid not null,
  planted_by uuid not null,
  planted_at timestamptz not null default app.now(),
  removed_at timestamptz,
  primary key (shop_id, id)
);
-- Each look at one of them, by whatever road. Not on the chain, where managers, auditors and programs would read it.
create table auth.touches (
  shop_id uuid not null,
  id uuid not null,
  decoy_id uuid not null,
  at timestamptz not null default app.now(),
  who uuid not null,
  who_kind smallint not null,
  way text not null check (length(way) <= 40),
  place text not null check (length(place) <= 60),
  told_at timestamptz,
  primary key (shop_id, id),
  foreign key (shop_id, decoy_id) references auth.decoys (shop_id, id)
);
create index touches_of on auth.touches (shop_id, decoy_id, at);
create index touches_untold on auth.touches (at) where told_at is null;
create function auth.touch_keeps() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  -- It is told once, and forgets with whoever is forgotten from where it came; nothing else ever changes.
  if tg_op = 'UPDATE' and (new.place = old.place or new.place = '') and (new.told_at is not distinct from old.told_at or old.told_at is null)
     and (new.shop_id, new.id, new.decoy_id, new.at, new.who, new.who_kind, new.way) is not distinct from
       (old.shop_id, old.id, old.decoy_id, old.at, old.who, old.who_kind, old.way) then
    return new;
  end if;
  raise exception 'a touch does not change' using errcode = '42501';
end $$;
create trigger keeps before update or delete on auth.touches for each row execute function auth.touch_keeps();
alter table auth.touches enable always trigger keeps;

create function app.decoys() returns table (id uuid, kind text, client_id uuid, name text, detail text, more text, planted_by text, planted_at timestamptz,
  touches bigint, touched_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare mine uuid := app.ctx_shop();
begin
  if not app.owner_here() then return; end if;
  return query select d.id, d.kind, d.client_id, coalesce(b.label, c.name),
      coalesce(b.item, case when d.kind = 'client' then (select h.value from app.client_channels h where h.shop_id = d.shop_id and h.client_id = d.id and h.kind = 'phone'
        order by h.position limit 1) end, ''),
      case when d.kind = 'client' then c.billing_address else '' end, coalesce(p.name, ''), d.planted_at, t.count, t.last
    from auth.decoys d join app.clients c on c.shop_id = d.shop_id and c.id = d.client_id
    left join vault.bittings b on b.shop_id = d.shop_id and b.id = d.id
    left join auth.people p on p.id = d.planted_by
    cross join lateral (select count(*) as count, max(x.at) as last from auth.touches x where x.shop_id = d.shop_id and x.decoy_id = d.id) t
    where d.shop_id = mine and d.removed_at is null order by d.planted_at, d.id;
end $$;

create function app.plant_decoy(record uuid, of_kind text, client uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if not app.owner_here() then raise exception 'decoys are the owner''s' using errcode = '42501'; end if;
  if not exists (select from app.clients c where c.shop_id = me.shop_id and c.id = client and (of_kind <> 'client' or c.id = record))
     or of_kind = 'bitting' and not exists (select from vault.bittings b where b.shop_id = me.shop_id and b.id = record and b.client_id = client)
     or of_kind = 'portal_link' and not exists (select from auth.portal_links l where l.shop_id = me.shop_id and l.id = record and l.client_id = client) then
    raise exception 'no such record' using errcode = '42501';
  end if;
  insert into auth.decoys (shop_id, id, kind, client_id, planted_by) values (me.shop_id, record, of_kind, client, me.person_id) on conflict do nothing;
end $$;

-- False when it is none, or others still stand on it.
create function app.remove_decoy(record uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if not app.owner_here() then raise exception 'decoys are the owner''s' using errcode = '42501'; end if;
  update auth.decoys d set removed_at = app.now() where d.shop_id = me.shop_id and d.id = record and d.removed_at is null
    and not exists (select from auth.decoys o where o.shop_id = d.shop_id and o.client_id = d.id and o.id <> d.id and o.removed_at is null);
  return found;
end $$;
grant execute on function app.decoys(), app.plant_decoy(uuid, text, uuid), app.remove_decoy(uuid) to shearline_app;
grant execute on function app.plant_decoy(uuid, text, uuid), app.remove_decoy(uuid), app.owner_here() to shearline_auth;

-- Every look at a client, a bitting record or a link comes by here, whichever it was: what is no decoy leaves no trace. Of the
-- records a look passed the first that is one counts.
create function worker.note_looks(looks jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into auth.touches (shop_id, id, decoy_id, who, who_kind, way, place)
    select l.shop, l.id, f.decoy, l.who, l.kind, l.way, left(l.place, 60)
    from jsonb_to_recordset(looks) as l (shop uuid, id uuid, records uuid[], who uuid, kind smallint, way text, place text)
    cross join lateral (select d.id as decoy from unnest(l.records) with ordinality r (id, n) join auth.decoys d on d.shop_id = l.shop and d.id = r.id
      where d.removed_at is null order by r.n limit 1) f
    on conflict do nothing;
end $$;

-- Touches nobody was told of, with the owners of the shop.
create function worker.touches_due() returns table (shop_id uuid, id uuid, decoy_id uuid, at bigint, who uuid, who_kind smallint, way text, place text, name text, owners text[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select t.shop_id, t.id, t.decoy_id, (extract(epoch from t.at) * 1000000)::bigint, t.who, t.who_kind, t.way, t.place, s.name,
      array(select p.email from auth.memberships m join auth.people p on p.id = m.person_id
            where m.shop_id = t.shop_id and m.role = 'owner' and m.disabled_at is null order by p.email)
    from auth.touches t join app.shops s on s.shop_id = t.shop_id where t.told_at is null order by t.at, t.id limit 100;
end $$;

-- Raises the alert of a touch, unless another worker was faster; further looks by the same person are counted there.
create function worker.touch_told(of_shop uuid, touch uuid, alert uuid, mails uuid[], sealed_mails bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare t auth.touches;
begin
  update auth.touches x set told_at = app.now() where x.shop_id = of_shop and x.id = touch and x.told_at is null returning * into t;
  if not found then return false; end if;
  if not worker.raise_alert(of_shop, alert, 'decoy', 'decoy ' || touch, t.at, t.who, t.who_kind, t.decoy_id, null, null, 1, 0, t.place, t.way) then
    return false;
  end if;
  insert into worker.outbox (shop_id, id, sealed) select of_shop, m.id, m.sealed from unnest(mails, sealed_mails) m (id, sealed);
  return true;
end $$;
grant execute on function worker.note_looks(jsonb), worker.touches_due(), worker.touch_told(uuid, uuid, uuid, uuid[], bytea[]) to shearline_worker;

-- Who is forgotten (0039) leaves no address in an alert, and no word that was said about them.
create function app.alerts_forget() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare person uuid := coalesce(to_jsonb(new) ->> 'person_id', to_jsonb(new) ->> 'id')::uuid;
begin
  if to_jsonb(new) ->> 'forgotten_at' is not null then
    update app.alerts a set place = '', note = '' where a.shop_id = new.shop_id and a.actor = person;
    update auth.touches t set place = '' where t.shop_id = new.shop_id and t.who = person and t.place <> '';
  end if;
  return new;
end $$;
create trigger alerts_forget after update on auth.memberships for each row execute function app.alerts_forget();
create trigger alerts_forget after update on app.contacts for each row execute function app.alerts_forget();
