//! Jobs that were finished before the shop worked with Shearline: entered whole, with the times of the earlier files.

use super::{client, number, site};
use crate::{Result, Scope, WriteTx, error::OnConstraint, jobs, jobs::templates, schedule};
use domain::{
    Event, Refusal,
    calendar::Time,
    ids::JobId,
    jobs::{JobStatus, NewJob, NewLine},
};
use serde_json::json;
use sqlx::query;
use uuid::Uuid;

/// A job from the earlier files. Its visit says when it was done.
#[derive(Clone, Debug)]
pub struct Finished {
    /// As the call was taken; the visit is a must.
    pub order: NewJob,
    /// When the call came, on the day of the visit.
    pub called_at: Time,
    /// What was done.
    pub performed: String,
    /// What was charged, beside the lines every job of its kind begins with.
    pub lines: Vec<NewLine>,
    /// Where the evidence of the job is to be found; it is shown as the reason why it is not here.
    pub evidence: String,
}

/// Enters a finished job. What its template demands is not asked for: the evidence lies in the earlier files, and the
/// job says so for good.
///
/// # Errors
/// Words beside fields; a visit that is missing or still to come.
pub async fn bring_over(tx: &mut WriteTx, file: &Finished) -> Result<(JobId, Event)> {
    let order = &file.order;
    let Some(visit) = &order.visit else {
        return Err(Refusal::field("technician", "Say who did the work, and when.").into());
    };
    if file.evidence.trim().is_empty() {
        return Err(Refusal::field("evidence", "Say where the signed work order lies.").into());
    }
    let template = templates::current(tx, &order.template).await?;
    let answers = template.requirements.fitting(&order.answers)?;
    schedule::sendable(tx, visit.technician).await?;
    let client = client(tx, order).await?;
    let site = site(tx, client, &order.place).await?;
    let found = jobs::Locked {
        id: JobId(Uuid::now_v7()),
        status: JobStatus::Completed,
        version: 1,
        client,
        site,
        number: number(tx).await?,
        template: template.id,
        template_version: template.version,
    };
    insert(tx, &found, file, &jobs::to_json(&answers)?).await?;
    jobs::copy_defaults(tx, found.id, client, &template.lines).await?;
    jobs::copy_lines(tx, found.id, client, &file.lines).await?;
    let id = schedule::insert(tx, &found, visit).await?;
    let shop = tx.shop().uuid();
    let over = query!(
        "update app.visits set on_site_at = starts_at, left_at = ends_at where shop_id = $1 and id = $2 and ends_at <= app.now()",
        shop, id.uuid()
    )
    .execute(tx.conn())
    .await?;
    if over.rows_affected() == 0 {
        return Err(Refusal::field("date", "This visit is not over yet. Take the call as usual.").into());
    }
    tx.fact("after", json!({
        "kind": template.name, "requested": order.requested, "performed": file.performed, "answers": answers, "caller": order.caller, "evidence": file.evidence,
        "date": visit.date.to_string(), "technician": visit.technician, "site": site,
    }));
    Ok((found.id, Event::JobBroughtOver { job: found.id, client, number: found.number }))
}

async fn insert(tx: &mut WriteTx, job: &jobs::Locked, file: &Finished, answers: &serde_json::Value) -> Result<()> {
    let (shop, person, zone, order) = (tx.shop().uuid(), tx.actor().person.uuid(), tx.zone(), &file.order);
    let (date, time, minutes) = order.visit.as_ref().map_or_else(Default::default, |visit| {
        (visit.date.to_string(), visit.time.to_string(), schedule::minutes(visit))
    });
    query!(
        "insert into app.jobs (shop_id, id, number, client_id, site_id, template_id, template_version, status, requested, performed, answers, caller, caller_phone, po_number,
           ceiling_minor, urgent, override_reason, created_by, created_at, completed_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'completed', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
           least(($18 || ' ' || $19)::timestamp at time zone $20, ($18 || ' ' || $21)::timestamp at time zone $20),
           (($18 || ' ' || $21)::timestamp at time zone $20) + make_interval(mins => $22))",
        shop, job.id.uuid(), job.number, job.client.uuid(), job.site, job.template, job.template_version, order.requested, file.performed, answers, order.caller,
        order.caller_phone.as_ref().map_or("", |phone| phone.as_str()), order.po_number, order.ceiling.map(|ceiling| ceiling.minor()), order.urgent, file.evidence, person,
        date, file.called_at.to_string(), zone, time, minutes
    )
    .execute(tx.conn())
    .await
    .on_constraint("jobs_number_key", || Refusal::Conflict("Two calls were taken at the same moment. Send the form again.".into()))?;
    Ok(())
}
