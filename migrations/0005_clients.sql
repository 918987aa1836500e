-- Clients, how to reach them, who may speak for them, and what was noted.

create table app.clients (
  shop_id uuid not null references app.shops,
  id uuid not null,
  kind text not null check (kind in ('person','company','property_manager','fleet','agency')),
  name text not null check (length(name) between 1 and 160),
  folded text not null collate "C",
  billing_address text not null default '' check (length(billing_address) <= 400),
  tags text not null default '' check (length(tags) <= 200),
  alert text not null default '' check (length(alert) <= 400), -- standing alert, shown wherever the client is
  terms_days int check (terms_days between 0 and 120),        -- null: the shop's terms
  tax_exempt boolean not null default false,
  created_at timestamptz not null default app.now(),
  archived_at timestamptz,
  version int not null default 1,
  primary key (shop_id, id)
);
create index clients_by_name on app.clients (shop_id, folded, id);
create index clients_newest on app.clients (shop_id, id desc);
create index clients_archived on app.clients (shop_id, folded, id) where archived_at is not null;
select app.isolate('app.clients'), app.open_to_client('app.clients', 'id');
grant select, insert on app.clients to shearline_app;
grant update (kind, name, folded, billing_address, tags, alert, terms_days, tax_exempt, archived_at, version) on app.clients to shearline_app;
grant select (shop_id, id, name, billing_address) on app.clients to shearline_portal;

-- Several phones and e-mails to a client. `folded` is digits for a phone and lower case for an e-mail.
create table app.client_channels (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  kind text not null check (kind in ('phone','email')),
  label text not null default '' check (length(label) <= 40),
  value text not null check (length(value) between 1 and 254),
  folded text not null collate "C",
  position int not null default 0,
  primary key (shop_id, id),
  foreign key (shop_id, client_id) references app.clients
);
create index client_channels_client on app.client_channels (shop_id, client_id, position);
create index client_channels_folded on app.client_channels (shop_id, kind, folded);
select app.isolate('app.client_channels');
grant select, insert, delete on app.client_channels to shearline_app;

create table app.client_notes (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  body text not null check (length(body) between 1 and 4000),
  author_id uuid not null,
  created_at timestamptz not null default app.now(),
  primary key (shop_id, id),
  foreign key (shop_id, client_id) references app.clients,
  foreign key (shop_id, author_id) references auth.memberships
);
create index client_notes_client on app.client_notes (shop_id, client_id, id desc);
select app.isolate('app.client_notes'), app.append_only('app.client_notes');
grant select, insert on app.client_notes to shearline_app;

-- People of a client and what they may do. A signatory's authority has dates and a limit in minor units.
create table app.contacts (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  name text not null check (length(name) between 1 and 120),
  title text not null default '' check (length(title) <= 80),
  phone text not null default '' check (length(phone) <= 40),
  email text not null default '' check (length(email) <= 254),
  requester boolean not null default false,
  approver boolean not null default false,
  payer boolean not null default false,
  site_contact boolean not null default false,
  signatory boolean not null default false,
  valid_from date,
  valid_until date,
  limit_minor bigint check (limit_minor >= 0),
  archived_at timestamptz,
  version int not null default 1,
  primary key (shop_id, id),
  unique (shop_id, client_id, id),
  foreign key (shop_id, client_id) references app.clients
);
select app.isolate('app.contacts'), app.open_to_client('app.contacts');
grant select, insert on app.contacts to shearline_app;
grant update (name, title, phone, email, requester, approver, payer, site_contact, signatory, valid_from, valid_until, limit_minor, archived_at, version) on app.contacts to shearline_app;
grant select (shop_id, id, client_id, name, email) on app.contacts to shearline_portal;
