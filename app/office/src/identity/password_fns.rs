//! Server functions of passwords.

use domain::{
    forms::{Done, Page, Post},
    passwords::{ChangePasswordForm, ForgotForm, ResetForm, Weight},
};
use gate::Result;
use leptos::prelude::*;

/// Changes one's own password; every other session ends.
#[server(prefix = "/fn", endpoint = "office/change_password")]
pub async fn change_password(post: Post, form: ChangePasswordForm) -> Result<Done> {
    super::new_password::change(post, form).await
}

/// Mails a link to choose a new password. Says the same whoever asks.
#[server(prefix = "/fn", endpoint = "office/forgot_password")]
pub async fn forgot_password(post: Post, form: ForgotForm) -> Result<Done> {
    let _ = post;
    super::new_password::ask(form).await
}

/// How hard to guess what is typed so far would be. Nothing of it is kept.
#[server(prefix = "/fn", endpoint = "office/weigh_password")]
pub async fn weigh_password(typed: String) -> Result<Weight> {
    super::new_password::weigh(&typed).await
}

/// Whether such a link works now.
#[server(prefix = "/fn", endpoint = "office/find_reset")]
pub async fn find_reset(token: String) -> Result<Page<bool>> {
    gate::page(super::new_password::lives(&token).await?).await
}

/// Sets the new password, once.
#[server(prefix = "/fn", endpoint = "office/reset_password")]
pub async fn reset_password(post: Post, token: String, form: ResetForm) -> Result<Done> {
    let _ = post;
    super::new_password::reset(&token, form).await
}
