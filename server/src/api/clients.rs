//! `/clients`: who the shop works for.

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
    clients::form::{Channel as Typed, ClientForm},
    ids::ClientId,
    machines::{Namespace, Scope},
};
use serde::{Deserialize, Deserializer};
use store::machines::{Channel, Client, Page, Window, clients, only};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const ROOM: Namespace = Namespace::Clients;

/// A page of clients.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClientsAsked {
    /// The `next_cursor` of the page before.
    #[param(format = Uuid)]
    cursor: Option<String>,
    /// Rows of the page, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// A client about to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// `person`, `company`, `property_manager`, `fleet` or `agency`.
    kind: String,
    /// As written on papers.
    #[schema(min_length = 1, max_length = 160)]
    name: String,
    /// At most four, the main one first.
    #[serde(default)]
    #[schema(max_items = 4)]
    phones: Vec<Channel>,
    /// At most three, the main one first.
    #[serde(default)]
    #[schema(max_items = 3)]
    emails: Vec<Channel>,
    /// Where invoices go.
    #[serde(default)]
    #[schema(max_length = 400)]
    billing_address: String,
    /// Separated by commas.
    #[serde(default)]
    #[schema(max_length = 200)]
    tags: String,
    /// Shown wherever the client is.
    #[serde(default)]
    #[schema(max_length = 400)]
    alert: String,
    /// Days to pay; null for the shop's own terms.
    #[schema(minimum = 0, maximum = 120)]
    terms_days: Option<i32>,
    /// Exempt from every tax.
    #[serde(default)]
    tax_exempt: bool,
    /// Added although one of this name or number is there.
    #[serde(default)]
    allow_duplicate: bool,
}

/// What changes of a client; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientPatch {
    /// `person`, `company`, `property_manager`, `fleet` or `agency`.
    kind: Option<String>,
    /// As written on papers.
    name: Option<String>,
    /// All of them, at most four.
    #[schema(max_items = 4)]
    phones: Option<Vec<Channel>>,
    /// All of them, at most three.
    #[schema(max_items = 3)]
    emails: Option<Vec<Channel>>,
    /// Where invoices go.
    billing_address: Option<String>,
    /// Separated by commas.
    tags: Option<String>,
    /// Shown wherever the client is.
    alert: Option<String>,
    /// Days to pay; null for the shop's own terms.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 120)]
    terms_days: Option<Option<i32>>,
    /// Exempt from every tax.
    tax_exempt: Option<bool>,
}

/// Tells a null from what was left out.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

fn typed(rows: Vec<Channel>, most: usize, field: &str) -> Result<Vec<Typed>, Problem> {
    if rows.len() > most {
        return Err(domain::Refusal::field(field, format!("There is room for {most} of these.")).into());
    }
    Ok(rows.into_iter().map(|row| Typed { label: row.label, value: row.value }).collect())
}

fn form(new: NewClient) -> Result<ClientForm, Problem> {
    let (phones, emails) = (typed(new.phones, 4, "phones")?, typed(new.emails, 3, "emails")?);
    let form = ClientForm {
        kind: new.kind,
        name: new.name,
        billing_address: new.billing_address,
        tags: new.tags,
        alert: new.alert,
        terms_days: new.terms_days.map(|days| days.to_string()).unwrap_or_default(),
        tax_exempt: tick(new.tax_exempt),
        another: tick(new.allow_duplicate),
        ..ClientForm::default()
    };
    Ok(form.with_channels(phones, emails))
}

fn onto(patch: ClientPatch, form: ClientForm) -> Result<ClientForm, Problem> {
    let kept = |rows: &[(&str, &str)]| -> Vec<Typed> {
        rows.iter().map(|(value, label)| Typed { label: (*label).into(), value: (*value).into() }).collect()
    };
    let phones = patch.phones.map_or_else(|| Ok(kept(&form.phones())), |rows| typed(rows, 4, "phones"))?;
    let emails = patch.emails.map_or_else(|| Ok(kept(&form.emails())), |rows| typed(rows, 3, "emails"))?;
    let changed = ClientForm {
        kind: patch.kind.unwrap_or(form.kind),
        name: patch.name.unwrap_or(form.name),
        billing_address: patch.billing_address.unwrap_or(form.billing_address),
        tags: patch.tags.unwrap_or(form.tags),
        alert: patch.alert.unwrap_or(form.alert),
        terms_days: patch
            .terms_days
            .map_or(form.terms_days, |days| days.map(|days| days.to_string()).unwrap_or_default()),
        tax_exempt: patch.tax_exempt.map_or(form.tax_exempt, tick),
        version: form.version,
        ..ClientForm::default()
    };
    Ok(changed.with_channels(phones, emails))
}

async fn one(caller: &Caller, id: Uuid) -> Result<Client, Problem> {
    let mut tx = caller.read(ROOM, Permission::SeeClients).await?;
    Ok(only(clients(&mut tx, Window::one(id)).await?, id)?)
}

/// Clients.
#[utoipa::path(get, path = "/api/v1/clients", tag = "clients", params(ClientsAsked), responses((status = 200, body = Page<Client>), Problems), security(("key" = ["clients:read"])))]
pub async fn list(caller: Caller, asked: Asked) -> Answer {
    let mut tx = caller.read(ROOM, Permission::SeeClients).await?;
    let asked = asked.read::<ClientsAsked>()?;
    let limit = rows(asked.limit)?;
    let after = asked_id("cursor", asked.cursor.as_deref())?;
    Ok(page(clients(&mut tx, Window::after(after, limit)).await?, limit))
}

/// A client.
#[utoipa::path(get, path = "/api/v1/clients/{id}", tag = "clients", params(("id" = Uuid, Path)), responses((status = 200, body = Client, headers(("ETag" = String))), Problems), security(("key" = ["clients:read"])))]
pub async fn find(caller: Caller, Path(client): Path<String>) -> Answer {
    caller.may(ROOM, Scope::Read, Permission::SeeClients)?;
    Ok(shown(&one(&caller, id(&client)?).await?, None))
}

/// Adds a client.
#[utoipa::path(post, path = "/api/v1/clients", tag = "clients", params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 64, pattern = "^[!-~]+$")), request_body = NewClient, responses((status = 201, body = Client, headers(("ETag" = String), ("Location" = String))), Problems, WriteProblems), security(("key" = ["clients:write"])))]
pub async fn create(caller: Caller, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::EditClients)?;
    let new = form(sent.json()?)?.read()?;
    let made = match caller.begin(grant, &sent).await? {
        Begun::Before(id) => id,
        Begun::Now(mut tx) => {
            let client = store::clients::create(&mut tx, &new).await?;
            tx.commit_to(Event::ClientCreated { client }, &path("clients", client)).await?;
            client.uuid()
        }
    };
    Ok(shown(&one(&caller, made).await?, Some("clients")))
}

/// Changes a client.
#[utoipa::path(patch, path = "/api/v1/clients/{id}", tag = "clients", params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag of the record that was read.")), request_body = ClientPatch, responses((status = 200, body = Client, headers(("ETag" = String))), Problems, ChangeProblems), security(("key" = ["clients:write"])))]
pub async fn change(caller: Caller, Path(client): Path<String>, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::EditClients)?;
    let client = ClientId(id(&client)?);
    let mut tx = caller.write(grant).await?;
    let before = store::clients::form(&mut tx, client).await?;
    sent.fresh(&before.version)?;
    let new = onto(sent.json()?, before)?.read()?;
    store::clients::update(&mut tx, client, &new).await?;
    tx.commit(Event::ClientChanged { client }).await?;
    Ok(shown(&one(&caller, client.uuid()).await?, None))
}
