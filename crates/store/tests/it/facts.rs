//! What is personal in an entry stands under keys of the people it is about: unreadable once one of them is forgotten, and
//! everything else about the entry still holds. Erased and tampered are two things.

use crate::{
    caps,
    chain::{tampered, vandal},
    harness::{self, TestDb},
};
use domain::{Event, Permission, Role, ids::ClientId};
use sqlx::{AssertSqlSafe, PgConnection, Row};
use std::sync::Arc;
use store::{Actor, Db, audit::timeline, audit::verify::Verdict};
use uuid::Uuid;

/// An event about a client, with a fact that nobody else has.
async fn written(db: &Db, actor: &Arc<Actor>, client: Uuid, canary: &str) {
    let mut tx = db.write(actor.allow(Permission::EditClients).expect("may")).await.expect("begins");
    tx.fact("name", canary);
    tx.commit(Event::ClientChanged { client: ClientId(client) }).await.expect("written");
}

/// What forgetting does to the chain: the key goes, and an entry says so.
fn forgotten(shop: Uuid, subject: Uuid) -> String {
    format!(
        r#"with gone as (update audit.subject_keys set key = null, forgotten_at = now() where shop_id = '{shop}' and subject = '{subject}' returning 1)
           select audit.append_as('{shop}', 3, '{shop}', 210, '{subject}', 0, array['{subject}'::uuid], '{{"about":["{subject}"]}}', '{{}}') from gone"#
    )
}

async fn facts(db: &Db, actor: &Arc<Actor>, client: Uuid) -> Vec<(String, bool)> {
    let mut tx = db.read(actor.allow(Permission::SeeClients).expect("may")).await.expect("begins");
    let entries = timeline::of(&mut tx, client).await.expect("reads");
    entries.into_iter().map(|entry| (entry.facts, entry.erased)).collect()
}

async fn run(conn: &mut PgConnection, statement: &str) {
    harness::cluster::run(conn, statement).await;
}

#[tokio::test]
async fn row_80_facts_stand_under_keys_of_the_people_they_are_about() {
    let db = harness::fresh().await;
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let (shop, client, other) = (a.id.uuid(), a.clients[0]["client"], a.clients[1]["client"]);
    let owner = a.actor(&db.db, Role::Owner).await;
    written(&db.db, &owner, client, "ZZQ-FIRST").await;
    written(&db.db, &owner, other, "ZZQ-SECOND").await;
    let clear: i64 = db.ask("select count(*) from audit.personal p where p::text ~ encode('ZZQ-', 'hex')").await;
    assert_eq!(clear, 0, "nothing in the clear");
    let people: Vec<Uuid> =
        db.ask(&format!("select people from audit.personal where shop_id = '{shop}' order by seq desc limit 1")).await;
    let mut both = vec![other, a.people[&Role::Owner].uuid()];
    both.sort();
    assert_eq!(people, both);
    run(&mut db.login("postgres").await, &forgotten(shop, client)).await;
    let gone = facts(&db.db, &owner, client).await;
    assert!(gone.iter().all(|(facts, _)| !facts.contains("ZZQ-FIRST")), "{gone:?}");
    assert!(gone.iter().any(|(facts, erased)| *erased && facts.is_empty()), "{gone:?}");
    assert!(
        facts(&db.db, &owner, other).await.iter().any(|(facts, _)| facts.contains("ZZQ-SECOND")),
        "another client's stay"
    );
    assert!(matches!(verdict(&db, a.id.uuid()).await, Verdict::Holds { .. }));
    assert!(matches!(verdict(&db, b.id.uuid()).await, Verdict::Holds { .. }));
    // Who is forgotten gets no new key: what comes later is under the keys of the others.
    written(&db.db, &owner, client, "ZZQ-LATER").await;
    let people: Vec<Uuid> =
        db.ask(&format!("select people from audit.personal where shop_id = '{shop}' order by seq desc limit 1")).await;
    assert_eq!(people, [a.people[&Role::Owner].uuid()]);
}

async fn verdict(db: &TestDb, shop: Uuid) -> Verdict {
    store::audit::verify::shop(&mut db.login("postgres").await, shop, &[]).await.expect("walks")
}

