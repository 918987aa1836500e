//! Checkpoints: made of what is new since the last, signed, handed to the archive, and then kept here.

use super::{
    sign::{Purpose, sign},
    walk::Step,
};
use crate::{Db, Error, Result};
use proof::{Checkpoint, Frontier, Hash, Key, Origin, TILE, chain, hex, leaf, root};
use sqlx::{PgConnection, Row, query};
use uuid::Uuid;

/// Entries read at once.
pub(crate) const STRETCH: i32 = 2000;

/// A checkpoint with the key that signed it, as it is kept here and in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The key as text.
    pub key: String,
    /// The signed note.
    pub note: String,
}

/// An entry as it goes into the archive.
pub struct Line {
    /// Its position.
    pub seq: i64,
    /// Its bytes.
    pub entry: Vec<u8>,
    /// What it says, without anything personal.
    pub payload: Vec<u8>,
}

/// The shop's record as the last checkpoint left it.
pub struct Due {
    shop: Uuid,
    head: i64,
    size: i64,
    peaks: Frontier,
    last: Option<(Hash, Kept)>,
}

/// A checkpoint that is signed and not kept yet.
pub struct Draft {
    /// Whose.
    pub shop: Uuid,
    /// Over how many entries.
    pub size: i64,
    /// What is kept.
    pub kept: Kept,
    root: Hash,
    peaks: Vec<u8>,
    tiles: (Vec<i64>, Vec<Vec<u8>>, Vec<Vec<u8>>),
}

impl Due {
    /// Whose.
    #[must_use]
    pub const fn shop(&self) -> Uuid {
        self.shop
    }

    /// Over how many entries the last one was made; 0 when there is none.
    #[must_use]
    pub const fn size(&self) -> i64 {
        self.size
    }
}

impl Kept {
    /// The checkpoint, if it can be read and this key of the shop's signed it.
    #[must_use]
    pub fn checkpoint(&self, shop: Uuid) -> Option<Checkpoint> {
        let key: Key = self.key.parse().ok().filter(|key: &Key| key.origin() == Origin(shop))?;
        Checkpoint::read(&self.note).ok().filter(|checkpoint| checkpoint.signed_by(&key))
    }
}

/// A stretch of a chain, from the entry behind `after`.
pub(crate) async fn stretch(conn: &mut PgConnection, shop: Uuid, after: i64, most: i32) -> Result<Vec<Step>> {
    let rows = sqlx::query("select seq, entry, hash, facts_hold, subjects_hold from worker.chain($1, $2, $3)");
    let rows = rows.bind(shop).bind(after).bind(most).fetch_all(conn).await?;
    let step = |row: &sqlx::postgres::PgRow| Step {
        seq: row.get("seq"),
        entry: row.get("entry"),
        hash: row.get("hash"),
        facts_hold: row.get("facts_hold"),
        subjects_hold: row.get("subjects_hold"),
    };
    Ok(rows.iter().map(step).collect())
}

impl Db {
    /// Shops whose next checkpoint is due. A last one that does not hold is left out and logged: nothing is signed on top
    /// of it, and the verifier tells.
    ///
    /// # Errors
    /// Only faults.
    pub async fn checkpoints_due(&self) -> Result<Vec<Due>> {
        let rows = query!(
            r#"select shop_id as "shop!", head as "head!", size as "size!", root, peaks, key, note from worker.checkpoint_due()"#
        )
        .fetch_all(&self.worker)
        .await?;
        let mut due = Vec::with_capacity(rows.len());
        for row in rows {
            let peaks = Frontier::from_bytes(row.size.cast_unsigned(), row.peaks.as_deref().unwrap_or_default());
            let root = row.root.and_then(|root| Hash::try_from(root.as_slice()).ok());
            let kept = row.key.zip(row.note).map(|(key, note)| Kept { key, note });
            match (peaks, root.zip(kept)) {
                (Some(peaks), last) if holds(row.shop, &peaks, last.as_ref()) => {
                    due.push(Due { shop: row.shop, head: row.head, size: row.size, peaks, last });
                }
                _ => tracing::error!(shop = %row.shop, size = row.size, "the last checkpoint does not hold"),
            }
        }
        Ok(due)
    }

