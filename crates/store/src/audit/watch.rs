//! The verifier's rounds: what is new every quarter of an hour, everything once a day, against every checkpoint there is.

use super::{
    checkpoints::{Kept, STRETCH, stretch},
    verify::Verdict,
    walk::Walk,
};
use crate::{
    Db, Origin, Result, audit,
    mail::{self, Mail},
};
use domain::{
    Event,
    ids::{MailId, ShopId},
};
use proof::Hash;
use serde_json::Map;
use sqlx::{PgConnection, Row, query};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A round that is due.
pub struct Round {
    /// Whose chain.
    pub shop: Uuid,
    /// All of it, or what is new.
    pub whole: bool,
    /// How many hours ago the last full round ended, when that is too long.
    pub missed: Option<i32>,
    from: (i64, Option<Hash>),
    known_broken: Option<i64>,
    pub(super) name: String,
    pub(super) bosses: Vec<String>,
}

/// What a round found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    upto: (i64, Hash),
}

/// Walks a chain on a connection that may call the worker's functions: from the beginning, or behind the entry `from`.
/// `archived` is what the archive holds of the shop, whose keys are believed; behind an entry its newest checkpoint will do.
///
/// # Errors
/// Only faults; a broken chain is a verdict.
pub async fn walk(
    conn: &mut PgConnection,
    shop: Uuid,
    from: Option<(i64, Hash)>,
    archived: &[Kept],
) -> Result<Finding> {
    let ends = sqlx::query("select created_us, seq, hash from worker.chain_ends($1)").bind(shop);
    let Some(ends) = ends.fetch_optional(&mut *conn).await? else {
        let verdict = Verdict::Broken { seq: 0, why: "the head is missing".into() };
        return Ok(Finding { verdict, upto: (0, [0; 32]) });
    };
    let (head, hash): (i64, Vec<u8>) = (ends.get("seq"), ends.get("hash"));
    let stored = sqlx::query("select key, note from worker.checkpoints($1)").bind(shop).fetch_all(&mut *conn).await?;
    let stored: Vec<Kept> = stored.iter().map(|row| Kept { key: row.get("key"), note: row.get("note") }).collect();
    // Behind an entry only the newest ones say anything: whether there were more entries than there are.
    let stored = if from.is_some() { &stored[stored.len().saturating_sub(1)..] } else { &stored };
    let known = if from.is_some() { [stored, archived].concat() } else { archived.to_vec() };
    let checkpoints = match believed(shop, stored, &known) {
        Ok(checkpoints) => checkpoints,
        Err(why) => {
            return Ok(Finding { verdict: Verdict::Broken { seq: head, why: why.into() }, upto: (0, [0; 32]) });
        }
    };
    let newest = checkpoints.iter().map(|it| i64::try_from(it.size).unwrap_or(i64::MAX)).max().unwrap_or(0);
    let mut walk = match from {
        Some((seq, hash)) => Walk::after(seq, hash),
        None => Walk::whole(shop, ends.get("created_us"), &checkpoints),
    };
    let verdict = match steps(conn, shop, &mut walk, head, from).await? {
        Some(broken) => broken,
        None if newest > head => walk.cut(newest),
        None if behind(conn, shop, head).await? => walk.broken("there is an entry behind the head"),
        None => walk.end(head, &hash),
    };
    Ok(Finding { verdict, upto: walk.stand() })
}

/// Whether there are entries behind a head that did not move meanwhile: each append moves it in the same transaction.
async fn behind(conn: &mut PgConnection, shop: Uuid, head: i64) -> Result<bool> {
    if stretch(conn, shop, head, 1).await?.is_empty() {
        return Ok(false);
    }
    let now: i64 = sqlx::query_scalar("select seq from worker.chain_ends($1)").bind(shop).fetch_one(&mut *conn).await?;
    Ok(now == head)
}

/// Walks up to the head as it was when the round began; the first thing that is broken.
async fn steps(
    conn: &mut PgConnection,
    shop: Uuid,
    walk: &mut Walk,
    head: i64,
    from: Option<(i64, Hash)>,
) -> Result<Option<Verdict>> {
    if let Some((seq, hash)) = from.filter(|(seq, _)| *seq > 0) {
        let there = stretch(conn, shop, seq - 1, 1).await?;
        if there.first().is_none_or(|step| step.seq != seq || step.hash != hash) {
            let why = "it is not the entry that was verified before".into();
            return Ok(Some(Verdict::Broken { seq, why }));
        }
    }
    loop {
        let (at, _) = walk.stand();
        let most = i32::try_from(head - at).unwrap_or(STRETCH).min(STRETCH);
        let steps = if most > 0 { stretch(conn, shop, at, most).await? } else { Vec::new() };
        if steps.is_empty() {
            return Ok(None);
        }
        for step in steps.iter().take_while(|step| step.seq <= head) {
            if let Err(broken) = walk.step(step) {
                return Ok(Some(broken));
            }
        }
        if steps.last().is_some_and(|step| step.seq >= head) {
            return Ok(None);
        }
    }
}

