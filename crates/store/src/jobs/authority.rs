//! The authority check: who asked, and why the shop believed them.

use super::{locked, steps};
use crate::{Result, Scope, WriteTx, seal::place};
use domain::{
    Event,
    ids::{AuthorityCheckId, JobId},
    jobs::{AuthorityOutcome, NewAuthorityCheck, Step},
};
use serde_json::json;
use sqlx::query;
use uuid::Uuid;

/// Where a document's last characters are sealed. The row never changes, so its version is always 1.
pub(super) const fn tail_place(check: Uuid) -> vault::Place<'static> {
    place("app.authority_checks", check, "sealed_characters", 1)
}

/// Records an authority check. A refused one stops the job in the same act.
///
/// # Errors
/// Refuses on a job that is over.
pub async fn check_authority(tx: &mut WriteTx, job: JobId, new: &NewAuthorityCheck) -> Result<Event> {
    let found = locked(tx, job).await?;
    found.still_open()?;
    let (shop, person, id) = (tx.shop().uuid(), tx.actor().person.uuid(), AuthorityCheckId(Uuid::now_v7()));
    let sealed = match &new.tail {
        Some(tail) => Some(tx.keys()?.seal(&tail_place(id.uuid()), tail.as_bytes()).await?),
        None => None,
    };
    query!(
        "insert into app.authority_checks (shop_id, id, job_id, person_name, relation, document, sealed_characters, outcome, reason, checked_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        shop, id.uuid(), job.uuid(), new.person_name, new.relation.as_str(), new.document.as_str(), sealed, new.outcome.as_str(), new.reason, person
    )
    .execute(tx.conn())
    .await?;
    tx.fact(
        "authority",
        json!({ "person": new.person_name, "relation": new.relation, "document": new.document, "reason": new.reason }),
    );
    let allowed = new.outcome == AuthorityOutcome::Allowed;
    if !allowed {
        steps::end(tx, &found, Step::Refuse, &new.reason).await?;
    }
    Ok(Event::AuthorityChecked { job, check: id, allowed })
}
