-- Webhooks: the shop's audit chain, sent to receivers of its own. The chain itself is the queue: a receiver holds the last
-- position it accepted, a delivery is a range of positions. Sent by the worker's functions below; all else by the office.

create table worker.receivers (
  shop_id uuid not null references app.shops,
  id uuid not null,
  name text not null check (length(name) between 1 and 80),
  url text not null check (length(url) between 1 and 500),
  groups text[] not null check (cardinality(groups) between 1 and 6 and groups <@ array['all','clients','jobs','money','portal','security']),
  sealed bytea not null, -- the secret deliveries are signed with
  sealed_before bytea,   -- the one it replaced, which signs beside it for a day
  before_until timestamptz,
  state text not null default 'on' check (state in ('on','paused','gone')),
  cursor bigint not null check (cursor >= 0), -- the last position that was accepted or given up
  created_at timestamptz not null default app.now(),
  primary key (shop_id, id)
);

create table worker.deliveries (
  shop_id uuid not null references app.shops,
  id uuid not null,
  receiver_id uuid not null,
  kind text not null check (kind in ('stream','again','test')),
  first bigint not null,
  last bigint not null check (last >= first), -- both 0 for a test
  state text not null default 'waiting' check (state in ('waiting','sending','dead')),
  tries int not null default 0,
  due_at timestamptz not null default app.now(),
  claim uuid, -- whose attempt it is: what a worker that was too slow reports is not heard
  status int, -- of the last answer; null when there was none
  problem text not null default '',
  tried_at timestamptz,
  primary key (shop_id, id),
  foreign key (shop_id, receiver_id) references worker.receivers
);
-- One at a time, or the order would be lost.
create unique index deliveries_stream on worker.deliveries (shop_id, receiver_id) where kind = 'stream';
create unique index deliveries_test on worker.deliveries (shop_id, receiver_id) where kind = 'test';
create index deliveries_of on worker.deliveries (shop_id, receiver_id, first);
create index deliveries_due on worker.deliveries (due_at) where state in ('waiting','sending');

create table worker.attempts (
  shop_id uuid not null references app.shops,
  receiver_id uuid not null,
  n bigint not null,
  at timestamptz not null default app.now(),
  first bigint not null,
  last bigint not null,
  status int,
  problem text not null,
  millis int not null,
  primary key (shop_id, receiver_id, n),
  foreign key (shop_id, receiver_id) references worker.receivers
);

select app.isolate('worker.receivers'), app.isolate('worker.deliveries'), app.isolate('worker.attempts');
grant select, insert, delete, update (state, cursor, sealed, sealed_before, before_until) on worker.receivers to shearline_app;
grant select, insert, delete, update (state, due_at, tries) on worker.deliveries to shearline_app;
grant select, delete on worker.attempts to shearline_app;

-- Owner and admin alone; and the auditor, who reads everything and changes nothing.
create policy bosses on worker.receivers as restrictive to shearline_app using ((select app.ctx_role()) in ('owner','admin','auditor'));
create policy bosses on worker.deliveries as restrictive to shearline_app using ((select app.ctx_role()) in ('owner','admin','auditor'));
create policy bosses on worker.attempts as restrictive to shearline_app using ((select app.ctx_role()) in ('owner','admin','auditor'));

-- Counted under a lock of the shop, so that two at once do not both find room.
create function worker.most_receivers() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform 1 from auth.shops s where s.id = new.shop_id for no key update;
  if (select count(*) from worker.receivers r where r.shop_id = new.shop_id) >= 10 then
    raise exception 'a shop has at most ten receivers' using errcode = '23514', constraint = 'receivers_most';
  end if;
  return new;
end $$;
create trigger most before insert on worker.receivers for each row execute function worker.most_receivers();

-- Takes one delivery that is due; when none is, makes the next one of a receiver that is behind: at most a hundred
-- positions, which then stay as they are, so that the same delivery holds the same entries whenever it is tried.
create function worker.claim_delivery(fresh uuid) returns table (shop_id uuid, id uuid, claim uuid, receiver_id uuid, name text, shop_name text, url text,
  groups text[], sealed bytea, sealed_before bytea, first bigint, last bigint, kind text, final boolean, at bigint, bosses text[], kek_id int, wrapped bytea)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_shop uuid;
  found_id uuid;
