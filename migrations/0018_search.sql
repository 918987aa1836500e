-- As in 0013, and a technician's own before the limit: what his policies hide may not take the place of what he sees.
create or replace function app.search(folded_query text, digits text, most int) returns table (kind text, id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  shop uuid := app.ctx_shop();
  mine uuid := case when app.ctx_role() = 'technician' then app.ctx_person() end;
begin
  if shop is null or length(folded_query) < 2 then return; end if;
  return query
    (select 'client', c.id from app.clients c where c.shop_id = shop and c.archived_at is null and position(folded_query in c.folded) > 0
       and (mine is null or exists (select from app.visits v where v.shop_id = shop and v.technician_id = mine and v.client_id = c.id)) order by c.folded limit most)
    union all
    (select distinct 'client', h.client_id from app.client_channels h where h.shop_id = shop
       and (h.kind = 'phone' and length(digits) >= 3 and position(digits in h.folded) > 0 or h.kind = 'email' and position(folded_query in h.folded) > 0)
       and (mine is null or exists (select from app.visits v where v.shop_id = shop and v.technician_id = mine and v.client_id = h.client_id)) limit most)
    union all
    (select distinct 'client', k.client_id from app.contacts k where k.shop_id = shop and k.archived_at is null
       and (length(digits) >= 3 and position(digits in regexp_replace(k.phone, '[^0-9]', '', 'g')) > 0
         or position(folded_query in lower(k.name)) > 0 or position(folded_query in lower(k.email)) > 0)
       and (mine is null or exists (select from app.visits v where v.shop_id = shop and v.technician_id = mine and v.client_id = k.client_id)) limit most)
    union all
    (select 'site', s.id from app.sites s where s.shop_id = shop and s.archived_at is null and position(folded_query in s.folded) > 0
       and (mine is null or exists (select from app.visits v where v.shop_id = shop and v.technician_id = mine and v.site_id = s.id)) order by s.folded limit most)
    union all
    (select 'opening', o.id from app.openings o where o.shop_id = shop and o.archived_at is null and o.folded ^@ folded_query
       and (mine is null or exists (select from app.visits v where v.shop_id = shop and v.technician_id = mine and v.site_id = o.site_id)) order by o.folded limit most)
    union all
    (select 'job', j.id from app.jobs j where j.shop_id = shop and digits <> '' and j.number::text ^@ digits
       and (mine is null or exists (select from app.visits v where v.shop_id = shop and v.technician_id = mine and v.job_id = j.id)) order by j.number desc limit most)
    union all
    (select 'invoice', i.id from app.invoices i where i.shop_id = shop and mine is null and i.number is not null and position(folded_query in lower(i.number)) > 0
       order by i.serial desc limit most);
end $$;
