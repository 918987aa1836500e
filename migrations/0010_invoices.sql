-- Invoices and what was paid. Totals are worked out once, when the invoice is issued, and stored.

create table app.invoices (
  shop_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  job_id uuid not null,
  status text not null default 'draft' check (status in ('draft','sent','part_paid','paid','void')),
  serial bigint,                                    -- given when issued; without gaps
  number text check (length(number) <= 40),
  issued_on date,
  due_on date,
  terms_days int not null,
  currency text not null,
  bill_to text not null default '' check (length(bill_to) <= 600),
  licence_text text not null default '' check (length(licence_text) <= 200),
  note text not null default '' check (length(note) <= 1000),
  subtotal_minor bigint not null default 0,
  tax_minor bigint not null default 0,
  total_minor bigint not null default 0,
  paid_minor bigint not null default 0,
  void_reason text not null default '' check (length(void_reason) <= 400),
  created_at timestamptz not null default app.now(),
  version int not null default 1,
  primary key (shop_id, id),
  unique (shop_id, client_id, id),
  constraint invoices_serial_key unique (shop_id, serial),
  foreign key (shop_id, client_id, job_id) references app.jobs (shop_id, client_id, id),
  check ((status = 'draft') = (serial is null) or status = 'void'),
  check ((serial is null) = (number is null) and (serial is null) = (issued_on is null)),
  check (paid_minor between 0 and greatest(total_minor, 0)),
  check (subtotal_minor + tax_minor = total_minor)
);
-- One live invoice to a job.
create unique index invoices_one_live on app.invoices (shop_id, job_id) where status <> 'void';
create index invoices_newest on app.invoices (shop_id, serial desc nulls first, id desc);
create index invoices_by_status on app.invoices (shop_id, status, due_on);
create index invoices_client on app.invoices (shop_id, client_id, serial desc);
create index invoices_job on app.invoices (shop_id, job_id);
select app.isolate('app.invoices'), app.open_to_client('app.invoices');
-- The client never sees a draft.
create policy issued_only on app.invoices as restrictive for select to shearline_portal using (serial is not null);
grant select, insert on app.invoices to shearline_app;
grant update (status, serial, number, issued_on, due_on, terms_days, bill_to, licence_text, note, subtotal_minor, tax_minor, total_minor, paid_minor, void_reason, version) on app.invoices to shearline_app;
grant select (shop_id, id, client_id, job_id, status, serial, number, issued_on, due_on, terms_days, currency, bill_to, licence_text, note, subtotal_minor, tax_minor, total_minor, paid_minor) on app.invoices to shearline_portal;

-- What was issued stays: money and words change only while it is a draft, and a void invoice never comes back.
create function app.invoices_frozen() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.status = 'void' then
    raise exception 'a void invoice does not change' using errcode = '23514', constraint = 'invoices_frozen';
  end if;
  if old.serial is not null and (new.serial, new.number, new.issued_on, new.due_on, new.total_minor, new.subtotal_minor, new.tax_minor, new.bill_to, new.licence_text, new.note)
     is distinct from (old.serial, old.number, old.issued_on, old.due_on, old.total_minor, old.subtotal_minor, old.tax_minor, old.bill_to, old.licence_text, old.note) then
    raise exception 'an issued invoice does not change' using errcode = '23514', constraint = 'invoices_frozen';
  end if;
  return new;
end $$;
create trigger invoices_frozen before update on app.invoices for each row execute function app.invoices_frozen();

create table app.invoice_lines (
  shop_id uuid not null,
  invoice_id uuid not null,
  position int not null,
  client_id uuid not null,
  kind text not null check (kind in ('labour','part','fee','travel')),
  description text not null check (length(description) between 1 and 300),
  quantity_milli bigint not null,
  unit_minor bigint not null,
  amount_minor bigint not null,
  taxable boolean not null,
  primary key (shop_id, invoice_id, position),
  foreign key (shop_id, client_id, invoice_id) references app.invoices (shop_id, client_id, id)
);
select app.isolate('app.invoice_lines'), app.open_to_client('app.invoice_lines'), app.append_only('app.invoice_lines');
grant select, insert on app.invoice_lines to shearline_app;
grant select on app.invoice_lines to shearline_portal;

create table app.invoice_taxes (
  shop_id uuid not null,
  invoice_id uuid not null,
  position int not null,
  client_id uuid not null,
  name text not null,
  rate_micro bigint not null,
  compound boolean not null,
  base_minor bigint not null,
  amount_minor bigint not null,
  primary key (shop_id, invoice_id, position),
  foreign key (shop_id, client_id, invoice_id) references app.invoices (shop_id, client_id, id)
);
select app.isolate('app.invoice_taxes'), app.open_to_client('app.invoice_taxes'), app.append_only('app.invoice_taxes');
grant select, insert on app.invoice_taxes to shearline_app;
grant select on app.invoice_taxes to shearline_portal;

create table app.payments (
  shop_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  client_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  method text not null check (method in ('cash','cheque','transfer','card')),
  reference text not null default '' check (length(reference) <= 80),
  received_on date not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null default app.now(),
  primary key (shop_id, id),
  foreign key (shop_id, client_id, invoice_id) references app.invoices (shop_id, client_id, id),
  foreign key (shop_id, recorded_by) references auth.memberships
);
create index payments_invoice on app.payments (shop_id, invoice_id, id);
select app.isolate('app.payments'), app.open_to_client('app.payments'), app.append_only('app.payments');
grant select, insert on app.payments to shearline_app;
grant select (shop_id, id, invoice_id, client_id, amount_minor, method, received_on) on app.payments to shearline_portal;

create table app.payment_reversals (
  shop_id uuid not null,
  payment_id uuid not null,
  client_id uuid not null,
  reason text not null check (length(reason) between 1 and 400),
  reversed_by uuid not null,
  reversed_at timestamptz not null default app.now(),
  primary key (shop_id, payment_id),
  foreign key (shop_id, payment_id) references app.payments,
  foreign key (shop_id, reversed_by) references auth.memberships
);
select app.isolate('app.payment_reversals'), app.open_to_client('app.payment_reversals'), app.append_only('app.payment_reversals');
grant select, insert on app.payment_reversals to shearline_app;
grant select (shop_id, payment_id, client_id) on app.payment_reversals to shearline_portal;

-- Technicians have no business with money after the work: no row of these for them.
do $$
declare money text;
begin
  foreach money in array array['app.invoices','app.invoice_lines','app.invoice_taxes','app.payments','app.payment_reversals'] loop
    execute format('create policy technician on %s as restrictive to shearline_app using ((select app.ctx_role()) <> ''technician'')', money);
  end loop;
end $$;
