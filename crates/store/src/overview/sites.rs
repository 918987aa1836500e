//! A site with its openings, its jobs and, for those entitled, how to get in.

use crate::{ReadTx, Result};
use domain::{
    Permission,
    ids::SiteId,
    sites::{SitePage, SiteRights},
};

/// All of a site's page.
///
/// # Errors
/// Not found.
pub async fn site(tx: &mut ReadTx, id: SiteId) -> Result<SitePage> {
    let power = tx.actor().power;
    let site = crate::sites::find(tx, id).await?;
    let jobs = super::jobs::of(tx, site.client, Some(site.id)).await?;
    Ok(SitePage {
        site,
        notes: crate::sites::access_notes::state(tx, id).await?,
        openings: crate::sites::openings::of(tx, id).await?,
        jobs,
        history: super::history(tx, power, id.uuid()).await?,
        rights: SiteRights {
            edit: power.allows(Permission::EditClients),
            edit_notes: power.allows(Permission::EditAccessNotes),
            take_call: power.allows(Permission::CreateJobs),
        },
    })
}
