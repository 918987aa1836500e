//! Server functions of jobs. The same acts stand on the office's page and on the technician's, so each goes back to the
//! page it came from.

use domain::{
    Permission, Refusal,
    forms::{Done, Page, Post},
    ids::{JobId, LineId, OpeningId},
    jobs::{
        AuthorityForm, JobFilter, JobList, JobPage, LineForm, OrderForm, ReasonForm, Step, TemplateChoice,
        TemplateForm, TemplatePage, WorkForm,
    },
};
use gate::Result;
use leptos::prelude::*;

/// One page of the list.
#[server(prefix = "/fn", endpoint = "desk/list_jobs")]
pub async fn list_jobs(#[server(default)] filter: JobFilter) -> Result<JobList> {
    let mut tx = gate::read(Permission::SeeJobs).await?;
    Ok(store::jobs::list(&mut tx, &filter).await?)
}

/// All of a job's page.
#[server(prefix = "/fn", endpoint = "desk/find_job")]
pub async fn find_job(#[server(default)] id: String) -> Result<Page<JobPage>> {
    let id: JobId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = gate::read(Permission::SeeJobs).await?;
    gate::page(store::jobs::find(&mut tx, id).await?).await
}

/// Changes the order.
#[server(prefix = "/fn", endpoint = "desk/change_order")]
pub async fn change_order(post: Post, job: JobId, form: OrderForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditJobs, &post).await?;
    let new = form.read(store::Scope::currency(&tx))?;
    let event = store::jobs::change_order(&mut tx, job, &new).await?;
    gate::done(tx, event, gate::paths::job(job)).await
}

/// Says which openings the job is about: ids, one for each ticked.
#[server(prefix = "/fn", endpoint = "desk/set_openings")]
pub async fn set_openings(post: Post, job: JobId, #[server(default)] opening: Vec<OpeningId>) -> Result<Done> {
    let mut tx = gate::write(Permission::EditJobs, &post).await?;
    let event = store::jobs::set_openings(&mut tx, job, &opening).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "field-opening")).await
}

/// Writes what was done and answered.
#[server(prefix = "/fn", endpoint = "desk/record_work")]
pub async fn record_work(post: Post, job: JobId, form: WorkForm) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let event = store::jobs::record_work(&mut tx, job, &form.read()?).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "work")).await
}

/// Ticks a check.
#[server(prefix = "/fn", endpoint = "desk/tick_check")]
pub async fn tick_check(post: Post, job: JobId, key: String) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let event = store::jobs::tick(&mut tx, job, &key).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "checks")).await
}

/// Takes a tick back.
#[server(prefix = "/fn", endpoint = "desk/untick_check")]
pub async fn untick_check(post: Post, job: JobId, key: String) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let event = store::jobs::untick(&mut tx, job, &key).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "checks")).await
}

/// Adds a line.
#[server(prefix = "/fn", endpoint = "desk/add_line")]
pub async fn add_line(post: Post, job: JobId, form: LineForm) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let new = form.read(store::Scope::currency(&tx))?;
    let event = store::jobs::add_line(&mut tx, job, &new).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "field-lines")).await
}

/// Takes a line off.
#[server(prefix = "/fn", endpoint = "desk/remove_line")]
pub async fn remove_line(post: Post, job: JobId, line: LineId) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let event = store::jobs::remove_line(&mut tx, job, line).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "field-lines")).await
}

/// Records an authority check; a refused one stops the job.
#[server(prefix = "/fn", endpoint = "desk/check_authority")]
pub async fn check_authority(post: Post, job: JobId, form: AuthorityForm) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let event = store::jobs::check_authority(&mut tx, job, &form.read()?).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "authority")).await
}

/// The technician starts driving.
#[server(prefix = "/fn", endpoint = "desk/set_off")]
pub async fn set_off(post: Post, job: JobId) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let event = store::jobs::set_off(&mut tx, job).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "")).await
}

/// The technician arrives.
#[server(prefix = "/fn", endpoint = "desk/arrive")]
pub async fn arrive(post: Post, job: JobId) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let event = store::jobs::arrive(&mut tx, job).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "")).await
}

/// The work is done.
#[server(prefix = "/fn", endpoint = "desk/complete")]
pub async fn complete(post: Post, job: JobId) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let event = store::jobs::complete(&mut tx, job).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "")).await
}

/// The work is done although something is missing.
#[server(prefix = "/fn", endpoint = "desk/complete_without")]
pub async fn complete_without(post: Post, job: JobId, form: ReasonForm) -> Result<Done> {
    let mut tx = gate::write(Permission::OverrideEvidence, &post).await?;
    let event = store::jobs::complete_without(&mut tx, job, &form.read()?).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "")).await
}

/// Calls the job off or refuses it, with a reason.
#[server(prefix = "/fn", endpoint = "desk/stop_job")]
pub async fn stop_job(post: Post, job: JobId, step: Step, form: ReasonForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditJobs, &post).await?;
    let event = store::jobs::stop(&mut tx, job, step, &form.read()?).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "")).await
}

/// Nothing is left to do.
#[server(prefix = "/fn", endpoint = "desk/close_job")]
pub async fn close_job(post: Post, job: JobId) -> Result<Done> {
    let mut tx = gate::write(Permission::EditJobs, &post).await?;
    let event = store::jobs::close(&mut tx, job).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "")).await
}

/// Kinds of job and what each demands.
#[server(prefix = "/fn", endpoint = "desk/list_templates")]
pub async fn list_templates() -> Result<Vec<TemplateChoice>> {
    let mut tx = gate::read(Permission::SeeJobs).await?;
    Ok(store::jobs::templates::choices(&mut tx).await?)
}

/// One kind of job.
#[server(prefix = "/fn", endpoint = "desk/find_template")]
pub async fn find_template(#[server(default)] key: String) -> Result<Page<TemplatePage>> {
    let mut tx = gate::read(Permission::SeeJobs).await?;
    gate::page(store::jobs::templates::find(&mut tx, &key).await?).await
}

/// Writes the next version of a kind of job.
#[server(prefix = "/fn", endpoint = "desk/change_template")]
pub async fn change_template(post: Post, key: String, form: TemplateForm) -> Result<Done> {
    let mut tx = gate::write(Permission::ManageShop, &post).await?;
    let event = store::jobs::templates::change(&mut tx, &key, &form).await?;
    gate::done(tx, event, "/templates").await
}
