//! Pages that lie across the shop: search, a client with everything about it, a site with its jobs.

mod bittings;
mod clients;
mod jobs;
mod search;
mod sites;

pub use bittings::{bitting, bittings};
pub use clients::{caller, callers, client, clients};
pub use search::search;
pub use sites::{site, site_code};

use crate::{Result, Scope};
use domain::audit::TimelineEntry;
use domain::{Permission, Power};
use uuid::Uuid;

/// The timeline of a record, for those it is for.
async fn history(tx: &mut impl Scope, power: Power, subject: Uuid) -> Result<Option<Vec<TimelineEntry>>> {
    if !power.allows(Permission::SeeAudit) && !power.allows(Permission::SeeOffice) {
        return Ok(None);
    }
    Ok(Some(crate::audit::timeline::history(tx, power, subject).await?))
}
