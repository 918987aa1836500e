-- The client's door: links, what may be done through it, and the record that it was.

create table auth.portal_links (
  id uuid primary key,
  shop_id uuid not null references auth.shops,
  client_id uuid not null,
  contact_id uuid not null,
  token_hash bytea not null unique,
  created_by uuid not null,
  created_at timestamptz not null default app.now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz,
  foreign key (shop_id, client_id, contact_id) references app.contacts (shop_id, client_id, id)
);
create index portal_links_client on auth.portal_links (shop_id, client_id);

-- With a mail, the letter that brings the link is put down in the same transaction.
create function auth.mint_portal_link(link uuid, client uuid, contact uuid, hash bytea, lifetime interval, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'session' or me.role not in ('owner','admin','manager','dispatcher','bookkeeper','front_desk') then
    raise exception 'portal links are the office''s' using errcode = '42501';
  end if;
  if not exists (select from app.contacts c where c.shop_id = me.shop_id and c.client_id = client and c.id = contact and c.archived_at is null) then return false; end if;
  insert into auth.portal_links (id, shop_id, client_id, contact_id, token_hash, created_by, expires_at)
  values (link, me.shop_id, client, contact, hash, me.person_id, app.now() + lifetime);
  if mail is not null then
    insert into worker.outbox (shop_id, id, sealed) values (me.shop_id, mail, sealed_mail);
  end if;
  perform audit.append_as(me.shop_id, 1, me.person_id, 80, link, 0, array[link, client, contact], payload, facts);
  return true;
end $$;

create function auth.portal_links_of(client uuid)
returns table (id uuid, contact_id uuid, contact_name text, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  return query select l.id, l.contact_id, c.name, l.created_at, l.expires_at, l.revoked_at, l.last_used_at
    from auth.portal_links l join app.contacts c on c.shop_id = l.shop_id and c.id = l.contact_id
    where l.shop_id = me.shop_id and l.client_id = client and me.kind = 'session' and me.role not in ('technician','auditor') order by l.created_at desc limit 50;
end $$;

create function auth.revoke_portal_link(link uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := app.ctx();
  client uuid;
begin
  if me.kind is distinct from 'session' or me.role not in ('owner','admin','manager','dispatcher','bookkeeper','front_desk') then
    raise exception 'portal links are the office''s' using errcode = '42501';
  end if;
  update auth.portal_links l set revoked_at = app.now() where l.id = link and l.shop_id = me.shop_id and l.revoked_at is null returning l.client_id into client;
  if not found then return false; end if;
  update auth.capabilities c set revoked_at = app.now() where c.shop_id = me.shop_id and c.link_id = link and c.revoked_at is null;
  perform audit.append_as(me.shop_id, 1, me.person_id, 81, link, 0, array[link], payload, facts);
  return true;
end $$;

-- Who stands behind a link: enough for the neutral page with the button. Changes nothing, so a mail scanner may look.
create function auth.peek_portal_link(hash bytea) returns table (link_id uuid, shop_id uuid, shop_name text, shop_phone text, client_id uuid, contact_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select l.id, l.shop_id, s.name, s.phone, l.client_id, l.contact_id from auth.portal_links l join app.shops s on s.shop_id = l.shop_id
    where l.token_hash = hash and l.revoked_at is null and l.expires_at > app.now();
end $$;

create function auth.redeem_portal_link(hash bytea, capability uuid, cap_hash bytea, idle interval, user_agent text, ip text, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare l auth.portal_links;
begin
  update auth.portal_links p set last_used_at = app.now() where p.token_hash = hash and p.revoked_at is null and p.expires_at > app.now() returning * into l;
  if not found then return false; end if;
  insert into auth.capabilities (hash, id, kind, shop_id, client_id, contact_id, link_id, idle, expires_at, user_agent, ip)
  values (cap_hash, capability, 'portal', l.shop_id, l.client_id, l.contact_id, l.id, idle, least(l.expires_at, app.now() + interval '12 hours'), left(user_agent, 300), ip);
  perform audit.append_as(l.shop_id, 2, l.contact_id, 82, l.id, 0, array[l.id, l.client_id, l.contact_id], payload, facts);
  return true;
end $$;

-- The visitor of a portal cookie. Touches the capability and the link at most once a minute.
create function auth.resolve_portal(cap_hash bytea)
returns table (capability_id uuid, link_id uuid, shop_id uuid, shop_name text, shop_phone text, client_id uuid, client_name text, contact_id uuid, contact_name text, time_zone text, currency text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.capabilities c set last_seen_at = app.now()
    where c.hash = cap_hash and c.kind = 'portal' and c.revoked_at is null and c.expires_at > app.now()
      and c.last_seen_at + c.idle > app.now() and c.last_seen_at < app.now() - interval '1 minute';
  if found then
    update auth.portal_links l set last_used_at = app.now() from auth.capabilities c where c.hash = cap_hash and l.id = c.link_id;
  end if;
  return query select c.id, c.link_id, s.shop_id, s.name, s.phone, cl.id, cl.name, co.id, co.name, s.time_zone, s.currency
    from auth.capabilities c
    join app.shops s on s.shop_id = c.shop_id
    join app.clients cl on cl.shop_id = c.shop_id and cl.id = c.client_id
    join app.contacts co on co.shop_id = c.shop_id and co.id = c.contact_id
    where c.hash = cap_hash and c.kind = 'portal' and c.revoked_at is null and c.expires_at > app.now() and c.last_seen_at + c.idle > app.now();
end $$;

-- Ends the caller's own visit; the link stays.
create function auth.leave_portal(payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'portal' then return false; end if;
  update auth.capabilities c set revoked_at = app.now() where c.id = me.capability and c.revoked_at is null;
  perform audit.append_as(me.shop_id, 2, me.contact_id, 84, me.link_id, 0, array[me.link_id, me.client_id, me.contact_id], payload, facts);
  return true;
end $$;

grant execute on function
  auth.mint_portal_link(uuid, uuid, uuid, bytea, interval, uuid, bytea, bytea, bytea),
  auth.portal_links_of(uuid),
  auth.revoke_portal_link(uuid, bytea, bytea),
  auth.peek_portal_link(bytea),
  auth.redeem_portal_link(bytea, uuid, bytea, interval, text, text, bytea, bytea),
  auth.resolve_portal(bytea),
  auth.leave_portal(bytea, bytea)
  to shearline_auth;

-- Each time a client looked at an invoice or a document. "Viewed" is read from here, never stored as a state.
create table app.document_views (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  kind text not null check (kind in ('invoice','work_order')),
  subject_id uuid not null,
  link_id uuid not null,
  at timestamptz not null default app.now(),
  primary key (shop_id, id),
  foreign key (shop_id, client_id) references app.clients
);
create index document_views_subject on app.document_views (shop_id, subject_id, at desc);
select app.isolate('app.document_views'), app.open_to_client('app.document_views'), app.append_only('app.document_views');
grant select on app.document_views to shearline_app;
create policy technician on app.document_views as restrictive to shearline_app using ((select app.ctx_role()) <> 'technician');

-- Records a view before the page reads: when this fails, there is no document to see.
create function portal.record_view(view_id uuid, what text, subject uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.kind is distinct from 'portal' then raise exception 'portal only' using errcode = '42501'; end if;
  if what = 'invoice' and not exists (select from app.invoices i where i.shop_id = me.shop_id and i.client_id = me.client_id and i.id = subject and i.serial is not null)
     or what = 'work_order' and not exists (select from app.documents d where d.shop_id = me.shop_id and d.client_id = me.client_id and d.id = subject) then
    return false;
  end if;
  insert into app.document_views (shop_id, id, client_id, kind, subject_id, link_id) values (me.shop_id, view_id, me.client_id, what, subject, me.link_id);
  perform audit.append_as(me.shop_id, 2, me.contact_id, 83, subject, 0, array[subject, me.client_id, me.link_id], payload, facts);
  return true;
end $$;

-- Signs the newest document of a job, once in each role. The hash is of the bytes the client was shown.
create function portal.sign(signature uuid, document uuid, shown_sha256 bytea, signer_name text, signer_role text, method text,
  consent_version int, consent_text text, strokes_sha256 bytea, sealed_strokes bytea, device_time text, ip text, user_agent text,
  payload bytea, facts bytea) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := app.ctx();
  d app.documents;
begin
  if me.kind is distinct from 'portal' then raise exception 'portal only' using errcode = '42501'; end if;
  select * into d from app.documents x where x.shop_id = me.shop_id and x.client_id = me.client_id and x.id = document;
  if not found then return 'not_found'; end if;
  if d.sha256 <> shown_sha256
     or exists (select from app.jobs j where j.shop_id = d.shop_id and j.id = d.job_id and j.status in ('cancelled','refused'))
     or exists (select from app.documents x where x.shop_id = d.shop_id and x.job_id = d.job_id and x.kind = d.kind and x.version > d.version) then
    return 'changed';
  end if;
  if exists (select from app.signatures s where s.shop_id = d.shop_id and s.document_id = d.id and s.signer_role = sign.signer_role) then return 'signed_before'; end if;
  insert into app.signatures (shop_id, id, client_id, job_id, document_id, document_sha256, signer_name, signer_role, method, consent_version,
    consent_text, strokes_sha256, device_time, ip, user_agent, link_id)
  values (me.shop_id, signature, me.client_id, d.job_id, d.id, d.sha256, signer_name, signer_role, method, consent_version,
    consent_text, strokes_sha256, device_time, ip, left(user_agent, 300), me.link_id);
  if sealed_strokes is not null then
    insert into vault.signature_strokes values (me.shop_id, signature, sealed_strokes);
  end if;
  perform audit.append_as(me.shop_id, 2, me.contact_id, 61, signature, 0, array[signature, d.id, d.job_id, me.client_id], payload, facts);
  return 'signed';
end $$;

create function portal.decline(document uuid, payload bytea, facts bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := app.ctx();
  d app.documents;
begin
  if me.kind is distinct from 'portal' then raise exception 'portal only' using errcode = '42501'; end if;
  select * into d from app.documents x where x.shop_id = me.shop_id and x.client_id = me.client_id and x.id = document;
  if not found or exists (select from app.signatures s where s.shop_id = d.shop_id and s.document_id = d.id) then return false; end if;
  perform audit.append_as(me.shop_id, 2, me.contact_id, 62, d.id, 0, array[d.id, d.job_id, me.client_id], payload, facts);
  return true;
end $$;

grant execute on function
  portal.record_view(uuid, text, uuid, bytea, bytea),
  portal.sign(uuid, uuid, bytea, text, text, text, int, text, bytea, bytea, text, text, text, bytea, bytea),
  portal.decline(uuid, bytea, bytea)
  to shearline_portal;
