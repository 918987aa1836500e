-- Exports, case files and papers opened in the office: who took what along stands on the chain first.

-- Who took what, for the page of exports and for the access report: 200 exported, 201 a case file, 205 a paper opened.
create index entries_of_exports on audit.entries (shop_id, seq) where action in (200, 201);
create index entries_of_access on audit.entries (shop_id, seq) where action in (147, 148, 151, 176, 205);

-- Nothing leaves in bulk without a fresh proof of who is there, whoever writes SQL in somebody's name.
create function audit.export_is_proved() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from app.proved() p where p.confirmed) then
    raise exception 'an export asks for a fresh proof' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger export_is_proved before insert on audit.entries for each row when (new.action in (200, 201)) execute function audit.export_is_proved();
alter table audit.entries enable always trigger export_is_proved;

-- Salt and facts of these entries, for the file that verifies: for those who may export the trail. Both stand under keys of
-- the people they are about (0039); what was erased is not among the rows.
create function audit.beside(seqs bigint[]) returns table (seq bigint, salt bytea, facts bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.shop_id is null or me.role is null or me.role not in ('owner', 'admin', 'auditor') then return; end if;
  return query select o.seq, substr(o.open, 1, 32), substr(o.open, 33)
    from (select p.seq, audit.opened(p) as open from audit.personal p where p.shop_id = me.shop_id and p.seq = any(seqs)) o where o.open is not null;
end $$;
grant execute on function audit.beside(bigint[]) to shearline_app;

-- A moment as files for other programs write it.
create function app.iso(at timestamptz) returns text language sql stable set search_path = pg_catalog, pg_temp as
  $$select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')$$;
grant execute on function app.iso(timestamptz) to shearline_app;

-- As in 0029, and also within seconds after an export: what is handed out is bound to the end by a checkpoint.
create or replace function worker.checkpoint_due() returns table (shop_id uuid, head bigint, size bigint, root bytea, peaks bytea, key text, note text)
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
      or exists (select from audit.entries e where e.shop_id = h.shop_id and e.seq > c.size and e.action in (61, 71, 200, 201)))
    order by c.made_at nulls first;
end $$;

-- What the public page may know of all shops together: since when every one of them is wholly verified (null while one older
-- than an hour is not), when the newest checkpoint was made, whether any of them is broken. No shop is named or counted.
create function worker.trust() returns table (verified_at timestamptz, checkpoint_at timestamptz, broken boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select
    case when not exists (select from audit.heads h left join audit.verifications v on v.shop_id = h.shop_id
      where v.shop_id is null and h.created_us < (extract(epoch from app.now()) * 1000000)::bigint - 3600000000)
    then (select min(v.full_at) from audit.verifications v) end, (select max(n.made_at) from audit.heads h
      join lateral (select c.made_at from audit.checkpoints c where c.shop_id = h.shop_id order by c.size desc limit 1) n on true),
    exists (select from audit.verifications v where v.broken_at is not null);
end $$;
grant execute on function worker.trust() to shearline_worker;
