-- Substring search. Operators that match inside text are not leakproof, so under a policy they would read every row of
-- the shop first; this function asks as the owner, filters by shop itself and returns ids only: the caller then reads
-- the rows under his own policies, and what he may not see drops out.

create function app.search(folded_query text, digits text, most int) returns table (kind text, id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare shop uuid := app.ctx_shop();
begin
  if shop is null or length(folded_query) < 2 then return; end if;
  return query
    (select 'client', c.id from app.clients c where c.shop_id = shop and c.archived_at is null and position(folded_query in c.folded) > 0 order by c.folded limit most)
    union all
    (select distinct 'client', h.client_id from app.client_channels h where h.shop_id = shop
       and (h.kind = 'phone' and length(digits) >= 3 and position(digits in h.folded) > 0 or h.kind = 'email' and position(folded_query in h.folded) > 0) limit most)
    union all
    (select distinct 'client', k.client_id from app.contacts k where k.shop_id = shop and k.archived_at is null
       and (length(digits) >= 3 and position(digits in regexp_replace(k.phone, '[^0-9]', '', 'g')) > 0
         or position(folded_query in lower(k.name)) > 0 or position(folded_query in lower(k.email)) > 0) limit most)
    union all
    (select 'site', s.id from app.sites s where s.shop_id = shop and s.archived_at is null and position(folded_query in s.folded) > 0 order by s.folded limit most)
    union all
    (select 'opening', o.id from app.openings o where o.shop_id = shop and o.archived_at is null and o.folded ^@ folded_query order by o.folded limit most)
    union all
    (select 'job', j.id from app.jobs j where j.shop_id = shop and digits <> '' and j.number::text ^@ digits order by j.number desc limit most)
    union all
    (select 'invoice', i.id from app.invoices i where i.shop_id = shop and i.number is not null and position(folded_query in lower(i.number)) > 0 order by i.serial desc limit most);
end $$;
grant execute on function app.search(text, text, int) to shearline_app;
