//! Laying out decoys and taking them away. Runs on the server alone.

use super::decoys::{FORM, SHOWN};
use domain::{
    Event, Permission, Refusal,
    alerts::{DecoyEditForm, DecoyForm, DecoyKeyForm, DecoyKind, Decoys, believable_client, believable_key},
    clients::contact::ContactForm,
    forms::{Done, Flash, Page, Post},
    ids::{ClientId, DecoyId, PortalLinkId},
};
use gate::{AppError, Result};
use std::collections::BTreeMap;
use store::{WriteTx, alerts, clients, identity, portal};
use uuid::Uuid;

/// Where all of them are.
const LIST: &str = "/alerts/decoys";
/// Seconds a link waits to be shown: the lifetime of a flash.
const FLASH_AGE: u32 = 600;

pub async fn list() -> Result<Page<Decoys>> {
    let mut tx = gate::read(Permission::ManageDecoys).await?;
    let rows = alerts::decoys(&mut tx).await?;
    let phone = identity::shop::find(&mut tx).await?.details.phone;
    let seed = || Uuid::new_v4().as_u64_pair().0;
    gate::page(Decoys { rows, client: believable_client(seed(), &phone), key: believable_key(seed()) }).await
}

async fn open(post: &Post) -> Result<WriteTx> {
    gate::confirmed(Permission::ManageDecoys, post).await?;
    gate::write(Permission::ManageDecoys, post).await
}

pub async fn client(post: Post, form: DecoyForm) -> Result<Done> {
    let mut tx = open(&post).await?;
    let (new, contact) = form.read()?;
    let client = alerts::plant_client(&mut tx, &new).await?;
    let done = gate::done(tx, Event::ClientCreated { client }, LIST).await?;
    // An act of its own, as for any client.
    let (db, actor) = gate::front(Permission::ManageDecoys, Some(&post)).await?;
    let mut tx = db.write(actor.allow(Permission::ManageDecoys)?).await?;
    tx.unseen();
    let contact = ContactForm { name: contact, requester: "on".into(), ..ContactForm::default() };
    let contact = clients::contacts::add(&mut tx, client, &contact.read(actor.currency)?).await?;
    tx.commit(Event::ContactAdded { client, contact }).await?;
    Ok(done)
}

pub async fn key(post: Post, client: ClientId, form: DecoyKeyForm) -> Result<Done> {
    let mut tx = open(&post).await?;
    let record = alerts::plant_key(&mut tx, client, &form.read()?).await?;
    gate::done(tx, Event::BittingRecorded { record, client }, LIST).await
}

pub async fn link(post: Post, client: ClientId) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageDecoys, &post).await?;
    let mut tx = gate::read(Permission::ManageDecoys).await?;
    let decoy = alerts::decoys(&mut tx).await?.into_iter().any(|row| row.id == client.uuid());
    let contact =
        portal::recipients(&mut tx, client).await?.into_iter().next().filter(|_| decoy).ok_or(Refusal::NotFound)?;
    drop(tx);
    let token = db.front_door().lay_out_portal_link(&actor, &post.id, client, contact.id).await?;
    let link = format!("{}/p/{}", gate::origin_url()?, token.reveal());
    let flash = Flash { form: FORM.into(), values: BTreeMap::from([(SHOWN.to_owned(), link)]), ..Flash::default() };
    let kept = serde_json::to_vec(&flash).map_err(|_| AppError::Call)?;
    let token = db.front_door().put_flash(&kept).await?;
    gate::cookie("flash", &token.reveal(), FLASH_AGE, true);
    Ok(gate::go(LIST))
}

pub async fn change(post: Post, decoy: DecoyId, form: DecoyEditForm) -> Result<Done> {
    let mut tx = open(&post).await?;
    let event = alerts::change(&mut tx, decoy, &form.read()?).await?;
    gate::done(tx, event, LIST).await
}

pub async fn remove(post: Post, decoy: DecoyId) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageDecoys, &post).await?;
    let mut tx = gate::read(Permission::ManageDecoys).await?;
    let kind = alerts::decoys(&mut tx).await?.into_iter().find(|row| row.id == decoy.uuid()).map(|row| row.kind);
    drop(tx);
    if kind == Some(DecoyKind::PortalLink) {
        db.front_door().take_portal_link_away(&actor, PortalLinkId(decoy.uuid())).await?;
        return Ok(gate::go(LIST));
    }
    let mut tx = gate::write(Permission::ManageDecoys, &post).await?;
    let event = alerts::remove(&mut tx, decoy).await?;
    gate::done(tx, event, LIST).await
}
