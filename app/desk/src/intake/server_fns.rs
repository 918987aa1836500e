//! Server functions of the intake.

use domain::{
    Permission,
    clients::ClientMatch,
    forms::{Done, Page, Post},
    jobs::{Intake, IntakeForm},
};
use gate::Result;
use leptos::prelude::*;

/// What the intake page shows: `client` is a chosen client's id, `q` what was searched for; both may be empty.
#[server(prefix = "/fn", endpoint = "desk/open_intake")]
pub async fn open_intake(#[server(default)] client: String, #[server(default)] q: String) -> Result<Page<Intake>> {
    let mut tx = gate::read(Permission::CreateJobs).await?;
    gate::page(store::intake::page(&mut tx, &client, &q).await?).await
}

/// Who is calling, while the number is typed.
#[server(prefix = "/fn", endpoint = "desk/find_caller")]
pub async fn find_caller(#[server(default)] q: String) -> Result<Vec<ClientMatch>> {
    let mut tx = gate::read(Permission::CreateJobs).await?;
    Ok(store::overview::callers(&mut tx, &q).await?)
}

/// Takes the call: client, site, job and visit in one act.
#[server(prefix = "/fn", endpoint = "desk/take_call")]
pub async fn take_call(post: Post, form: IntakeForm) -> Result<Done> {
    let mut tx = gate::write(Permission::CreateJobs, &post).await?;
    let new = form.read(store::Scope::currency(&tx))?;
    let (job, event) = store::intake::create(&mut tx, &new).await?;
    gate::done(tx, event, gate::paths::job(job)).await
}
