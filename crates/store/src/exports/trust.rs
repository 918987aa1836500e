//! How records are kept, as facts: of the installation for everybody, of one shop for its own people.

use crate::{Db, ReadTx, Result, Scope, audit::stamp};
use domain::{Permission, Role, exports::trust::ShopTrust};
use sqlx::query;

/// What the public page may know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Minutes since every record was last wholly verified; none while one is not yet.
    pub verified: Option<i64>,
    /// Minutes since the newest checkpoint.
    pub checkpoint: Option<i64>,
    /// Whether a record is broken.
    pub broken: bool,
}

impl Db {
    /// How old the last verification and the newest checkpoint are, over all shops.
    ///
    /// # Errors
    /// Only faults.
    pub async fn kept(&self) -> Result<Kept> {
        let row = query!(
            r#"select floor(extract(epoch from app.now() - verified_at) / 60)::int8 as verified,
                 floor(extract(epoch from app.now() - checkpoint_at) / 60)::int8 as checkpoint, broken as "broken!" from worker.trust()"#
        )
        .fetch_one(&self.worker)
        .await?;
        Ok(Kept { verified: row.verified, checkpoint: row.checkpoint, broken: row.broken })
    }
}

/// The same of one shop, with who may do what.
///
/// # Errors
/// Only faults.
pub async fn of_shop(tx: &mut ReadTx) -> Result<ShopTrust> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let row = query!(
        r#"select (select app.local_time(v.full_at, $2) from audit.verifications v where v.shop_id = $1) as verified,
             (select app.local_time(v.new_at, $2) from audit.verifications v where v.shop_id = $1) as looked_at,
             (select v.why from audit.verifications v where v.shop_id = $1 and v.broken_at is not null) as broken,
             (select count(*) from audit.entries e where e.shop_id = $1 and e.action in (200, 201)
               and e.time_us > (extract(epoch from app.now() - interval '90 days') * 1000000)::bigint) as "exports!",
             (select count(*) from audit.entries e where e.shop_id = $1 and e.action in (147, 148, 151)
               and e.time_us > (extract(epoch from app.now() - interval '90 days') * 1000000)::bigint) as "openings!""#,
        shop,
        zone
    )
    .fetch_one(tx.conn())
    .await?;
    let members = crate::identity::members(tx).await?;
    let who = |permission: Permission| {
        let holds = |role: &str| Role::parse(role).is_some_and(|role| role.allows(permission));
        let some = members.iter().filter(|member| !member.disabled && holds(&member.role));
        some.map(|member| (member.name.clone(), member.role_label().to_owned())).collect()
    };
    let (may_reveal, may_export) = (who(Permission::RevealSecrets), who(Permission::RunExports));
    Ok(ShopTrust {
        verified: row.verified.unwrap_or_default(),
        looked_at: row.looked_at.unwrap_or_default(),
        broken: row.broken,
        stamp: stamp(tx).await?,
        exports: row.exports,
        openings: row.openings,
        may_reveal,
        may_export,
    })
}
