//! How to get in: the key safe, the alarm. Sealed, a row a site, and in no entry, log or fact.

use crate::{ReadTx, Result, Scope, WriteTx, clients::fresh, identity, seal::place};
use domain::{
    Permission, Role,
    ids::SiteId,
    sites::{AccessNotes, SealedNotes},
};
use sqlx::query;
use uuid::Uuid;
use vault::Place;

const fn place_of(site: Uuid, version: i32) -> Place<'static> {
    place("vault.access_notes", site, "sealed", version as i64)
}

/// Whether there is anything to know, for those whose role may know and for whom the database shows the row (a technician:
/// while a job of his there is open). `None` for everybody else.
///
/// # Errors
/// Only faults.
pub async fn state(tx: &mut ReadTx, site: SiteId) -> Result<Option<SealedNotes>> {
    let power = tx.actor().power;
    if !power.allows(Permission::SeeAccessNotes) {
        return Ok(None);
    }
    let shop = tx.shop().uuid();
    let row = query!("select version from vault.access_notes where shop_id = $1 and site_id = $2", shop, site.uuid())
        .fetch_optional(tx.conn())
        .await?;
    let version = row.map_or(0, |row| row.version);
    // A technician cannot tell "nothing written" from "not now", so nothing is said at all.
    if version == 0 && power.role == Role::Technician {
        return Ok(None);
    }
    Ok(Some(SealedNotes { site: site.uuid(), version, standing: identity::standing(tx).await? }))
}

/// What is sealed, and where; opening it is [`crate::reveal`]'s.
pub(crate) async fn sealed(tx: &mut WriteTx, site: SiteId) -> Result<(Place<'static>, Vec<u8>)> {
    let shop = tx.shop().uuid();
    let row =
        query!("select sealed, version from vault.access_notes where shop_id = $1 and site_id = $2", shop, site.uuid())
            .fetch_one(tx.conn())
            .await?;
    Ok((place_of(site.uuid(), row.version), row.sealed))
}

/// Writes the notes, if nobody else did since `new.version`.
///
/// # Errors
/// A conflict when somebody did; no such site.
pub async fn write(tx: &mut WriteTx, site: SiteId, new: &AccessNotes) -> Result<()> {
    super::find(tx, site).await?;
    let place = place_of(site.uuid(), new.version + 1);
    let sealed = tx.keys()?.seal(&place, new.text.as_bytes()).await?;
    let shop = tx.shop().uuid();
    let written = if new.version == 0 {
        query!(
            "insert into vault.access_notes (shop_id, site_id, sealed) values ($1, $2, $3) on conflict do nothing",
            shop,
            site.uuid(),
            sealed
        )
        .execute(tx.conn())
        .await?
    } else {
        query!(
            "update vault.access_notes set sealed = $4, version = version + 1 where shop_id = $1 and site_id = $2 and version = $3",
            shop, site.uuid(), new.version, sealed
        )
        .execute(tx.conn())
        .await?
    };
    fresh(written.rows_affected(), "note")
}
