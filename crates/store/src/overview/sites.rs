//! A site with its openings, its jobs and, for those entitled, how to get in; a code of it.

use crate::{ReadTx, Result};
use domain::{
    Permission,
    ids::{SiteCodeId, SiteId},
    sites::{SitePage, SiteRights, codes::CodePage},
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
        codes: crate::sites::codes::of(tx, id).await?,
        openings: crate::sites::openings::of(tx, id).await?,
        jobs,
        history: super::history(tx, power, id.uuid()).await?,
        rights: SiteRights {
            edit: power.allows(Permission::EditClients),
            edit_notes: power.allows(Permission::EditAccessNotes),
            take_call: power.allows(Permission::CreateJobs),
            case_file: power.allows(Permission::MakeCaseFiles),
        },
    })
}

/// All of a code's page but the code.
///
/// # Errors
/// Not found.
pub async fn site_code(tx: &mut ReadTx, id: SiteCodeId) -> Result<CodePage> {
    let power = tx.actor().power;
    let kept = crate::sites::codes::kept(tx, id).await?;
    let opens = !kept.code.archived && power.allows(kept.kind.needed());
    let standing = if opens { Some(crate::identity::standing(tx).await?) } else { None };
    let jobs = if opens { crate::reveal::jobs_for(tx, kept.client.into()).await? } else { Vec::new() };
    let history = super::history(tx, power, id.uuid()).await?;
    let edit = power.allows(Permission::EditAccessNotes);
    Ok(CodePage { code: kept.code, site: kept.site, place: kept.site_line, jobs, standing, edit, history })
}
