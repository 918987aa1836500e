//! Server functions of the schedule.

use domain::{
    Permission,
    forms::{Done, Post},
    ids::JobId,
    schedule::{VisitForm, VisitRow},
};
use gate::Result;
use leptos::prelude::*;

/// Sends somebody to a job, or moves the visit there is.
#[server(prefix = "/fn", endpoint = "desk/send_technician")]
pub async fn send_technician(post: Post, job: JobId, form: VisitForm) -> Result<Done> {
    let mut tx = gate::write(Permission::Schedule, &post).await?;
    let event = store::schedule::send(&mut tx, job, &form.read()?).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "visit")).await
}

/// Takes a job off the schedule.
#[server(prefix = "/fn", endpoint = "desk/take_off")]
pub async fn take_off(post: Post, job: JobId) -> Result<Done> {
    let mut tx = gate::write(Permission::Schedule, &post).await?;
    let event = store::schedule::take_off(&mut tx, job).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "visit")).await
}

/// One's own visits: of today, and earlier ones whose job is not done.
#[server(prefix = "/fn", endpoint = "desk/own_day")]
pub async fn own_day() -> Result<Vec<VisitRow>> {
    let mut tx = gate::read(Permission::SeeJobs).await?;
    let me = tx.actor().person;
    Ok(store::schedule::visits(&mut tx, store::schedule::Which::DayOf(me)).await?)
}
