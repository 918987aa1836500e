-- Mail that waits to be sent. The body is sealed, for it may hold a portal link; it is emptied once sent.

create table worker.outbox (
  shop_id uuid not null references app.shops,
  id uuid not null,
  sealed bytea not null,
  state text not null default 'waiting' check (state in ('waiting','sending','sent','failed')),
  tries int not null default 0,
  due_at timestamptz not null default app.now(),
  created_at timestamptz not null default app.now(),
  sent_at timestamptz,
  primary key (shop_id, id)
);
create index outbox_due on worker.outbox (due_at) where state in ('waiting','sending');
select app.isolate('worker.outbox');
grant insert on worker.outbox to shearline_app;

-- Takes one mail that is due; a worker that died gives it back after two minutes. SKIP LOCKED, so that two never send one.
create function worker.claim() returns table (shop_id uuid, id uuid, sealed bytea, kek_id int, wrapped bytea, tries int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    with next as (
      select o.shop_id, o.id from worker.outbox o where o.state in ('waiting','sending') and o.due_at <= app.now()
      order by o.due_at limit 1 for update skip locked)
    update worker.outbox o set state = 'sending', tries = o.tries + 1, due_at = app.now() + interval '2 minutes' from next
      where o.shop_id = next.shop_id and o.id = next.id
    returning o.shop_id, o.id, o.sealed,
      (select k.kek_id from vault.shop_keys k where k.shop_id = o.shop_id order by k.kek_id desc limit 1),
      (select k.wrapped from vault.shop_keys k where k.shop_id = o.shop_id order by k.kek_id desc limit 1), o.tries;
end $$;

create function worker.sent(of_shop uuid, mail uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update worker.outbox o set state = 'sent', sent_at = app.now(), sealed = '' where o.shop_id = of_shop and o.id = mail and o.state = 'sending';
end $$;

create function worker.put_back(of_shop uuid, mail uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update worker.outbox o set state = case when o.tries >= 8 then 'failed' else 'waiting' end,
    due_at = app.now() + interval '30 seconds' * (2 ^ least(o.tries, 8)) where o.shop_id = of_shop and o.id = mail and o.state = 'sending';
end $$;
grant execute on function worker.claim(), worker.sent(uuid, uuid), worker.put_back(uuid, uuid) to shearline_worker;
