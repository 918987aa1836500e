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

use crate::{Result, scope::PortalTx};
use domain::portal::PortalHome;

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
