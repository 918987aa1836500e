//! How to get in: the key safe, the alarm. Sealed, a row a site, and in no entry, log or fact.

use crate::{Error, ReadTx, Result, Scope, WriteTx, clients::fresh, seal::place};
use domain::{Permission, Role, ids::SiteId, sites::AccessNotes};
use sqlx::query;
use uuid::Uuid;
use vault::Place;

fn place_of(site: Uuid) -> Place<'static> {
    place("vault.access_notes", site, "sealed", 1)
}

/// The notes, for those whose role may read them and for whom the database shows the row (a technician: while a job of
/// his there is open). `None` for everybody else; empty where nothing was written.
///
/// # Errors
/// Only faults.
pub async fn read(tx: &mut ReadTx, site: SiteId) -> Result<Option<AccessNotes>> {
    let power = tx.actor().power;
    if !power.allows(Permission::SeeAccessNotes) {
        return Ok(None);
    }
    let shop = tx.shop().uuid();
    let row =
        query!("select sealed, version from vault.access_notes where shop_id = $1 and site_id = $2", shop, site.uuid())
            .fetch_optional(tx.conn())
            .await?;
    let Some(row) = row else {
        // A technician cannot tell "nothing written" from "not now", so nothing is said at all.
        return Ok((power.role != Role::Technician).then(AccessNotes::default));
    };
    let clear = tx.key().await?.open(&place_of(site.uuid()), &row.sealed)?;
    let text = std::str::from_utf8(&clear).map_err(|_| Error::Vault("access notes are not text".into()))?.to_owned();
    Ok(Some(AccessNotes { text, version: row.version }))
}

/// Writes the notes, if nobody else did since `new.version`.
///
/// # Errors
/// A conflict when somebody did; no such site.
pub async fn write(tx: &mut WriteTx, site: SiteId, new: &AccessNotes) -> Result<()> {
    super::find(tx, site).await?;
    let sealed = tx.key().await?.seal(&place_of(site.uuid()), new.text.as_bytes())?;
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
