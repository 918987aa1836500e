//! The shops of the installation, as far as an administrator sees them: names, counts, dates.

use super::{Administrator, Instance};
use crate::Result;
use domain::{Refusal, ids::ShopId, instance::ShopRow};
use sqlx::query_as;
use uuid::Uuid;

impl Instance<'_> {
    /// All shops, by name.
    ///
    /// # Errors
    /// Only faults.
    pub async fn shops(&self, who: &Administrator) -> Result<Vec<ShopRow>> {
        self.rows(who, None).await
    }

    /// One shop.
    ///
    /// # Errors
    /// Not found when there is none.
    pub async fn shop(&self, who: &Administrator, shop: ShopId) -> Result<ShopRow> {
        self.rows(who, Some(shop.uuid())).await?.pop().ok_or_else(|| Refusal::NotFound.into())
    }

    async fn rows(&self, who: &Administrator, only: Option<Uuid>) -> Result<Vec<ShopRow>> {
        let mut tx = self.presenting("begin read only", &who.cap).await?;
        Ok(query_as!(
            ShopRow,
            r#"select id as "id!", slug as "slug!", name as "name!", to_char(created_at at time zone 'UTC', 'FMDD Mon YYYY') as "created!",
                 members as "members!", invited as "invited!", clients as "clients!", jobs as "jobs!", api_keys as "api_keys!",
                 to_char(last_entry at time zone 'UTC', 'FMDD Mon YYYY') as last_entry,
                 to_char(suspended_at at time zone 'UTC', 'FMDD Mon YYYY, HH24:MI "UTC"') as suspended, coalesce(reason, '') as "reason!",
                 most_members as "most_members!", most_api_keys as "most_api_keys!", own_members, own_api_keys
               from instance.shops($1)"#,
            only
        )
        .fetch_all(&mut *tx)
        .await?)
    }
}
