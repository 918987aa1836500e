-- What a second look found: holds that forgetting went around, restricted photos opened by a tick, letters that outlived whom
-- they are about, alerts that said too much or were closed by whom they are about.

-- A legal hold reaches the facts. What an entry notes stands under the keys of all people it names, so none of these keys goes
-- while one of them is a client under hold.
create function audit.held_with(shop uuid, someone uuid) returns setof uuid language sql stable set search_path = pg_catalog, pg_temp as $$
  select c.id from app.clients c where c.shop_id = shop and c.held_reason <> '' and exists (select from audit.personal p
    where p.shop_id = shop and someone = any (p.people)
      and p.people && (c.id || array(select k.id from app.contacts k where k.shop_id = shop and k.client_id = c.id)))
$$;
create function audit.held_stays() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from audit.held_with(old.shop_id, old.subject)) then
    raise exception 'a legal hold' using errcode = '23514', constraint = 'forget_held_with';
  end if;
  return new;
end $$;
create trigger held_stays before update on audit.subject_keys for each row when (old.key is not null and new.key is null) execute function audit.held_stays();
alter table audit.subject_keys enable always trigger held_stays;

-- For the page: whose hold keeps a former member from being forgotten. Told to owners, who alone forget.
create function app.holds_on(member uuid) returns table (name text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := app.ctx();
begin
  if me.role is distinct from 'owner' then return; end if;
  return query select distinct c.name from app.clients c join (
      select member union select i.id from auth.invites i join auth.people p on p.email = i.email where i.shop_id = me.shop_id and p.id = member) s (id) on true
    where c.shop_id = me.shop_id and c.id in (select audit.held_with(me.shop_id, s.id)) order by 1;
end $$;
grant execute on function app.holds_on(uuid) to shearline_app;

-- Lifting a hold is for whoever has just proved who they are, whoever writes SQL in somebody's name.
create function app.hold_lifts() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if app.ctx_shop() is not null and not exists (select from app.proved() p where p.confirmed) then
    raise exception 'lifting a hold asks for a fresh proof' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger hold_lifts before update of held_reason on app.clients for each row when (old.held_reason <> '' and new.held_reason = '') execute function app.hold_lifts();
alter table app.clients enable always trigger hold_lifts;

-- A restricted photo is opened to everybody by whoever could look at it now: second step and fresh proof.
create function app.restricted_stays() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from app.proved() p where p.confirmed and p.second_step) then
    raise exception 'a restricted photo asks for a fresh proof' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger restricted_stays before update of restricted on app.attachments for each row when (old.restricted and not new.restricted) execute function app.restricted_stays();
alter table app.attachments enable always trigger restricted_stays;

-- Opening one to everybody (217) stands in the report of openings.
drop index audit.entries_of_access;
create index entries_of_access on audit.entries (shop_id, seq) where action in (147, 148, 151, 176, 205, 217);

-- What was never issued is no paper the law keeps: a voided draft goes with its client.
create function app.issued_stays() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if audit.is_forgotten(old.shop_id, old.client_id)
     and exists (select from app.invoices i where i.shop_id = old.shop_id and i.id = old.invoice_id and i.serial is null) then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;
do $$
declare part text;
begin
  foreach part in array array['app.invoice_lines','app.invoice_taxes'] loop
    execute format('drop trigger append_only on %s', part);
    execute format('create trigger append_only before update on %s for each row execute function app.refuse_change()', part);
    execute format('create trigger issued_stays before delete on %s for each row execute function app.issued_stays()', part);
    execute format('alter table %s enable always trigger append_only', part);
    execute format('alter table %s enable always trigger issued_stays', part);
  end loop;
end $$;
create function app.unissued_goes() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.invoice_lines l using app.invoices i where i.shop_id = new.shop_id and i.client_id = new.id and i.serial is null and l.shop_id = i.shop_id and l.invoice_id = i.id;
  delete from app.invoice_taxes t using app.invoices i where i.shop_id = new.shop_id and i.client_id = new.id and i.serial is null and t.shop_id = i.shop_id and t.invoice_id = i.id;
  delete from app.invoices i where i.shop_id = new.shop_id and i.client_id = new.id and i.serial is null;
  return null;
end $$;
create trigger unissued_goes after update of forgotten_at on app.clients for each row when (new.forgotten_at is not null) execute function app.unissued_goes();
alter table app.clients enable always trigger unissued_goes;

-- A letter is about those whose key takes it along: a client, a contact, a member, an invitation. Without anybody it is to
-- members, and goes only to those who are one still. Null is a letter from before this.
alter table worker.outbox add column about uuid[];
alter table worker.outbox alter column about set default '{}';

