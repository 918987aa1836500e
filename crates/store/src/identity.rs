//! The shop's record and its people, as an actor sees them.

pub mod shop;

use crate::{Result, Scope, WriteTx};
use domain::{
    Permission, Refusal, Role,
    ids::{JobId, PersonId},
    reveal::Standing,
    schedule::Technician,
    shop::{Member, OpenInvite},
};
use sqlx::{query, query_as, query_scalar};
use std::path::Path;
use uuid::Uuid;

/// How surely whoever speaks is who they say.
///
/// # Errors
/// Only faults.
pub async fn standing(tx: &mut impl Scope) -> Result<Standing> {
    let row = query!(r#"select confirmed as "confirmed!", second_step as "second_step!" from app.proved()"#)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(|row| Standing { confirmed: row.confirmed, second_step: row.second_step }).unwrap_or_default())
}

/// The shop's members, owner first, then by name.
///
/// # Errors
/// Only faults.
pub async fn members(tx: &mut impl Scope) -> Result<Vec<Member>> {
    let zone = tx.zone();
    Ok(query_as!(
        Member,
        r#"select person_id as "id!: Uuid", name as "name!", email as "email!", role as "role!", app.local_date(since, $1) as "since!",
           disabled_at is not null as "disabled!", forgotten as "forgotten!" from app.members() order by disabled_at is not null, role <> 'owner', lower(name)"#,
        zone
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Members who may be sent, technicians first.
///
/// # Errors
/// Only faults.
pub async fn technicians(tx: &mut impl Scope) -> Result<Vec<Technician>> {
    let rows = sqlx::query!(r#"select person_id as "id!: Uuid", name as "name!", role as "role!" from app.members() where disabled_at is null order by role <> 'technician', lower(name)"#)
        .fetch_all(tx.conn())
        .await?;
    let works = |role: &str| Role::parse(role).is_some_and(|role| role.allows(Permission::WorkJobs));
    Ok(rows
        .into_iter()
        .filter(|row| works(&row.role))
        .map(|row| Technician { id: PersonId(row.id), name: row.name })
        .collect())
}

/// Today in the shop's zone, as date inputs write it.
///
/// # Errors
/// Only faults.
pub async fn today(tx: &mut impl Scope) -> Result<String> {
    let zone = tx.zone();
    Ok(sqlx::query_scalar!(r#"select to_char(app.today($1), 'YYYY-MM-DD') as "today!""#, zone)
        .fetch_one(tx.conn())
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

/// Refuses a technician who is not sent to the job any more: he goes on seeing it, and works it no longer.
pub(crate) async fn still_sent(tx: &mut WriteTx, job: JobId) -> Result<()> {
    let (shop, actor) = (tx.shop().uuid(), tx.actor().clone());
    if actor.role != Role::Technician {
        return Ok(());
    }
    let sent = query_scalar!(
        r#"select exists (select from app.visits where shop_id = $1 and job_id = $2 and technician_id = $3 and cancelled_at is null) as "sent!""#,
        shop, job.uuid(), actor.person.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    match sent {
        true => Ok(()),
        false => Err(Refusal::Forbidden("You are not sent to this job any more. Ask the office.".into()).into()),
    }
}
