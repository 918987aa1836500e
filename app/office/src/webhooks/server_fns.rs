//! Server functions of webhooks.

use domain::{
    Permission,
    forms::{Done, Page, Post},
    ids::ReceiverId,
    webhooks::{ReceiverForm, ReceiverPage, ReceiverRow, RestartForm},
};
use gate::Result;
use leptos::prelude::*;

/// The shop's receivers.
#[server(prefix = "/fn", endpoint = "office/receivers")]
pub async fn receivers() -> Result<Page<Vec<ReceiverRow>>> {
    let mut tx = gate::read(Permission::ManageApiKeys).await?;
    gate::page(store::webhooks::list(&mut tx).await?).await
}

/// One of them.
#[server(prefix = "/fn", endpoint = "office/receiver")]
pub async fn receiver(receiver: ReceiverId) -> Result<Page<ReceiverPage>> {
    let mut tx = gate::read(Permission::ManageApiKeys).await?;
    gate::page(store::webhooks::page(&mut tx, receiver).await?).await
}

/// Registers a receiver and shows its secret once on the next page.
#[server(prefix = "/fn", endpoint = "office/add_receiver")]
pub async fn add_receiver(post: Post, form: ReceiverForm) -> Result<Done> {
    super::keep::add(post, form).await
}

/// Gives a receiver a new secret and shows it once on the next page.
#[server(prefix = "/fn", endpoint = "office/replace_receiver_secret")]
pub async fn replace_receiver_secret(post: Post, receiver: ReceiverId) -> Result<Done> {
    super::keep::replace_secret(post, receiver).await
}

/// Pauses a receiver; entries wait.
#[server(prefix = "/fn", endpoint = "office/pause_receiver")]
pub async fn pause_receiver(post: Post, receiver: ReceiverId) -> Result<Done> {
    super::keep::pause(post, receiver).await
}

/// Lets its entries go again.
#[server(prefix = "/fn", endpoint = "office/resume_receiver")]
pub async fn resume_receiver(post: Post, receiver: ReceiverId) -> Result<Done> {
    super::keep::resume(post, receiver).await
}

/// Sends everything from an entry on.
#[server(prefix = "/fn", endpoint = "office/restart_receiver")]
pub async fn restart_receiver(post: Post, receiver: ReceiverId, form: RestartForm) -> Result<Done> {
    super::keep::restart(post, receiver, form).await
}

/// Sends again what was given up: that delivery, or with none named all.
#[server(prefix = "/fn", endpoint = "office/send_again")]
pub async fn send_again(post: Post, receiver: ReceiverId, delivery: String) -> Result<Done> {
    super::keep::send_again(post, receiver, delivery).await
}

/// Sends a test.
#[server(prefix = "/fn", endpoint = "office/test_receiver")]
pub async fn test_receiver(post: Post, receiver: ReceiverId) -> Result<Done> {
    super::keep::test(post, receiver).await
}

/// Removes a receiver.
#[server(prefix = "/fn", endpoint = "office/unregister_receiver")]
pub async fn unregister_receiver(post: Post, receiver: ReceiverId) -> Result<Done> {
    super::keep::remove(post, receiver).await
}
