-- The audit chain: one per shop, built by the database, append-only for everyone.
-- entry  = 0x01 | shop(16) | seq(be64) | time_us(be64) | action(be16) | actor_kind(1) | actor(16) | entity(16) | result(1)
--          | sha256(payload)(32) | sha256(salt | personal)(32)
-- hash_n = sha256(0x02 | hash_(n-1) | sha256(entry));  hash_0 = sha256('shearline-audit-v1' | shop | created_us(be64))

create table audit.heads (
  shop_id uuid primary key references auth.shops,
  created_us bigint not null,
  seq bigint not null default 0,
  hash bytea not null check (length(hash) = 32)
);

create table audit.entries (
  shop_id uuid not null references audit.heads,
  seq bigint not null,
  time_us bigint not null,
  action smallint not null,
  actor_kind smallint not null,
  actor uuid not null,
  entity uuid not null,
  result smallint not null,
  payload bytea not null,
  commitment bytea not null check (length(commitment) = 32),
  hash bytea not null check (length(hash) = 32),
  primary key (shop_id, seq)
);

-- Puts one entry on several timelines. Not in the chain itself: the payload names the same subjects, and verify compares.
create table audit.subjects (
  shop_id uuid not null,
  subject uuid not null,
  seq bigint not null,
  primary key (shop_id, subject, seq),
  foreign key (shop_id, seq) references audit.entries
);
create index subjects_entry on audit.subjects (shop_id, seq);

-- What is personal in an entry (names, address, user agent, values) stands apart, so that it can be erased while the
-- chain, which holds only its salted hash, still verifies.
create table audit.personal (
  shop_id uuid not null,
  seq bigint not null,
  salt bytea not null check (length(salt) = 32),
  facts bytea not null,
  primary key (shop_id, seq),
  foreign key (shop_id, seq) references audit.entries
);

select app.isolate('audit.heads'), app.isolate('audit.entries'), app.isolate('audit.subjects'), app.isolate('audit.personal');
grant select on audit.heads, audit.entries, audit.subjects, audit.personal to shearline_app;
select app.append_only('audit.entries'), app.append_only('audit.subjects'), app.append_only('audit.personal');

-- The head moves, one step at a time and never back.
create function audit.head_moves_forward() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.shop_id = old.shop_id and new.created_us = old.created_us and new.seq = old.seq + 1 then
    return new;
  end if;
  raise exception 'the head of an audit chain only moves forward' using errcode = '42501';
end $$;
create trigger forward before update or delete on audit.heads for each row execute function audit.head_moves_forward();
create trigger forward_truncate before truncate on audit.heads for each statement execute function app.refuse_change();
alter table audit.heads enable always trigger forward;
alter table audit.heads enable always trigger forward_truncate;

create function audit.byte(n int) returns bytea language sql immutable set search_path = pg_catalog, pg_temp as
  'select set_byte(''\x00''::bytea, 0, n)';

create function audit.begin_chain(shop uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare us bigint := (extract(epoch from app.now()) * 1000000)::bigint;
begin
  insert into audit.heads (shop_id, created_us, hash)
  values (shop, us, sha256(convert_to('shearline-audit-v1', 'UTF8') || uuid_send(shop) || int8send(us)));
end $$;

-- Inner append, for definer functions that have established shop and actor themselves. No login may execute it.
-- actor_kind: 0 nobody, 1 person, 2 client by portal link, 3 background job.  result: 0 done, 1 refused.
create function audit.append_as(shop uuid, actor_kind int, actor uuid, action int, entity uuid, result int,
                                subjects uuid[], payload bytea, facts bytea) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  head audit.heads;
  us bigint;
  salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
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
  insert into audit.personal values (shop, head.seq + 1, salt, facts);
  update audit.heads h set seq = head.seq + 1, hash = sha256(audit.byte(2) || head.hash || sha256(entry)) where h.shop_id = shop;
  return head.seq + 1;
end $$;

-- The append of every serving login: shop and actor come from the capability, never from an argument.
create function audit.append(action int, entity uuid, subjects uuid[], payload bytea, facts bytea) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.shop_id is null then raise exception 'no capability' using errcode = '42501'; end if;
  return audit.append_as(me.shop_id,
    case me.kind when 'session' then 1 when 'portal' then 2 else 3 end,
    coalesce(me.person_id, me.contact_id, me.client_id, me.capability), action, entity, 0, subjects, payload, facts);
end $$;
grant execute on function audit.append(int, uuid, uuid[], bytea, bytea) to shearline_app;
