-- Places and their openings. How to get in stands apart, sealed.

create table app.sites (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  name text not null default '' check (length(name) <= 120),
  address text not null check (length(address) between 1 and 400),
  folded text not null collate "C",
  hours text not null default '' check (length(hours) <= 200),
  hazards text not null default '' check (length(hazards) <= 400),
  archived_at timestamptz,
  version int not null default 1,
  primary key (shop_id, id),
  unique (shop_id, client_id, id),
  foreign key (shop_id, client_id) references app.clients
);
create index sites_by_address on app.sites (shop_id, folded, id);
select app.isolate('app.sites'), app.open_to_client('app.sites');
grant select, insert on app.sites to shearline_app;
grant update (name, address, folded, hours, hazards, archived_at, version) on app.sites to shearline_app;
grant select (shop_id, id, client_id, name, address) on app.sites to shearline_portal;

-- Access notes: where the key safe is, the alarm code. Sealed from the first day; a row a site.
create table vault.access_notes (
  shop_id uuid not null,
  site_id uuid not null,
  sealed bytea not null,
  version int not null default 1,
  primary key (shop_id, site_id),
  foreign key (shop_id, site_id) references app.sites
);
select app.isolate('vault.access_notes');
grant select, insert on vault.access_notes to shearline_app;
grant update (sealed, version) on vault.access_notes to shearline_app;

-- Doors, padlocks, cams: anything with a cylinder. `number` is what is written on the door or its schedule.
create table app.openings (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  site_id uuid not null,
  number text not null check (length(number) between 1 and 40),
  folded text not null collate "C",
  location text not null default '' check (length(location) <= 160),
  hand text not null default '' check (hand in ('','LH','RH','LHR','RHR')),
  function text not null default '' check (length(function) <= 40), -- ANSI function, e.g. F86 storeroom
  hardware text not null default '' check (length(hardware) <= 400),
  archived_at timestamptz,
  version int not null default 1,
  primary key (shop_id, id),
  unique (shop_id, site_id, id),
  foreign key (shop_id, client_id, site_id) references app.sites (shop_id, client_id, id)
);
create index openings_site on app.openings (shop_id, site_id, folded, id);
create index openings_by_number on app.openings (shop_id, folded, id);
select app.isolate('app.openings'), app.open_to_client('app.openings');
grant select, insert on app.openings to shearline_app;
grant update (number, folded, location, hand, function, hardware, archived_at, version) on app.openings to shearline_app;
grant select (shop_id, id, client_id, site_id, number, location) on app.openings to shearline_portal;