#[tokio::test]
async fn row_80_erased_is_not_tampered_and_tampered_is_not_erased() {
    let db = harness::fresh().await;
    let a = &db.crowd.a;
    let (shop, client, other) = (a.id.uuid(), a.clients[0]["client"], a.clients[1]["client"]);
    let owner = a.actor(&db.db, Role::Owner).await;
    written(&db.db, &owner, client, "ZZQ-FIRST").await;
    let seq: i64 = db.ask(&format!("select seq from audit.heads where shop_id = '{shop}'")).await;
    written(&db.db, &owner, other, "ZZQ-SECOND").await;
    let mut conn = vandal(&db).await;
    run(&mut conn, "alter table audit.subject_keys disable trigger all").await;
    let here = format!("where shop_id = '{shop}' and seq = {seq}");
    let key = format!("where shop_id = '{shop}' and subject = '{client}'");
    let broken = |change: String| (change, true);
    for (change, found) in [
        broken(format!("delete from audit.personal {here}")),
        broken(format!("update audit.personal set sealed = '' {here}")),
        broken(format!(
            "update audit.personal p set sealed = (select sealed from audit.personal q where q.shop_id = p.shop_id and q.seq = {seq} + 1) {here}"
        )),
        broken(format!("update audit.personal set people = people[2:] {here}")),
        // A key that is lost, changed, or gone with nobody's word on the chain.
        broken(format!("delete from audit.subject_keys {key}")),
        broken(format!("update audit.subject_keys set key = sha256('x') {key}")),
        broken(format!("update audit.subject_keys set key = null, forgotten_at = now() {key}")),
        // As the act does it: fine.
        (forgotten(shop, client), false),
    ] {
        let verdict = tampered(&mut conn, shop, &change).await;
        assert_eq!(matches!(verdict, Verdict::Broken { .. }), found, "{change}: {verdict:?}");
    }
    // Once somebody is forgotten, an entry about somebody else cannot be passed off as theirs.
    run(&mut conn, &forgotten(shop, client)).await;
    let passed_off = format!(
        "update audit.personal set people = array['{client}'::uuid], sealed = '' where shop_id = '{shop}' and seq = {seq} + 1"
    );
    assert!(
        matches!(tampered(&mut conn, shop, &passed_off).await, Verdict::Broken { seq: named, .. } if named == seq + 1)
    );
}

#[tokio::test]
async fn a_key_is_forgotten_and_nothing_else_happens_to_it() {
    let db = harness::fresh().await;
    let shop = db.crowd.a.id;
    for (statement, allowed) in [
        (format!("update audit.subject_keys set key = sha256('x') where shop_id = '{shop}'"), false),
        (format!("delete from audit.subject_keys where shop_id = '{shop}'"), false),
        ("truncate audit.subject_keys".to_owned(), false),
        (format!("update audit.subject_keys set key = null, forgotten_at = now() where shop_id = '{shop}'"), true),
        (
            format!("update audit.subject_keys set key = sha256('x'), forgotten_at = null where shop_id = '{shop}'"),
            false,
        ),
    ] {
        let mut root = db.login("postgres").await;
        let done = sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut root).await;
        assert_eq!(done.is_ok(), allowed, "{statement}");
    }
}

#[tokio::test]
async fn facts_are_read_by_those_who_may_read_them() {
    let db = harness::fresh().await;
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let all = "select count(*) from audit.facts_of((select array_agg(seq) from generate_series(1, 200) seq)) f join lateral (select 1 where position('user_agent'::bytea in f.facts) > 0) x on true".to_owned();
    let mut conn = db.login("shearline_app").await;
    let mut counts = Vec::new();
    for cap in [
        caps::session(&db, a, Role::Owner).await,
        caps::session(&db, a, Role::Auditor).await,
        caps::session(&db, a, Role::Technician).await,
        caps::session(&db, b, Role::Owner).await,
        String::new(),
    ] {
        let mut tx = sqlx::Connection::begin(&mut conn).await.expect("begins");
        run(&mut tx, &format!("set local app.cap = '{cap}'")).await;
        let count: i64 = sqlx::query(AssertSqlSafe(all.clone())).fetch_one(&mut *tx).await.expect("counts").get(0);
        counts.push(count);
        tx.rollback().await.expect("ends");
    }
    let of = |shop: Uuid| format!("select count(*) from audit.personal where shop_id = '{shop}'");
    let (ours, theirs): (i64, i64) = (db.ask(&of(a.id.uuid())).await, db.ask(&of(b.id.uuid())).await);
    assert!(counts[0] > 2 && counts[1] > 2 && counts[0] <= ours, "{counts:?}");
    assert_eq!((counts[2], counts[4]), (0, 0), "no technician's, nobody's");
    assert!(counts[3] <= theirs, "the rival sees the rival's: {counts:?}");
}

#[tokio::test]
async fn whose_everything_is_knows_every_table_that_names_a_client() {
    let db = harness::fresh().await;
    let view = "select pg_get_viewdef('audit.whose'::regclass)";
    let before: String = db.ask(view).await;
    db.sudo("select audit.learn_whose()").await;
    let after: String = db.ask(view).await;
    assert_eq!(before, after, "a migration added a table with a client and did not call audit.learn_whose()");
    assert!(after.contains("bittings") && after.contains("portal_links"), "{after}");
}
