//! Looking changes nothing: the whole database before and after every page.

use crate::{
    app::{self, TestApp, Who, ids},
    endpoints,
};
use domain::Role;
use std::collections::BTreeMap;

/// Everything in every table of ours, as one hash a table, but for when a session or a link was last used.
const FINGERPRINT: &str = "
    select format('%I.%I', n.nspname, c.relname),
           (xpath('/row/md5/text()', query_to_xml(format(
               $$select coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as md5
                 from (select to_jsonb(r) - 'last_seen_at' - 'last_used_at' from %I.%I r) t$$,
               n.nspname, c.relname), true, true, '')))[1]::text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('app', 'vault', 'audit', 'auth', 'worker', 'portal') order by 1";

async fn fingerprint(app: &TestApp) -> BTreeMap<String, Option<String>> {
    let mut root = app.on.login("postgres").await;
    let rows: Vec<(String, Option<String>)> =
        sqlx::query_as(FINGERPRINT).fetch_all(&mut root).await.expect("fingerprint");
    rows.into_iter().collect()
}

/// Events that record a look and nothing else.
async fn looks(app: &TestApp) -> (i64, i64) {
    let all = app.on.ask("select count(*) from audit.entries").await;
    let viewed = format!("select count(*) from audit.entries where action in ({})", VIEWED.join(","));
    (all, app.on.ask(&viewed).await)
}

/// Where looks are recorded beside the chain.
const RECORDS: [&str; 3] = ["auth.denials", "app.document_views", "app.attachment_views"];

/// Codes of `AccessDenied`, `DocumentViewed`, `PhotoViewed` and `PaperOpened` (`crates/domain/src/event.rs`): what DESIGN.md lets a look write.
const VIEWED: [&str; 4] = ["9", "83", "176", "205"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_looking_at_every_page_changes_nothing() {
    let app = app::start().await;
    let (owner, client) = (app.staff(Role::Owner).await, app.client(0).await);
    let mut paths: Vec<String> = endpoints::pages(&ids(&app.on)).into_iter().map(|page| page.path).collect();
    paths.extend(endpoints::others());
    let (before, looked) = (fingerprint(&app).await, looks(&app).await);
    for path in &paths {
        for who in [&owner, &client, &Who::default()] {
            app.get(who, path).await;
        }
    }
    let (after, looked_after) = (fingerprint(&app).await, looks(&app).await);
    assert_eq!(looked_after.0 - looked.0, looked_after.1 - looked.1, "a look left more on the chain than that it was");
    assert!(looked_after.1 > looked.1, "the client looked at documents, and that is recorded");
    let changed = before.iter().filter(|(table, was)| after[*table] != **was).map(|(table, _)| table.as_str());
    let changed: Vec<_> = changed.filter(|table| !table.starts_with("audit.") && !RECORDS.contains(table)).collect();
    assert!(changed.is_empty(), "looking changed {changed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fingerprint_sees_a_change() {
    let app = app::start().await;
    let before = fingerprint(&app).await;
    let mut root = app.on.login("postgres").await;
    sqlx::query("update app.clients set name = name || '.'").execute(&mut root).await.expect("change");
    let after = fingerprint(&app).await;
    let changed: Vec<_> = before.iter().filter(|(table, was)| after[*table] != **was).map(|(table, _)| table).collect();
    assert_eq!(changed, ["app.clients"]);
    assert!(before.len() > 30 && before.keys().any(|table| table == "auth.capabilities"), "{before:?}");
}
