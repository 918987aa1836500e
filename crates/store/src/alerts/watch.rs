//! The watch over the chains: follows each by position, lets the rules see what is new, and raises what they find. All it
//! knows stands in the database, so it may end anywhere and go on elsewhere.

use crate::{
    Db, Error, Result,
    mail::{self, Mail},
};
use domain::{
    alerts::{Act, Found, OpeningHours, Watch, look_back},
    ids::MailId,
};
use serde_json::{Value, json};
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// A stretch of one shop's chain that nobody has looked at.
struct Stretch {
    shop: Uuid,
    stood: (i64, Vec<u8>),
    after: i64,
    upto: i64,
    hours: OpeningHours,
    name: String,
    bosses: Vec<String>,
}

/// An alert about to be raised, and its letters.
#[derive(Default)]
struct Raising {
    alerts: Vec<Value>,
    mails: Vec<Uuid>,
    of: Vec<Uuid>,
    sealed: Vec<Vec<u8>>,
}

impl Db {
    /// Looks at what is new on every chain; how many alerts that raised.
    ///
    /// # Errors
    /// Only faults. What cannot be done for one shop keeps no other waiting.
    pub async fn watch(&self) -> Result<i64> {
        let due = query!(
            r#"select shop_id as "shop!", stood as "stood!", stood_hash as "stood_hash!", after as "after!", upto as "upto!", hours as "hours!", name as "name!",
               bosses as "bosses!" from worker.watch_due()"#
        )
        .fetch_all(&self.worker)
        .await?;
        self.note_looks().await?;
        let mut raised = self.tell_of_touches().await?;
        for row in due {
            let stretch = Stretch {
                shop: row.shop,
                stood: (row.stood, row.stood_hash),
                after: row.after,
                upto: row.upto,
                hours: OpeningHours::parse(&row.hours),
                name: row.name,
                bosses: row.bosses,
            };
            match self.look_at(&stretch).await {
                Ok(more) => raised += i64::from(more),
                Err(Error::Unavailable) => return Err(Error::Unavailable),
                Err(error) => tracing::error!(shop = %stretch.shop, %error, "a chain could not be watched"),
            }
        }
        Ok(raised)
    }

    async fn look_at(&self, stretch: &Stretch) -> Result<i32> {
        let acts = self.acts(stretch, (stretch.after, stretch.upto), None, Watch::CODES).await?;
        let mut watch = Watch::of(stretch.hours.clone());
        let mut before = Vec::new();
        for (codes, days) in look_back(&acts) {
            before.extend(self.acts(stretch, (0, stretch.after), Some(days), codes).await?);
        }
        before.sort_by_key(|act| act.seq);
        before.iter().for_each(|act| drop(watch.see(act)));
        let mut raising = Raising::default();
        for found in acts.iter().flat_map(|act| watch.see(act)) {
            self.prepare(stretch, &found, &mut raising)?;
        }
        let raised = query_scalar!(
            r#"select worker.watch_done($1, $2, $3, $4, $5, $6, $7, $8) as "raised!""#,
            stretch.shop,
            stretch.stood.0,
            stretch.stood.1,
            stretch.upto,
            Value::Array(raising.alerts),
            &raising.mails,
            &raising.of,
            &raising.sealed
        )
        .fetch_one(&self.worker)
        .await?;
        Ok(raised)
    }

    /// An alert as the database takes it, and a letter to each of those who are told.
    fn prepare(&self, stretch: &Stretch, found: &Found, to: &mut Raising) -> Result<()> {
        let id = Uuid::now_v7();
        let Found { rule, cause, at, actor, subject, first, last, times, usual, place } = found;
        to.alerts.push(json!({
            "id": id, "rule": rule.as_str(), "cause": cause, "at": at, "actor": actor.0, "actor_kind": actor.1, "subject": subject,
            "first": first, "last": last, "times": times, "usual": usual, "place": place,
        }));
        if rule.was_mailed() {
            return Ok(());
        }
        for boss in &stretch.bosses {
            let mail = MailId(Uuid::now_v7());
            to.sealed.push(mail::sealed(self, mail, &letter(boss, &stretch.name, rule.words()))?);
            to.mails.push(mail.uuid());
            to.of.push(id);
        }
        Ok(())
    }

    /// Entries the rules look at, in order.
    async fn acts(
        &self,
        stretch: &Stretch,
        (after, upto): (i64, i64),
        days: Option<i32>,
        codes: &[i16],
    ) -> Result<Vec<Act>> {
        let rows = query!(
            r#"select seq as "seq!", hash as "hash!", at as "at!", minute as "minute!", action as "action!", actor_kind as "kind!", actor as "actor!",
               entity as "entity!", place as "place!", more as "more!"
               from worker.watch_acts($1, $2, $3, app.now() - make_interval(days => $4), $5)"#,
            stretch.shop,
            after,
            upto,
            days,
            codes
        )
        .fetch_all(&self.worker)
        .await?;
        Ok(rows
            .into_iter()
            .rev()
            .map(|row| Act {
                seq: row.seq,
                hash: row.hash,
                at: row.at,
                minute: row.minute,
                code: row.action,
                actor: (row.actor, row.kind),
                entity: row.entity,
                place: row.place,
                more: row.more.parse().unwrap_or_default(),
            })
            .collect())
    }
}

/// Says that there is something to look at, and nothing of what: mail is read by more people than the page.
pub(super) fn letter(to: &str, shop: &str, words: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: format!("An alert at {shop}: {}", words.to_lowercase()),
        text: format!(
            "{words}.\n\nSign in to Shearline and open Alerts: there stands who it was, when and from where, and what to do. Close the alert there when you know what came of it.\n"
        ),
    }
}