create function worker.letters_go() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from worker.outbox o where o.shop_id = new.shop_id and new.subject = any (o.about);
  return null;
end $$;
create trigger letters_go after insert or update on audit.subject_keys for each row when (new.forgotten_at is not null) execute function worker.letters_go();
alter table audit.subject_keys enable always trigger letters_go;

-- Whether a letter was to somebody who is no member any more; then it is gone.
create function worker.left_unsent(of_shop uuid, mail uuid, address text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from worker.outbox o where o.shop_id = of_shop and o.id = mail and o.about = '{}' and not exists (
    select from auth.memberships m join auth.people p on p.id = m.person_id
      where m.shop_id = of_shop and m.disabled_at is null and lower(p.email) = lower(address));
  return found;
end $$;

-- What could not be sent is kept for thirty days; how many were emptied.
create function worker.empty_failed() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare emptied bigint;
begin
  update worker.outbox o set sealed = '' where o.state = 'failed' and o.sealed <> '' and o.created_at < app.now() - interval '30 days';
  get diagnostics emptied = row_count;
  return emptied;
end $$;
grant execute on function worker.left_unsent(uuid, uuid, text), worker.empty_failed() to shearline_worker;

-- As in 0026.
create or replace function auth.invite(invite uuid, address text, as_role text, token_hash bytea, lifetime interval,
  mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me app.context := auth.may_manage_members();
begin
  if as_role = 'owner' and me.role <> 'owner' then
    raise exception 'an owner is made by an owner' using errcode = '23514', constraint = 'invites_owner';
  end if;
  if exists (select from auth.memberships m join auth.people p on p.id = m.person_id where m.shop_id = me.shop_id and p.email = address) then
    raise exception 'a member already' using errcode = '23514', constraint = 'invites_member';
  end if;
  update auth.invites i set revoked_at = app.now() where i.shop_id = me.shop_id and i.email = address and i.accepted_at is null and i.revoked_at is null;
  perform auth.take_place(me.shop_id, 'members');
  insert into auth.invites (id, shop_id, email, role, token_hash, invited_by, expires_at)
  values (invite, me.shop_id, address, as_role, token_hash, me.person_id, app.now() + lifetime);
  insert into worker.outbox (shop_id, id, sealed, about) values (me.shop_id, mail, sealed_mail, array[invite]);
  perform audit.append_as(me.shop_id, 1, me.person_id, 6, invite, 0, array[invite], payload, facts);
end $$;

-- As in 0026.
create or replace function instance.put_invite(invite uuid, shop uuid, by_admin uuid, address text, token_hash bytea, lifetime interval, mail uuid, sealed_mail bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.invites i set revoked_at = app.now() where i.shop_id = shop and i.accepted_at is null and i.revoked_at is null;
  insert into auth.invites (id, shop_id, email, role, token_hash, invited_by, expires_at)
  values (invite, shop, address, 'owner', token_hash, by_admin, app.now() + lifetime);
  insert into worker.outbox (shop_id, id, sealed, about) values (shop, mail, sealed_mail, array[invite]);
end $$;

-- As in 0015.
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
    insert into worker.outbox (shop_id, id, sealed, about) values (me.shop_id, mail, sealed_mail, array[client, contact]);
  end if;
  perform audit.append_as(me.shop_id, 1, me.person_id, 80, link, 0, array[link, client, contact], payload, facts);
  return true;
end $$;

-- As in 0019.
create or replace function auth.post_letter(person uuid, shop uuid, mail uuid, sealed_mail bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into worker.outbox (shop_id, id, sealed, about)
  select m.shop_id, mail, sealed_mail, array[person] from auth.memberships m where m.shop_id = shop and m.person_id = person and m.disabled_at is null;
end $$;

-- As in 0040.
create or replace function portal.mail_copy(signature uuid, mail uuid, sealed_mail bytea, payload bytea, facts bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me app.context := app.ctx();
  s app.signatures;
begin
  select * into s from app.signatures x where x.shop_id = me.shop_id and x.id = signature and x.client_id = me.client_id and x.link_id = me.link_id and x.signed_at = app.now();
  if me.kind is distinct from 'portal' or not found then
    raise exception 'no signature of this visit' using errcode = '42501';
  end if;
  insert into worker.outbox (shop_id, id, sealed, about) values (me.shop_id, mail, sealed_mail, array[s.client_id, me.contact_id]);
  perform audit.append_as(me.shop_id, 2, me.contact_id, 213, signature, 0, array[signature, s.document_id, s.job_id, s.client_id], payload, facts);
end $$;

-- What the rules look at: looks at restricted photos, photos opened to everybody, exports and case files too.
drop index audit.entries_watched;
create index entries_watched on audit.entries (shop_id, time_us) where action in (2, 3, 9, 90, 106, 119, 147, 148, 151, 165, 166, 176, 191, 200, 201, 217);

-- As in 0032. Of looks at photos only the restricted ones; of an export whether it was of all the shop's data.
create or replace function worker.watch_acts(of_shop uuid, after bigint, upto bigint, since timestamptz, codes smallint[])
returns table (seq bigint, hash text, at bigint, minute int, action smallint, actor_kind smallint, actor uuid, entity uuid, place text, more text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select e.seq, encode(e.hash, 'hex'), e.time_us, (extract(isodow from l.at)::int - 1) * 1440 + extract(hour from l.at)::int * 60 + extract(minute from l.at)::int,
      e.action, e.actor_kind, e.actor, e.entity,
      case when since is null or e.action = 2 then coalesce(audit.said(audit.facts(p), '{ip}'), '') else '' end,
      coalesce(audit.said(e.payload, '{event,unrecorded}'), audit.said(e.payload, '{event,times}'),
        case when e.action = 200 and audit.said(e.payload, '{event,kind}') = 'data' then '1' end, '')
    from audit.entries e join app.shops s on s.shop_id = e.shop_id
    cross join lateral (select to_timestamp(e.time_us / 1e6) at time zone s.time_zone as at) l
    left join audit.personal p on p.shop_id = e.shop_id and p.seq = e.seq
    where e.shop_id = of_shop and e.seq > after and e.seq <= upto and e.action = any(codes)
      and (since is null or e.time_us >= (extract(epoch from since) * 1000000)::bigint)
      and (e.action <> 176 or audit.said(e.payload, '{event,restricted}') = 'true')
    order by e.seq desc limit 20000;
end $$;

alter table app.alerts drop constraint alerts_rule_check, add constraint alerts_rule_check check (rule in ('honeypot','chain_broken',
  'verification_missed','many_reveals','after_hours','new_network','probing','guessed_in','mass_print','mass_export','decoy'));

-- An alert stays, and once closed it changes no more: who closed it, when and with which words stands here, for of a decoy's
-- alert there is no entry. Forgetting takes words and address. Nobody closes one about themselves while somebody else could.
create function app.alert_keeps() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'an alert stays' using errcode = '42501';
  end if;
  if old.closed_at is not null and ((to_jsonb(new) - array['place', 'note']) <> (to_jsonb(old) - array['place', 'note'])
     or new.place not in (old.place, '') or new.note not in (old.note, '')) then
    raise exception 'a closed alert does not change' using errcode = '42501';
  end if;
  if old.closed_at is null and new.closed_by = old.actor and exists (select from auth.memberships m
       left join auth.custom_roles r on r.shop_id = m.shop_id and r.id = m.custom_role
       where m.shop_id = old.shop_id and m.person_id <> old.actor and m.disabled_at is null
         and (m.role = 'owner' or old.rule <> 'decoy' and m.role in ('admin','manager')) and 'CloseAlerts' <> all (coalesce(r.withheld, '{}'))) then
    raise exception 'an alert about oneself' using errcode = '23514', constraint = 'alert_own';
  end if;
  return new;
end $$;
create trigger keeps before update or delete on app.alerts for each row execute function app.alert_keeps();
create trigger keeps_truncate before truncate on app.alerts for each statement execute function app.refuse_change();
alter table app.alerts enable always trigger keeps;
alter table app.alerts enable always trigger keeps_truncate;

-- As in 0032, for clients too, and for alerts that are about whoever is forgotten or whose entries name them: the words may.
create or replace function app.alerts_forget() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare somebody uuid := coalesce(to_jsonb(new) ->> 'person_id', to_jsonb(new) ->> 'id')::uuid;
begin
  if to_jsonb(new) ->> 'forgotten_at' is not null then
    update app.alerts a set place = case when a.actor = somebody then '' else a.place end, note = ''
      where a.shop_id = new.shop_id and (a.place <> '' or a.note <> '') and (a.actor = somebody or a.subject = somebody
        or exists (select from auth.decoys d where d.shop_id = a.shop_id and d.id = a.subject and d.client_id = somebody)
        or exists (select from audit.whose w where w.shop_id = a.shop_id and w.id = a.subject and somebody in (w.client_id, w.contact_id))
        or exists (select from audit.entries e join audit.personal p on p.shop_id = e.shop_id and p.seq = e.seq
          where e.shop_id = a.shop_id and e.seq between a.first and a.last and e.actor = a.actor and somebody = any (p.people)));
    update auth.touches t set place = '' where t.shop_id = new.shop_id and t.who = somebody and t.place <> '';
  end if;
  return new;
end $$;
create trigger alerts_forget after update of forgotten_at on app.clients for each row when (new.forgotten_at is not null) execute function app.alerts_forget();
