//! Whether the chain still holds: every byte is read again and every hash made again.
//!
//! Deliberately in Rust, from the format's description, and not by the SQL that wrote it: the same mistake twice would prove nothing.

use crate::Result;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, Row};
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

/// Verifies one shop's chain on a connection that sees it whole (the owner's, or a copy's).
///
/// # Errors
/// Only faults; a broken chain is a verdict.
pub async fn shop(conn: &mut PgConnection, shop: Uuid) -> Result<Verdict> {
    let head = sqlx::query("select created_us, seq, hash from audit.heads where shop_id = $1")
        .bind(shop)
        .fetch_one(&mut *conn)
        .await?;
    let mut subjects: BTreeMap<i64, BTreeSet<Uuid>> = BTreeMap::new();
    for row in sqlx::query("select seq, subject from audit.subjects where shop_id = $1")
        .bind(shop)
        .fetch_all(&mut *conn)
        .await?
    {
        subjects.entry(row.get(0)).or_default().insert(row.get(1));
    }
    let rows = sqlx::query(
        "select e.seq, e.time_us, e.action, e.actor_kind, e.actor, e.entity, e.result, e.payload, e.commitment, e.hash, p.salt, p.facts
         from audit.entries e left join audit.personal p on p.shop_id = e.shop_id and p.seq = e.seq where e.shop_id = $1 order by e.seq",
    )
    .bind(shop)
    .fetch_all(&mut *conn)
    .await?;
    let created: i64 = head.get("created_us");
    let mut last = sha(&[b"shearline-audit-v1", shop.as_bytes(), &created.to_be_bytes()]);
    let mut expected = 1_i64;
    for row in &rows {
        let seq: i64 = row.get("seq");
        let broken = |why: &str| Ok(Verdict::Broken { seq: expected, why: why.into() });
        if seq != expected {
            return broken("the entry is missing");
        }
        let payload: Vec<u8> = row.get("payload");
        let commitment: Vec<u8> = row.get("commitment");
        if let (Some(salt), Some(facts)) =
            (row.get::<Option<Vec<u8>>, _>("salt"), row.get::<Option<Vec<u8>>, _>("facts"))
            && sha(&[&salt, &facts]).as_slice() != commitment
        {
            return broken("its facts are not those it was written with");
        }
        let named = serde_json::from_slice::<About>(&payload).map(|p| p.about).unwrap_or_default();
        if subjects.remove(&seq).unwrap_or_default() != named {
            return broken("its subjects are not those it was written with");
        }
        last = sha(&[&[2], &last, &sha(&[&entry(row, shop, seq, &payload, &commitment)])]);
        if row.get::<Vec<u8>, _>("hash") != last {
            return broken("its hash does not follow from its content and the entry before it");
        }
        expected += 1;
    }
    if head.get::<i64, _>("seq") != expected - 1 || head.get::<Vec<u8>, _>("hash") != last {
        return Ok(Verdict::Broken { seq: expected, why: "the head does not match the last entry".into() });
    }
    Ok(Verdict::Holds { entries: expected - 1 })
}

/// The bytes of an entry, as `audit.append_as` writes them (0002_audit.sql).
fn entry(row: &sqlx::postgres::PgRow, shop: Uuid, seq: i64, payload: &[u8], commitment: &[u8]) -> Vec<u8> {
    let byte = |name| u8::try_from(row.get::<i16, _>(name)).unwrap_or(u8::MAX);
    let mut bytes = vec![1];
    bytes.extend(shop.as_bytes());
    bytes.extend(seq.to_be_bytes());
    bytes.extend(row.get::<i64, _>("time_us").to_be_bytes());
    bytes.extend(row.get::<i16, _>("action").to_be_bytes());
    bytes.push(byte("actor_kind"));
    bytes.extend(row.get::<Uuid, _>("actor").as_bytes());
    bytes.extend(row.get::<Uuid, _>("entity").as_bytes());
    bytes.push(byte("result"));
    bytes.extend(sha(&[payload]));
    bytes.extend(commitment);
    bytes
}

fn sha(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}
