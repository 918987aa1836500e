//! What lies outside the database and must not go missing: the archive of checkpoints, keyd's log, and the day's run itself.

use super::watch::{Round, missed};
use crate::{Db, Result};
use domain::{Event, ids::ShopId};
use sqlx::query;
use uuid::Uuid;

/// Why an archive is not the one that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    /// In words.
    pub why: String,
    /// Whether it is told at once, or only when it stays so.
    pub at_once: bool,
}

impl Db {
    /// Size of the newest checkpoint that the archive held of a shop; 0 where nothing was put there yet.
    ///
    /// # Errors
    /// Only faults.
    pub async fn archive_reached(&self, shop: Uuid) -> Result<i64> {
        let row = query!(r#"select worker.archive_reached($1) as "size!""#, shop).fetch_one(&self.worker).await?;
        Ok(row.size)
    }

    /// Remembers that the archive holds a checkpoint over so many entries.
    ///
    /// # Errors
    /// Only faults.
    pub async fn archive_holds(&self, shop: Uuid, size: i64) -> Result<()> {
        query!("select worker.archive_holds($1, $2)", shop, size).execute(&self.worker).await?;
        Ok(())
    }

    /// Tells a shop, once, that its archive is away.
    ///
    /// # Errors
    /// Only faults.
    pub async fn tell_archive_away(&self, round: &Round, reached: i64, away: &Away) -> Result<()> {
        let (shop, why) = (round.shop, &away.why);
        tracing::error!(%shop, why, "the archive of checkpoints is not what was written");
        let tell = query!(r#"select worker.archive_away($1, $2) as "tell!""#, shop, away.at_once);
        if !tell.fetch_one(&self.worker).await?.tell {
            return Ok(());
        }
        let event = Event::ArchiveMissed { shop: ShopId(shop), reached, why: why.clone() };
        let letter = (
            format!("The archive of checkpoints of {} is missed", round.name),
            format!(
                "Checkpoints of the audit trail are kept outside the database, so that nobody can shorten or rewrite the trail unseen. That archive is not as it was: {why}. It reached {reached} entries.\n\nA disk that is not mounted or a store that does not answer explains it; then put it back. Until then the trail is held against the checkpoints in the database alone, and nothing is put into the archive. If it was taken away on purpose, whoever runs the installation says so with `shearline audit accept archive`, which stands on the trail.\n"
            ),
        );
        self.tell(shop, &round.bosses, event, &letter).await
    }

    /// Tells a shop, once for each reason, what is wrong with keyd's log.
    ///
    /// # Errors
    /// Only faults.
    pub async fn tell_openings(&self, round: &Round) -> Result<()> {
        let row = query!(r#"select worker.openings_fault($1) as "why!""#, round.shop).fetch_one(&self.worker).await?;
        if row.why.is_empty() {
            return Ok(());
        }
        tracing::error!(shop = %round.shop, why = row.why, "keyd's log of openings is not what was written");
        let letter = (
            format!("The log of what was opened at {} was changed", round.name),
            format!(
                "The process that holds the keys writes down whatever it opens, in a log of its own. That log does not agree with what stands outside it: {}.\n\nTell whoever runs the installation. `shearline keyd --reconcile` shows more.\n",
                row.why
            ),
        );
        let event = Event::OpeningsDiffer { shop: ShopId(round.shop), why: row.why };
        self.tell(round.shop, &round.bosses, event, &letter).await
    }

    /// Tells the shops whose daily run is late, each once; how many. Asked apart from the rounds: one that fails each time
    /// cannot tell.
    ///
    /// # Errors
    /// Only faults.
    pub async fn tell_missed_runs(&self) -> Result<usize> {
        let late = query!(
            r#"select shop_id as "shop!", hours as "hours!", name as "name!", bosses as "bosses!" from worker.verification_missed()"#
        );
        let late = late.fetch_all(&self.worker).await?;
        for shop in &late {
            let event = Event::VerificationMissed { shop: ShopId(shop.shop), hours: shop.hours };
            self.tell(shop.shop, &shop.bosses, event, &missed(&shop.name, shop.hours)).await?;
        }
        Ok(late.len())
    }
}