begin
  select d.shop_id, d.id into found_shop, found_id from worker.deliveries d
    join worker.receivers r on r.shop_id = d.shop_id and r.id = d.receiver_id
    where d.state in ('waiting','sending') and d.due_at <= app.now() and (r.state = 'on' or d.kind = 'test')
    order by d.due_at limit 1 for update of d skip locked;
  if not found then
    with behind as (
      select r.shop_id, r.id, r.cursor, h.seq from worker.receivers r join audit.heads h on h.shop_id = r.shop_id
      where r.state = 'on' and r.cursor < h.seq
        and not exists (select from worker.deliveries d where d.shop_id = r.shop_id and d.receiver_id = r.id and d.kind = 'stream')
      limit 1 for update of r skip locked)
    insert into worker.deliveries as d (shop_id, id, receiver_id, kind, first, last)
      select b.shop_id, fresh, b.id, 'stream', b.cursor + 1, least(b.seq, b.cursor + 100) from behind b
      on conflict do nothing returning d.shop_id, d.id into found_shop, found_id;
    if found_id is null then return; end if;
  end if;
  return query
    with taken as (
      update worker.deliveries d set state = 'sending', tries = d.tries + 1, claim = fresh, due_at = app.now() + interval '1 minute'
      where d.shop_id = found_shop and d.id = found_id returning d.*)
    select t.shop_id, t.id, t.claim, t.receiver_id, r.name, s.name, r.url, r.groups, r.sealed,
      case when r.before_until > app.now() then r.sealed_before end, t.first, t.last, t.kind, t.kind = 'again' or t.tries >= 12,
      extract(epoch from app.now())::bigint,
      array(select p.email from auth.memberships m join auth.people p on p.id = m.person_id
            where m.shop_id = t.shop_id and m.role in ('owner','admin') and m.disabled_at is null order by p.email),
      k.kek_id, k.wrapped
    from taken t join worker.receivers r on r.shop_id = t.shop_id and r.id = t.receiver_id join app.shops s on s.shop_id = t.shop_id
    join lateral (select w.kek_id, w.wrapped from vault.shop_keys w where w.shop_id = t.shop_id order by w.kek_id desc limit 1) k on true;
end $$;

