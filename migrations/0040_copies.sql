-- A copy of what was signed goes to whoever signed.

-- Puts the letter down with its entry, for a signature that this very visit has just made.
create function portal.mail_copy(signature uuid, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := app.ctx();
  s app.signatures;
begin
  select * into s from app.signatures x where x.shop_id = me.shop_id and x.id = signature and x.client_id = me.client_id and x.link_id = me.link_id and x.signed_at = app.now();
  if me.kind is distinct from 'portal' or not found then
    raise exception 'no signature of this visit' using errcode = '42501';
  end if;
  insert into worker.outbox (shop_id, id, sealed) values (me.shop_id, mail, sealed_mail);
  perform audit.append_as(me.shop_id, 2, me.contact_id, 213, signature, 0, array[signature, s.document_id, s.job_id, s.client_id], payload, facts);
end $$;
grant execute on function portal.mail_copy(uuid, uuid, bytea, bytea, bytea) to shearline_portal;
