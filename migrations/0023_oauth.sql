-- Programs that sign in as a person (OAuth 2.1): what they were let into, their tokens, and who may end them. And shops
-- that are suspended: nobody acts there, whatever is presented.

alter table auth.shops add column suspended_at timestamptz;

-- A program's access token is a capability of the person who let it in, under the program's own id: whatever ends all of a
-- person's capabilities ends their programs too, because a refresh asks for that same row. One that may only read answers in
-- transactions alone that cannot write; it keeps the person's own role, since the auditor's sees more than a technician's.
alter table auth.capabilities add column reads_only boolean not null default false;
alter table auth.capabilities drop constraint capabilities_kind_check, drop constraint capabilities_check;
alter table auth.capabilities
  add constraint capabilities_kind_check check (kind in ('session','portal','job','api_key','program')),
  add constraint capabilities_check check ((kind in ('session','api_key','program')) = (person_id is not null and role is not null));

create or replace function app.ctx() returns app.context
language plpgsql stable security definer parallel restricted set search_path = pg_catalog, pg_temp as $$
declare found app.context;
begin
  select c.kind, c.shop_id, c.person_id, case when c.kind = 'api_key' and c.role = 'auditor' then 'auditor' else m.role end,
    c.client_id, c.contact_id, c.link_id, c.id into found
  from auth.capabilities c
  join auth.shops s on s.id = c.shop_id and s.suspended_at is null
  left join auth.memberships m on m.shop_id = c.shop_id and m.person_id = c.person_id
  where c.hash = sha256(convert_to(coalesce(current_setting('app.cap', true), ''), 'UTF8'))
    and c.revoked_at is null and c.expires_at > app.now() and c.last_seen_at + c.idle > app.now()
    and (c.person_id is null or m.disabled_at is null)
    and (not c.reads_only or current_setting('transaction_read_only')::boolean)
    and session_user = any (case c.kind when 'session' then array['shearline_app','shearline_auth']
                                        when 'portal' then array['shearline_portal','shearline_auth']
                                        when 'api_key' then array['shearline_app']
                                        when 'program' then array['shearline_app']
                                        else array['shearline_app','shearline_worker'] end);
  return found;
end $$;
