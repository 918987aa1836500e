//! The worker's side: a delivery is claimed, its entries read, and what came of it written down.

use super::place_of;
use crate::{
    Db, Origin, Result, audit,
    machines::{TrailEntry, chained},
    mail::{self, Mail},
    seal::Keys,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Event,
    ids::{MailId, ReceiverId},
    webhooks::{Group, range_words, wanted},
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Map;
use sha2::Sha256;
use sqlx::query;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A delivery that a worker has taken, and a minute to carry it out.
pub struct Delivery {
    shop: Uuid,
    shop_name: String,
    id: Uuid,
    claim: Uuid,
    receiver: Uuid,
    name: String,
    /// Where to.
    pub url: String,
    /// First and last entry; both 0 for a test.
    pub range: (i64, i64),
    /// Seconds since 1970.
    pub at: i64,
    /// The entries its receiver wants, in order. A delivery without any is accepted as it stands.
    pub entries: Vec<TrailEntry>,
    is_final: bool,
    bosses: Vec<String>,
    secrets: Vec<Zeroizing<Vec<u8>>>,
}

/// What came of an attempt.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// HTTP status; `None` when nothing was answered.
    pub status: Option<u16>,
    /// Why, in words, when nothing was answered.
    pub problem: String,
    /// How long it took.
    pub millis: i32,
}

impl Outcome {
    fn accepted(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    fn gone(&self) -> bool {
        self.status == Some(410)
    }
}

impl Delivery {
    /// The value of `webhook-id`: the same whenever this delivery is tried.
    #[must_use]
    pub fn message(&self) -> String {
        format!("msg_{}", self.id.simple())
    }

    /// Which receiver.
    #[must_use]
    pub const fn receiver(&self) -> Uuid {
        self.receiver
    }

    /// Whether it only tries the receiver out.
    #[must_use]
    pub const fn is_test(&self) -> bool {
        self.range.1 == 0
    }

    /// The value of `webhook-signature`: one for the secret, and for a day one for the secret before it.
    #[must_use]
    pub fn signature(&self, body: &[u8]) -> String {
        let signed = self.secrets.iter().map(|secret| {
            let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret)
                .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
            mac.update(format!("{}.{}.", self.message(), self.at).as_bytes());
            mac.update(body);
            format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
        });
        signed.collect::<Vec<_>>().join(" ")
    }

    fn letters(&self, db: &Db, gone: bool) -> Result<(Vec<Uuid>, Vec<Vec<u8>>)> {
        let mut letters = (Vec::new(), Vec::new());
        for boss in &self.bosses {
            let id = MailId(Uuid::now_v7());
            letters.1.push(mail::sealed(db, id, &self.letter(boss, gone))?);
            letters.0.push(id.uuid());
        }
        Ok(letters)
    }

    fn letter(&self, to: &str, gone: bool) -> Mail {
        let (name, shop) = (&self.name, &self.shop_name);
        let (subject, text) = if gone {
            (
                format!("The webhook “{name}” of {shop} was paused"),
                "Its receiver answered that it is gone (410), so nothing is sent to it any more. Nothing is lost: entries wait.\n\nUnder Shop, Webhooks, you can resume it once the receiver is back, or remove it.\n"
                    .to_owned(),
            )
        } else {
            let what = range_words(self.range.0, self.range.1).to_lowercase();
            (
                format!("The webhook “{name}” of {shop} missed a delivery"),
                format!(
                    "Its receiver did not accept {what} of the audit trail within a day, so they were laid aside, and what follows is sent.\n\nUnder Shop, Webhooks, you can see why, and send them again.\n"
                ),
            )
        };
        Mail { to: to.to_owned(), subject, text }
    }
}

