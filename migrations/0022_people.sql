-- People who work in several shops, who leave, and who is looked at every quarter.

create index capabilities_last_seen on auth.capabilities (shop_id, person_id, last_seen_at);

-- The shops in which whoever presents this session works.
create function auth.my_shops() returns table (shop_id uuid, name text, role text, current boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  return query select s.shop_id, s.name, m.role, s.shop_id = me.shop_id
    from auth.memberships m join app.shops s on s.shop_id = m.shop_id
    where m.person_id = me.person_id and m.disabled_at is null order by lower(s.name);
end $$;

-- Goes over to another of one's own shops: this session ends, one there begins and lives no longer than this one would have.
create function auth.switch_shop(session uuid, cap_hash bytea, shop uuid, left_payload bytea, left_facts bytea, payload bytea, facts bytea)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := app.ctx();
  old auth.capabilities;
  member auth.memberships;
begin
  if me.kind is distinct from 'session' or shop = me.shop_id then return false; end if;
  select * into member from auth.memberships m where m.shop_id = shop and m.person_id = me.person_id and m.disabled_at is null;
  if not found then return false; end if;
  -- Two chains are written: whoever comes the other way takes them in the same order.
  perform 1 from audit.heads h where h.shop_id in (shop, me.shop_id) order by h.shop_id for update;
  update auth.capabilities c set revoked_at = app.now() where c.id = me.capability and c.revoked_at is null returning * into old;
  if not found then return false; end if;
  insert into auth.capabilities (hash, id, kind, shop_id, person_id, role, idle, expires_at, user_agent, ip)
  values (cap_hash, session, 'session', shop, me.person_id, member.role, old.idle, old.expires_at, old.user_agent, old.ip);
  perform audit.append_as(me.shop_id, 1, me.person_id, 4, me.person_id, 0, array[me.person_id], left_payload, left_facts);
  perform audit.append_as(shop, 1, me.person_id, 2, me.person_id, 0, array[me.person_id], payload, facts);
  return true;
end $$;

-- Whether the caller may end that membership: an owner's is an owner's to end.
create function auth.may_let_go(member uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  return exists (select from auth.memberships m where m.shop_id = me.shop_id and m.person_id = member
    and m.disabled_at is null and member <> me.person_id and (me.role = 'owner' or m.role <> 'owner'));
end $$;

-- What a member who leaves would leave behind; no row for somebody who cannot be let go.
create function auth.leaving(member uuid) returns table (name text, role text, sessions bigint, links bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  if not auth.may_let_go(member) then return; end if;
  return query select p.name, m.role,
    (select count(*) from auth.capabilities c where c.shop_id = me.shop_id and c.person_id = member and c.revoked_at is null and c.expires_at > app.now()),
    (select count(*) from auth.portal_links l where l.shop_id = me.shop_id and l.created_by = member and l.revoked_at is null and l.expires_at > app.now())
    from auth.memberships m join auth.people p on p.id = m.person_id where m.shop_id = me.shop_id and m.person_id = member;
end $$;

-- Visits of theirs that are still to be made or to be finished.
create function auth.visits_left_by(member uuid) returns table (visit_id uuid, job_id uuid, number bigint, client text, starts_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  return query select v.id, j.id, j.number, c.name, v.starts_at from app.visits v
    join app.jobs j on j.shop_id = v.shop_id and j.id = v.job_id
    join app.clients c on c.shop_id = v.shop_id and c.id = v.client_id
    where v.shop_id = me.shop_id and v.technician_id = member and v.left_at is null and v.cancelled_at is null
      and j.status in ('scheduled', 'en_route', 'on_site') order by v.starts_at;
end $$;

-- Lets a member go in one act: the membership, every session and key, the portal links they made if so asked, and their
-- open visits, which `successor` takes over. `visits` are those that were shown, each with its own entry; any other
-- meanwhile is a conflict.
create function auth.let_go(member uuid, successor uuid, end_links boolean, visits uuid[], visit_payloads bytea[], visit_facts bytea[],
  payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := auth.may_manage_members();
  job uuid;
begin
  perform 1 from auth.shops s where s.id = me.shop_id for update;
  if not auth.may_let_go(member) then return false; end if;
  if (select coalesce(array_agg(v.visit_id order by v.visit_id), '{}') from auth.visits_left_by(member) v)
      <> (select coalesce(array_agg(v order by v), '{}') from unnest(visits) v) or (visits <> '{}' and successor is null) then
    raise exception 'other visits than shown' using errcode = '23514', constraint = 'visits_left';
  end if;
  if successor is not null and not exists (select from auth.memberships m where m.shop_id = me.shop_id and m.person_id = successor
      and successor <> member and m.disabled_at is null and m.role not in ('auditor', 'bookkeeper', 'front_desk')) then
    raise exception 'nobody who can be sent' using errcode = '23514', constraint = 'visits_successor';
  end if;
  update auth.memberships m set disabled_at = app.now() where m.shop_id = me.shop_id and m.person_id = member;
  if not exists (select 1 from auth.memberships m where m.shop_id = me.shop_id and m.role = 'owner' and m.disabled_at is null) then
    raise exception 'a shop keeps one owner' using errcode = '23514', constraint = 'memberships_last_owner';
  end if;
  update auth.capabilities c set revoked_at = app.now() where c.shop_id = me.shop_id and c.person_id = member and c.revoked_at is null;
  if end_links then
    update auth.capabilities c set revoked_at = app.now() from auth.portal_links l
      where l.shop_id = me.shop_id and l.created_by = member and l.revoked_at is null and c.shop_id = l.shop_id and c.link_id = l.id and c.revoked_at is null;
    update auth.portal_links l set revoked_at = app.now() where l.shop_id = me.shop_id and l.created_by = member and l.revoked_at is null;
  end if;
  for i in 1 .. cardinality(visits) loop
    update app.visits v set technician_id = successor, version = v.version + 1 where v.shop_id = me.shop_id and v.id = visits[i] returning v.job_id into job;
    perform audit.append_as(me.shop_id, 1, me.person_id, 43, job, 0, array[job, visits[i], successor], visit_payloads[i], visit_facts[i]);
  end loop;
  perform audit.append_as(me.shop_id, 1, me.person_id, 135, member, 0, array[member], payload, facts);
  return true;
end $$;

-- For each member of the shop: when last here, since when a member, and which acts of theirs stand on the chain since 90 days.
create function auth.access_review() returns table (person_id uuid, name text, role text, last_seen timestamptz, since timestamptz, acts smallint[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  return query
    with done as (
      select e.actor, array_agg(distinct e.action) as acts from audit.entries e
      where e.shop_id = me.shop_id and e.actor_kind = 1 and e.time_us >= extract(epoch from app.now() - interval '90 days') * 1000000
      group by e.actor)
    select m.person_id, p.name, m.role,
      (select max(c.last_seen_at) from auth.capabilities c where c.shop_id = m.shop_id and c.person_id = m.person_id), m.created_at, coalesce(d.acts, '{}')
    from auth.memberships m join auth.people p on p.id = m.person_id left join done d on d.actor = m.person_id
    where m.shop_id = me.shop_id and m.disabled_at is null order by lower(p.name);
end $$;

-- When the members' access was last looked at, and when it is due again: every three months, the first time counted from the shop's first day.
create function auth.review_due() returns table (last timestamptz, due timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := auth.may_manage_members();
  looked timestamptz;
begin
  select to_timestamp(max(e.time_us) / 1000000.0) into looked from audit.subjects s join audit.entries e on e.shop_id = s.shop_id and e.seq = s.seq
    where s.shop_id = me.shop_id and s.subject = me.shop_id and e.action = 136;
  return query select looked, coalesce(looked, s.created_at) + interval '3 months' from auth.shops s where s.id = me.shop_id;
end $$;

create function auth.record_review(payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  perform audit.append_as(me.shop_id, 1, me.person_id, 136, me.shop_id, 0, array[me.shop_id], payload, facts);
end $$;

grant execute on function
  auth.my_shops(),
  auth.switch_shop(uuid, bytea, uuid, bytea, bytea, bytea, bytea),
  auth.leaving(uuid),
  auth.visits_left_by(uuid),
  auth.let_go(uuid, uuid, boolean, uuid[], bytea[], bytea[], bytea, bytea),
  auth.access_review(),
  auth.review_due(),
  auth.record_review(bytea, bytea)
  to shearline_auth;
