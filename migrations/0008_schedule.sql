-- Visits: a technician at a time. Here also stand the technician's walls, because they all reach leftwards to visits.

create table app.visits (
  shop_id uuid not null,
  id uuid not null,
  job_id uuid not null,
  client_id uuid not null,
  site_id uuid,
  technician_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  en_route_at timestamptz,
  on_site_at timestamptz,
  left_at timestamptz,
  cancelled_at timestamptz,
  version int not null default 1,
  primary key (shop_id, id),
  constraint visits_window check (ends_at > starts_at and ends_at < starts_at + interval '7 days'),
  foreign key (shop_id, client_id, job_id) references app.jobs (shop_id, client_id, id),
  foreign key (shop_id, technician_id) references auth.memberships
);
create index visits_job on app.visits (shop_id, job_id, id);
create index visits_by_time on app.visits (shop_id, starts_at);
create index visits_technician_time on app.visits (shop_id, technician_id, starts_at);
create index visits_technician_job on app.visits (shop_id, technician_id, job_id);
create index visits_technician_client on app.visits (shop_id, technician_id, client_id);
create index visits_technician_site on app.visits (shop_id, technician_id, site_id);
select app.isolate('app.visits'), app.open_to_client('app.visits');
grant select, insert on app.visits to shearline_app;
grant update (technician_id, starts_at, ends_at, site_id, en_route_at, on_site_at, left_at, cancelled_at, version) on app.visits to shearline_app;
grant select (shop_id, id, job_id, client_id, starts_at, ends_at, cancelled_at) on app.visits to shearline_portal;

-- A technician sees what belongs to a visit that was ever his, and no more. visits itself asks the context alone: a
-- policy on visits that reached back to jobs would recurse.
create policy technician on app.visits as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or technician_id = (select app.ctx_person()));
create policy technician on app.jobs as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.visits v
    where v.shop_id = jobs.shop_id and v.job_id = jobs.id and v.technician_id = (select app.ctx_person())));
create policy technician on app.clients as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.visits v
    where v.shop_id = clients.shop_id and v.client_id = clients.id and v.technician_id = (select app.ctx_person())));
create policy technician on app.sites as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.visits v
    where v.shop_id = sites.shop_id and v.site_id = sites.id and v.technician_id = (select app.ctx_person())));
create policy technician on app.openings as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.visits v
    where v.shop_id = openings.shop_id and v.site_id = openings.site_id and v.technician_id = (select app.ctx_person())));

do $$
declare child text;
begin
  -- What hangs on a client or a job is seen with it.
  foreach child in array array['app.client_channels','app.client_notes','app.contacts'] loop
    execute format('create policy technician on %s as restrictive to shearline_app using ((select app.ctx_role()) <> ''technician''
      or exists (select from app.visits v where v.shop_id = %1$s.shop_id and v.client_id = %1$s.client_id and v.technician_id = (select app.ctx_person())))', child);
  end loop;
  foreach child in array array['app.job_openings','app.job_checks','app.authority_checks','app.job_lines'] loop
    execute format('create policy technician on %s as restrictive to shearline_app using ((select app.ctx_role()) <> ''technician''
      or exists (select from app.visits v where v.shop_id = %1$s.shop_id and v.job_id = %1$s.job_id and v.technician_id = (select app.ctx_person())))', child);
  end loop;
end $$;

-- How to get in: for a technician only while a job of his there is open.
create policy technician on vault.access_notes as restrictive to shearline_app
  using ((select app.ctx_role()) <> 'technician' or exists (select from app.visits v join app.jobs j on j.shop_id = v.shop_id and j.id = v.job_id
    where v.shop_id = access_notes.shop_id and v.site_id = access_notes.site_id and v.technician_id = (select app.ctx_person())
      and v.cancelled_at is null and j.status in ('scheduled','en_route','on_site')));
