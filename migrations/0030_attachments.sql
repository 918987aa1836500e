-- Photos of jobs and of openings. The pictures lie sealed in files; here is what is known of them, and the key of each.

create table app.attachments (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  job_id uuid,
  site_id uuid,
  opening_id uuid,
  kind text not null check (kind in ('before','after','other')),
  slot text not null default '' check (length(slot) <= 60), -- which photo its kind of job demands
  caption text not null default '' check (length(caption) <= 200),
  restricted boolean not null default false, -- a key's blade, a code: shown to those who may open secrets
  width int not null check (width between 1 and 16384),
  height int not null check (height between 1 and 16384),
  bytes int not null check (bytes > 0),
  sha256 bytea not null check (length(sha256) = 32), -- of the picture as kept
  added_by uuid not null,
  added_at timestamptz not null default app.now(),
  device_time text not null default '' check (length(device_time) <= 60), -- what the device claims
  removed_at timestamptz,
  removed_by uuid,
  removed_reason text not null default '' check (length(removed_reason) <= 400),
  version int not null default 1,
  primary key (shop_id, id),
  foreign key (shop_id, client_id, job_id) references app.jobs (shop_id, client_id, id) match simple,
  foreign key (shop_id, client_id, site_id) references app.sites (shop_id, client_id, id) match simple,
  foreign key (shop_id, opening_id) references app.openings match simple,
  foreign key (shop_id, site_id, opening_id) references app.openings (shop_id, site_id, id) match simple,
  foreign key (shop_id, added_by) references auth.memberships,
  foreign key (shop_id, removed_by) references auth.memberships match simple,
  check (job_id is not null or opening_id is not null),
  check (removed_at is null or removed_by is not null)
);
create index attachments_job on app.attachments (shop_id, job_id, id) where job_id is not null;
create index attachments_opening on app.attachments (shop_id, opening_id, id) where opening_id is not null;
select app.isolate('app.attachments');
grant select, insert on app.attachments to shearline_app;
grant update (kind, caption, restricted, removed_at, removed_by, removed_reason, version) on app.attachments to shearline_app;
create policy technician on app.attachments as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.visits v where v.shop_id = attachments.shop_id
    and (v.job_id = attachments.job_id or v.site_id = attachments.site_id) and v.technician_id = (select app.ctx_person())));

-- The key of a photo's files, sealed. That there is a restricted photo may be known; its key is given to those alone who may
-- open secrets, to a technician while a job of theirs there is open.
create table vault.file_keys (
  shop_id uuid not null,
  attachment_id uuid not null,
  sealed bytea not null,
  primary key (shop_id, attachment_id),
  foreign key (shop_id, attachment_id) references app.attachments
);
select app.isolate('vault.file_keys'), app.append_only('vault.file_keys');
grant select, insert on vault.file_keys to shearline_app;
create policy visible on vault.file_keys as restrictive for select to shearline_app
  using (exists (select from app.attachments a where a.shop_id = file_keys.shop_id and a.id = file_keys.attachment_id
    and (not a.restricted or (select app.ctx_role()) in ('owner','admin','manager') or ((select app.ctx_role()) = 'technician'
      and exists (select from app.visits v join app.jobs j on j.shop_id = v.shop_id and j.id = v.job_id
        where v.shop_id = a.shop_id and (v.job_id = a.job_id or v.site_id = a.site_id) and v.technician_id = (select app.ctx_person())
          and v.cancelled_at is null and j.status in ('scheduled','en_route','on_site'))))));

-- Who looked at which picture, each time.
create table app.attachment_views (
  shop_id uuid not null,
  id uuid not null,
  attachment_id uuid not null,
  person_id uuid not null,
  at timestamptz not null default app.now(),
  primary key (shop_id, id),
  foreign key (shop_id, attachment_id) references app.attachments,
  foreign key (shop_id, person_id) references auth.memberships
);
create index attachment_views_of on app.attachment_views (shop_id, attachment_id, person_id, at);
select app.isolate('app.attachment_views'), app.append_only('app.attachment_views');
grant select on app.attachment_views to shearline_app;
create policy technician on app.attachment_views as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.attachments a
    where a.shop_id = attachment_views.shop_id and a.id = attachment_views.attachment_id));

-- Notes a look, in nobody's name but one's own; an auditor's too, who writes nothing else. No row for a photo of another shop.
create function app.look_at(photo uuid, look uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  insert into app.attachment_views (shop_id, id, attachment_id, person_id)
    select me.shop_id, look, a.id, me.person_id from app.attachments a where a.shop_id = me.shop_id and a.id = photo and me.person_id is not null;
  return found;
end $$;
grant execute on function app.look_at(uuid, uuid) to shearline_app;

-- How many photos a shop may keep, removed ones with them: their files stay.
alter table auth.caps drop constraint caps_kind_check, add constraint caps_kind_check check (kind in ('members','api_keys','photos'));

-- As in 0026, with photos.
create or replace function auth.cap(shop uuid, of_kind text) returns int
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select c.most from auth.caps c where c.shop_id = shop and c.kind = of_kind),
    case of_kind when 'members' then 200 when 'photos' then 20000 else 50 end);
end $$;

create or replace function auth.taken(shop uuid, of_kind text) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if of_kind = 'members' then
    return (select count(*) from auth.memberships m where m.shop_id = shop and m.disabled_at is null)
      + (select count(*) from auth.invites i where i.shop_id = shop and i.accepted_at is null and i.revoked_at is null and i.expires_at > app.now());
  elsif of_kind = 'photos' then
    return (select count(*) from app.attachments a where a.shop_id = shop);
  end if;
  return (select count(*) from auth.api_keys k where k.shop_id = shop and k.revoked_at is null and k.expires_at > app.now());
end $$;

-- Takes a place for a photo in the transaction that adds it. A row of another shop takes none: its wall refuses it.
create function app.attachments_place() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.shop_id = app.ctx_shop() then perform auth.take_place(new.shop_id, 'photos'); end if;
  return new;
end $$;
create trigger attachments_place before insert on app.attachments for each row execute function app.attachments_place();

-- As in 0026: the two caps that are set there; how many photos stands apart.
create or replace function instance.set_caps(shop uuid, members int, api_keys int, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me instance.holder := instance.changing();
begin
  perform 1 from auth.shops s where s.id = shop;
  if not found then return false; end if;
  delete from auth.caps c where c.shop_id = shop and c.kind in ('members','api_keys');
  insert into auth.caps (shop_id, kind, most) select shop, k.kind, k.most from (values ('members', members), ('api_keys', api_keys)) k (kind, most) where k.most is not null;
  perform audit.append_as(shop, 5, me.admin, 144, shop, 0, array[shop], payload, facts);
  perform instance.note(me.name, 'caps changed', shop, format('members %s, API keys %s', coalesce(members::text, 'as usual'), coalesce(api_keys::text, 'as usual')));
  return true;
end $$;
