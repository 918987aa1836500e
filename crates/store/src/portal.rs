//! What a client sees and does by link. Reads go through the portal's own login, which is granted single columns; what
//! it changes is done by definer functions that append their own audit entry.

mod act;
mod invoices;
mod jobs;
mod sites;

pub use act::Viewed;
pub use invoices::invoices;
pub use jobs::{job, jobs, sign_page};
pub use sites::sites;

use crate::{ReadTx, Result, Scope, scope::PortalTx};
use domain::{
    ids::ClientId,
    portal::{PortalHome, Recipient},
};
use sqlx::query_as;
use uuid::Uuid;

/// As many rows as one page of a list holds.
const PAGE: usize = 50;
/// As many jobs as the first page shows.
const LATEST: i64 = 5;

/// The first page: what is to be signed and paid, and the latest jobs.
///
/// # Errors
/// Only faults.
pub async fn home(tx: &mut PortalTx) -> Result<PortalHome> {
    Ok(PortalHome { jobs: jobs::latest(tx, LATEST).await?, invoices: invoices::owed(tx).await? })
}

/// Contacts of a client a link can be made for, by name. For the office.
///
/// # Errors
/// Only faults.
pub async fn recipients(tx: &mut ReadTx, client: ClientId) -> Result<Vec<Recipient>> {
    let shop = tx.shop().uuid();
    Ok(query_as!(
        Recipient,
        r#"select id as "id!: Uuid", name, email from app.contacts where shop_id = $1 and client_id = $2 and archived_at is null order by name, id"#,
        shop, client.uuid()
    )
    .fetch_all(tx.conn())
    .await?)
}
