//! `/jobs`: the work, from the call to the closed file.

use super::{
    Answer, Asked, Caller, Sent,
    caller::Begun,
    clients::present,
    id, page, path,
    problem::{ChangeProblems, Problem, Problems, WriteProblems},
    record::tick,
    sent::{asked_id, asked_word, rows},
    shown,
};
use axum::extract::Path;
use domain::{
    Event, Permission,
    choice::Choice,
    ids::JobId,
    jobs::{IntakeForm, JobStatus, OrderForm, ReasonForm, Step as JobStep},
    machines::{Namespace, Scope},
    money::{Currency, Money},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::{
    WriteTx,
    machines::{Job, Page, Window, jobs, only},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const ROOM: Namespace = Namespace::Jobs;

/// A page of jobs.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobsAsked {
    /// The `next_cursor` of the page before.
    #[param(format = Uuid)]
    cursor: Option<String>,
    /// Rows of the page, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Of this client alone.
    #[param(format = Uuid)]
    client: Option<String>,
    /// In this state alone.
    #[param(pattern = "^(new|scheduled|en_route|on_site|completed|invoiced|closed|cancelled|refused)$")]
    status: Option<String>,
}

/// Who goes, and when, in the shop's time zone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedVisit {
    /// A member's id.
    technician: Uuid,
    /// On which day.
    #[schema(format = Date)]
    date: String,
    /// From what time: `14:30`.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    time: String,
    /// For how many minutes.
    #[schema(minimum = 5)]
    minutes: u32,
}

/// A call about to be taken.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewJob {
    /// Of the client.
    client: Uuid,
    /// Of one of the client's sites.
    site: Option<Uuid>,
    /// Kind of job: a template's key.
    #[schema(min_length = 1, max_length = 40)]
    template: String,
    /// What is wanted.
    #[schema(min_length = 1, max_length = 2000)]
    requested: String,
    /// Answers to the template's questions, by their keys.
    #[serde(default)]
    answers: BTreeMap<String, String>,
    /// Who called.
    #[serde(default)]
    #[schema(max_length = 120)]
    caller: String,
    /// Number to call back.
    #[serde(default)]
    caller_phone: String,
    /// What it may cost at most, taxes included.
    #[schema(minimum = 0)]
    ceiling_minor: Option<i64>,
    /// The client's order number.
    #[serde(default)]
    #[schema(max_length = 60)]
    po_number: String,
    /// Somebody waits in danger.
    #[serde(default)]
    urgent: bool,
    /// Who goes; left out to decide later.
    visit: Option<PlannedVisit>,
    /// Another job than the one of the last day for the same place.
    #[serde(default)]
    allow_duplicate: bool,
}

/// What changes of an order; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JobPatch {
    /// Of one of the client's sites; null for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    site: Option<Option<Uuid>>,
    /// What is wanted.
    requested: Option<String>,
    /// What it may cost at most; null for no limit.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    ceiling_minor: Option<Option<i64>>,
    /// The client's order number.
    po_number: Option<String>,
    /// Somebody waits in danger.
    urgent: Option<bool>,
}

/// What happens to a job next.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// The technician starts driving.
    SetOff,
    /// The technician arrives.
    Arrive,
    /// The work is done, with everything its template demands.
    Complete,
    /// Called off; wants a reason.
    Cancel,
    /// Refused; wants a reason.
    Refuse,
    /// Nothing is left to do.
    Close,
}

/// A step about to be taken.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStep {
    /// Which.
    step: Next,
    /// Why, for `cancel` and `refuse`.
    #[serde(default)]
    #[schema(max_length = 400)]
    reason: String,
}

fn amount(minor: Option<i64>, currency: Currency) -> String {
    minor.map(|minor| Money::from_minor(minor).plain(currency)).unwrap_or_default()
}

fn form(new: NewJob, currency: Currency) -> IntakeForm {
    let visit =
        new.visit.map(|visit| (visit.technician.to_string(), visit.date, visit.time, visit.minutes.to_string()));
    let (technician, date, time, minutes) = visit.unwrap_or_default();
    IntakeForm {
        client: new.client.to_string(),
        site: new.site.map(|site| site.to_string()).unwrap_or_default(),
        template: new.template,
        requested: new.requested,
        answers: new.answers,
        caller: new.caller,
        caller_phone: new.caller_phone,
        ceiling: amount(new.ceiling_minor, currency),
        po_number: new.po_number,
        urgent: tick(new.urgent),
        technician,
        date,
        time,
        minutes,
        another: tick(new.allow_duplicate),
        ..IntakeForm::default()
    }
}

fn onto(patch: JobPatch, job: Job, currency: Currency) -> OrderForm {
    let site = patch.site.unwrap_or(job.site);
    OrderForm {
        version: job.version.to_string(),
        site: site.map(|site| site.to_string()).unwrap_or_default(),
        place: String::new(),
        requested: patch.requested.unwrap_or(job.requested),
        ceiling: amount(patch.ceiling_minor.unwrap_or(job.ceiling_minor), currency),
        po_number: patch.po_number.unwrap_or(job.po_number),
        urgent: tick(patch.urgent.unwrap_or(job.urgent)),
    }
}

