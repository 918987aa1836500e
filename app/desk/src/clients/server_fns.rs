//! Server functions of clients, contacts and notes.

use domain::{
    Event, Permission, Refusal,
    clients::{
        contact::{ContactEdit, ContactForm},
        form::ClientForm,
        list::{ClientFilter, ClientList},
        page::{ClientPage, NoteForm},
    },
    forms::{Done, Page, Post},
    ids::{ClientId, ContactId},
};
use gate::Result;
use leptos::prelude::*;

/// One page of the list.
#[server(prefix = "/fn", endpoint = "desk/list_clients")]
pub async fn list_clients(#[server(default)] filter: ClientFilter) -> Result<ClientList> {
    let mut tx = gate::read(Permission::SeeClients).await?;
    Ok(store::overview::clients(&mut tx, &filter).await?)
}

/// A client's page.
#[server(prefix = "/fn", endpoint = "desk/find_client")]
pub async fn find_client(id: String) -> Result<Page<ClientPage>> {
    let mut tx = gate::read(Permission::SeeClients).await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    gate::page(store::overview::client(&mut tx, id).await?).await
}

/// An empty form.
#[server(prefix = "/fn", endpoint = "desk/new_client")]
pub async fn new_client() -> Result<Page<ClientForm>> {
    let tx = gate::read(Permission::EditClients).await?;
    drop(tx);
    gate::page(ClientForm { kind: "person".into(), ..ClientForm::default() }).await
}

/// Adds a client.
#[server(prefix = "/fn", endpoint = "desk/create_client")]
pub async fn create_client(post: Post, form: ClientForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    let new = form.read()?;
    let client = store::clients::create(&mut tx, &new).await?;
    gate::done(tx, Event::ClientCreated { client }, gate::paths::client(client)).await
}

/// The form of a client, as it is stored now.
#[server(prefix = "/fn", endpoint = "desk/edit_client")]
pub async fn edit_client(id: String) -> Result<Page<ClientForm>> {
    let mut tx = gate::read(Permission::EditClients).await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    gate::page(store::clients::form(&mut tx, id).await?).await
}

/// Changes a client.
#[server(prefix = "/fn", endpoint = "desk/update_client")]
pub async fn update_client(post: Post, client: ClientId, form: ClientForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    let new = form.read()?;
    store::clients::update(&mut tx, client, &new).await?;
    gate::done(tx, Event::ClientChanged { client }, gate::paths::client(client)).await
}

/// Takes a client out of the lists.
#[server(prefix = "/fn", endpoint = "desk/archive_client")]
pub async fn archive_client(post: Post, client: ClientId) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    store::clients::set_archived(&mut tx, client, true).await?;
    gate::done(tx, Event::ClientArchived { client }, gate::paths::client(client)).await
}

/// Puts a client back into the lists.
#[server(prefix = "/fn", endpoint = "desk/restore_client")]
pub async fn restore_client(post: Post, client: ClientId) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    store::clients::set_archived(&mut tx, client, false).await?;
    gate::done(tx, Event::ClientRestored { client }, gate::paths::client(client)).await
}

/// Writes a note on a client.
#[server(prefix = "/fn", endpoint = "desk/add_client_note")]
pub async fn add_client_note(post: Post, client: ClientId, form: NoteForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    let body = form.read()?;
    let note = store::clients::notes::add(&mut tx, client, &body).await?;
    gate::done(tx, Event::ClientNoteAdded { client, note }, gate::paths::client(client)).await
}

/// An empty form for a contact of this client.
#[server(prefix = "/fn", endpoint = "desk/new_contact")]
pub async fn new_contact(client: String) -> Result<Page<ContactEdit>> {
    let mut tx = gate::read(Permission::EditClients).await?;
    let client: ClientId = client.parse().map_err(|_| Refusal::NotFound)?;
    let client_name = store::clients::name(&mut tx, client).await?;
    gate::page(ContactEdit { client: client.uuid(), client_name, form: ContactForm::default() }).await
}

/// Adds a contact.
#[server(prefix = "/fn", endpoint = "desk/add_contact")]
pub async fn add_contact(post: Post, client: ClientId, form: ContactForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    let new = form.read(tx.actor().currency)?;
    let contact = store::clients::contacts::add(&mut tx, client, &new).await?;
    gate::done(tx, Event::ContactAdded { client, contact }, gate::paths::client(client)).await
}

/// The form of a contact, as it is stored now.
#[server(prefix = "/fn", endpoint = "desk/edit_contact")]
pub async fn edit_contact(id: String) -> Result<Page<ContactEdit>> {
    let mut tx = gate::read(Permission::EditClients).await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    gate::page(store::clients::contacts::form(&mut tx, id).await?).await
}

/// Changes a contact.
#[server(prefix = "/fn", endpoint = "desk/update_contact")]
pub async fn update_contact(post: Post, contact: ContactId, form: ContactForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    let new = form.read(tx.actor().currency)?;
    let client = store::clients::contacts::update(&mut tx, contact, &new).await?;
    gate::done(tx, Event::ContactChanged { client, contact }, gate::paths::client(client)).await
}
