-- keyd, the process that holds the keys, asks here whether what it is shown is good. Its login may ask and nothing else.

create schema keyd;
grant usage on schema keyd to shearline_keyd;

-- Whom a capability stands for, by the rules of app.ctx() (0023). `person` may reveal, `works` opens what a shop works with.
create function keyd.bearer(digits text) returns table (shop_id uuid, actor uuid, person boolean, works boolean)
language plpgsql stable security definer rows 1 set search_path = pg_catalog, pg_temp as $$
begin
  return query select c.shop_id,
      case when c.kind in ('api_key','program') then c.id else coalesce(c.person_id, c.contact_id, c.client_id, c.id) end,
      c.kind = 'session', c.kind <> 'portal'
    from auth.capabilities c
    join auth.shops s on s.id = c.shop_id and s.suspended_at is null
    left join auth.memberships m on m.shop_id = c.shop_id and m.person_id = c.person_id
    where c.hash = sha256(convert_to(digits, 'UTF8'))
      and c.revoked_at is null and c.expires_at > app.now() and c.last_seen_at + c.idle > app.now()
      and (c.person_id is null or m.disabled_at is null);
end $$;

-- Whether a worker holds that row now: a delivery of that receiver by its claim, or that letter, which is its own.
create function keyd.claimed(shop uuid, place text, of_row uuid, of_claim uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return case place
    when 'worker.receivers' then exists (select from worker.deliveries d where d.shop_id = shop and d.receiver_id = of_row and d.claim = of_claim
      and d.state = 'sending' and d.due_at > app.now())
    when 'worker.outbox' then of_row = of_claim and exists (select from worker.outbox o where o.shop_id = shop and o.id = of_row and o.state = 'sending'
      and o.due_at > app.now())
    else false end;
end $$;

-- A shop's keys, wrapped: worth nothing to anybody but keyd.
create function keyd.keys(shop uuid) returns table (kek_id int, wrapped bytea)
language plpgsql stable security definer rows 2 set search_path = pg_catalog, pg_temp as $$
begin
  return query select k.kek_id, k.wrapped from vault.shop_keys k where k.shop_id = shop;
end $$;

-- Whether that person's reveal of that record, or search (147), was committed within the last minute. Who does not see the
-- entry cannot have been given it: what another transaction has not committed is invisible here.
create function keyd.committed(shop uuid, of_actor uuid, entry bigint, search boolean, of_row uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from audit.entries e where e.shop_id = shop and e.seq = entry and e.actor_kind = 1 and e.actor = of_actor and e.result = 0
    and e.time_us > (extract(epoch from app.now() - interval '1 minute') * 1000000)::bigint
    and e.entity = of_row and case when search then e.action = 147 else e.action in (148, 151) end);
end $$;

-- The root keys that shops' keys are wrapped under, as these name them: 0x01, 0x11, then four bytes.
create function keyd.roots() returns table (root int)
language plpgsql stable security definer rows 2 set search_path = pg_catalog, pg_temp as $$
begin
  return query select distinct ('x' || encode(substr(k.wrapped, 3, 4), 'hex'))::bit(32)::int from vault.shop_keys k;
end $$;

-- Whether any shop has a key: then a root key that is missing must come back from its backup, and is never made anew.
create function keyd.inhabited() returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from vault.shop_keys);
end $$;

grant execute on function keyd.bearer(text), keyd.claimed(uuid, text, uuid, uuid), keyd.keys(uuid), keyd.committed(uuid, uuid, bigint, boolean, uuid),
  keyd.roots(), keyd.inhabited() to shearline_keyd;
grant usage on schema app to shearline_keyd;
grant execute on function app.now() to shearline_keyd;

-- The generation of the shop's key that sealed bytes need, as the blob names it: 0x01, 0x01, then four bytes.
create function vault.generation(sealed bytea) returns int language sql immutable set search_path = pg_catalog, pg_temp as
  $$ select case when length(sealed) >= 94 and substr(sealed, 1, 2) = '\x0101' then ('x' || encode(substr(sealed, 3, 4), 'hex'))::bit(32)::int end $$;

-- Whether the one is the other with nothing but its data key wrapped under a newer key of the shop: the secret's own box,
-- from byte 67 on, is the same.
create function vault.rewrapped(older bytea, newer bytea) returns boolean language sql immutable set search_path = pg_catalog, pg_temp as
  $$ select older is not distinct from newer
       or coalesce(vault.generation(newer) > vault.generation(older) and substr(older, 67) = substr(newer, 67), false) $$;

-- As in 0001, but whoever rotates keys may wrap the data key of evidence anew. The evidence itself stays, byte for byte: what
-- is not sealed must be equal, and what is sealed the same box.
create or replace function app.refuse_change() returns trigger language plpgsql as $$
declare
  sealed constant text[] := array['sealed', 'sealed_characters'];
  part text;
  moved boolean := tg_op = 'UPDATE' and pg_has_role(session_user, 'shearline_owner', 'member');
begin
  if moved then
    moved := (to_jsonb(new) - sealed) = (to_jsonb(old) - sealed);
    foreach part in array sealed loop
      moved := moved and vault.rewrapped((to_jsonb(old) ->> part)::bytea, (to_jsonb(new) ->> part)::bytea);
    end loop;
    if moved and to_jsonb(new) is distinct from to_jsonb(old) then return new; end if;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;
