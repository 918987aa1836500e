//! The newest checkpoint, for the foot of what is shown and printed.

use crate::{Error, ReadTx, Result, Scope};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::audit::Stamp;
use proof::Key;
use sqlx::query;

/// The shop's newest checkpoint; none in a shop's first minutes.
pub(crate) async fn stamp(tx: &mut impl Scope) -> Result<Option<Stamp>> {
    let zone = tx.zone();
    let row = query!(
        r#"select size as "size!", root as "root!", key as "key!", app.local_time(made_at, $1) as "at!" from audit.newest_checkpoint(1)"#,
        zone
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        let key: Key = row.key.parse().map_err(|_| Error::Vault("a checkpoint's key cannot be read".into()))?;
        Ok(Stamp { size: row.size, root: STANDARD.encode(row.root), fingerprint: key.fingerprint(), at: row.at })
    })
    .transpose()
}

/// The same, for files that are taken along.
///
/// # Errors
/// Only faults.
pub async fn stamp_of(tx: &mut ReadTx) -> Result<Option<Stamp>> {
    stamp(tx).await
}
