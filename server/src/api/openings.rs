//! `/openings`: doors, and other things with cylinders.

use super::{
    Answer, Asked, Caller, Sent,
    caller::Begun,
    id, page, path,
    problem::{ChangeProblems, Problem, Problems, WriteProblems},
    record::tick,
    sent::{asked_id, rows},
    shown,
};
use axum::extract::Path;
use domain::{
    Event, Permission,
    ids::{OpeningId, SiteId},
    machines::{Namespace, Scope},
    sites::opening::OpeningForm,
};
use serde::Deserialize;
use store::machines::{Opening, Page, Window, only, openings};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const ROOM: Namespace = Namespace::Clients;

/// A page of openings.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OpeningsAsked {
    /// The `next_cursor` of the page before.
    #[param(format = Uuid)]
    cursor: Option<String>,
    /// Rows of the page, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Of this site alone.
    #[param(format = Uuid)]
    site: Option<String>,
}

/// An opening about to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOpening {
    /// Of the site.
    site: Uuid,
    /// What is written on the door or its schedule.
    #[schema(min_length = 1, max_length = 40)]
    number: String,
    /// Where in the building.
    #[serde(default)]
    #[schema(max_length = 160)]
    location: String,
    /// `LH`, `RH`, `LHR`, `RHR` or empty.
    #[serde(default)]
    #[schema(pattern = "^(LH|RH|LHR|RHR)?$")]
    hand: String,
    /// Lock function.
    #[serde(default)]
    #[schema(max_length = 40)]
    function: String,
    /// What is fitted.
    #[serde(default)]
    #[schema(max_length = 400)]
    hardware: String,
}

/// What changes of an opening; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningPatch {
    /// What is written on the door or its schedule.
    number: Option<String>,
    /// Where in the building.
    location: Option<String>,
    /// `LH`, `RH`, `LHR`, `RHR` or empty.
    hand: Option<String>,
    /// Lock function.
    function: Option<String>,
    /// What is fitted.
    hardware: Option<String>,
    /// Out of use.
    archived: Option<bool>,
}

fn form(new: NewOpening) -> OpeningForm {
    OpeningForm {
        number: new.number,
        location: new.location,
        hand: new.hand,
        function: new.function,
        hardware: new.hardware,
        ..OpeningForm::default()
    }
}

fn onto(patch: OpeningPatch, form: OpeningForm) -> OpeningForm {
    OpeningForm {
        number: patch.number.unwrap_or(form.number),
        location: patch.location.unwrap_or(form.location),
        hand: patch.hand.unwrap_or(form.hand),
        function: patch.function.unwrap_or(form.function),
        hardware: patch.hardware.unwrap_or(form.hardware),
        archived: patch.archived.map_or(form.archived, tick),
        version: form.version,
    }
}

async fn one(caller: &Caller, id: Uuid) -> Result<Opening, Problem> {
    let mut tx = caller.read(ROOM, Permission::SeeClients).await?;
    Ok(only(openings(&mut tx, Window::one(id), None).await?, id)?)
}

/// Openings, of one site when it is named.
#[utoipa::path(get, path = "/api/v1/openings", tag = "openings", params(OpeningsAsked), responses((status = 200, body = Page<Opening>), Problems), security(("key" = ["clients:read"])))]
pub async fn list(caller: Caller, asked: Asked) -> Answer {
    let mut tx = caller.read(ROOM, Permission::SeeClients).await?;
    let asked = asked.read::<OpeningsAsked>()?;
    let limit = rows(asked.limit)?;
    let after = asked_id("cursor", asked.cursor.as_deref())?;
    let site = asked_id("site", asked.site.as_deref())?;
    Ok(page(openings(&mut tx, Window::after(after, limit), site).await?, limit))
}

/// An opening.
#[utoipa::path(get, path = "/api/v1/openings/{id}", tag = "openings", params(("id" = Uuid, Path)), responses((status = 200, body = Opening, headers(("ETag" = String))), Problems), security(("key" = ["clients:read"])))]
pub async fn find(caller: Caller, Path(opening): Path<String>) -> Answer {
    caller.may(ROOM, Scope::Read, Permission::SeeClients)?;
    Ok(shown(&one(&caller, id(&opening)?).await?, None))
}

/// Adds an opening.
#[utoipa::path(post, path = "/api/v1/openings", tag = "openings", params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 64, pattern = "^[!-~]+$")), request_body = NewOpening, responses((status = 201, body = Opening, headers(("ETag" = String), ("Location" = String))), Problems, WriteProblems), security(("key" = ["clients:write"])))]
pub async fn create(caller: Caller, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::EditClients)?;
    let new = sent.json::<NewOpening>()?;
    let site = SiteId(new.site);
    let new = form(new).read()?;
    let made = match caller.begin(grant, &sent).await? {
        Begun::Before(id) => id,
        Begun::Now(mut tx) => {
            let opening = store::sites::openings::create(&mut tx, site, &new).await?;
            tx.commit_to(Event::OpeningAdded { site, opening }, &path("openings", opening)).await?;
            opening.uuid()
        }
    };
    Ok(shown(&one(&caller, made).await?, Some("openings")))
}

/// Changes an opening.
#[utoipa::path(patch, path = "/api/v1/openings/{id}", tag = "openings", params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag of the record that was read.")), request_body = OpeningPatch, responses((status = 200, body = Opening, headers(("ETag" = String))), Problems, ChangeProblems), security(("key" = ["clients:write"])))]
pub async fn change(caller: Caller, Path(opening): Path<String>, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::EditClients)?;
    let opening = OpeningId(id(&opening)?);
    let mut tx = caller.write(grant).await?;
    let before = store::sites::openings::form(&mut tx, opening).await?.form;
    sent.fresh(&before.version)?;
    let new = onto(sent.json()?, before).read()?;
    let site = store::sites::openings::update(&mut tx, opening, &new).await?;
    tx.commit(Event::OpeningChanged { site, opening }).await?;
    Ok(shown(&one(&caller, opening.uuid()).await?, None))
}
