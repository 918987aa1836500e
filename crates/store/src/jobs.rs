//! Jobs: the order, its evidence, its lines, and the steps from the call to the closed file.

mod authority;
mod lines;
mod list;
mod order;
mod page;
mod steps;
pub mod templates;

pub use authority::check_authority;
pub(crate) use lines::{MOST as MOST_LINES, insert as insert_lines};
pub use lines::{add_line, remove_line};
pub(crate) use lines::{copy_defaults, copy_lines};
pub use list::list;
pub use order::{change_order, record_work, set_openings, tick, untick};
pub use page::find;
pub(crate) use page::record;
pub(crate) use steps::move_to;
pub use steps::{arrive, close, complete, complete_without, set_off, stop};

use crate::{Error, Result, Scope, WriteTx, identity};
use domain::{
    Refusal,
    choice::Choice,
    ids::{ClientId, JobId},
    jobs::{IllegalStep, JobStatus, Step},
};
use sqlx::query;
use uuid::Uuid;

/// A job's row, locked until the transaction ends.
pub(crate) struct Locked {
    pub id: JobId,
    pub status: JobStatus,
    pub version: i32,
    pub client: ClientId,
    pub site: Option<Uuid>,
    pub number: i64,
    pub template: Uuid,
    pub template_version: i32,
}

/// Locks a job, so that two people cannot take two steps at once. A technician works only jobs he is still sent to; he
/// goes on seeing the others.
pub(crate) async fn locked(tx: &mut WriteTx, job: JobId) -> Result<Locked> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select j.status, j.version, j.client_id, j.site_id, j.number, j.template_id, j.template_version
           from app.jobs j where j.shop_id = $1 and j.id = $2 for update"#,
        shop,
        job.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    identity::still_sent(tx, job).await?;
    Ok(Locked {
        id: job,
        status: stored(&row.status)?,
        version: row.version,
        client: row.client_id.into(),
        site: row.site_id,
        number: row.number,
        template: row.template_id,
        template_version: row.template_version,
    })
}

impl Locked {
    /// Where the job stands after a step.
    pub(crate) fn take(&self, step: Step) -> Result<JobStatus> {
        Ok(self.status.take(step).map_err(not_now)?)
    }

    /// Refuses changes to what is over: evidence and lines stay as they were when the work ended.
    pub(crate) fn still_open(&self) -> Result<()> {
        if self.status.is_open() {
            return Ok(());
        }
        Err(Refusal::Conflict(format!(
            "Job {} is {}: nothing on it changes any more.",
            self.number,
            self.status.words().to_lowercase()
        ))
        .into())
    }
}

/// A step that does not follow from where the job stands, in words.
fn not_now(illegal: IllegalStep) -> Refusal {
    Refusal::Conflict(format!(
        "This job is “{}” now, so “{}” is not possible. Somebody may have been quicker; look at the page again.",
        illegal.status.words(),
        illegal.step.words()
    ))
}

/// A stored text of a closed set. Anything else was not written by us.
pub(crate) fn stored<T: Choice>(text: &str) -> Result<T> {
    T::parse(text).ok_or_else(|| Error::Database(sqlx::Error::Decode(format!("unknown value {text:?}").into())))
}

/// Stored JSON of ours.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::Database(sqlx::Error::Decode(error.into())))
}

/// JSON of ours, to be stored.
pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|error| Error::Database(sqlx::Error::Encode(error.into())))
}
