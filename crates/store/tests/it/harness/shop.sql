-- What a shop has once. {…} are filled in by rows.rs.
insert into app.job_templates (shop_id, id, key, name) values ({shop}, {template}, 'walker_lockout', 'House lockout');
insert into app.job_template_versions (shop_id, template_id, version, requirements) values ({shop}, {template}, 1, '{}');
insert into app.form_posts (shop_id, id, body_hash) values ({shop}, 'form-1', '\x01');
update app.number_series set next = 1003 where shop_id = {shop};
-- Paused and given up, so that no worker takes them; the template's id will do for a second thing there is one of.
insert into worker.receivers (shop_id, id, name, url, groups, sealed, state, cursor) values ({shop}, {template}, 'SIEM', 'https://siem.example.com/in', '{all}', '\x00', 'paused', 1);
insert into worker.deliveries (shop_id, id, receiver_id, kind, first, last, state) values ({shop}, {template}, {template}, 'again', 1, 1, 'dead');
insert into worker.attempts (shop_id, receiver_id, n, first, last, problem, millis) values ({shop}, {template}, 1, 1, 1, 'No connection', 3);
-- Far behind the end, so that no path is made of it.
insert into audit.tiles (shop_id, n, root, leaves) values ({shop}, 9999999, sha256('root'), convert_to(repeat('x', 8192), 'UTF8'));
insert into vault.own_keys (shop_id, kind, place, sealed, by_person) values ({shop}, 'vault', 'https://vault.example.com/transit/keys/shop', '\x00', {owner});
insert into audit.rounds (shop_id) values ({shop});
