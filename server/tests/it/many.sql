-- Twenty more shops of 200 clients each, and 1500 more for the shop under test ({shop}, {owner}, {technician}, {template}): enough that a plan which
-- reads a whole table shows itself.
create function pg_temp.id(kind text, shop uuid, n int) returns uuid language sql immutable as $$ select md5(kind || shop || n)::uuid $$;
create temporary table sized as
  select {shop}::uuid as shop, {owner}::uuid as owner, {technician}::uuid as technician, {template}::uuid as template, 1500 as size, true as known
  union all select md5('s' || g)::uuid, md5('o' || g)::uuid, md5('o' || g)::uuid, md5('t' || g)::uuid, 200, false from generate_series(1, 20) g;
insert into auth.shops (id, slug) select shop, 'many-' || left(md5(shop::text), 12) from sized where not known;
insert into auth.people (id, email, name, password_hash) select owner, owner || '@example.com', 'Owner', '' from sized where not known;
insert into auth.memberships (shop_id, person_id, role) select shop, owner, 'owner' from sized where not known;
insert into app.shops (shop_id, slug, name, licence_number, time_zone, currency, units) select shop, 'many', 'Many', '', 'UTC', 'CAD', 'in' from sized where not known;
insert into audit.heads (shop_id, created_us, hash) select shop, 0, sha256('x') from sized where not known;
insert into app.job_templates (shop_id, id, key, name) select shop, template, 'many', 'Many' from sized where not known;
insert into app.job_template_versions (shop_id, template_id, version, requirements) select shop, template, 1, '{}' from sized where not known;
create temporary table each as select s.*, n, pg_temp.id('client', shop, n) as client, pg_temp.id('site', shop, n) as site, pg_temp.id('contact', shop, n) as contact,
  pg_temp.id('job', shop, n) as job, pg_temp.id('invoice', shop, n) as invoice from sized s, generate_series(1, size) n;
insert into app.clients (shop_id, id, kind, name, folded) select shop, client, 'person', 'Person ' || n, 'person ' || n from each;
insert into app.client_channels (shop_id, id, client_id, kind, value, folded) select shop, client, client, 'phone', '416' || n, '416' || n from each;
insert into app.client_notes (shop_id, id, client_id, body, author_id) select shop, client, client, 'Note', owner from each;
insert into app.contacts (shop_id, id, client_id, name) select shop, contact, client, 'Contact' from each;
insert into app.sites (shop_id, id, client_id, address, folded) select shop, site, client, n || ' Street', n || ' street' from each;
insert into app.openings (shop_id, id, client_id, site_id, number, folded) select shop, site, client, site, 'D' || n, 'd' || n from each;
insert into app.jobs (shop_id, id, number, client_id, site_id, template_id, template_version, status, requested, created_by)
  select shop, job, 5000 + n, client, site, template, 1, (array['new','scheduled','on_site','completed','invoiced','closed','closed','closed'])[1 + n % 8], 'Work', owner from each;
insert into app.job_lines (shop_id, id, job_id, client_id, kind, description, quantity_milli, unit_minor) select shop, job, job, client, 'labour', 'Work', 1000, 10000 from each;
insert into app.visits (shop_id, id, job_id, client_id, site_id, technician_id, starts_at, ends_at)
  select shop, job, job, client, site, technician, app.now() + interval '1 hour' * (n - 700), app.now() + interval '1 hour' * (n - 699) from each;
insert into app.invoices (shop_id, id, client_id, job_id, status, serial, number, issued_on, due_on, terms_days, currency, subtotal_minor, total_minor)
  select shop, invoice, client, job, 'sent', 5000 + n, 'X-' || n, '2026-01-01', '2026-02-01', 30, 'CAD', 10000, 10000 from each;
insert into app.invoice_lines (shop_id, invoice_id, position, client_id, kind, description, quantity_milli, unit_minor, amount_minor, taxable)
  select shop, invoice, 1, client, 'labour', 'Work', 1000, 10000, 10000, true from each;
