//! Server functions of sites, access notes and openings.

use domain::{
    Event, Permission, Refusal,
    clients::one_line,
    forms::{Done, Page, Post},
    ids::{ClientId, OpeningId, SiteId},
    reveal::{RevealForm, Revealed},
    sites::{
        AccessNotesForm, SiteEdit, SiteForm, SitePage,
        opening::{OpeningEdit, OpeningForm},
    },
};
use gate::Result;
use leptos::prelude::*;

/// A site's page.
#[server(prefix = "/fn", endpoint = "desk/find_site")]
pub async fn find_site(id: String) -> Result<Page<SitePage>> {
    let mut tx = gate::read(Permission::SeeClients).await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    gate::page(store::overview::site(&mut tx, id).await?).await
}

/// An empty form for a site of this client.
#[server(prefix = "/fn", endpoint = "desk/new_site")]
pub async fn new_site(client: String) -> Result<Page<SiteEdit>> {
    let mut tx = gate::read(Permission::EditClients).await?;
    let client: ClientId = client.parse().map_err(|_| Refusal::NotFound)?;
    let client_name = store::clients::name(&mut tx, client).await?;
    gate::page(SiteEdit { client: client.uuid(), client_name, form: SiteForm::default() }).await
}

/// Adds a site.
#[server(prefix = "/fn", endpoint = "desk/create_site")]
pub async fn create_site(post: Post, client: ClientId, form: SiteForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    let new = form.read()?;
    let site = store::sites::create(&mut tx, client, &new).await?;
    gate::done(tx, Event::SiteAdded { client, site }, gate::paths::site(site)).await
}

/// The form of a site, as it is stored now.
#[server(prefix = "/fn", endpoint = "desk/edit_site")]
pub async fn edit_site(id: String) -> Result<Page<SiteEdit>> {
    let mut tx = gate::read(Permission::EditClients).await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    gate::page(store::sites::form(&mut tx, id).await?).await
}

/// Changes a site.
#[server(prefix = "/fn", endpoint = "desk/update_site")]
pub async fn update_site(post: Post, site: SiteId, form: SiteForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    let new = form.read()?;
    let client = store::sites::update(&mut tx, site, &new).await?;
    gate::done(tx, Event::SiteChanged { client, site }, gate::paths::site(site)).await
}

/// Writes how to get in. The text is sealed and in no entry.
#[server(prefix = "/fn", endpoint = "desk/write_access_notes")]
pub async fn write_access_notes(post: Post, site: SiteId, form: AccessNotesForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditAccessNotes, &post).await?;
    let new = form.read()?;
    store::sites::access_notes::write(&mut tx, site, &new).await?;
    gate::done(tx, Event::AccessNotesChanged { site }, gate::paths::site(site)).await
}

/// Opens how to get in, once the entry about it is committed.
#[server(prefix = "/fn", endpoint = "desk/reveal_access_notes")]
pub async fn reveal_access_notes(post: Post, site: SiteId, form: RevealForm) -> Result<Revealed> {
    let (db, grant) = gate::secret(Permission::SeeAccessNotes, &post).await?;
    Ok(store::reveal::access_notes(&db, grant, site, &form.read()?).await?)
}

/// An empty form for an opening of this site.
#[server(prefix = "/fn", endpoint = "desk/new_opening")]
pub async fn new_opening(site: String) -> Result<Page<OpeningEdit>> {
    let mut tx = gate::read(Permission::EditClients).await?;
    let site = site.parse().map_err(|_| Refusal::NotFound)?;
    let site = store::sites::find(&mut tx, site).await?;
    let place = one_line(&site.name, &site.address);
    gate::page(OpeningEdit { site: site.id, place, ..OpeningEdit::default() }).await
}

/// Adds an opening.
#[server(prefix = "/fn", endpoint = "desk/create_opening")]
pub async fn create_opening(post: Post, site: SiteId, form: OpeningForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    let new = form.read()?;
    let opening = store::sites::openings::create(&mut tx, site, &new).await?;
    gate::done(tx, Event::OpeningAdded { site, opening }, gate::paths::site(site)).await
}

/// The form of an opening, as it is stored now.
#[server(prefix = "/fn", endpoint = "desk/edit_opening")]
pub async fn edit_opening(id: String) -> Result<Page<OpeningEdit>> {
    let mut tx = gate::read(Permission::EditClients).await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    let edit = store::sites::openings::form(&mut tx, id).await?;
    gate::page(store::attachments::beside(&mut tx, id, edit).await?).await
}

/// Changes an opening.
#[server(prefix = "/fn", endpoint = "desk/update_opening")]
pub async fn update_opening(post: Post, opening: OpeningId, form: OpeningForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditClients, &post).await?;
    let new = form.read()?;
    let site = store::sites::openings::update(&mut tx, opening, &new).await?;
    gate::done(tx, Event::OpeningChanged { site, opening }, gate::paths::site(site)).await
}
