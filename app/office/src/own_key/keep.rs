//! Bringing a key: for owners who have just proved who they are. Runs on the server alone.

use domain::{
    Event, FieldErrors, Permission,
    forms::{Done, Post},
    own_key::NewOwnKey,
    webhooks::Reachable,
};
use gate::Result;

pub async fn take(post: Post, read: impl FnOnce(&Reachable) -> Result<NewOwnKey, FieldErrors>) -> Result<Done> {
    gate::confirmed(Permission::ManageOwnKey, &post).await?;
    let mut tx = gate::write(Permission::ManageOwnKey, &post).await?;
    let new = read(&gate::request()?.reachable)?;
    store::own_keys::take(&mut tx, &new).await?;
    let shop = tx.actor().shop;
    gate::done(tx, Event::OwnKeyTaken { shop, kind: new.kind }, "/shop/own-key").await
}
