//! A superuser with every trigger asleep: inside the database nothing shows, and the archive tells.

use super::{an_hour_later, archive};
use crate::{
    clients::write,
    harness::{self, TestDb},
};
use domain::{Event, Permission, ids::ClientId};
use sqlx::Connection;
use store::audit::{
    checkpoints::Kept,
    verify::{self, Verdict},
    watch,
};
use uuid::Uuid;

/// A database with some entries, a checkpoint over them, and everything that would keep a superuser from changing them gone.
async fn laid_open() -> (TestDb, Vec<Kept>) {
    let db = harness::fresh().await;
    for _ in 0..6 {
        let tx = write(&db, &db.crowd.a, Permission::EditClients).await;
        tx.commit(Event::ClientChanged { client: ClientId(Uuid::now_v7()) }).await.unwrap();
    }
    an_hour_later(&db).await;
    let kept = archive(&db).await;
    assert!(kept.len() >= 2, "{kept:?}");
    for table in ["entries", "personal", "subjects", "heads", "checkpoints", "tiles"] {
        db.sudo(&format!("alter table audit.{table} disable trigger all")).await;
    }
    (db, kept)
}

/// Makes the hashes of shop A anew from entry `from` on, so that everything inside the database agrees again.
fn rechained(db: &TestDb, from: i64) -> String {
    format!(
        "do $$ declare e audit.entries; last bytea; begin
           select hash into last from audit.entries where shop_id = '{shop}' and seq = {from} - 1;
           for e in select * from audit.entries where shop_id = '{shop}' and seq >= {from} order by seq loop
             last := sha256('\\x02' || last || sha256(audit.entry_bytes(e)));
             update audit.entries set hash = last where shop_id = '{shop}' and seq = e.seq;
           end loop;
           update audit.heads set hash = last, seq = (select max(seq) from audit.entries where shop_id = '{shop}') where shop_id = '{shop}';
         end $$",
        shop = db.crowd.a.id
    )
}

/// What is found with and without the archive, by the operator's command and by the worker, after this.
async fn found(db: &TestDb, archived: &[Kept], changes: &[String]) -> (Verdict, Verdict) {
    let (shop, mut conn) = (db.crowd.a.id.uuid(), db.login("postgres").await);
    let mut tx = conn.begin().await.unwrap();
    for change in changes {
        sqlx::raw_sql(sqlx::AssertSqlSafe(change.clone())).execute(&mut *tx).await.unwrap();
    }
    // Whoever can do this can take the checkpoints out of the database too.
    sqlx::raw_sql("delete from audit.checkpoints").execute(&mut *tx).await.unwrap();
    let inside = verify::shop(&mut tx, shop, &[]).await.unwrap();
    let checkpoints: Vec<_> = archived.iter().filter_map(|kept| kept.checkpoint(shop)).collect();
    let outside = verify::shop(&mut tx, shop, &checkpoints).await.unwrap();
    let worker = watch::walk(&mut tx, shop, None, archived).await.unwrap().verdict;
    assert_eq!(outside, worker);
    tx.rollback().await.unwrap();
    (inside, outside)
}

fn broken(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Broken { .. })
}

#[tokio::test]
async fn row_66_a_tail_cut_off_and_a_head_rewound_are_found_by_the_archive_alone() {
    let (db, kept) = laid_open().await;
    let shop = db.crowd.a.id;
    let seq: i64 = db.ask(&format!("select seq from audit.heads where shop_id = '{shop}'")).await;
    let cut = ["subjects", "personal", "entries"]
        .map(|table| format!("delete from audit.{table} where shop_id = '{shop}' and seq > {seq} - 3"));
    let mut changes = cut.to_vec();
    changes.push(rechained(&db, seq - 4));
    let (inside, outside) = found(&db, &kept, &changes).await;
    assert_eq!(inside, Verdict::Holds { entries: seq - 3 }, "inside the database it looks whole");
    assert!(broken(&outside), "{outside:?}");
    assert_eq!(found(&db, &kept, &[]).await.1, Verdict::Holds { entries: seq }, "nothing was changed");
}

#[tokio::test]
async fn row_66_a_chain_made_anew_is_found_by_the_archive_alone() {
    let (db, kept) = laid_open().await;
    let shop = db.crowd.a.id;
    let forged =
        format!("update audit.entries set time_us = time_us - 86400000000 where shop_id = '{shop}' and seq = 4");
    let (inside, outside) = found(&db, &kept, &[forged.clone(), rechained(&db, 4)]).await;
    assert!(!broken(&inside), "inside the database it looks whole: {inside:?}");
    assert!(matches!(&outside, Verdict::Broken { why, .. } if why.contains("checkpoint")), "{outside:?}");
    assert!(broken(&found(&db, &[], &[forged]).await.0), "without the new hashes it shows at once");
}

#[tokio::test]
async fn row_66_a_checkpoint_of_another_key_is_not_believed() {
    let (db, kept) = laid_open().await;
    let shop = db.crowd.a.id.uuid();
    let signer = proof::Signer::new(proof::Origin(shop), &[1; 32]);
    let forged = proof::Checkpoint::sign(3, [7; 32], &signer);
    db.sudo(&format!(
        "insert into audit.checkpoints (shop_id, size, root, peaks, key, note) values ('{shop}', 3, sha256('x'), '', '{}', '{}')",
        signer.key(),
        forged.note()
    ))
    .await;
    let mut conn = db.login("postgres").await;
    let verdict = watch::walk(&mut conn, shop, None, &kept).await.unwrap().verdict;
    assert!(matches!(&verdict, Verdict::Broken { why, .. } if why.contains("key")), "{verdict:?}");
    let damaged = [Kept { key: kept[0].key.clone(), note: kept[0].note.replace('a', "b") }];
    db.sudo("delete from audit.checkpoints where size = 3").await;
    assert!(broken(&watch::walk(&mut conn, shop, None, &damaged).await.unwrap().verdict));
    assert!(!broken(&watch::walk(&mut conn, shop, None, &kept).await.unwrap().verdict));
}

#[tokio::test]
async fn nothing_is_signed_on_top_of_a_chain_that_does_not_hold() {
    let (db, _) = laid_open().await;
    let shop = db.crowd.a.id;
    let tx = write(&db, &db.crowd.a, Permission::EditClients).await;
    tx.commit(Event::ClientChanged { client: ClientId(Uuid::now_v7()) }).await.unwrap();
    db.later("61 minutes").await;
    db.sudo(&format!("update audit.entries set time_us = 1 where shop_id = '{shop}' and seq = (select seq from audit.heads where shop_id = '{shop}')")).await;
    let due = db.db.checkpoints_due().await.unwrap().into_iter().find(|due| due.shop() == shop.uuid()).expect("due");
    assert!(db.db.draft_checkpoint(due).await.is_err());
    db.sudo(&format!(
        "update audit.checkpoints set peaks = set_byte(peaks, 0, 255 - get_byte(peaks, 0)) where shop_id = '{shop}'"
    ))
    .await;
    assert!(db.db.checkpoints_due().await.unwrap().iter().all(|due| due.shop() != shop.uuid()));
}
