-- What a shop has once. {…} are filled in by rows.rs.
insert into app.job_templates (shop_id, id, key, name) values ({shop}, {template}, 'walker_lockout', 'House lockout');
insert into app.job_template_versions (shop_id, template_id, version, requirements) values ({shop}, {template}, 1, '{}');
insert into app.form_posts (shop_id, id, body_hash) values ({shop}, 'form-1', '\x01');
update app.number_series set next = 1003 where shop_id = {shop};
