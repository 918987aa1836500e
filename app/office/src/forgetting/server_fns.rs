//! Server functions that forget somebody. The owner's alone, after confirming who they are.

use domain::{
    Permission,
    forgetting::{ForgetForm, Forgetting, HoldForm},
    forms::{Done, Page, Post},
    ids::{ClientId, ContactId, PersonId},
};
use gate::Result;
use leptos::prelude::*;

/// Forgetting is the owner's.
#[cfg(not(target_arch = "wasm32"))]
fn owners(actor: &store::Actor) -> Result<(), domain::Refusal> {
    match actor.role {
        domain::Role::Owner => Ok(()),
        _ => Err(domain::Refusal::Forbidden("Only an owner has somebody forgotten.".into())),
    }
}

#[cfg(not(target_arch = "wasm32"))]
async fn looking() -> Result<store::ReadTx> {
    let tx = gate::read(Permission::ManageShop).await?;
    owners(tx.actor())?;
    Ok(tx)
}

/// What forgetting a client would mean.
#[server(prefix = "/fn", endpoint = "office/before_forgetting_client")]
pub async fn before_forgetting_client(client: ClientId) -> Result<Page<Forgetting>> {
    let mut tx = looking().await?;
    gate::page(store::forgetting::client(&mut tx, client).await?).await
}

/// What forgetting a contact would mean.
#[server(prefix = "/fn", endpoint = "office/before_forgetting_contact")]
pub async fn before_forgetting_contact(contact: ContactId) -> Result<Page<Forgetting>> {
    let mut tx = looking().await?;
    gate::page(store::forgetting::contact(&mut tx, contact).await?).await
}

/// What forgetting somebody who was a member would mean.
#[server(prefix = "/fn", endpoint = "office/before_forgetting_member")]
pub async fn before_forgetting_member(member: PersonId) -> Result<Page<Forgetting>> {
    let mut tx = looking().await?;
    gate::page(store::forgetting::member(&mut tx, member).await?).await
}

/// Forgets a client. A form that was sent before finds it done.
#[server(prefix = "/fn", endpoint = "office/forget_client")]
pub async fn forget_client(post: Post, client: ClientId, #[server(default)] form: ForgetForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageShop, &post).await?;
    let before = store::forgetting::client(&mut looking().await?, client).await?;
    if !before.forgotten {
        let reason = form.read(&before.name)?;
        db.front_door().forget_client(&actor, client, &reason).await?;
    }
    Ok(gate::go(gate::paths::client(client)))
}

/// Forgets one person of a client.
#[server(prefix = "/fn", endpoint = "office/forget_contact")]
pub async fn forget_contact(post: Post, contact: ContactId, #[server(default)] form: ForgetForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageShop, &post).await?;
    let before = store::forgetting::contact(&mut looking().await?, contact).await?;
    if !before.forgotten {
        let reason = form.read(&before.name)?;
        db.front_door().forget_contact(&actor, ClientId(before.client), contact, &reason).await?;
    }
    Ok(gate::go(gate::paths::client(before.client)))
}

/// Forgets somebody who was a member.
#[server(prefix = "/fn", endpoint = "office/forget_member")]
pub async fn forget_member(post: Post, member: PersonId, #[server(default)] form: ForgetForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageShop, &post).await?;
    let before = store::forgetting::member(&mut looking().await?, member).await?;
    if !before.forgotten {
        let reason = form.read(&before.name)?;
        db.front_door().forget_member(&actor, member, &reason).await?;
    }
    Ok(gate::go("/members"))
}

/// Lays a legal hold on a client, or lifts it: that asks for a fresh proof.
#[server(prefix = "/fn", endpoint = "office/hold_client")]
pub async fn hold_client(post: Post, client: ClientId, #[server(default)] form: HoldForm) -> Result<Done> {
    let mut tx = gate::write(Permission::ManageShop, &post).await?;
    owners(tx.actor())?;
    let reason = form.read()?;
    if reason.is_empty() {
        gate::confirmed(Permission::ManageShop, &post).await?;
    }
    let event = store::forgetting::hold(&mut tx, client, &reason).await?;
    gate::done(tx, event, gate::paths::client_forget(client)).await
}
