//! Whether the chain still holds: every byte is read again and every hash made again.

use super::walk::{Step, Walk};
use crate::Result;
use proof::{Checkpoint, Entry, sha256};
use serde::Deserialize;
use sqlx::{PgConnection, Row, postgres::PgRow};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What the verifier found on one shop's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All entries, their facts, their subjects and the head agree.
    Holds {
        /// Number of entries.
        entries: i64,
    },
    /// The first entry that does not, and what is wrong with it.
    Broken {
        /// Its position; one past the end when the head itself is wrong.
        seq: i64,
        /// In words.
        why: String,
    },
}

#[derive(Deserialize)]
struct About {
    about: BTreeSet<Uuid>,
}

/// Verifies one shop's chain on a connection that sees it whole (the owner's, or a copy's), against checkpoints of it that
/// were kept elsewhere.
///
/// # Errors
/// Only faults; a broken chain is a verdict.
pub async fn shop(conn: &mut PgConnection, shop: Uuid, checkpoints: &[Checkpoint]) -> Result<Verdict> {
    let head = sqlx::query("select created_us, seq, hash from audit.heads where shop_id = $1")
        .bind(shop)
        .fetch_one(&mut *conn)
        .await?;
    let mut subjects = subjects(conn, shop).await?;
    let rows = sqlx::query(
        "select e.seq, e.time_us, e.action, e.actor_kind, e.actor, e.entity, e.result, e.payload, e.commitment, e.hash, audit.opened(p) as personal,
           audit.facts_state(e, p) = 'erased' as erased
         from audit.entries e left join audit.personal p on p.shop_id = e.shop_id and p.seq = e.seq where e.shop_id = $1 order by e.seq",
    )
    .bind(shop)
    .fetch_all(&mut *conn)
    .await?;
    let mut walk = Walk::whole(shop, head.get("created_us"), checkpoints);
    for row in &rows {
        let seq = row.get("seq");
        if let Err(verdict) = walk.step(&step(row, shop, &subjects.remove(&seq).unwrap_or_default())) {
            return Ok(verdict);
        }
    }
    Ok(walk.end(head.get("seq"), &head.get::<Vec<u8>, _>("hash")))
}

async fn subjects(conn: &mut PgConnection, shop: Uuid) -> Result<BTreeMap<i64, BTreeSet<Uuid>>> {
    let mut subjects: BTreeMap<i64, BTreeSet<Uuid>> = BTreeMap::new();
    let rows = sqlx::query("select seq, subject from audit.subjects where shop_id = $1").bind(shop);
    for row in rows.fetch_all(conn).await? {
        subjects.entry(row.get(0)).or_default().insert(row.get(1));
    }
    Ok(subjects)
}

/// A stored entry as the walker needs it: its bytes as `audit.append_as` writes them (0002_audit.sql).
fn step(row: &PgRow, shop: Uuid, subjects: &BTreeSet<Uuid>) -> Step {
    let byte = |name| u8::try_from(row.get::<i16, _>(name)).unwrap_or(u8::MAX);
    let (payload, commitment): (Vec<u8>, Vec<u8>) = (row.get("payload"), row.get("commitment"));
    let (personal, erased): (Option<Vec<u8>>, Option<bool>) = (row.get("personal"), row.get("erased"));
    let named = serde_json::from_slice::<About>(&payload).map(|payload| payload.about).unwrap_or_default();
    let held = personal.is_some_and(|personal| sha256(&[&personal]).as_slice() == commitment);
    let seq: i64 = row.get("seq");
    let entry = Entry {
        shop,
        seq: seq.cast_unsigned(),
        time_us: row.get("time_us"),
        action: row.get("action"),
        actor_kind: byte("actor_kind"),
        actor: row.get("actor"),
        entity: row.get("entity"),
        result: byte("result"),
        payload: sha256(&[&payload]),
        commitment: commitment.as_slice().try_into().unwrap_or_default(),
    };
    Step {
        seq,
        entry: entry.to_bytes(),
        hash: row.get("hash"),
        facts_hold: held || erased == Some(true),
        subjects_hold: *subjects == named,
    }
}