    /// Makes the checkpoint that is due: reads what is new, sees that it continues the chain, and has it signed.
    ///
    /// # Errors
    /// A stretch that does not hold; keyd away; faults.
    pub async fn draft_checkpoint(&self, due: Due) -> Result<Draft> {
        let tile = i64::try_from(TILE).unwrap_or(i64::MAX);
        let mut at = due.size / tile * tile;
        let (mut frontier, mut leaves, mut tiles) = (due.peaks, Vec::new(), (Vec::new(), Vec::new(), Vec::new()));
        let mut before: Option<Hash> = None;
        let mut conn = self.worker_conn().await?;
        while at < due.head {
            let most = i32::try_from(due.head - at).unwrap_or(STRETCH).min(STRETCH);
            let steps = stretch(&mut conn, due.shop, at, most).await?;
            for step in &steps {
                let linked = before.is_none_or(|before| chain(&before, &step.entry).as_slice() == step.hash);
                if step.seq != at + 1 || !linked {
                    return Err(broken(due.shop, step.seq));
                }
                before = step.hash.as_slice().try_into().ok();
                at = step.seq;
                leaves.push(leaf(&step.entry));
                if at > due.size {
                    frontier.push(leaf(&step.entry));
                }
                if leaves.len() == TILE {
                    tiles.0.push(at / tile - 1);
                    tiles.1.push(root(&leaves).to_vec());
                    tiles.2.push(leaves.concat());
                    leaves.clear();
                }
            }
            if steps.is_empty() {
                return Err(broken(due.shop, at + 1));
            }
        }
        drop(conn);
        let (size, root) = (frontier.size(), frontier.root());
        let text = Checkpoint::text(Origin(due.shop), size, &root);
        let (key, signature) = sign(self, due.shop, Purpose::Checkpoint, text.as_bytes()).await?;
        if let Some((_, last)) = due.last.as_ref().filter(|(_, last)| last.key != key.to_string()) {
            tracing::warn!(shop = %due.shop, before = last.key, now = %key, "checkpoints are signed with a new key");
        }
        let note = Checkpoint::signed(size, root, &key, &signature).note().to_owned();
        let kept = Kept { key: key.to_string(), note };
        Ok(Draft { shop: due.shop, size: size.cast_signed(), kept, root, peaks: frontier.to_bytes(), tiles })
    }

    /// Keeps a checkpoint in the database.
    ///
    /// # Errors
    /// Only faults.
    pub async fn keep_checkpoint(&self, draft: &Draft) -> Result<()> {
        query!(
            "select worker.keep_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            draft.shop,
            draft.size,
            draft.root.as_slice(),
            draft.peaks,
            draft.kept.key,
            draft.kept.note,
            &draft.tiles.0,
            &draft.tiles.1,
            &draft.tiles.2
        )
        .execute(&self.worker)
        .await?;
        Ok(())
    }

    /// The next stretch of a shop's log behind that entry, no further than the newest checkpoint.
    ///
    /// # Errors
    /// Only faults.
    pub async fn log_after(&self, shop: Uuid, after: i64) -> Result<Vec<Line>> {
        let rows = query!(
            r#"select seq as "seq!", entry as "entry!", payload as "payload!" from worker.log_after($1, $2, $3)"#,
            shop,
            after,
            STRETCH
        );
        let rows = rows.fetch_all(&self.worker).await?;
        Ok(rows.into_iter().map(|row| Line { seq: row.seq, entry: row.entry, payload: row.payload }).collect())
    }

    /// Every checkpoint of a shop that is kept here.
    ///
    /// # Errors
    /// Only faults.
    pub async fn checkpoints(&self, shop: Uuid) -> Result<Vec<Kept>> {
        let rows = query!(r#"select key as "key!", note as "note!" from worker.checkpoints($1)"#, shop);
        Ok(rows.fetch_all(&self.worker).await?.into_iter().map(|row| Kept { key: row.key, note: row.note }).collect())
    }
}

/// Whether the right edge that is stored is the one that was signed.
fn holds(shop: Uuid, peaks: &Frontier, last: Option<&(Hash, Kept)>) -> bool {
    match last {
        None => peaks.size() == 0,
        Some((root, kept)) => kept
            .checkpoint(shop)
            .is_some_and(|it| it.size == peaks.size() && it.root == peaks.root() && it.root == *root),
    }
}

fn broken(shop: Uuid, seq: i64) -> Error {
    Error::Vault(format!(
        "the chain of shop {} does not hold at entry {seq}: no checkpoint is made",
        hex(shop.as_bytes())
    ))
}
