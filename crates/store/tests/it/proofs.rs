//! Proof beyond the database: what a superuser does to the chain shows, and what was handed out holds.

mod papers;
mod tampering;
mod telling;

use crate::harness::{TestDb, crowd::checkpoint};
use proof::{Key, Trusted};
use store::audit::checkpoints::Kept;

/// What an archive would hold of shop A by now.
async fn archive(db: &TestDb) -> Vec<Kept> {
    db.db.checkpoints(db.crowd.a.id.uuid()).await.unwrap()
}

/// The key a client had from an earlier paper.
async fn trusted(db: &TestDb) -> Trusted {
    let key: String =
        db.ask(&format!("select key from audit.checkpoints where shop_id = '{}' limit 1", db.crowd.a.id)).await;
    Trusted::Key(key.parse::<Key>().unwrap())
}

/// Moves an hour on and makes the checkpoint that is due then.
async fn an_hour_later(db: &TestDb) {
    db.later("61 minutes").await;
    assert!(!checkpoint(&db.db).await.is_empty(), "nothing was due");
}
