//! The steps of a job: each one locks the row, asks the domain, moves job and visit, and is one event.

use super::{Locked, locked, page};
use crate::{Result, Scope, WriteTx};
use domain::{
    Event, Refusal,
    ids::{JobId, VisitId},
    jobs::{JobStatus, Missing, Step},
};
use serde_json::json;
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// The technician starts driving.
///
/// # Errors
/// Refuses where the state does not allow it.
pub async fn set_off(tx: &mut WriteTx, job: JobId) -> Result<Event> {
    let found = locked(tx, job).await?;
    move_to(tx, &found, found.take(Step::SetOff)?).await?;
    let shop = tx.shop().uuid();
    let visit = query_scalar!("update app.visits set en_route_at = app.now() where shop_id = $1 and job_id = $2 and cancelled_at is null returning id", shop, job.uuid())
        .fetch_optional(tx.conn())
        .await?;
    Ok(Event::SetOff { job, visit: visit.map(VisitId) })
}

/// The technician arrives.
///
/// # Errors
/// Refuses where the state does not allow it.
pub async fn arrive(tx: &mut WriteTx, job: JobId) -> Result<Event> {
    let found = locked(tx, job).await?;
    move_to(tx, &found, found.take(Step::Arrive)?).await?;
    let shop = tx.shop().uuid();
    let visit = query_scalar!("update app.visits set on_site_at = app.now() where shop_id = $1 and job_id = $2 and cancelled_at is null returning id", shop, job.uuid())
        .fetch_optional(tx.conn())
        .await?;
    Ok(Event::Arrived { job, visit: visit.map(VisitId) })
}

/// The work is done.
///
/// # Errors
/// Refuses while anything the template demands is missing, and names it.
pub async fn complete(tx: &mut WriteTx, job: JobId) -> Result<Event> {
    let missing = completed(tx, job).await?;
    if missing.is_empty() {
        return Ok(Event::JobCompleted { job });
    }
    let named: Vec<_> = missing.iter().map(Missing::words).collect();
    Err(Refusal::Conflict(format!("This job cannot be completed yet. Still missing: {}.", named.join("; "))).into())
}

/// The work is done although something is missing; the reason is kept.
///
/// # Errors
/// Refuses a job whose authority check was refused.
pub async fn complete_without(tx: &mut WriteTx, job: JobId, reason: &str) -> Result<Event> {
    let missing = completed(tx, job).await?;
    if missing.contains(&Missing::AuthorityRefused) {
        return Err(Refusal::Conflict(format!("{}.", Missing::AuthorityRefused.words())).into());
    }
    if missing.is_empty() {
        return Ok(Event::JobCompleted { job });
    }
    let shop = tx.shop().uuid();
    query!("update app.jobs set override_reason = $3 where shop_id = $1 and id = $2", shop, job.uuid(), reason)
        .execute(tx.conn())
        .await?;
    tx.fact("reason", reason);
    Ok(Event::JobCompletedWithout { job, missing: missing.iter().map(Missing::anchor).collect() })
}

/// Completes the job and answers what was missing; whoever calls decides whether that may be.
async fn completed(tx: &mut WriteTx, job: JobId) -> Result<Vec<Missing>> {
    let found = locked(tx, job).await?;
    let to = found.take(Step::Complete)?;
    let missing = page::body(tx, job).await?.0.missing();
    move_to(tx, &found, to).await?;
    let shop = tx.shop().uuid();
    query!("update app.jobs set completed_at = app.now() where shop_id = $1 and id = $2", shop, job.uuid())
        .execute(tx.conn())
        .await?;
    query!(
        "update app.visits set left_at = app.now() where shop_id = $1 and job_id = $2 and cancelled_at is null",
        shop,
        job.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(missing)
}

/// Calls the job off ([`Step::Cancel`]) or refuses it ([`Step::Refuse`]), with a reason.
///
/// # Errors
/// Refuses where the state does not allow it, and any other step.
pub async fn stop(tx: &mut WriteTx, job: JobId, step: Step, reason: &str) -> Result<Event> {
    let found = locked(tx, job).await?;
    let event = match step {
        Step::Cancel => Event::JobCancelled { job },
        Step::Refuse => Event::JobRefused { job },
        _ => return Err(Refusal::NotFound.into()),
    };
    tx.fact("reason", reason);
    end(tx, &found, step, reason).await?;
    Ok(event)
}

/// Ends a job before its work is done: job and visit in one go.
pub(super) async fn end(tx: &mut WriteTx, found: &Locked, step: Step, reason: &str) -> Result<()> {
    move_to(tx, found, found.take(step)?).await?;
    let (shop, job) = (tx.shop().uuid(), found.id.uuid());
    query!("update app.jobs set ended_reason = $3 where shop_id = $1 and id = $2", shop, job, reason)
        .execute(tx.conn())
        .await?;
    // Somebody who was there has left; a visit that never began is taken off the schedule.
    query!(
        "update app.visits set left_at = case when on_site_at is not null then app.now() end,
           cancelled_at = case when on_site_at is null then app.now() end
         where shop_id = $1 and job_id = $2 and cancelled_at is null and left_at is null",
        shop,
        job
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Nothing is left to do.
///
/// # Errors
/// Refuses where the state does not allow it, and while an invoice of the job is not settled.
pub async fn close(tx: &mut WriteTx, job: JobId) -> Result<Event> {
    let found = locked(tx, job).await?;
    let to = found.take(Step::Close)?;
    let shop = tx.shop().uuid();
    let owed = query_scalar!(
        r#"select exists (select from app.invoices where shop_id = $1 and job_id = $2 and status in ('draft','sent','part_paid')) as "owed!""#,
        shop, job.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    if owed {
        return Err(Refusal::Conflict(
            "The invoice of this job is not paid yet. Record the payment or void the invoice first.".into(),
        )
        .into());
    }
    move_to(tx, &found, to).await?;
    Ok(Event::JobClosed { job })
}

/// Writes the new state. The database's own table of steps stands behind the domain's.
pub(crate) async fn move_to(tx: &mut WriteTx, found: &Locked, to: JobStatus) -> Result<()> {
    let (shop, job): (Uuid, Uuid) = (tx.shop().uuid(), found.id.uuid());
    query!("update app.jobs set status = $3 where shop_id = $1 and id = $2", shop, job, to.as_str())
        .execute(tx.conn())
        .await?;
    tx.fact("status", json!({ "before": found.status, "after": to }));
    Ok(())
}
