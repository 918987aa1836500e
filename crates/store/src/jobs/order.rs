//! The order, the work done, and the checklist.

use super::{from_json, locked, stored, to_json};
use crate::{Result, Scope, WriteTx, error::OnConstraint};
use domain::{
    Event, Refusal,
    ids::{JobId, OpeningId},
    jobs::{JobStatus, Order, Requirements, Work},
};
use serde_json::json;
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// Changes what was ordered, if nobody did so meanwhile.
///
/// # Errors
/// Stale edit, a job that is closed, a site of another client.
pub async fn change_order(tx: &mut WriteTx, job: JobId, new: &Order) -> Result<Event> {
    let shop = tx.shop().uuid();
    let before = query!("select status, version, site_id, requested, ceiling_minor, po_number, urgent from app.jobs where shop_id = $1 and id = $2 for update", shop, job.uuid())
        .fetch_one(tx.conn())
        .await?;
    if before.version != new.version {
        return Err(Refusal::stale("job").into());
    }
    let status: JobStatus = stored(&before.status)?;
    if matches!(status, JobStatus::Closed | JobStatus::Invoiced) || status.is_final() {
        return Err(Refusal::Conflict(format!(
            "This job is {}: its order does not change any more.",
            status.words().to_lowercase()
        ))
        .into());
    }
    query!(
        "update app.jobs set site_id = $3, requested = $4, ceiling_minor = $5, po_number = $6, urgent = $7, version = version + 1 where shop_id = $1 and id = $2",
        shop, job.uuid(), new.site.map(|site| site.uuid()), new.requested, new.ceiling.map(|ceiling| ceiling.minor()), new.po_number, new.urgent
    )
    .execute(tx.conn())
    .await
    .on_constraint("jobs_shop_id_client_id_site_id_fkey", || Refusal::field("site", "Choose a site from the list."))?;
    if before.site_id != new.site.map(|site| site.uuid()) {
        keep_openings(tx, job, &[]).await?;
        // A technician finds the new place through his visit, and loses the old one.
        query!(
            "update app.visits set site_id = $3 where shop_id = $1 and job_id = $2 and left_at is null",
            shop,
            job.uuid(),
            new.site.map(|site| site.uuid())
        )
        .execute(tx.conn())
        .await?;
    }
    tx.fact("before", json!({ "site": before.site_id, "requested": before.requested, "ceiling": before.ceiling_minor, "po_number": before.po_number, "urgent": before.urgent }));
    tx.fact("after", json!({ "site": new.site, "requested": new.requested, "ceiling": new.ceiling, "po_number": new.po_number, "urgent": new.urgent }));
    Ok(Event::JobChanged { job })
}

/// Writes what was done and answered, if nobody did so meanwhile.
///
/// # Errors
/// Stale edit, a job that is over, an answer that was not offered.
pub async fn record_work(tx: &mut WriteTx, job: JobId, new: &Work) -> Result<Event> {
    let found = locked(tx, job).await?;
    found.still_open()?;
    if found.version != new.version {
        return Err(Refusal::stale("job").into());
    }
    let shop = tx.shop().uuid();
    let requirements = query_scalar!(
        "select requirements from app.job_template_versions where shop_id = $1 and template_id = $2 and version = $3",
        shop,
        found.template,
        found.template_version
    )
    .fetch_one(tx.conn())
    .await?;
    let answers = from_json::<Requirements>(requirements)?.fitting(&new.answers)?;
    query!(
        "update app.jobs set performed = $3, answers = $4, version = version + 1 where shop_id = $1 and id = $2",
        shop,
        job.uuid(),
        new.performed,
        to_json(&answers)?
    )
    .execute(tx.conn())
    .await?;
    tx.fact("after", json!({ "performed": new.performed, "answers": answers }));
    Ok(Event::WorkRecorded { job })
}

/// Says which openings of its site the job is about.
///
/// # Errors
/// A job that is over, an opening of another site.
pub async fn set_openings(tx: &mut WriteTx, job: JobId, openings: &[OpeningId]) -> Result<Event> {
    let found = locked(tx, job).await?;
    found.still_open()?;
    let shop = tx.shop().uuid();
    let wanted: Vec<Uuid> = openings.iter().map(|opening| opening.uuid()).collect();
    keep_openings(tx, job, &wanted).await?;
    query!(
        "insert into app.job_openings (shop_id, job_id, opening_id) select o.shop_id, $2, o.id from app.openings o
         where o.shop_id = $1 and o.site_id = $3 and o.id = any($4) and o.archived_at is null on conflict do nothing",
        shop,
        job.uuid(),
        found.site,
        &wanted
    )
    .execute(tx.conn())
    .await?;
    let kept = query_scalar!(
        r#"select count(*) as "count!" from app.job_openings where shop_id = $1 and job_id = $2"#,
        shop,
        job.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    if usize::try_from(kept).unwrap_or_default() != wanted.len() {
        return Err(Refusal::field("openings", "Choose openings of this job's site.").into());
    }
    tx.fact("openings", json!(wanted));
    Ok(Event::JobChanged { job })
}

/// Takes all openings off a job but these.
async fn keep_openings(tx: &mut WriteTx, job: JobId, kept: &[Uuid]) -> Result<()> {
    let shop = tx.shop().uuid();
    query!(
        "delete from app.job_openings where shop_id = $1 and job_id = $2 and opening_id <> all($3)",
        shop,
        job.uuid(),
        kept
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Ticks a check.
///
/// # Errors
/// A job that is over, a check its template does not have.
pub async fn tick(tx: &mut WriteTx, job: JobId, key: &str) -> Result<Event> {
    let found = locked(tx, job).await?;
    found.still_open()?;
    let (shop, person) = (tx.shop().uuid(), tx.actor().person.uuid());
    let known = query_scalar!(
        r#"select exists (select from app.job_template_versions v, jsonb_array_elements(v.requirements -> 'checks') c
             where v.shop_id = $1 and v.template_id = $2 and v.version = $3 and c ->> 'key' = $4) as "known!""#,
        shop,
        found.template,
        found.template_version,
        key
    )
    .fetch_one(tx.conn())
    .await?;
    if !known {
        return Err(Refusal::NotFound.into());
    }
    query!(
        "insert into app.job_checks (shop_id, job_id, key, done_by) values ($1, $2, $3, $4) on conflict do nothing",
        shop,
        job.uuid(),
        key,
        person
    )
    .execute(tx.conn())
    .await?;
    Ok(Event::CheckTicked { job, key: key.to_owned() })
}

/// Takes a tick back.
///
/// # Errors
/// A job that is over, a check that is not ticked.
pub async fn untick(tx: &mut WriteTx, job: JobId, key: &str) -> Result<Event> {
    locked(tx, job).await?.still_open()?;
    let shop = tx.shop().uuid();
    query!(
        "delete from app.job_checks where shop_id = $1 and job_id = $2 and key = $3 returning key",
        shop,
        job.uuid(),
        key
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Event::CheckUnticked { job, key: key.to_owned() })
}
