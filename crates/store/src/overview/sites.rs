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
    let role = tx.actor().role;
    let site = crate::sites::find(tx, id).await?;
    let jobs = super::jobs::of(tx, site.client, Some(site.id)).await?;
    Ok(SitePage {
        site,
        notes: crate::sites::access_notes::read(tx, id).await?,
        openings: crate::sites::openings::of(tx, id).await?,
        jobs,
        history: super::history(tx, role, id.uuid()).await?,
        rights: SiteRights {
            edit: role.allows(Permission::EditClients),
            edit_notes: role.allows(Permission::EditAccessNotes),
            take_call: role.allows(Permission::CreateJobs),
        },
    })
}
