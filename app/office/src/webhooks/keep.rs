//! What is done to receivers. Each act asks for a fresh proof of who is there: whoever can send the audit trail elsewhere
//! can read all of it. Runs on the server alone.

use super::receiver::{FORM, SHOWN};
use domain::{
    Event, Permission, Refusal,
    forms::{Done, Flash, Post},
    ids::ReceiverId,
    webhooks::{ReceiverChange, ReceiverForm, RestartForm, Standing},
};
use gate::{AppError, Result};
use std::collections::BTreeMap;
use store::{
    WriteTx,
    webhooks::{self, Secret},
};
use uuid::Uuid;

/// Where all of them are.
const LIST: &str = "/shop/webhooks";

/// Seconds a secret waits to be shown: the lifetime of a flash.
const FLASH_AGE: u32 = 600;

async fn open(post: &Post) -> Result<WriteTx> {
    gate::confirmed(Permission::ManageApiKeys, post).await?;
    gate::write(Permission::ManageApiKeys, post).await
}

fn place(receiver: ReceiverId) -> String {
    format!("{LIST}/{receiver}")
}

pub async fn add(post: Post, form: ReceiverForm) -> Result<Done> {
    let mut tx = open(&post).await?;
    let new = form.read(&gate::request()?.reachable)?;
    let (receiver, secret) = webhooks::add(&mut tx, &new).await?;
    let done = gate::done(tx, Event::ReceiverAdded { receiver }, place(receiver)).await?;
    show_once(&secret).await?;
    Ok(done)
}

pub async fn replace_secret(post: Post, receiver: ReceiverId) -> Result<Done> {
    let mut tx = open(&post).await?;
    let secret = webhooks::replace_secret(&mut tx, receiver).await?;
    let done = gate::done(tx, Event::ReceiverSecretReplaced { receiver }, place(receiver)).await?;
    show_once(&secret).await?;
    Ok(done)
}

/// Keeps the secret, sealed, for the next page alone.
async fn show_once(secret: &Secret) -> Result<()> {
    let shown = BTreeMap::from([(SHOWN.to_owned(), secret.reveal())]);
    let flash = Flash { form: FORM.into(), values: shown, ..Flash::default() };
    let kept = serde_json::to_vec(&flash).map_err(|_| AppError::Call)?;
    let token = gate::door()?.0.front_door().put_flash(&kept).await?;
    gate::cookie("flash", &token.reveal(), FLASH_AGE, true);
    Ok(())
}

async fn changed(tx: WriteTx, receiver: ReceiverId, change: ReceiverChange) -> Result<Done> {
    gate::done(tx, Event::ReceiverChanged { receiver, change }, place(receiver)).await
}

pub async fn pause(post: Post, receiver: ReceiverId) -> Result<Done> {
    let mut tx = open(&post).await?;
    webhooks::set_standing(&mut tx, receiver, Standing::Paused).await?;
    changed(tx, receiver, ReceiverChange::Paused).await
}

pub async fn resume(post: Post, receiver: ReceiverId) -> Result<Done> {
    let mut tx = open(&post).await?;
    webhooks::set_standing(&mut tx, receiver, Standing::On).await?;
    changed(tx, receiver, ReceiverChange::Resumed).await
}

pub async fn restart(post: Post, receiver: ReceiverId, form: RestartForm) -> Result<Done> {
    let mut tx = open(&post).await?;
    webhooks::restart(&mut tx, receiver, form.read()?).await?;
    changed(tx, receiver, ReceiverChange::Restarted).await
}

pub async fn send_again(post: Post, receiver: ReceiverId, delivery: String) -> Result<Done> {
    let mut tx = open(&post).await?;
    let one = match delivery.as_str() {
        "" => None,
        id => Some(Uuid::parse_str(id).map_err(|_| AppError::from(Refusal::NotFound))?),
    };
    webhooks::send_again(&mut tx, receiver, one).await?;
    changed(tx, receiver, ReceiverChange::SentAgain).await
}

pub async fn test(post: Post, receiver: ReceiverId) -> Result<Done> {
    let mut tx = open(&post).await?;
    webhooks::test(&mut tx, receiver).await?;
    changed(tx, receiver, ReceiverChange::Tested).await
}

pub async fn remove(post: Post, receiver: ReceiverId) -> Result<Done> {
    let mut tx = open(&post).await?;
    webhooks::remove(&mut tx, receiver).await?;
    gate::done(tx, Event::ReceiverRemoved { receiver }, LIST).await
}
