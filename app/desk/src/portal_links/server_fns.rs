//! Server functions of portal links.

use domain::{
    Permission, Refusal,
    forms::{Done, Page, Post},
    ids::{ClientId, ContactId, PortalLinkId},
    portal::LinksPanel,
};
use gate::{Result, paths};
use leptos::prelude::*;

/// A client's links, and for whom new ones can be made.
#[server(prefix = "/fn", endpoint = "desk/list_portal_links")]
pub async fn list_portal_links(client: String) -> Result<Page<LinksPanel>> {
    let client: ClientId = client.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = gate::read(Permission::SharePortal).await?;
    let contacts = store::portal::recipients(&mut tx, client).await?;
    let (db, actor) = gate::front(Permission::SharePortal, None).await?;
    gate::page(LinksPanel { client, contacts, links: db.front_door().portal_links(&actor, client).await? }).await
}

/// Makes a link, and mails it (`how` is "mail") or shows it once on the next page.
#[server(prefix = "/fn", endpoint = "desk/make_portal_link")]
pub async fn make_portal_link(post: Post, client: ClientId, contact: ContactId, #[server(default)] how: String) -> Result<Done> {
    super::make::link(&post, client, contact, how == "mail").await?;
    Ok(gate::go(format!("{}#portal-links", paths::client(client))))
}

/// Kills a link and every visit it opened.
#[server(prefix = "/fn", endpoint = "desk/revoke_portal_link")]
pub async fn revoke_portal_link(post: Post, client: ClientId, link: PortalLinkId) -> Result<Done> {
    let (db, actor) = gate::front(Permission::SharePortal, Some(&post)).await?;
    db.front_door().revoke_portal_link(&actor, link).await?;
    Ok(gate::go(format!("{}#portal-links", paths::client(client))))
}