impl Db {
    /// Takes one delivery that is due.
    ///
    /// # Errors
    /// Only faults.
    pub async fn claim_delivery(&self) -> Result<Option<Delivery>> {
        let Some(row) = query!(
            r#"select shop_id as "shop!", id as "id!", claim as "claim!", receiver_id as "receiver!", name as "name!", shop_name as "shop_name!", url as "url!",
               groups as "groups!", sealed as "sealed!", sealed_before, first as "first!", last as "last!", final as "is_final!", at as "at!", bosses as "bosses!"
               from worker.claim_delivery($1)"#,
            Uuid::now_v7()
        )
        .fetch_optional(&self.worker)
        .await?
        else {
            return Ok(None);
        };
        let (keys, mut secrets) = (Keys::claimed(self, row.claim, row.shop)?, Vec::new());
        for sealed in [Some(row.sealed), row.sealed_before].into_iter().flatten() {
            match keys.open_if_let(&place_of(row.receiver), &sealed).await? {
                Some(secret) => secrets.push(secret),
                // Tried again later, like a receiver that is down: the other shops' deliveries go on.
                None => {
                    let words =
                        "Not sent: the shop's own key is closed, and with it the secret deliveries are signed with";
                    query!(
                        "select worker.delivery_failed($1, $2, $3, null, $4, 0)",
                        row.shop,
                        row.id,
                        row.claim,
                        words
                    )
                    .execute(&self.worker)
                    .await?;
                    return Ok(None);
                }
            }
        }
        let groups: Vec<_> = row.groups.iter().filter_map(|group| Group::parse(group)).collect();
        let mut entries = self.entries(row.shop, row.id, row.claim).await?;
        entries.retain(|entry| wanted(&groups, entry.action));
        Ok(Some(Delivery {
            shop: row.shop,
            shop_name: row.shop_name,
            id: row.id,
            claim: row.claim,
            receiver: row.receiver,
            name: row.name,
            url: row.url,
            range: (row.first, row.last),
            at: row.at,
            entries,
            is_final: row.is_final,
            bosses: row.bosses,
            secrets,
        }))
    }

    async fn entries(&self, shop: Uuid, delivery: Uuid, claim: Uuid) -> Result<Vec<TrailEntry>> {
        let rows = query!(
            r#"select seq as "seq!", at as "at!", action as "action!", actor_kind as "actor_kind!", actor as "actor!", entity as "entity!", result as "result!",
               payload as "payload!", hash as "hash!" from worker.delivery_entries($1, $2, $3)"#,
            shop,
            delivery,
            claim
        )
        .fetch_all(&self.worker)
        .await?;
        Ok(rows.into_iter().map(|row| chained!(row, serde_json::Value::Null)).collect())
    }

    /// A delivery that holds nothing its receiver wants: its place is behind it.
    ///
    /// # Errors
    /// Only faults.
    pub async fn nothing_to_deliver(&self, of: &Delivery) -> Result<()> {
        query!("select worker.delivery_accepted($1, $2, $3, null, null)", of.shop, of.id, of.claim)
            .execute(&self.worker)
            .await?;
        Ok(())
    }

    /// Writes down what came of an attempt, and with it what becomes of the delivery.
    ///
    /// # Errors
    /// Only faults; the delivery is tried again a minute after it was claimed.
    pub async fn delivery_tried(&self, of: &Delivery, outcome: &Outcome) -> Result<()> {
        let (status, problem) = (outcome.status.map(i32::from), outcome.problem.chars().take(300).collect::<String>());
        if outcome.accepted() {
            query!(
                "select worker.delivery_accepted($1, $2, $3, $4, $5)",
                of.shop,
                of.id,
                of.claim,
                status,
                outcome.millis
            )
            .execute(&self.worker)
            .await?;
            return Ok(());
        }
        if !outcome.gone() && !of.is_final {
            query!(
                "select worker.delivery_failed($1, $2, $3, $4, $5, $6)",
                of.shop,
                of.id,
                of.claim,
                status,
                problem,
                outcome.millis
            )
            .execute(&self.worker)
            .await?;
            return Ok(());
        }
        let (mails, sealed) = of.letters(self, outcome.gone())?;
        let event = Event::ReceiverFailed {
            receiver: ReceiverId(of.receiver),
            gone: outcome.gone(),
            first: of.range.0,
            last: of.range.1,
        };
        let mut values = Map::new();
        values.insert("name".into(), of.name.clone().into());
        values.insert("answer".into(), status.into());
        let (payload, facts) = audit::written(&event, &Origin::default(), values)?;
        query!(
            "select worker.delivery_given_up($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            of.shop,
            of.id,
            of.claim,
            status,
            problem,
            outcome.millis,
            outcome.gone(),
            &mails,
            &sealed,
            payload,
            facts
        )
        .execute(&self.worker)
        .await?;
        Ok(())
    }
}

impl std::fmt::Debug for Delivery {
    /// Without the secrets and the address, whose path may be one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery").field("id", &self.id).field("range", &self.range).finish_non_exhaustive()
    }
}
