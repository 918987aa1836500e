//! Server functions of a site's codes.

use domain::{
    Event, Permission, Refusal,
    clients::one_line,
    forms::{Done, Page, Post},
    ids::{SiteCodeId, SiteId},
    reveal::{RevealForm, Revealed},
    sites::codes::{CodeEdit, CodeForm, CodePage},
};
use gate::Result;
use leptos::prelude::*;

/// A code's page, without the code.
#[server(prefix = "/fn", endpoint = "desk/find_site_code")]
pub async fn find_site_code(id: String) -> Result<Page<CodePage>> {
    let mut tx = gate::read(Permission::SeeAccessNotes).await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    gate::page(store::overview::site_code(&mut tx, id).await?).await
}

/// An empty form for a code of this site.
#[server(prefix = "/fn", endpoint = "desk/new_site_code")]
pub async fn new_site_code(site: String) -> Result<Page<CodeEdit>> {
    let mut tx = gate::read(Permission::EditAccessNotes).await?;
    let site = site.parse().map_err(|_| Refusal::NotFound)?;
    let site = store::sites::find(&mut tx, site).await?;
    let place = one_line(&site.name, &site.address);
    gate::page(CodeEdit { site: site.id, place, form: CodeForm::default() }).await
}

/// Puts a code on record. It is sealed and in no entry.
#[server(prefix = "/fn", endpoint = "desk/record_site_code")]
pub async fn record_site_code(post: Post, site: SiteId, form: CodeForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditAccessNotes, &post).await?;
    let new = form.read()?;
    let code = store::sites::codes::create(&mut tx, site, &new).await?;
    gate::done(tx, Event::SiteCodeRecorded { site, code }, gate::paths::site(site)).await
}

/// A code's form; the code is not in it.
#[server(prefix = "/fn", endpoint = "desk/edit_site_code")]
pub async fn edit_site_code(id: String) -> Result<Page<CodeEdit>> {
    let mut tx = gate::read(Permission::EditAccessNotes).await?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    gate::page(store::sites::codes::form(&mut tx, id).await?).await
}

/// Changes a code, or what is said of it.
#[server(prefix = "/fn", endpoint = "desk/update_site_code")]
pub async fn update_site_code(post: Post, code: SiteCodeId, form: CodeForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditAccessNotes, &post).await?;
    let new = form.read()?;
    let site = store::sites::codes::update(&mut tx, code, &new).await?;
    let event = Event::SiteCodeChanged { site, code, resealed: new.code.is_some() };
    gate::done(tx, event, gate::paths::site_code(code)).await
}

/// Opens a code, once the entry about it is committed.
#[server(prefix = "/fn", endpoint = "desk/reveal_site_code")]
pub async fn reveal_site_code(post: Post, code: SiteCodeId, form: RevealForm) -> Result<Revealed> {
    let (db, grant) = gate::secret(Permission::SeeAccessNotes, &post).await?;
    Ok(store::reveal::site_code(&db, grant, code, &form.read()?).await?)
}
