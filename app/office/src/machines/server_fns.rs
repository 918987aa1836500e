//! Server functions of keys.

use domain::{
    Permission,
    forms::{Done, Page, Post},
    ids::ApiKeyId,
    machines::{ApiKeyForm, ApiKeyRow},
};
use gate::Result;
use leptos::prelude::*;

/// The shop's keys.
#[server(prefix = "/fn", endpoint = "office/api_keys")]
pub async fn api_keys() -> Result<Page<Vec<ApiKeyRow>>> {
    let (db, actor) = gate::front(Permission::ManageApiKeys, None).await?;
    gate::page(db.front_door().api_keys(&actor).await?).await
}

/// Makes a key and shows it once on the next page.
#[server(prefix = "/fn", endpoint = "office/make_api_key")]
pub async fn make_api_key(post: Post, form: ApiKeyForm) -> Result<Done> {
    super::make::key(post, form).await
}

/// Puts a new key in the place of an old one, which is dead at once.
#[server(prefix = "/fn", endpoint = "office/rotate_api_key")]
pub async fn rotate_api_key(post: Post, key: ApiKeyId) -> Result<Done> {
    super::make::again(post, key).await
}

/// Kills a key at once.
#[server(prefix = "/fn", endpoint = "office/revoke_api_key")]
pub async fn revoke_api_key(post: Post, key: ApiKeyId) -> Result<Done> {
    let (db, actor) = gate::front(Permission::ManageApiKeys, Some(&post)).await?;
    db.front_door().revoke_api_key(&actor, key).await?;
    Ok(gate::go("/shop/keys"))
}
