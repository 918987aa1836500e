//! Bitting records with what stands around them: jobs to reveal them for, releases, history.

use crate::{ReadTx, Result};
use domain::{
    Permission, Power,
    bittings::{BittingFilter, BittingList, BittingPage, BittingRights},
    ids::BittingId,
};

fn rights(power: Power) -> BittingRights {
    BittingRights {
        edit: power.allows(Permission::EditBittings),
        reveal: power.allows(Permission::RevealSecrets),
        print: power.allows(Permission::PrintSecrets),
    }
}

/// One page of the list.
///
/// # Errors
/// Only faults.
pub async fn bittings(tx: &mut ReadTx, filter: &BittingFilter) -> Result<BittingList> {
    let rights = rights(tx.actor().power);
    let (rows, after) = crate::bittings::list(tx, filter).await?;
    let client_name = match filter.client.parse() {
        Ok(client) => crate::clients::name(tx, client).await?,
        Err(_) => String::new(),
    };
    let waiting = if rights.reveal { crate::reveal::waiting(tx).await? } else { Vec::new() };
    Ok(BittingList { rows, after, client_name, waiting, rights })
}

/// All of a record's page; nothing that is sealed.
///
/// # Errors
/// Not found.
pub async fn bitting(tx: &mut ReadTx, id: BittingId) -> Result<BittingPage> {
    let power = tx.actor().power;
    let rights = rights(power);
    let record = crate::bittings::find(tx, id).await?;
    let standing = crate::identity::standing(tx).await?;
    let (jobs, release) = if rights.reveal {
        let release = if record.top_secret { crate::reveal::latest(tx, id).await? } else { None };
        (crate::reveal::jobs_for(tx, record.client.into()).await?, release)
    } else {
        (Vec::new(), None)
    };
    let history = super::history(tx, power, id.uuid()).await?;
    Ok(BittingPage { record, jobs, standing, release, history, rights })
}
