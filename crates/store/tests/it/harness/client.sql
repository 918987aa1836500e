-- What hangs on a client. {…} are filled in by rows.rs; {n} tells the two clients apart.
insert into app.clients (shop_id, id, kind, name, folded, billing_address) values ({shop}, {client}, 'company', 'Client {n} Ltd', 'client {n} ltd', '{n} High Street');
insert into app.client_channels (shop_id, id, client_id, kind, value, folded) values ({shop}, {channel}, {client}, 'phone', '+1 416 555 000{n}', '1416555000{n}');
insert into app.client_notes (shop_id, id, client_id, body, author_id) values ({shop}, {note}, {client}, 'Pays late', {owner});
insert into app.contacts (shop_id, id, client_id, name, email, signatory) values ({shop}, {contact}, {client}, 'Contact {n}', 'contact{n}@example.com', true);
insert into app.sites (shop_id, id, client_id, name, address, folded) values ({shop}, {site}, {client}, 'Site {n}', '{n} Low Street', '{n} low street');
insert into vault.access_notes (shop_id, site_id, sealed) values ({shop}, {site}, '\x00');
insert into vault.site_codes (shop_id, id, client_id, site_id, kind, label, sealed) values ({shop}, {code}, {client}, {site}, 'alarm', 'Alarm {n}', '\x00');
insert into app.openings (shop_id, id, client_id, site_id, number, folded) values ({shop}, {opening}, {client}, {site}, 'D-10{n}', 'd-10{n}');
insert into app.jobs (shop_id, id, number, client_id, site_id, contact_id, template_id, template_version, status, requested, created_by)
  values ({shop}, {job}, 1000 + {n}, {client}, {site}, {contact}, {template}, 1, 'on_site', 'Locked out, client {n}', {owner});
insert into app.job_openings (shop_id, job_id, opening_id) values ({shop}, {job}, {opening});
insert into app.job_checks (shop_id, job_id, key, done_by) values ({shop}, {job}, 'photo', {technician});
insert into app.authority_checks (shop_id, id, job_id, person_name, relation, document, outcome, checked_by)
  values ({shop}, {authority}, {job}, 'Asker {n}', 'owner', 'passport', 'allowed', {technician});
insert into app.job_lines (shop_id, id, job_id, client_id, kind, description, quantity_milli, unit_minor) values ({shop}, {line}, {job}, {client}, 'labour', 'Opening', 1000, 10000);
insert into app.visits (shop_id, id, job_id, client_id, site_id, technician_id, starts_at, ends_at)
  values ({shop}, {visit}, {job}, {client}, {site}, {technician}, app.now(), app.now() + interval '1 hour');
insert into app.documents (shop_id, id, client_id, job_id, kind, version, body, sha256, created_by)
  values ({shop}, {document}, {client}, {job}, 'work_order', 1, '<p>Work order {n}</p>', sha256('<p>Work order {n}</p>'), {technician});
insert into app.signatures (shop_id, id, client_id, job_id, document_id, document_sha256, signer_name, signer_role, method, consent_version, consent_text, ip, user_agent, witness_id)
  values ({shop}, {signature}, {client}, {job}, {document}, sha256('<p>Work order {n}</p>'), 'Signer {n}', 'client', 'typed', 1, 'I agree', '192.0.2.7', 'test', {technician});
insert into vault.signature_strokes (shop_id, signature_id, sealed) values ({shop}, {signature}, '\x00');
insert into app.signature_evidence (shop_id, signature_id, body, key, seal, salt) values ({shop}, {signature}, '{}', 'key', sha512('seal'), sha256('salt'));
insert into app.invoices (shop_id, id, client_id, job_id, status, serial, number, issued_on, due_on, terms_days, currency, subtotal_minor, tax_minor, total_minor, paid_minor)
  values ({shop}, {invoice}, {client}, {job}, 'part_paid', 1000 + {n}, 'INV-100{n}', '2026-01-05', '2026-01-19', 14, 'CAD', 10000, 1300, 11300, 5000);
insert into app.invoice_lines (shop_id, invoice_id, position, client_id, kind, description, quantity_milli, unit_minor, amount_minor, taxable)
  values ({shop}, {invoice}, 1, {client}, 'labour', 'Opening', 1000, 10000, 10000, true);
insert into app.invoice_papers (shop_id, invoice_id, client_id, body, sha256) values ({shop}, {invoice}, {client}, '<p>Invoice {n}</p>', sha256('<p>Invoice {n}</p>'));
insert into app.invoice_taxes (shop_id, invoice_id, position, client_id, name, rate_micro, compound, base_minor, amount_minor)
  values ({shop}, {invoice}, 1, {client}, 'HST', 13000000, false, 10000, 1300);
insert into app.payments (shop_id, id, invoice_id, client_id, amount_minor, method, received_on, recorded_by) values
  ({shop}, {payment}, {invoice}, {client}, 5000, 'cheque', '2026-01-10', {owner}), ({shop}, {taken_back}, {invoice}, {client}, 200, 'cash', '2026-01-10', {owner});
insert into app.payment_reversals (shop_id, payment_id, client_id, reason, reversed_by) values ({shop}, {taken_back}, {client}, 'Bounced', {owner});
insert into app.document_views (shop_id, id, client_id, kind, subject_id, link_id) values ({shop}, {view}, {client}, 'invoice', {invoice}, {link});
insert into worker.outbox (shop_id, id, sealed, state) values ({shop}, {mail}, '\x00', 'sent');
insert into vault.bittings (shop_id, id, client_id, site_id, label, folded, reading, source, confidence, sealed)
  values ({shop}, {bitting}, {client}, {site}, 'Rear door {n}', 'rear door {n}', 'bow_to_tip', 'decoded', 'likely', '\x00');
insert into vault.releases (shop_id, id, record_id, asked_by, job_id, reason, decided_by, decided_at, granted)
  values ({shop}, {release}, {bitting}, {technician}, {job}, 'Two copies', {owner}, app.now(), false);
insert into app.attachments (shop_id, id, client_id, job_id, kind, width, height, bytes, sha256, added_by)
  values ({shop}, {photo}, {client}, {job}, 'before', 640, 480, 1, sha256('photo {n}'), {technician});
insert into vault.file_keys (shop_id, attachment_id, sealed) values ({shop}, {photo}, '\x00');
insert into app.attachment_views (shop_id, id, attachment_id, person_id) values ({shop}, {look}, {photo}, {owner});
insert into app.alerts (shop_id, id, rule, cause, at, actor, actor_kind, subject) values ({shop}, {alert}, 'new_network', 'walker {n}', app.now(), {owner}, 1, {owner});
