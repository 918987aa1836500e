-- An invitation brings somebody new, and no more power than its sender has: roles of members change on the members page
-- alone (auth.set_member), where the last owner stays and an admin makes no owner.
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
  insert into auth.invites (id, shop_id, email, role, token_hash, invited_by, expires_at)
  values (invite, me.shop_id, address, as_role, token_hash, me.person_id, app.now() + lifetime);
  insert into worker.outbox (shop_id, id, sealed) values (me.shop_id, mail, sealed_mail);
  perform audit.append_as(me.shop_id, 1, me.person_id, 6, invite, 0, array[invite], payload, facts);
end $$;

-- Accepts once. The address comes from the invite, never from the person who holds the link; a membership there is,
-- ended or not, is left as it is.
create or replace function auth.accept_invite(hash bytea, new_person uuid, person_name text, new_password_hash text, payload bytea, facts bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  i auth.invites;
  person uuid;
begin
  update auth.invites set accepted_at = app.now()
    where token_hash = hash and accepted_at is null and revoked_at is null and expires_at > app.now() returning * into i;
  if not found then return null; end if;
  select p.id into person from auth.people p where p.email = i.email;
  if person is null then
    insert into auth.people (id, email, name, password_hash) values (new_person, i.email, person_name, new_password_hash);
    person := new_person;
  end if;
  insert into auth.memberships (shop_id, person_id, role) values (i.shop_id, person, i.role) on conflict do nothing;
  if not found then return null; end if;
  perform audit.append_as(i.shop_id, 1, person, 7, i.id, 0, array[i.id], payload, facts);
  return person;
end $$;
