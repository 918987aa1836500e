//! Jobs, for machines.

use super::{Window, looked_at, record};
use crate::{Result, Scope};
use serde::{Deserialize, Serialize};
use sqlx::{query_as, types::Json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A technician at a time.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct JobVisit {
    /// Of the visit.
    pub id: Uuid,
    /// A member's id.
    pub technician: Uuid,
    /// Begin of the window.
    #[schema(format = DateTime)]
    pub starts_at: String,
    /// End of the window.
    #[schema(format = DateTime)]
    pub ends_at: String,
    /// Taken off the schedule.
    pub cancelled: bool,
}

/// A piece of work.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Job {
    /// Of the job.
    pub id: Uuid,
    /// As people say it: "job 1042".
    pub number: i64,
    /// Of the client.
    pub client: Uuid,
    /// Of the site; null for work at the counter.
    pub site: Option<Uuid>,
    /// Kind of job: a template's key.
    pub template: String,
    /// `new`, `scheduled`, `en_route`, `on_site`, `completed`, `invoiced`, `closed`, `cancelled` or `refused`.
    pub status: String,
    /// What is wanted.
    pub requested: String,
    /// What was done.
    pub performed: String,
    /// Who called.
    pub caller: String,
    /// Number to call back.
    pub caller_phone: String,
    /// The client's order number.
    pub po_number: String,
    /// What it may cost at most, in minor units, taxes included.
    pub ceiling_minor: Option<i64>,
    /// Somebody waits in danger.
    pub urgent: bool,
    /// Why it was cancelled or refused.
    pub ended_reason: String,
    /// Visits, the latest first.
    #[schema(value_type = Vec<JobVisit>)]
    pub visits: Json<Vec<JobVisit>>,
    /// When the call was taken.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When the work was done.
    #[schema(format = DateTime)]
    pub completed_at: Option<String>,
    /// Rises with every change of the order; the `ETag`.
    pub version: i32,
}
record!(Job, version);

/// Jobs of the window, of one client or in one state when these are named.
///
/// # Errors
/// Only faults.
pub async fn jobs(tx: &mut impl Scope, window: Window, client: Option<Uuid>, status: Option<&str>) -> Result<Vec<Job>> {
    let shop = tx.shop().uuid();
    let rows = query_as!(
        Job,
        r#"select j.id, j.number, j.client_id as client, j.site_id as site, t.key as template, j.status, j.requested, j.performed, j.caller, j.caller_phone,
             j.po_number, j.ceiling_minor, j.urgent, j.ended_reason, app.machine_time(j.created_at) as "created_at!", app.machine_time(j.completed_at) as completed_at, j.version,
             (select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'technician', v.technician_id, 'starts_at', app.machine_time(v.starts_at),
                'ends_at', app.machine_time(v.ends_at), 'cancelled', v.cancelled_at is not null) order by v.id desc), '[]') from app.visits v
              where v.shop_id = j.shop_id and v.job_id = j.id) as "visits!: Json<Vec<JobVisit>>"
           from app.jobs j join app.job_templates t on t.shop_id = j.shop_id and t.id = j.template_id
           where j.shop_id = $1 and j.id >= $2 and ($4::uuid is null or j.client_id = $4) and ($5::text is null or j.status = $5) order by j.id limit $3"#,
        shop, window.from, window.limit, client, status
    )
    .fetch_all(tx.conn())
    .await?;
    looked_at(tx, window, client, &rows, |row| row.client);
    Ok(rows)
}