/// The checkpoints that bind a chain: those here and those in the archive, each signed by a key the archive knows. Where the
/// archive has none yet, by the key that stands beside it.
pub(crate) fn believed(shop: Uuid, stored: &[Kept], archived: &[Kept]) -> Result<Vec<proof::Checkpoint>, &'static str> {
    let keys: BTreeSet<&str> = archived.iter().map(|kept| kept.key.as_str()).collect();
    let mut checkpoints = Vec::with_capacity(stored.len() + archived.len());
    for kept in archived {
        checkpoints.push(kept.checkpoint(shop).ok_or("a checkpoint in the archive does not hold")?);
    }
    for kept in stored {
        if !keys.is_empty() && !keys.contains(kept.key.as_str()) {
            return Err("a checkpoint is signed by a key that is not the shop's");
        }
        checkpoints.push(kept.checkpoint(shop).ok_or("a checkpoint does not hold")?);
    }
    Ok(checkpoints)
}

impl Db {
    /// The rounds that are due.
    ///
    /// # Errors
    /// Only faults.
    pub async fn rounds_due(&self) -> Result<Vec<Round>> {
        let rows = query!(
            r#"select shop_id as "shop!", whole as "whole!", seq as "seq!", hash, missed, broken_seq, name as "name!", bosses as "bosses!" from worker.verification_due()"#
        )
        .fetch_all(&self.worker)
        .await?;
        let round = |hash: Option<Vec<u8>>| hash.and_then(|hash| Hash::try_from(hash.as_slice()).ok());
        Ok(rows
            .into_iter()
            .map(|row| Round {
                shop: row.shop,
                whole: row.whole,
                missed: row.missed,
                from: (row.seq, round(row.hash)),
                known_broken: row.broken_seq,
                name: row.name,
                bosses: row.bosses,
            })
            .collect())
    }

    /// Makes a round and writes down what it found; tells the shop of what is new in it.
    ///
    /// # Errors
    /// Only faults.
    pub async fn make_round(&self, round: &Round, archived: &[Kept]) -> Result<Finding> {
        if let Some(hours) = round.missed {
            let event = Event::VerificationMissed { shop: ShopId(round.shop), hours };
            self.tell(round.shop, &round.bosses, event, &missed(&round.name, hours)).await?;
        }
        let (seq, hash) = round.from;
        let from = hash.filter(|_| !round.whole && round.known_broken.is_none()).map(|hash| (seq, hash));
        let mut conn = self.worker_conn().await?;
        let finding = walk(&mut conn, round.shop, from, archived).await?;
        drop(conn);
        let (broken, why) = match &finding.verdict {
            Verdict::Holds { .. } => (None, ""),
            Verdict::Broken { seq, why } => (Some(*seq), why.as_str()),
        };
        query!(
            "select worker.verified($1, $2, $3, $4, $5, $6)",
            round.shop,
            from.is_none(),
            finding.upto.0,
            finding.upto.1.as_slice(),
            broken,
            why
        )
        .execute(&self.worker)
        .await?;
        if let Some(seq) = broken.filter(|_| round.known_broken.is_none()) {
            tracing::error!(shop = %round.shop, seq, why, "an audit chain is broken");
            let event = Event::ChainBroken { shop: ShopId(round.shop), at: seq, why: why.to_owned() };
            self.tell(round.shop, &round.bosses, event, &alarm(&round.name, seq, why)).await?;
        }
        Ok(finding)
    }

    /// Walks a whole chain against the archive, and writes nothing down.
    ///
    /// # Errors
    /// Only faults.
    pub async fn walk_whole(&self, shop: Uuid, archived: &[Kept]) -> Result<Finding> {
        walk(&mut *self.worker_conn().await?, shop, None, archived).await
    }

    /// An entry on the chain of a shop, and a letter to each of its bosses.
    pub(super) async fn tell(
        &self,
        shop: Uuid,
        bosses: &[String],
        event: Event,
        (subject, text): &(String, String),
    ) -> Result<()> {
        let (mut ids, mut letters) = (Vec::new(), Vec::new());
        for boss in bosses {
            let id = MailId(Uuid::now_v7());
            let letter = Mail { to: boss.clone(), subject: subject.clone(), text: text.clone() };
            letters.push(mail::sealed(self, id, &letter)?);
            ids.push(id.uuid());
        }
        let (payload, facts) = audit::written(&event, &Origin::default(), Map::new())?;
        query!(
            "select worker.tell_of_chain($1, $2, $3, $4, $5, $6)",
            shop,
            i32::from(event.code()),
            &ids,
            &letters,
            payload,
            facts
        )
        .execute(&self.worker)
        .await?;
        Ok(())
    }
}

fn alarm(name: &str, seq: i64, why: &str) -> (String, String) {
    (
        format!("The audit trail of {name} was changed"),
        format!(
            "The verifier read every entry again and found that the audit trail does not hold at entry {seq}: {why}.\n\nSomebody has changed the database itself, or it was restored from a copy that is older. Nothing in Shearline can do that. Tell whoever runs the installation; `shearline audit verify` shows the same. What stands in the archive of checkpoints, and in the proofs your clients hold, is what was written first.\n"
        ),
    )
}

pub(super) fn missed(name: &str, hours: i32) -> (String, String) {
    (
        format!("The audit trail of {name} was not verified for {hours} hours"),
        format!(
            "It is read again in full each day, and the last time was {hours} hours ago: the server did not run, or cannot do its work. It is read again as soon as that can be done, and you hear of it if anything was changed meanwhile.\n"
        ),
    )
}
