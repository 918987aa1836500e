//! Server functions of the shop's own key.

use domain::{
    Event, Permission,
    forms::{Done, Page, Post},
    own_key::{KmsForm, OwnKeyRow, VaultForm},
};
use gate::Result;
use leptos::prelude::*;

/// The shop's own key, if it has one.
#[server(prefix = "/fn", endpoint = "office/own_key")]
pub async fn own_key() -> Result<Page<Option<OwnKeyRow>>> {
    let mut tx = gate::read(Permission::ManageOwnKey).await?;
    gate::page(store::own_keys::find(&mut tx).await?).await
}

/// Puts the shop's keys under a key of a transit engine, once it was tried out.
#[server(prefix = "/fn", endpoint = "office/take_vault_key")]
pub async fn take_vault_key(post: Post, form: VaultForm) -> Result<Done> {
    super::keep::take(post, |reachable| form.read(reachable)).await
}

/// Puts them under a key of KMS.
#[server(prefix = "/fn", endpoint = "office/take_kms_key")]
pub async fn take_kms_key(post: Post, form: KmsForm) -> Result<Done> {
    super::keep::take(post, |reachable| form.read(reachable)).await
}

/// Takes them out from under it.
#[server(prefix = "/fn", endpoint = "office/leave_own_key")]
pub async fn leave_own_key(post: Post) -> Result<Done> {
    gate::confirmed(Permission::ManageOwnKey, &post).await?;
    let mut tx = gate::write(Permission::ManageOwnKey, &post).await?;
    let kind = store::own_keys::leave(&mut tx).await?;
    let shop = tx.actor().shop;
    gate::done(tx, Event::OwnKeyLeft { shop, kind }, "/shop/own-key").await
}
