//! Server functions of bitting records.

use domain::{
    Event, Permission, Refusal,
    bittings::{BittingEdit, BittingFilter, BittingForm, BittingList, BittingPage, FindForm, Found},
    forms::{Done, Page, Post},
    ids::{BittingId, ClientId, ReleaseId},
    reveal::{Printed, RevealForm, Revealed},
};
use gate::Result;
use leptos::prelude::*;

/// The list.
#[server(prefix = "/fn", endpoint = "keys/list_bittings")]
pub async fn list_bittings(filter: BittingFilter) -> Result<Page<BittingList>> {
    let mut tx = gate::read(Permission::SeeBittings).await?;
    gate::page(store::overview::bittings(&mut tx, &filter).await?).await
}

/// A record's page, without what is sealed.
#[server(prefix = "/fn", endpoint = "keys/find_bitting")]
pub async fn find_bitting(id: String) -> Result<Page<BittingPage>> {
    let mut tx = gate::read(Permission::SeeBittings).await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    gate::page(store::overview::bitting(&mut tx, id).await?).await
}

/// An empty form for a key of this client.
#[server(prefix = "/fn", endpoint = "keys/new_bitting")]
pub async fn new_bitting(client: String) -> Result<Page<BittingEdit>> {
    let mut tx = gate::read(Permission::EditBittings).await?;
    let client: ClientId = client.parse().map_err(|_| Refusal::NotFound)?;
    gate::page(store::bittings::blank_form(&mut tx, client).await?).await
}

/// Puts a key on record. Cuts and code are sealed and in no entry.
#[server(prefix = "/fn", endpoint = "keys/record_bitting")]
pub async fn record_bitting(post: Post, client: ClientId, form: BittingForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditBittings, &post).await?;
    let new = form.read()?;
    let record = store::bittings::create(&mut tx, client, &new).await?;
    gate::done(tx, Event::BittingRecorded { record, client }, gate::paths::bitting(record)).await
}

/// A record's form; what is sealed is not in it.
#[server(prefix = "/fn", endpoint = "keys/edit_bitting")]
pub async fn edit_bitting(id: String) -> Result<Page<BittingEdit>> {
    let mut tx = gate::read(Permission::EditBittings).await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    gate::page(store::bittings::form(&mut tx, id).await?).await
}

/// Changes a record.
#[server(prefix = "/fn", endpoint = "keys/update_bitting")]
pub async fn update_bitting(post: Post, record: BittingId, form: BittingForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditBittings, &post).await?;
    let new = form.read()?;
    let client = store::bittings::update(&mut tx, record, &new).await?;
    let event = Event::BittingChanged { record, client, resealed: new.secret.is_some() };
    gate::done(tx, event, gate::paths::bitting(record)).await
}

/// Opens cuts and code, once the entry about it is committed.
#[server(prefix = "/fn", endpoint = "keys/reveal_bitting")]
pub async fn reveal_bitting(post: Post, record: BittingId, form: RevealForm) -> Result<Revealed> {
    let (db, grant) = gate::secret(Permission::RevealSecrets, &post).await?;
    Ok(store::reveal::bitting(&db, grant, record, &form.read()?).await?)
}

/// The same for paper: counted, and with whose sheet it is.
#[server(prefix = "/fn", endpoint = "keys/print_bitting")]
pub async fn print_bitting(post: Post, record: BittingId, form: RevealForm) -> Result<Printed> {
    let (db, grant) = gate::secret(Permission::PrintSecrets, &post).await?;
    Ok(store::reveal::print(&db, grant, record, &form.read()?).await?)
}

/// Finds a key by its stamp, code or cuts among everything sealed. Names records, opens none.
#[server(prefix = "/fn", endpoint = "keys/search_bittings")]
pub async fn search_bittings(post: Post, form: FindForm) -> Result<Found> {
    let (db, grant) = gate::secret(Permission::RevealSecrets, &post).await?;
    Ok(store::reveal::search(&db, grant, &form.read()?).await?)
}

/// What the search page needs to know: a ticket, and whether whoever looks has just confirmed who they are.
#[server(prefix = "/fn", endpoint = "keys/search_ready")]
pub async fn search_ready() -> Result<Page<bool>> {
    let tx = gate::read(Permission::RevealSecrets).await?;
    gate::page(tx.actor().confirmed).await
}

/// Asks for the release of a top secret record.
#[server(prefix = "/fn", endpoint = "keys/ask_release")]
pub async fn ask_release(post: Post, record: BittingId, form: RevealForm) -> Result<Done> {
    let mut tx = gate::write(Permission::RevealSecrets, &post).await?;
    let event = store::reveal::ask(&mut tx, record, &form.read()?).await?;
    gate::done(tx, event, gate::paths::bitting(record)).await
}

/// The second person's yes.
#[server(prefix = "/fn", endpoint = "keys/grant_release")]
pub async fn grant_release(post: Post, release: ReleaseId) -> Result<Done> {
    let (db, grant) = gate::secret(Permission::RevealSecrets, &post).await?;
    store::reveal::decide(&db, grant, release, true).await?;
    Ok(gate::go("/bittings"))
}

/// The second person's no.
#[server(prefix = "/fn", endpoint = "keys/refuse_release")]
pub async fn refuse_release(post: Post, release: ReleaseId) -> Result<Done> {
    let (db, grant) = gate::secret(Permission::RevealSecrets, &post).await?;
    store::reveal::decide(&db, grant, release, false).await?;
    Ok(gate::go("/bittings"))
}
