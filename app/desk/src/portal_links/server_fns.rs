//! Server functions of portal links.

use domain::{
    Permission,
    forms::{Done, Post},
    ids::{ClientId, ContactId, PortalLinkId},
};
use gate::{Result, paths};
use leptos::prelude::*;

/// Makes a link, and mails it (`how` is "mail") or shows it once on the next page.
#[server(prefix = "/fn", endpoint = "desk/make_portal_link")]
pub async fn make_portal_link(
    post: Post,
    client: ClientId,
    contact: ContactId,
    #[server(default)] how: String,
) -> Result<Done> {
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
