//! Making a key: its secret is known here and nowhere else. Runs on the server alone.

use super::page::{FORM, SHOWN};
use domain::{
    Permission,
    forms::{Done, Flash, Post},
    ids::ApiKeyId,
    machines::ApiKeyForm,
};
use gate::{AppError, Result};
use std::collections::BTreeMap;
use store::{Db, Token, front_door::api_keys};

/// Seconds a key waits to be shown: the lifetime of a flash.
const FLASH_AGE: u32 = 600;

pub async fn key(post: Post, form: ApiKeyForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageApiKeys, &post).await?;
    let token = db.front_door().make_api_key(&actor, &post.id, &form.read()?).await?;
    show_once(&db, &token).await
}

pub async fn again(post: Post, key: ApiKeyId) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageApiKeys, &post).await?;
    let token = db.front_door().rotate_api_key(&actor, &post.id, key).await?;
    show_once(&db, &token).await
}

/// Keeps the key, sealed, for the next page alone.
async fn show_once(db: &Db, token: &Token) -> Result<Done> {
    let shown = BTreeMap::from([(SHOWN.to_owned(), api_keys::text(token))]);
    let flash = Flash { form: FORM.into(), values: shown, ..Flash::default() };
    let kept = serde_json::to_vec(&flash).map_err(|_| AppError::Call)?;
    let token = db.front_door().put_flash(&kept).await?;
    gate::cookie("flash", &token.reveal(), FLASH_AGE, true);
    Ok(gate::go("/shop/keys"))
}
