-- What two people keep stays theirs, and what was sealed last is what opens.

-- A top secret record loses its mark only by the release that would open it.
create function vault.mark_stays() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from vault.releases r where r.shop_id = new.shop_id and r.record_id = new.id and r.asked_by = (select app.ctx_person())
      and r.used_at = app.now()) then
    raise exception 'two people take the mark away' using errcode = '23514', constraint = 'top_secret';
  end if;
  return new;
end $$;
create trigger mark_stays before update on vault.bittings for each row when (old.top_secret and not new.top_secret) execute function vault.mark_stays();

-- A sealing is never followed by an older one.
create function vault.sealing_rises() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'an older sealing' using errcode = '23514', constraint = 'put_back';
end $$;
create trigger sealing_rises before update on vault.bittings for each row when (new.sealing < old.sealing) execute function vault.sealing_rises();
create trigger sealing_rises before update on vault.site_codes for each row when (new.sealing < old.sealing) execute function vault.sealing_rises();
create trigger sealing_rises before update on vault.access_notes for each row when (new.version < old.version) execute function vault.sealing_rises();

-- The second person has a desk: those who go to jobs see no record but for them, and decide on none.
create or replace function vault.decide_release(release uuid, granting boolean) returns table (record_id uuid, client_id uuid)
language plpgsql security definer rows 1 set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'session' or me.role is null or me.role not in ('owner', 'admin', 'manager')
     or not exists (select from app.proved() p where p.confirmed and p.second_step) then
    raise exception 'not proved' using errcode = '42501';
  end if;
  return query update vault.releases r set decided_by = me.person_id, decided_at = app.now(), granted = granting
    from vault.bittings b
    where r.shop_id = me.shop_id and r.id = release and r.asked_by <> me.person_id and r.decided_by is null and r.asked_at > app.now() - interval '15 minutes'
      and b.shop_id = r.shop_id and b.id = r.record_id
    returning r.record_id, b.client_id;
end $$;

-- How often the chain says that something was sealed in this place: 32 access notes, 145 and 146 a bitting, 215 and 216 a code.
-- Bytes that were sealed less often than that were put back.
create function audit.sealings(of_shop uuid, of_record uuid) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
  select count(*) from audit.subjects u join audit.entries e on e.shop_id = u.shop_id and e.seq = u.seq
  where u.shop_id = of_shop and u.subject = of_record and e.entity = of_record and e.result = 0
    and (e.action in (32, 145, 215) or e.action in (146, 216) and (convert_from(e.payload, 'UTF8')::jsonb #>> '{event,resealed}')::boolean)
$$;

create or replace function audit.reveal_is_proved() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare there int;
begin
  if not exists (select from app.proved() p where p.confirmed and p.second_step) then
    raise exception 'revealing asks for a fresh proof and a second step' using errcode = '42501';
  end if;
  if new.action in (148, 151) and exists (select from vault.bittings b where b.shop_id = new.shop_id and b.id = new.entity and b.top_secret)
     and not exists (select from vault.releases r where r.shop_id = new.shop_id and r.record_id = new.entity and r.asked_by = new.actor and r.used_at = app.now()) then
    raise exception 'a top secret record opens to two people' using errcode = '42501';
  end if;
  if new.action in (148, 151) then
    select s.sealing into there from (
      select b.sealing from vault.bittings b where b.shop_id = new.shop_id and b.id = new.entity
      union all select n.version from vault.access_notes n where n.shop_id = new.shop_id and n.site_id = new.entity
      union all select c.sealing from vault.site_codes c where c.shop_id = new.shop_id and c.id = new.entity) s;
    if there < audit.sealings(new.shop_id, new.entity) then
      raise exception 'an older sealing was put back' using errcode = '23514', constraint = 'put_back';
    end if;
  end if;
  return new;
end $$;
