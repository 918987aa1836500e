//! Server functions of decoys: for owners, and every change for those who have just confirmed who they are.

use domain::{
    alerts::{DecoyEditForm, DecoyForm, DecoyKeyForm, Decoys},
    forms::{Done, Page, Post},
    ids::{ClientId, DecoyId},
};
use gate::Result;
use leptos::prelude::*;

/// What is laid out, and what could be next.
#[server(prefix = "/fn", endpoint = "office/list_decoys")]
pub async fn list_decoys() -> Result<Page<Decoys>> {
    super::lay_out::list().await
}

/// Lays out a client with a contact.
#[server(prefix = "/fn", endpoint = "office/plant_client")]
pub async fn plant_client(post: Post, form: DecoyForm) -> Result<Done> {
    super::lay_out::client(post, form).await
}

/// Lays out a key of such a client.
#[server(prefix = "/fn", endpoint = "office/plant_key")]
pub async fn plant_key(post: Post, client: ClientId, form: DecoyKeyForm) -> Result<Done> {
    super::lay_out::key(post, client, form).await
}

/// Makes a link to such a client's portal, and shows it once on the next page.
#[server(prefix = "/fn", endpoint = "office/plant_link")]
pub async fn plant_link(post: Post, client: ClientId) -> Result<Done> {
    super::lay_out::link(post, client).await
}

/// Changes what a decoy says.
#[server(prefix = "/fn", endpoint = "office/change_decoy")]
pub async fn change_decoy(post: Post, decoy: DecoyId, form: DecoyEditForm) -> Result<Done> {
    super::lay_out::change(post, decoy, form).await
}

/// Takes a decoy away.
#[server(prefix = "/fn", endpoint = "office/remove_decoy")]
pub async fn remove_decoy(post: Post, decoy: DecoyId) -> Result<Done> {
    super::lay_out::remove(post, decoy).await
}
