-- What a shop knows of the cuts of loose keys. `sealed` holds cuts and code; the rest says which key it is.

create table vault.bittings (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  site_id uuid,
  label text not null check (length(label) between 1 and 120),
  item text not null default '' check (length(item) <= 120), -- what the key is for: a van, a cabinet, a padlock
  folded text not null collate "C",
  make text not null default '' check (length(make) <= 40), -- a published specification
  maker text not null default '' check (length(maker) <= 80),
  keyway text not null default '' check (length(keyway) <= 40),
  blank text not null default '' check (length(blank) <= 40),
  reading text not null check (reading in ('bow_to_tip','tip_to_bow')),
  source text not null check (source in ('decoded','sight_read','code','factory')),
  confidence text not null check (confidence in ('sure','likely','unsure')),
  do_not_duplicate boolean not null default false,
  top_secret boolean not null default false,
  sealed bytea not null,
  sealing int not null default 1, -- counts what was sealed here: bytes of an older sealing put back do not open
  prints int not null default 0,
  archived_at timestamptz,
  version int not null default 1,
  primary key (shop_id, id),
  foreign key (shop_id, client_id) references app.clients,
  foreign key (shop_id, client_id, site_id) references app.sites (shop_id, client_id, id)
);
create index bittings_by_label on vault.bittings (shop_id, folded, id);
create index bittings_of_client on vault.bittings (shop_id, client_id, folded, id);
create index bittings_of_site on vault.bittings (shop_id, client_id, site_id);
select app.isolate('vault.bittings');
grant select, insert on vault.bittings to shearline_app;
grant update (site_id, label, item, folded, make, maker, keyway, blank, reading, source, confidence, do_not_duplicate, top_secret, sealed, sealing,
  prints, archived_at, version) on vault.bittings to shearline_app;

-- A technician sees them while a job of his for that client is open, and those of a site while it is at that site.
create policy technician on vault.bittings as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.visits v join app.jobs j on j.shop_id = v.shop_id and j.id = v.job_id
    where v.shop_id = bittings.shop_id and v.client_id = bittings.client_id and (bittings.site_id is null or v.site_id = bittings.site_id)
      and v.technician_id = (select app.ctx_person()) and v.cancelled_at is null and j.status in ('scheduled','en_route','on_site')));

-- Askings for a top secret record: one person asks, another lets them, and it opens once.
create table vault.releases (
  shop_id uuid not null,
  id uuid not null,
  record_id uuid not null,
  asked_by uuid not null,
  asked_at timestamptz not null default app.now(),
  job_id uuid,
  reason text not null check (length(reason) <= 200),
  decided_by uuid,
  decided_at timestamptz,
  granted boolean,
  used_at timestamptz,
  primary key (shop_id, id),
  foreign key (shop_id, record_id) references vault.bittings,
  foreign key (shop_id, job_id) references app.jobs,
  foreign key (shop_id, asked_by) references auth.memberships,
  foreign key (shop_id, decided_by) references auth.memberships,
  check (decided_by <> asked_by),
  check ((decided_by is null) = (decided_at is null) and (decided_by is null) = (granted is null)),
  check (used_at is null or granted)
);
create index releases_of_record on vault.releases (shop_id, record_id, asked_by);
create index releases_lately on vault.releases (shop_id, asked_at);
create index releases_of_job on vault.releases (shop_id, job_id);
create index releases_decided_by on vault.releases (shop_id, decided_by);
create index releases_asked_by on vault.releases (shop_id, asked_by);
select app.isolate('vault.releases');
grant select, insert (shop_id, id, record_id, asked_by, job_id, reason) on vault.releases to shearline_app;
create policy own_name on vault.releases as restrictive for insert to shearline_app with check (asked_by = (select app.ctx_person()));
create policy technician on vault.releases as restrictive for select to shearline_app
  using ((select app.ctx_role()) <> 'technician' or asked_by = (select app.ctx_person()));

-- Whether the session that speaks was proved within ten minutes, and whether its person has a second step. A key or a
-- program of somebody's proves nothing.
create function app.proved() returns table (confirmed boolean, second_step boolean)
language plpgsql stable security definer rows 1 set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  return query select coalesce(c.confirmed_at > app.now() - interval '10 minutes', false),
      exists (select from auth.totp t where t.person_id = c.person_id and t.confirmed_at is not null)
      or exists (select from auth.passkeys k where k.person_id = c.person_id)
    from auth.capabilities c where c.id = me.capability and c.kind = 'session';
end $$;

-- The second person. Nothing comes back for a release that is one's own, decided, or too old.
create function vault.decide_release(release uuid, granting boolean) returns table (record_id uuid, client_id uuid)
language plpgsql security definer rows 1 set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'session' or me.role = 'auditor' or not exists (select from app.proved() p where p.confirmed and p.second_step) then
    raise exception 'not proved' using errcode = '42501';
  end if;
  return query update vault.releases r set decided_by = me.person_id, decided_at = app.now(), granted = granting
    from vault.bittings b
    where r.shop_id = me.shop_id and r.id = release and r.asked_by <> me.person_id and r.decided_by is null and r.asked_at > app.now() - interval '15 minutes'
      and b.shop_id = r.shop_id and b.id = r.record_id
    returning r.record_id, b.client_id;
end $$;

-- Takes the release one was given, if it is still good.
create function vault.use_release(record uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  update vault.releases r set used_at = app.now()
    where r.shop_id = me.shop_id and r.id = (select o.id from vault.releases o where o.shop_id = me.shop_id and o.record_id = record
        and o.asked_by = me.person_id and o.granted and o.used_at is null and o.decided_at > app.now() - interval '15 minutes' order by o.decided_at desc limit 1 for update);
  return found;
end $$;

-- Who opened what is asked of the chain often: when a client asks, when a member leaves.
create index entries_of_openings on audit.entries (shop_id, seq) where action in (147, 148, 151);

-- Nothing sealed leaves without its entry, and the entry itself asks for the proof, and for the second person where the
-- record is top secret: 147 searched, 148 revealed, 151 printed. So it holds for whoever writes SQL in somebody's name, too.
create function audit.reveal_is_proved() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from app.proved() p where p.confirmed and p.second_step) then
    raise exception 'revealing asks for a fresh proof and a second step' using errcode = '42501';
  end if;
  if new.action in (148, 151) and exists (select from vault.bittings b where b.shop_id = new.shop_id and b.id = new.entity and b.top_secret)
     and not exists (select from vault.releases r where r.shop_id = new.shop_id and r.record_id = new.entity and r.asked_by = new.actor and r.used_at = app.now()) then
    raise exception 'a top secret record opens to two people' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger reveal_is_proved before insert on audit.entries for each row when (new.action in (147, 148, 151)) execute function audit.reveal_is_proved();
alter table audit.entries enable always trigger reveal_is_proved;

grant execute on function app.proved(), vault.decide_release(uuid, boolean), vault.use_release(uuid) to shearline_app;
