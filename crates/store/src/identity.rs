//! The shop's record and its people, as an actor sees them.

use crate::{Result, Scope};
use domain::shop::{Member, OpenInvite};
use sqlx::query_as;
use std::path::Path;
use uuid::Uuid;

/// The shop's members, owner first, then by name.
///
/// # Errors
/// Only faults.
pub async fn members(tx: &mut impl Scope) -> Result<Vec<Member>> {
    let zone = tx.zone();
    Ok(query_as!(
        Member,
        r#"select person_id as "id!: Uuid", name as "name!", email as "email!", role as "role!", app.local_date(since, $1) as "since!",
           disabled_at is not null as "disabled!" from app.members() order by disabled_at is not null, role <> 'owner', lower(name)"#,
        zone
    )
    .fetch_all(tx.conn())
    .await?)
}

impl crate::front_door::FrontDoor<'_> {
    /// Invitations nobody has accepted yet, the newest first.
    ///
    /// # Errors
    /// Only faults.
    pub async fn open_invites(&self, actor: &crate::Actor) -> Result<Vec<OpenInvite>> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        Ok(query_as!(
            OpenInvite,
            r#"select id as "id!: Uuid", email as "email!", role as "role!", app.local_time(created_at, $1) as "since!", app.local_date(expires_at, $1) as "expires!"
               from auth.open_invites()"#,
            actor.zone
        )
        .fetch_all(&mut *tx)
        .await?)
    }
}

/// Whether the system knows a time zone by that name.
#[must_use]
pub fn zone_known(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-/".contains(&b)) && !name.starts_with('/');
    plain && (name == "UTC" || Path::new("/usr/share/zoneinfo").join(name).is_file())
}