-- The entries of a delivery under way: as the chain holds them, without the facts beside it.
create function worker.delivery_entries(of_shop uuid, delivery uuid, of_claim uuid)
returns table (seq bigint, at text, action smallint, actor_kind smallint, actor uuid, entity uuid, result smallint, payload bytea, hash text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select e.seq, app.machine_time(to_timestamp(e.time_us / 1e6)), e.action, e.actor_kind, e.actor, e.entity, e.result, e.payload, encode(e.hash, 'hex')
    from worker.deliveries d join audit.entries e on e.shop_id = d.shop_id and e.seq between d.first and d.last
    where d.shop_id = of_shop and d.id = delivery and d.claim = of_claim and d.state = 'sending' order by e.seq;
end $$;

-- Takes a delivery out of the hands of the worker that claimed it, its receiver locked first; no row when it was another's
-- meanwhile. Notes the attempt, of which the last fifty are kept. No login may execute it.
create function worker.end_attempt(of_shop uuid, delivery uuid, of_claim uuid, answer int, words text, took int) returns worker.deliveries
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  d worker.deliveries;
  next_n bigint;
begin
  perform 1 from worker.receivers r where r.shop_id = of_shop and r.id =
    (select x.receiver_id from worker.deliveries x where x.shop_id = of_shop and x.id = delivery) for update;
  select * into d from worker.deliveries x where x.shop_id = of_shop and x.id = delivery and x.claim = of_claim and x.state = 'sending' for update;
  if not found or took is null then return d; end if;
  select coalesce(max(a.n), 0) + 1 into next_n from worker.attempts a where a.shop_id = of_shop and a.receiver_id = d.receiver_id;
  insert into worker.attempts (shop_id, receiver_id, n, first, last, status, problem, millis)
    values (of_shop, d.receiver_id, next_n, d.first, d.last, answer, words, took);
  delete from worker.attempts a where a.shop_id = of_shop and a.receiver_id = d.receiver_id and a.n <= next_n - 50;
  return d;
end $$;

-- It was accepted, or held nothing its receiver wants (then `took` is null).
create function worker.delivery_accepted(of_shop uuid, delivery uuid, of_claim uuid, answer int, took int) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare d worker.deliveries := worker.end_attempt(of_shop, delivery, of_claim, answer, '', took);
begin
  if d.id is null then return; end if;
  delete from worker.deliveries x where x.shop_id = d.shop_id and x.id = d.id;
  if d.kind = 'stream' then
    update worker.receivers r set cursor = d.last where r.shop_id = d.shop_id and r.id = d.receiver_id;
  end if;
end $$;

-- It was not: tried again after 10 s, 30 s, 2 min, 5 min, 10 min, 30 min, 1 h, 2 h, 4 h, 8 h and 8 h, give or take a sixth, so
-- that receivers that went down together are not all asked at once. A test is tried once.
create function worker.delivery_failed(of_shop uuid, delivery uuid, of_claim uuid, answer int, words text, took int) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare d worker.deliveries := worker.end_attempt(of_shop, delivery, of_claim, answer, words, took);
begin
  if d.id is null then return; end if;
  if d.kind = 'test' then
    delete from worker.deliveries x where x.shop_id = d.shop_id and x.id = d.id;
    return;
  end if;
  update worker.deliveries x set state = 'waiting', claim = null, status = answer, problem = words, tried_at = app.now(),
    due_at = app.now() + interval '1 second' * (0.85 + random() * 0.3)
      * (array[10,30,120,300,600,1800,3600,7200,14400,28800,28800])[least(greatest(d.tries, 1), 11)]
    where x.shop_id = d.shop_id and x.id = d.id;
end $$;

-- It will not be: after twelve tries it is laid aside and the stream goes on behind it; a receiver that is gone is paused
-- instead, and keeps its place. The owners are told, and the chain is.
create function worker.delivery_given_up(of_shop uuid, delivery uuid, of_claim uuid, answer int, words text, took int, gone boolean,
  mails uuid[], sealed_mails bytea[], payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  d worker.deliveries := worker.end_attempt(of_shop, delivery, of_claim, answer, words, took);
  news boolean := true;
begin
  if d.id is null then return; end if;
  if d.kind = 'test' then
    delete from worker.deliveries x where x.shop_id = d.shop_id and x.id = d.id;
  else
    update worker.deliveries x set claim = null, status = answer, problem = words, tried_at = app.now(), tries = 0, due_at = app.now(),
      state = case when gone and d.kind = 'stream' then 'waiting' else 'dead' end, kind = case when gone then d.kind else 'again' end
      where x.shop_id = d.shop_id and x.id = d.id;
  end if;
  if gone then
    update worker.receivers r set state = 'gone' where r.shop_id = d.shop_id and r.id = d.receiver_id and r.state = 'on';
    news := found;
  elsif d.kind = 'stream' then
    update worker.receivers r set cursor = d.last where r.shop_id = d.shop_id and r.id = d.receiver_id;
  else
    news := false; -- of what had been given up before, everybody knows
  end if;
  if news then
    insert into worker.outbox (shop_id, id, sealed) select d.shop_id, m.id, m.sealed from unnest(mails, sealed_mails) m (id, sealed);
    perform audit.append_as(d.shop_id, 3, d.receiver_id, 134, d.receiver_id, 0, array[d.receiver_id], payload, facts);
  end if;
end $$;

grant execute on function
  worker.claim_delivery(uuid),
  worker.delivery_entries(uuid, uuid, uuid),
  worker.delivery_accepted(uuid, uuid, uuid, int, int),
  worker.delivery_failed(uuid, uuid, uuid, int, text, int),
  worker.delivery_given_up(uuid, uuid, uuid, int, text, int, boolean, uuid[], bytea[], bytea, bytea)
  to shearline_worker;
