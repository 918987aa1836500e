//! When checkpoints and rounds fall due, and who is told what they find.

use super::an_hour_later;
use crate::{
    clients::{read, write},
    harness::{self, TestDb, crowd::checkpoint},
    signatures::{prepare, sign},
};
use domain::{Event, Permission, Role, ids::ClientId, jobs::SignerRole};
use store::audit::verify::Verdict;
use uuid::Uuid;

async fn act(db: &TestDb) {
    let tx = write(db, &db.crowd.a, Permission::EditClients).await;
    tx.commit(Event::ClientChanged { client: ClientId(Uuid::now_v7()) }).await.unwrap();
}

/// Makes the rounds that are due; what they find of shop A.
async fn rounds(db: &TestDb) -> Option<Verdict> {
    let mut of_a = None;
    for round in db.db.rounds_due().await.unwrap() {
        let found = db.db.make_round(&round, &[]).await.unwrap();
        if round.shop == db.crowd.a.id.uuid() {
            of_a = Some(found.verdict);
        }
    }
    of_a
}

async fn entries(db: &TestDb, action: i16) -> i64 {
    db.ask(&format!("select count(*) from audit.entries where shop_id = '{}' and action = {action}", db.crowd.a.id))
        .await
}

/// Letters that wait, without the fixture's.
async fn letters(db: &TestDb) -> i64 {
    db.ask(&format!("select count(*) from worker.outbox where shop_id = '{}' and state = 'waiting'", db.crowd.a.id))
        .await
}

#[tokio::test]
async fn row_65_a_break_is_found_and_told_once() {
    let db = harness::fresh().await;
    let (shop, before) = (db.crowd.a.id, letters(&db).await);
    db.later("16 minutes").await;
    act(&db).await;
    assert!(matches!(rounds(&db).await, Some(Verdict::Holds { .. })), "what is new, and it holds");
    assert_eq!(rounds(&db).await, None, "not due again at once");
    db.sudo("alter table audit.entries disable trigger all").await;
    db.sudo(&format!("update audit.entries set actor = gen_random_uuid() where shop_id = '{shop}' and seq = 3")).await;
    db.later("16 minutes").await;
    assert!(matches!(rounds(&db).await, Some(Verdict::Holds { .. })), "the round of what is new does not look back");
    db.later("24 hours").await;
    assert!(matches!(rounds(&db).await, Some(Verdict::Broken { seq: 3, .. })), "the full one does");
    let bosses: i64 = db
        .ask(&format!("select count(*) from auth.memberships where shop_id = '{shop}' and role in ('owner','admin') and disabled_at is null"))
        .await;
    assert_eq!((entries(&db, 165).await, letters(&db).await), (1, before + bosses));
    db.later("16 minutes").await;
    assert!(matches!(rounds(&db).await, Some(Verdict::Broken { seq: 3, .. })), "it stays broken");
    assert_eq!(entries(&db, 165).await, 1, "and is told once");
    let due = db.db.checkpoints_due().await.unwrap();
    assert!(due.iter().all(|due| due.shop() != shop.uuid()), "nothing is signed on top of it");
}

#[tokio::test]
async fn row_65_a_missed_run_is_told_when_the_next_one_is_made() {
    let db = harness::fresh().await;
    let before = letters(&db).await;
    db.later("24 hours 30 minutes").await;
    rounds(&db).await;
    assert_eq!(entries(&db, 166).await, 0, "in time");
    db.later("27 hours").await;
    rounds(&db).await;
    assert_eq!(entries(&db, 166).await, 1);
    assert!(letters(&db).await > before);
}

#[tokio::test]
async fn checkpoints_fall_due_by_the_hour_by_the_day_and_when_something_was_signed() {
    let db = harness::fresh().await;
    act(&db).await;
    assert!(checkpoint(&db.db).await.is_empty(), "the last one is younger than an hour");
    an_hour_later(&db).await;
    let sizes = |db: &TestDb| {
        let of_a = format!("select max(size) from audit.checkpoints where shop_id = '{}'", db.crowd.a.id);
        let head = format!("select seq from audit.heads where shop_id = '{}'", db.crowd.a.id);
        (of_a, head)
    };
    let (of_a, head) = sizes(&db);
    assert_eq!(db.ask::<i64>(&of_a).await, db.ask::<i64>(&head).await);
    let paper = prepare(&db).await.unwrap();
    assert!(checkpoint(&db.db).await.is_empty(), "a document that is only prepared waits");
    sign(&db, paper.id, &paper.sha256, SignerRole::Client).await.unwrap();
    assert_eq!(checkpoint(&db.db).await.len(), 1, "a signature does not");
    assert_eq!(db.ask::<i64>(&of_a).await, db.ask::<i64>(&head).await);
    assert!(checkpoint(&db.db).await.is_empty(), "nothing is new");
}

/// Over several tiles: a proof costs few reads, and old entries keep theirs.
#[tokio::test]
async fn a_long_chain_is_proved_from_its_tiles() {
    let db = harness::fresh().await;
    let actor = db.crowd.a.actor(&db.db, Role::Owner).await;
    for _ in 0..600 {
        let tx = db.db.write(actor.allow(Permission::EditClients).unwrap()).await.unwrap();
        tx.commit(Event::ClientChanged { client: ClientId(Uuid::now_v7()) }).await.unwrap();
    }
    an_hour_later(&db).await;
    let tiles: i64 =
        db.ask(&format!("select count(*) from audit.tiles where shop_id = '{}' and n < 1000", db.crowd.a.id)).await;
    assert_eq!(tiles, 2);
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::SeeAudit).await;
    for seq in [1, 2, 255, 256, 257, 300, 512, 513, 600] {
        let text = store::proofs::of_entry(&mut tx, seq).await.unwrap();
        assert!(text.len() < 4096, "{}", text.len());
    }
}
