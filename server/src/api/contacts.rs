//! `/contacts`: people of clients.

use super::{
    Answer, Asked, Caller, Sent,
    caller::Begun,
    clients::present,
    id, page, path,
    problem::{ChangeProblems, Problem, Problems, WriteProblems},
    record::tick,
    sent::{asked_id, rows},
    shown,
};
use axum::extract::Path;
use domain::{
    Event, Permission,
    clients::contact::ContactForm,
    ids::{ClientId, ContactId},
    machines::{Namespace, Scope},
    money::{Currency, Money},
};
use serde::Deserialize;
use store::machines::{Contact, Page, Window, contacts, only};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const ROOM: Namespace = Namespace::Clients;

/// A page of contacts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContactsAsked {
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

/// A contact about to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// Of the client.
    client: Uuid,
    /// Name.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// Position.
    #[serde(default)]
    #[schema(max_length = 80)]
    title: String,
    /// Telephone.
    #[serde(default)]
    phone: String,
    /// E-mail.
    #[serde(default)]
    email: String,
    /// May ask for work.
    #[serde(default)]
    requester: bool,
    /// May approve a price.
    #[serde(default)]
    approver: bool,
    /// Pays.
    #[serde(default)]
    payer: bool,
    /// Lets the technician in.
    #[serde(default)]
    site_contact: bool,
    /// May sign for the client.
    #[serde(default)]
    signatory: bool,
    /// First day the right to sign holds.
    #[schema(format = Date)]
    valid_from: Option<String>,
    /// Last day it holds.
    #[schema(format = Date)]
    valid_until: Option<String>,
    /// Most a signature may bind to.
    #[schema(minimum = 0)]
    limit_minor: Option<i64>,
}

/// What changes of a contact; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPatch {
    /// Name.
    name: Option<String>,
    /// Position.
    title: Option<String>,
    /// Telephone.
    phone: Option<String>,
    /// E-mail.
    email: Option<String>,
    /// May ask for work.
    requester: Option<bool>,
    /// May approve a price.
    approver: Option<bool>,
    /// Pays.
    payer: Option<bool>,
    /// Lets the technician in.
    site_contact: Option<bool>,
    /// May sign for the client.
    signatory: Option<bool>,
    /// First day the right to sign holds.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, format = Date)]
    valid_from: Option<Option<String>>,
    /// Last day it holds.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<Option<String>>,
    /// Most a signature may bind to.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    limit_minor: Option<Option<i64>>,
    /// No longer there.
    archived: Option<bool>,
}

fn amount(minor: Option<i64>, currency: Currency) -> String {
    minor.map(|minor| Money::from_minor(minor).plain(currency)).unwrap_or_default()
}

fn form(new: NewContact, currency: Currency) -> ContactForm {
    ContactForm {
        name: new.name,
        title: new.title,
        phone: new.phone,
        email: new.email,
        requester: tick(new.requester),
        approver: tick(new.approver),
        payer: tick(new.payer),
        site_contact: tick(new.site_contact),
        signatory: tick(new.signatory),
        valid_from: new.valid_from.unwrap_or_default(),
        valid_until: new.valid_until.unwrap_or_default(),
        limit: amount(new.limit_minor, currency),
        ..ContactForm::default()
    }
}

fn onto(patch: ContactPatch, form: ContactForm, currency: Currency) -> ContactForm {
    ContactForm {
        name: patch.name.unwrap_or(form.name),
        title: patch.title.unwrap_or(form.title),
        phone: patch.phone.unwrap_or(form.phone),
        email: patch.email.unwrap_or(form.email),
        requester: patch.requester.map_or(form.requester, tick),
        approver: patch.approver.map_or(form.approver, tick),
        payer: patch.payer.map_or(form.payer, tick),
        site_contact: patch.site_contact.map_or(form.site_contact, tick),
        signatory: patch.signatory.map_or(form.signatory, tick),
        valid_from: patch.valid_from.map_or(form.valid_from, Option::unwrap_or_default),
        valid_until: patch.valid_until.map_or(form.valid_until, Option::unwrap_or_default),
        limit: patch.limit_minor.map_or(form.limit, |minor| amount(minor, currency)),
        archived: patch.archived.map_or(form.archived, tick),
        version: form.version,
    }
}

async fn one(caller: &Caller, id: Uuid) -> Result<Contact, Problem> {
    let mut tx = caller.read(ROOM, Permission::SeeClients).await?;
    Ok(only(contacts(&mut tx, Window::one(id), None).await?, id)?)
}

/// Contacts, of one client when it is named.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "contacts", params(ContactsAsked), responses((status = 200, body = Page<Contact>), Problems), security(("key" = ["clients:read"])))]
pub async fn list(caller: Caller, asked: Asked) -> Answer {
    let mut tx = caller.read(ROOM, Permission::SeeClients).await?;
    let asked = asked.read::<ContactsAsked>()?;
    let limit = rows(asked.limit)?;
    let after = asked_id("cursor", asked.cursor.as_deref())?;
    let client = asked_id("client", asked.client.as_deref())?;
    Ok(page(contacts(&mut tx, Window::after(after, limit), client).await?, limit))
}

/// A contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = Uuid, Path)), responses((status = 200, body = Contact, headers(("ETag" = String))), Problems), security(("key" = ["clients:read"])))]
pub async fn find(caller: Caller, Path(contact): Path<String>) -> Answer {
    caller.may(ROOM, Scope::Read, Permission::SeeClients)?;
    Ok(shown(&one(&caller, id(&contact)?).await?, None))
}

/// Adds a contact.
#[utoipa::path(post, path = "/api/v1/contacts", tag = "contacts", params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 64, pattern = "^[!-~]+$")), request_body = NewContact, responses((status = 201, body = Contact, headers(("ETag" = String), ("Location" = String))), Problems, WriteProblems), security(("key" = ["clients:write"])))]
pub async fn create(caller: Caller, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::EditClients)?;
    let new = sent.json::<NewContact>()?;
    let client = ClientId(new.client);
    let new = form(new, caller.currency()).read(caller.currency())?;
    let made = match caller.begin(grant, &sent).await? {
        Begun::Before(id) => id,
        Begun::Now(mut tx) => {
            let contact = store::clients::contacts::add(&mut tx, client, &new).await?;
            tx.commit_to(Event::ContactAdded { client, contact }, &path("contacts", contact)).await?;
            contact.uuid()
        }
    };
    Ok(shown(&one(&caller, made).await?, Some("contacts")))
}

/// Changes a contact.
#[utoipa::path(patch, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag of the record that was read.")), request_body = ContactPatch, responses((status = 200, body = Contact, headers(("ETag" = String))), Problems, ChangeProblems), security(("key" = ["clients:write"])))]
pub async fn change(caller: Caller, Path(contact): Path<String>, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::EditClients)?;
    let contact = ContactId(id(&contact)?);
    let mut tx = caller.write(grant).await?;
    let before = store::clients::contacts::form(&mut tx, contact).await?.form;
    sent.fresh(&before.version)?;
    let new = onto(sent.json()?, before, caller.currency()).read(caller.currency())?;
    let client = store::clients::contacts::update(&mut tx, contact, &new).await?;
    tx.commit(Event::ContactChanged { client, contact }).await?;
    Ok(shown(&one(&caller, contact.uuid()).await?, None))
}
