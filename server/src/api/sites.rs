//! `/sites`: where clients' doors are. How to get in is for people alone.

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
    ids::{ClientId, SiteId},
    machines::{Namespace, Scope},
    sites::SiteForm,
};
use serde::Deserialize;
use store::machines::{Page, Site, Window, only, sites};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const ROOM: Namespace = Namespace::Clients;

/// A page of sites.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SitesAsked {
    /// The `next_cursor` of the page before.
    #[param(format = Uuid)]
    cursor: Option<String>,
    /// Rows of the page, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Of this client alone.
    #[param(format = Uuid)]
    client: Option<String>,
}

/// A site about to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSite {
    /// Of the client.
    client: Uuid,
    /// "North tower".
    #[serde(default)]
    #[schema(max_length = 120)]
    name: String,
    /// With its lines.
    #[schema(min_length = 1, max_length = 400)]
    address: String,
    /// When one can get in.
    #[serde(default)]
    #[schema(max_length = 200)]
    hours: String,
    /// What to beware of.
    #[serde(default)]
    #[schema(max_length = 400)]
    hazards: String,
}

/// What changes of a site; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SitePatch {
    /// "North tower".
    name: Option<String>,
    /// With its lines.
    address: Option<String>,
    /// When one can get in.
    hours: Option<String>,
    /// What to beware of.
    hazards: Option<String>,
    /// Out of use.
    archived: Option<bool>,
}

fn form(new: NewSite) -> SiteForm {
    SiteForm { name: new.name, address: new.address, hours: new.hours, hazards: new.hazards, ..SiteForm::default() }
}

fn onto(patch: SitePatch, form: SiteForm) -> SiteForm {
    SiteForm {
        name: patch.name.unwrap_or(form.name),
        address: patch.address.unwrap_or(form.address),
        hours: patch.hours.unwrap_or(form.hours),
        hazards: patch.hazards.unwrap_or(form.hazards),
        archived: patch.archived.map_or(form.archived, tick),
        version: form.version,
    }
}

async fn one(caller: &Caller, id: Uuid) -> Result<Site, Problem> {
    let mut tx = caller.read(ROOM, Permission::SeeClients).await?;
    Ok(only(sites(&mut tx, Window::one(id), None).await?, id)?)
}

/// Sites, of one client when it is named.
#[utoipa::path(get, path = "/api/v1/sites", tag = "sites", params(SitesAsked), responses((status = 200, body = Page<Site>), Problems), security(("key" = ["clients:read"])))]
pub async fn list(caller: Caller, asked: Asked) -> Answer {
    let mut tx = caller.read(ROOM, Permission::SeeClients).await?;
    let asked = asked.read::<SitesAsked>()?;
    let limit = rows(asked.limit)?;
    let after = asked_id("cursor", asked.cursor.as_deref())?;
    let client = asked_id("client", asked.client.as_deref())?;
    Ok(page(sites(&mut tx, Window::after(after, limit), client).await?, limit))
}

/// A site.
#[utoipa::path(get, path = "/api/v1/sites/{id}", tag = "sites", params(("id" = Uuid, Path)), responses((status = 200, body = Site, headers(("ETag" = String))), Problems), security(("key" = ["clients:read"])))]
pub async fn find(caller: Caller, Path(site): Path<String>) -> Answer {
    caller.may(ROOM, Scope::Read, Permission::SeeClients)?;
    Ok(shown(&one(&caller, id(&site)?).await?, None))
}

/// Adds a site.
#[utoipa::path(post, path = "/api/v1/sites", tag = "sites", params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 64, pattern = "^[!-~]+$")), request_body = NewSite, responses((status = 201, body = Site, headers(("ETag" = String), ("Location" = String))), Problems, WriteProblems), security(("key" = ["clients:write"])))]
pub async fn create(caller: Caller, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::EditClients)?;
    let new = sent.json::<NewSite>()?;
    let client = ClientId(new.client);
    let new = form(new).read()?;
    let made = match caller.begin(grant, &sent).await? {
        Begun::Before(id) => id,
        Begun::Now(mut tx) => {
            let site = store::sites::create(&mut tx, client, &new).await?;
            tx.commit_to(Event::SiteAdded { client, site }, &path("sites", site)).await?;
            site.uuid()
        }
    };
    Ok(shown(&one(&caller, made).await?, Some("sites")))
}

/// Changes a site.
#[utoipa::path(patch, path = "/api/v1/sites/{id}", tag = "sites", params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag of the record that was read.")), request_body = SitePatch, responses((status = 200, body = Site, headers(("ETag" = String))), Problems, ChangeProblems), security(("key" = ["clients:write"])))]
pub async fn change(caller: Caller, Path(site): Path<String>, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::EditClients)?;
    let site = SiteId(id(&site)?);
    let mut tx = caller.write(grant).await?;
    let before = store::sites::form(&mut tx, site).await?.form;
    sent.fresh(&before.version)?;
    let new = onto(sent.json()?, before).read()?;
    let client = store::sites::update(&mut tx, site, &new).await?;
    tx.commit(Event::SiteChanged { client, site }).await?;
    Ok(shown(&one(&caller, site.uuid()).await?, None))
}
