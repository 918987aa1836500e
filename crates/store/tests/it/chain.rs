//! The audit chain: gapless under concurrency and crashes, closed to everyone, and no stored byte can be changed unseen.

use crate::{
    caps,
    harness::{self, Spare, TestDb},
    walker::{Outcome, attempt},
};
use domain::{Event, Permission, Role, ids::ClientId};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use store::{
    Actor, Db,
    audit::{
        verify::{self, Verdict},
        watch,
    },
};
use uuid::Uuid;

/// What stands on shop A's chain about clients that were changed.
async fn verdict(db: &TestDb) -> Verdict {
    let mut conn = db.login("postgres").await;
    verify::shop(&mut conn, db.crowd.a.id.uuid(), &[]).await.unwrap()
}

async fn length(db: &TestDb) -> i64 {
    db.ask(&format!("select seq from audit.heads where shop_id = '{}'", db.crowd.a.id)).await
}

/// Writes one event about a thing of that id; every third is rolled back instead.
async fn write(db: &Db, actor: &Arc<Actor>, id: Uuid, keep: bool) -> store::Result<()> {
    let mut tx = db.write(actor.allow(Permission::EditClients)?).await?;
    tx.fact("name", "before and after");
    if keep { tx.commit(Event::ClientChanged { client: ClientId(id) }).await } else { Ok(()) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_and_rollbacks_leave_no_gap() {
    let db = harness::fresh().await;
    let before = length(&db).await;
    let actor = db.crowd.a.actor(&db.db, Role::Owner).await;
    let (first, mut tasks) = (length(&db).await, tokio::task::JoinSet::new());
    assert_eq!(first, before + 1, "signing in is on the chain");
    for _ in 0..8 {
        let (db, actor) = (db.db.clone(), actor.clone());
        tasks.spawn(async move {
            for n in 0..30 {
                write(&db, &actor, Uuid::now_v7(), n % 3 != 0).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(verdict(&db).await, Verdict::Holds { entries: first + 8 * 20 });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_under_load_loses_nothing_that_was_confirmed() {
    let spare = Spare::start("");
    let db = spare.people().await;
    let actor = db.crowd.a.actor(&db.db, Role::Owner).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (db, actor) = (db.db.clone(), actor.clone());
        tasks.spawn(async move {
            let mut confirmed = Vec::new();
            for n in 0_u32.. {
                let id = Uuid::now_v7();
                match write(&db, &actor, id, n % 4 != 0).await {
                    Ok(()) if n % 4 != 0 => confirmed.push(id),
                    Ok(()) => {}
                    Err(_) => break, // the server is gone
                }
            }
            confirmed
        });
    }
    tokio::time::sleep(Duration::from_millis(1500)).await;
    spare.kill();
    let confirmed: BTreeSet<Uuid> = tasks.join_all().await.into_iter().flatten().collect();
    spare.up();
    assert!(confirmed.len() > 20, "no load, no proof: {}", confirmed.len());
    assert!(matches!(verdict(&db).await, Verdict::Holds { .. }), "{:?}", verdict(&db).await);
    let kept: Vec<Uuid> =
        db.ask(&format!("select array_agg(entity) from audit.entries where shop_id = '{}'", db.crowd.a.id)).await;
    let kept: BTreeSet<Uuid> = kept.into_iter().collect();
    assert_eq!(confirmed.difference(&kept).collect::<Vec<_>>(), Vec::<&Uuid>::new(), "confirmed, and not on the chain");
    // And it goes on from there.
    write(&db.db, &actor, Uuid::now_v7(), true).await.unwrap();
    assert!(matches!(verdict(&db).await, Verdict::Holds { .. }));
}

/// Changes something behind the triggers' backs, verifies, and undoes it.
pub async fn tampered(conn: &mut PgConnection, shop: Uuid, change: &str) -> Verdict {
    let mut tx = conn.begin().await.unwrap();
    let done = sqlx::query(AssertSqlSafe(change.to_owned()))
        .persistent(false)
        .execute(&mut *tx)
        .await
        .unwrap_or_else(|error| panic!("{change}: {error}"));
    assert_ne!(done.rows_affected(), 0, "changed nothing: {change}");
    let verdict = verify::shop(&mut tx, shop, &[]).await.unwrap();
    let worker = watch::walk(&mut tx, shop, None, &[]).await.unwrap().verdict;
    let broken = |verdict: &Verdict| matches!(verdict, Verdict::Broken { .. });
    assert_eq!(broken(&verdict), broken(&worker), "the owner's and the worker's walk disagree: {change}: {worker:?}");
    tx.rollback().await.unwrap();
    verdict
}

/// A superuser who has put every trigger and key to sleep.
pub async fn vandal(db: &TestDb) -> PgConnection {
    db.sudo(
        "alter table audit.entries disable trigger all; alter table audit.personal disable trigger all; alter table audit.subjects disable trigger all; alter table audit.heads disable trigger all;
         alter table audit.entries drop constraint entries_commitment_check, drop constraint entries_hash_check",
    )
    .await;
    db.login("postgres").await
}

#[tokio::test]
async fn row_64_a_flipped_bit_anywhere_is_found_and_its_entry_named() {
    let db = harness::fresh().await;
    let (shop, seq) = (db.crowd.a.id.uuid(), 4_i64);
    let mut conn = vandal(&db).await;
    assert!(matches!(verdict(&db).await, Verdict::Holds { .. }), "the chain holds before");
    let mut changes = Vec::new();
    for (table, column) in
        [("entries", "payload"), ("entries", "commitment"), ("entries", "hash"), ("personal", "sealed")]
    {
        let length: i32 = db
            .ask(&format!("select length({column}) from audit.{table} where shop_id = '{shop}' and seq = {seq}"))
            .await;
        for bit in 0..length * 8 {
            changes.push(format!("update audit.{table} set {column} = set_bit({column}, {bit}, 1 - get_bit({column}, {bit})) where shop_id = '{shop}' and seq = {seq}"));
        }
    }
    for (column, bits, one) in [
        ("time_us", 64, "1::bigint"),
        ("action", 16, "1::int4"),
        ("actor_kind", 16, "1::int4"),
        ("result", 16, "1::int4"),
    ] {
        for bit in 0..bits {
            let flipped = if bits == 64 {
                format!("{column} # ({one} << {bit})")
            } else {
                format!("((({column}::int4 # ({one} << {bit})) + 32768) & 65535) - 32768")
            };
            changes.push(format!(
                "update audit.entries set {column} = {flipped} where shop_id = '{shop}' and seq = {seq}"
            ));
        }
    }
    for column in ["actor", "entity"] {
        for bit in 0..128 {
            changes.push(format!("update audit.entries set {column} = encode(set_bit(uuid_send({column}), {bit}, 1 - get_bit(uuid_send({column}), {bit})), 'hex')::uuid where shop_id = '{shop}' and seq = {seq}"));
        }
    }
    assert!(changes.len() > 2000, "{}", changes.len());
    for change in changes {
        match tampered(&mut conn, shop, &change).await {
            Verdict::Broken { seq: named, .. } => assert_eq!(named, seq, "{change}"),
            Verdict::Holds { .. } => panic!("nobody noticed: {change}"),
        }
    }
}

#[tokio::test]
async fn missing_moved_and_added_parts_are_found() {
    let db = harness::fresh().await;
    let (shop, last) = (db.crowd.a.id.uuid(), length(&db).await);
    let other = Uuid::now_v7();
    let mut conn = vandal(&db).await;
    for (change, named) in [
        (format!("delete from audit.entries where shop_id = '{shop}' and seq = 3"), 3),
        (format!("delete from audit.entries where shop_id = '{shop}' and seq = {last}"), last),
        (format!("update audit.entries set seq = seq + 1000 where shop_id = '{shop}' and seq = 5"), 5),
        (
            format!(
                "update audit.subjects set subject = '{other}' where ctid = (select ctid from audit.subjects where shop_id = '{shop}' and seq = 2 limit 1)"
            ),
            2,
        ),
        (format!("delete from audit.subjects where shop_id = '{shop}' and seq = 2"), 2),
        (format!("insert into audit.subjects values ('{shop}', '{other}', 6)"), 6),
        (
            format!(
                "update audit.personal p set sealed = (select sealed from audit.personal q where q.shop_id = p.shop_id and q.seq = 8) where p.shop_id = '{shop}' and p.seq = 7"
            ),
            7,
        ),
        (format!("update audit.heads set created_us = created_us + 1 where shop_id = '{shop}'"), 1),
        (format!("update audit.heads set seq = seq - 1 where shop_id = '{shop}'"), last + 1),
        (
            format!("update audit.heads set hash = set_bit(hash, 0, 1 - get_bit(hash, 0)) where shop_id = '{shop}'"),
            last + 1,
        ),
        (
            format!(
                "insert into audit.entries select shop_id, {last} + 1, time_us, action, actor_kind, actor, entity, result, payload, commitment, hash from audit.entries where shop_id = '{shop}' and seq = 2"
            ),
            last + 1,
        ),
    ] {
        assert!(
            matches!(tampered(&mut conn, shop, &change).await, Verdict::Broken { seq, .. } if seq == named),
            "{change}: {:?}",
            tampered(&mut conn, shop, &change).await
        );
    }
}

#[tokio::test]
async fn nobody_changes_what_was_recorded() {
    let db = harness::fresh().await;
    let shop = db.crowd.a.id;
    let owner = caps::session(&db, &db.crowd.a, Role::Owner).await;
    for table in ["entries", "subjects", "personal", "heads"] {
        for statement in [
            format!("update audit.{table} set shop_id = shop_id where shop_id = '{shop}'"),
            format!("delete from audit.{table} where shop_id = '{shop}'"),
            format!("truncate audit.{table} cascade"),
        ] {
            let mut app = db.login("shearline_app").await;
            assert_eq!(attempt(&mut app, &owner, &statement).await, Outcome::No("42501".into()), "app: {statement}");
            for mask in ["set role shearline_owner", "set session_replication_role = replica", "select 1"] {
                let mut root = db.login("postgres").await;
                harness::cluster::run(&mut root, mask).await;
                assert_eq!(
                    attempt(&mut root, "", &statement).await,
                    Outcome::No("42501".into()),
                    "{mask}: {statement}"
                );
            }
        }
    }
    assert!(matches!(verdict(&db).await, Verdict::Holds { .. }));
}

#[tokio::test]
async fn an_entry_names_who_the_capability_names() {
    let db = harness::fresh().await;
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let append = |entity: Uuid| {
        format!(r#"select audit.append(21, '{entity}', array['{entity}'::uuid], '{{"about":["{entity}"]}}', '{{}}')"#)
    };
    for (login, cap) in [
        ("shearline_app", String::new()),
        ("shearline_app", "0".repeat(64)),
        ("shearline_portal", caps::portal(&db, a, 0).await),
        ("shearline_worker", String::new()),
    ] {
        let mut conn = db.login(login).await;
        assert_eq!(attempt(&mut conn, &cap, &append(Uuid::now_v7())).await, Outcome::No("42501".into()), "{login}");
    }
    let owner = caps::session(&db, a, Role::Owner).await;
    let mut conn = db.login("shearline_app").await;
    for inner in [
        format!(
            "select audit.append_as('{}', 1, '{}', 21, '{}', 0, '{{}}', '', '')",
            b.id,
            b.people[&Role::Owner],
            b.id
        ),
        "insert into audit.entries select shop_id, seq + 1000, time_us, action, actor_kind, actor, entity, result, payload, commitment, hash from audit.entries".to_owned(),
    ] {
        assert_eq!(attempt(&mut conn, &owner, &inner).await, Outcome::No("42501".into()), "{inner}");
    }
    let (technician, entity) = (a.people[&Role::Technician], Uuid::now_v7());
    let cap = caps::session(&db, a, Role::Technician).await;
    harness::cluster::run(&mut conn, &format!("begin; set local app.cap = '{cap}'; {}; commit", append(entity))).await;
    let named: (Uuid, Uuid, i16) =
        sqlx::query_as("select shop_id, actor, actor_kind from audit.entries where entity = $1")
            .bind(entity)
            .fetch_one(&mut db.login("postgres").await)
            .await
            .unwrap();
    assert_eq!(named, (a.id.uuid(), technician.uuid(), 1));
    assert!(matches!(verdict(&db).await, Verdict::Holds { .. }));
}
