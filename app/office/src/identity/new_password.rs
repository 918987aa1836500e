//! New passwords: changed by somebody signed in, or reset by a link from the mailbox. Runs on the server alone.

use super::way_in::device;
use domain::{
    Permission, Refusal, fields,
    forms::{Done, Post},
    passwords::{ChangePasswordForm, ForgotForm, ResetForm, Weight},
};
use gate::Result;
use store::{Token, mail::Mail};

pub async fn change(post: Post, form: ChangePasswordForm) -> Result<Done> {
    let (db, actor) = gate::front(Permission::OwnAccount, Some(&post)).await?;
    gate::rate(&actor.person.to_string())?;
    let site = gate::origin_url()?;
    let letter = |to: &str, name: &str| Mail {
        to: to.into(),
        subject: "Your password was changed".into(),
        text: format!(
            "{name}, the password of your Shearline account was changed just now, by somebody who knew the old one. Every other browser was signed out.\n\nIf that was not you, choose another at once:\n\n{site}/forgot\n"
        ),
    };
    let device = device();
    db.front_door().change_password(&actor, form.password_now, form.password, device.as_ref(), letter).await?;
    Ok(gate::go("/account?password=changed"))
}

/// For somebody new, and for somebody who changes a password by a link, the names and the shop's rule are not known yet.
pub async fn weigh(typed: &str) -> Result<Weight> {
    let (db, _) = gate::door()?;
    let actor = gate::actor().await.ok();
    Ok(db.front_door().weigh_password(actor.as_deref(), typed).await?)
}

pub async fn ask(form: ForgotForm) -> Result<Done> {
    let (db, origin) = gate::door()?;
    let email = fields::check(|c| c.email("email", &form.email))?;
    gate::rate(&email)?;
    let site = gate::origin_url()?;
    let letter = |token: &Token, name: &str| Mail {
        to: email.clone(),
        subject: "Choose a new password".into(),
        text: format!(
            "{name}, somebody asked for a new password for your Shearline account. Open this link within 30 minutes to choose one:\n\n{site}/reset/{}\n\nIt works once. If you did not ask, do nothing: your password stays as it is.\n",
            token.reveal()
        ),
    };
    db.front_door().ask_reset(&email, &origin, letter).await?;
    Ok(gate::go("/forgot?sent=yes"))
}

pub async fn lives(token: &str) -> Result<bool> {
    let (db, _) = gate::door()?;
    match Token::parse(token) {
        Some(token) => Ok(db.front_door().reset_lives(&token).await?),
        None => Ok(false),
    }
}

pub async fn reset(token: &str, form: ResetForm) -> Result<Done> {
    let (db, origin) = gate::door()?;
    let token = Token::parse(token).ok_or(Refusal::NotFound)?;
    let site = gate::origin_url()?;
    let letter = |to: &str, name: &str| Mail {
        to: to.into(),
        subject: "Your password was reset".into(),
        text: format!(
            "{name}, the password of your Shearline account was reset just now by a link sent to this address. Every browser was signed out.\n\nIf that was not you, somebody reads your mail: make the mailbox safe first, then choose another password:\n\n{site}/forgot\n"
        ),
    };
    db.front_door().reset_password(&token, form.password, &origin, letter).await?;
    Ok(gate::go("/sign-in?password=reset"))
}
