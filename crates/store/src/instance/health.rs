//! How the installation is, and what its administrators did.

use super::{Administrator, Instance};
use crate::Result;
use domain::instance::{Health, LogLine};
use sqlx::query_as;

impl Instance<'_> {
    /// How the database and the letters are.
    ///
    /// # Errors
    /// Only faults.
    pub async fn health(&self, who: &Administrator) -> Result<Health> {
        let mut tx = self.presenting("begin read only", &who.cap).await?;
        Ok(query_as!(
            Health,
            r#"select server as "server!", schema as "schema!", bytes as "bytes!", waiting as "waiting!", failed as "failed!",
                 to_char(oldest at time zone 'UTC', 'FMDD Mon YYYY, HH24:MI "UTC"') as oldest,
                 to_char(last_entry at time zone 'UTC', 'FMDD Mon YYYY, HH24:MI "UTC"') as last_entry
               from instance.health()"#
        )
        .fetch_one(&mut *tx)
        .await?)
    }

    /// The last two hundred lines of the installation's log, the newest first.
    ///
    /// # Errors
    /// Only faults.
    pub async fn log(&self, who: &Administrator) -> Result<Vec<LogLine>> {
        let mut tx = self.presenting("begin read only", &who.cap).await?;
        Ok(query_as!(
            LogLine,
            r#"select to_char(at at time zone 'UTC', 'FMDD Mon YYYY, HH24:MI') as "at!", who as "who!", act as "act!", shop, details as "details!"
               from instance.lines()"#
        )
        .fetch_all(&mut *tx)
        .await?)
    }
}