insert into app.payments (shop_id, id, invoice_id, client_id, amount_minor, method, received_on, recorded_by) select shop, invoice, invoice, client, 1, 'cash', '2026-01-02', owner from each;
insert into app.documents (shop_id, id, client_id, job_id, kind, version, body, sha256, created_by) select shop, job, client, job, 'work_order', 1, 'x', sha256('x'), owner from each;
insert into app.signatures (shop_id, id, client_id, job_id, document_id, document_sha256, signer_name, signer_role, method, consent_version, consent_text, ip, user_agent, witness_id)
  select shop, job, client, job, job, sha256('x'), 'Signer', 'client', 'typed', 1, 'I agree', '', '', owner from each where n % 2 = 0;
insert into app.invoice_taxes (shop_id, invoice_id, position, client_id, name, rate_micro, compound, base_minor, amount_minor) select shop, invoice, 1, client, 'HST', 0, false, 0, 0 from each;
insert into app.payment_reversals (shop_id, payment_id, client_id, reason, reversed_by) select shop, invoice, client, 'x', owner from each where n % 2 = 0;
insert into app.document_views (shop_id, id, client_id, kind, subject_id, link_id) select shop, invoice, client, 'invoice', invoice, invoice from each where n % 2 = 0;
insert into vault.bittings (shop_id, id, client_id, label, folded, reading, source, confidence, sealed)
  select shop, job, client, 'Key ' || n, 'key ' || n, 'bow_to_tip', 'decoded', 'likely', '\x00' from each;
insert into vault.site_codes (shop_id, id, client_id, site_id, kind, label, sealed)
  select s.shop_id, gen_random_uuid(), s.client_id, s.id, 'gate', 'Gate', '\x00' from app.sites s where s.shop_id = {shop} limit 3000;
insert into vault.releases (shop_id, id, record_id, asked_by, asked_at, reason) select shop, job, job, owner, app.now() - n * interval '1 hour', '' from each;
insert into app.alerts (shop_id, id, rule, cause, at, actor, actor_kind, subject, closed_at, closed_by)
  select shop, job, 'new_network', 'many ' || n, app.now(), owner, 1, owner, case when n % 50 > 0 then app.now() end, case when n % 50 > 0 then owner end from each;
insert into app.form_posts (shop_id, id, body_hash) select shop, 'many-' || n, '\x00' from each;
insert into audit.entries (shop_id, seq, time_us, action, actor_kind, actor, entity, result, payload, commitment, hash)
  select shop, 100000 + n, 0, 20, 1, owner, client, 0, '{}', sha256('x'), sha256('x') from each;
insert into audit.subjects (shop_id, subject, seq) select shop, client, 100000 + n from each;
insert into audit.personal (shop_id, seq, people, sealed) select shop, 100000 + n, array[client], '\x00' from each;
insert into audit.checkpoints (shop_id, size, root, peaks, key, note, made_at)
  select e.shop, 100000 + e.n, c.root, c.peaks, c.key, c.note, app.now() from each e cross join (select * from audit.checkpoints where shop_id = {shop} limit 1) c;
alter table worker.receivers disable trigger most;
insert into worker.receivers (shop_id, id, name, url, groups, sealed, state, cursor)
  select {shop}, gen_random_uuid(), 'SIEM', 'https://siem.example.com/in', '{all}', '', 'paused', 1 from generate_series(1, 300);
insert into worker.deliveries (shop_id, id, receiver_id, kind, first, last, state)
  select r.shop_id, gen_random_uuid(), r.id, 'again', n, n, 'dead' from worker.receivers r, generate_series(1, 15) n where r.shop_id = {shop};
insert into worker.attempts (shop_id, receiver_id, n, first, last, problem, millis)
  select r.shop_id, r.id, n, n, n, '', 1 from worker.receivers r, generate_series(2, 30) n where r.shop_id = {shop};
analyze;