async fn one(caller: &Caller, id: Uuid) -> Result<Job, Problem> {
    let mut tx = caller.read(ROOM, Permission::SeeJobs).await?;
    Ok(only(jobs(&mut tx, Window::one(id), None, None).await?, id)?)
}

/// Jobs, of one client or in one state when these are named.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs", params(JobsAsked), responses((status = 200, body = Page<Job>), Problems), security(("key" = ["jobs:read"])))]
pub async fn list(caller: Caller, asked: Asked) -> Answer {
    let mut tx = caller.read(ROOM, Permission::SeeJobs).await?;
    let asked = asked.read::<JobsAsked>()?;
    let limit = rows(asked.limit)?;
    let after = asked_id("cursor", asked.cursor.as_deref())?;
    let client = asked_id("client", asked.client.as_deref())?;
    let status = asked_word::<JobStatus>("status", asked.status.as_deref())?;
    Ok(page(jobs(&mut tx, Window::after(after, limit), client, status.map(Choice::as_str)).await?, limit))
}

/// A job.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "jobs", params(("id" = Uuid, Path)), responses((status = 200, body = Job, headers(("ETag" = String))), Problems), security(("key" = ["jobs:read"])))]
pub async fn find(caller: Caller, Path(job): Path<String>) -> Answer {
    caller.may(ROOM, Scope::Read, Permission::SeeJobs)?;
    Ok(shown(&one(&caller, id(&job)?).await?, None))
}

/// Takes a call for a client there is.
#[utoipa::path(post, path = "/api/v1/jobs", tag = "jobs", params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 64, pattern = "^[!-~]+$")), request_body = NewJob, responses((status = 201, body = Job, headers(("ETag" = String), ("Location" = String))), Problems, WriteProblems), security(("key" = ["jobs:write"])))]
pub async fn create(caller: Caller, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::CreateJobs)?;
    let new = form(sent.json()?, caller.currency()).read(caller.currency())?;
    let made = match caller.begin(grant, &sent).await? {
        Begun::Before(id) => id,
        Begun::Now(mut tx) => {
            let (job, event) = store::intake::create(&mut tx, &new).await?;
            tx.commit_to(event, &path("jobs", job)).await?;
            job.uuid()
        }
    };
    Ok(shown(&one(&caller, made).await?, Some("jobs")))
}

/// Changes what was ordered.
#[utoipa::path(patch, path = "/api/v1/jobs/{id}", tag = "jobs", params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag of the record that was read.")), request_body = JobPatch, responses((status = 200, body = Job, headers(("ETag" = String))), Problems, ChangeProblems), security(("key" = ["jobs:write"])))]
pub async fn change(caller: Caller, Path(job): Path<String>, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::EditJobs)?;
    let job = JobId(id(&job)?);
    let mut tx = caller.write(grant).await?;
    let before = only(jobs(&mut tx, Window::one(job.uuid()), None, None).await?, job.uuid())?;
    sent.fresh(&before.version.to_string())?;
    let order = onto(sent.json()?, before, caller.currency()).read(caller.currency())?;
    let event = store::jobs::change_order(&mut tx, job, &order).await?;
    tx.commit(event).await?;
    Ok(shown(&one(&caller, job.uuid()).await?, None))
}

/// Takes a step with a job.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/steps", tag = "jobs", params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 64, pattern = "^[!-~]+$")), request_body = NewStep, responses((status = 200, body = Job, headers(("ETag" = String))), Problems, WriteProblems), security(("key" = ["jobs:write"])))]
pub async fn step(caller: Caller, Path(job): Path<String>, sent: Sent) -> Answer {
    let by_office = caller.may(ROOM, Scope::Write, Permission::EditJobs)?;
    let by_technician = caller.may(ROOM, Scope::Write, Permission::WorkJobs)?;
    let job = JobId(id(&job)?);
    let new = sent.json::<NewStep>()?;
    let grant = match new.step {
        Next::SetOff | Next::Arrive | Next::Complete => by_technician,
        Next::Cancel | Next::Refuse | Next::Close => by_office,
    };
    if let Begun::Now(mut tx) = caller.begin(grant, &sent).await? {
        let event = take(&mut tx, job, new).await?;
        tx.commit_to(event, &path("jobs", job)).await?;
    }
    Ok(shown(&one(&caller, job.uuid()).await?, None))
}

async fn take(tx: &mut WriteTx, job: JobId, new: NewStep) -> Result<Event, Problem> {
    let reason = || ReasonForm { reason: new.reason.clone() }.read();
    Ok(match new.step {
        Next::SetOff => store::jobs::set_off(tx, job).await?,
        Next::Arrive => store::jobs::arrive(tx, job).await?,
        Next::Complete => store::jobs::complete(tx, job).await?,
        Next::Cancel => store::jobs::stop(tx, job, JobStep::Cancel, &reason()?).await?,
        Next::Refuse => store::jobs::stop(tx, job, JobStep::Refuse, &reason()?).await?,
        Next::Close => store::jobs::close(tx, job).await?,
    })
}
