//! The walker's own test: each fault, planted alone in a copy of the database, must be found for what it is.

use crate::{harness, walker};

/// Plants `fault` and expects a finding about `of` whose words contain `what`.
async fn found(fault: &str, of: &str, what: &str) {
    let db = harness::fresh().await;
    db.sudo(fault).await;
    let noticed = |findings: &[walker::Finding]| findings.iter().any(|f| f.of.contains(of) && f.what.contains(what));
    if noticed(&walker::read(&db).await) {
        return;
    }
    let findings = walker::walk(&db).await;
    assert!(noticed(&findings), "nobody noticed `{fault}`; found only {findings:#?}");
}

macro_rules! faults {
    ($($name:ident: $fault:expr => $of:literal, $what:literal;)+) => {$(
        #[tokio::test]
        async fn $name() {
            found($fault, $of, $what).await;
        }
    )+};
}

faults! {
    a_dropped_shop_policy: "drop policy shop on app.sites" => "app.sites", "the restrictive policy of the shop does not stand";
    a_dropped_shop_policy_leaks: "drop policy shop on app.sites" => "app.sites", "select as the rival's owner: Rows(";
    a_shop_policy_for_fewer_logins: "drop policy shop on app.jobs; create policy shop on app.jobs as restrictive to shearline_app
        using (shop_id = (select app.ctx_shop())) with check (shop_id = (select app.ctx_shop()))" => "app.jobs", "does not stand before shearline_portal";
    a_shop_policy_that_lets_rows_out: "drop policy shop on app.sites; create policy shop on app.sites as restrictive to shearline_app, shearline_portal, shearline_auth, shearline_worker
        using (shop_id = (select app.ctx_shop())) with check (true)" => "app.sites", "insert as the rival's owner";
    row_security_off: "alter table app.jobs disable row level security" => "app.jobs", "row security is not enabled";
    row_security_not_forced: "alter table app.jobs no force row level security" => "app.jobs", "row security is not forced";
    a_foreign_key_without_the_shop: "alter table app.visits drop constraint visits_shop_id_client_id_job_id_fkey; create unique index jobs_id on app.jobs (id);
        alter table app.visits add constraint visits_job foreign key (job_id) references app.jobs (id)" => "app.visits", "the foreign key visits_job does not carry the shop";
    a_row_hung_on_a_rivals_parent: "alter table app.visits drop constraint visits_shop_id_client_id_job_id_fkey; create unique index jobs_id on app.jobs (id);
        alter table app.visits add constraint visits_job foreign key (job_id) references app.jobs (id)" => "app.visits", "hung on A's parent by visits_job: 1 rows moved";
    a_cascade: "alter table app.openings drop constraint openings_shop_id_client_id_site_id_fkey, add constraint openings_site_fkey
        foreign key (shop_id, client_id, site_id) references app.sites (shop_id, client_id, id) on delete cascade" => "app.openings", "changes rows by itself";
    a_careless_grant: "grant select on all tables in schema vault, app to shearline_portal; grant usage on schema vault to shearline_portal" => "grants.txt", "not reviewed: shearline_portal: vault.access_notes: select";
    a_grant_on_the_auth_tables: "grant select on auth.people to shearline_app" => "grants.txt", "not reviewed: shearline_app: auth.people: select";
    a_permissive_policy_for_everybody: "create policy handy on app.invoices using (true)" => "app.invoices", "is for everybody";
    a_permissive_policy_shows_a_client_the_neighbour: "create policy handy on app.invoices for select to shearline_portal using (true)" => "app.invoices", "client 1 sees a row of the other's";
    a_technician_let_in_everywhere: "drop policy technician on app.openings" => "app.openings", "technician 1 sees a row of the other's";
    a_technician_who_reads_the_chain: "drop policy technician on audit.subjects" => "audit.subjects", "technician 1 sees a row of the other's";
    an_auditor_who_may_write: "drop policy auditor_adds_nothing on app.client_notes" => "app.client_notes", "insert as the auditor";
    a_global_unique: "alter table app.contacts add constraint one_address unique (email, id)" => "app.contacts", "the key one_address does not begin with the shop";
    a_definer_without_a_search_path: "create function app.handy() returns bigint language sql security definer as 'select count(*) from app.jobs'; revoke execute on function app.handy() from public" => "app.handy()", "without a pinned search path";
    a_definer_nobody_reviewed: "create function app.handy() returns int language sql security definer set search_path = pg_catalog, pg_temp as 'select 1'" => "definers.txt", "not reviewed: app.handy()";
    a_function_for_everybody: "grant execute on function worker.claim() to public" => "worker.claim()", "may be executed by everybody";
    a_view_that_asks_as_its_owner: "create view app.all_jobs as select * from app.jobs" => "app.all_jobs", "asks as its owner";
    a_materialised_view: "create materialized view app.totals as select count(*) from app.jobs" => "app.totals", "row security does not cover";
    a_new_table_nobody_walled: "create table app.keys (shop_id uuid not null, id uuid not null, primary key (shop_id, id)); grant select on app.keys to shearline_app" => "app.keys", "row security is not enabled";
    a_table_without_a_row: "create table app.keys (shop_id uuid not null, id uuid not null, primary key (shop_id, id)); select app.isolate('app.keys')" => "app.keys", "no fixture row for shop A";
    a_missing_fixture_hides_nothing: "create table app.keys (shop_id uuid not null, id uuid primary key, job uuid references auth.people); select app.isolate('app.keys')" => "app.keys", "does not carry the shop";
    a_table_of_no_shop: "create table app.notes (id uuid primary key)" => "app.notes", "has no shop_id";
    temporary_tables: "do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$" => "shearline_app", "may make temporary tables";
}
