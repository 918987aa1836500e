-- A form that asks for a link is sent twice by a double click, and the browser shows the second answer alone. So the
-- second sending gives the link a new token, as long as nobody used it; one that was mailed is not mailed again (null).
create or replace function auth.mint_portal_link(link uuid, client uuid, contact uuid, hash bytea, lifetime interval, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'session' or me.role not in ('owner','admin','manager','dispatcher','bookkeeper','front_desk') then
    raise exception 'portal links are the office''s' using errcode = '42501';
  end if;
  if not exists (select from app.contacts c where c.shop_id = me.shop_id and c.client_id = client and c.id = contact and c.archived_at is null) then return false; end if;
  insert into auth.portal_links as l (id, shop_id, client_id, contact_id, token_hash, created_by, expires_at)
  values (link, me.shop_id, client, contact, hash, me.person_id, app.now() + lifetime)
  on conflict (id) do update set token_hash = excluded.token_hash
    where mail is null and l.shop_id = me.shop_id and l.client_id = client and l.contact_id = contact and l.revoked_at is null and l.last_used_at is null;
  if not found then return null; end if;
  if mail is not null then
    insert into worker.outbox (shop_id, id, sealed) values (me.shop_id, mail, sealed_mail);
  end if;
  perform audit.append_as(me.shop_id, 1, me.person_id, 80, link, 0, array[link, client, contact], payload, facts);
  return true;
end $$;
