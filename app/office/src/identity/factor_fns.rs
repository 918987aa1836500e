//! Server functions of the second step: at sign-in, on one's own account, and when asked to confirm.

use domain::{
    Permission,
    forms::{Done, Page, Post},
    ids::PasskeyId,
    second_step::{AppSecret, Challenge, ConfirmForm, Means, PasskeyForm, ProofForm, RolesForm, SecondSteps},
};
use gate::Result;
use leptos::prelude::*;

/// What may be shown for the sign-in that waits; nothing when none does.
#[server(prefix = "/fn", endpoint = "office/sign_in_means")]
pub async fn sign_in_means() -> Result<Page<Option<Means>>> {
    gate::page(super::proof::waiting().await?).await
}

/// The second step, by a code.
#[server(prefix = "/fn", endpoint = "office/sign_in_code")]
pub async fn sign_in_code(post: Post, form: ProofForm) -> Result<Done> {
    let _ = post;
    super::proof::by_code(form).await
}

/// What to ask an authenticator for, whoever is there.
#[server(prefix = "/fn", endpoint = "office/sign_in_ask")]
pub async fn sign_in_ask() -> Result<Challenge> {
    let (db, _) = gate::door()?;
    Ok(db.front_door().ask_passkey(&gate::origin_url()?).await?)
}

/// Signs in by a passkey alone.
#[server(prefix = "/fn", endpoint = "office/sign_in_passkey")]
pub async fn sign_in_passkey(post: Post, form: PasskeyForm) -> Result<Done> {
    let _ = post;
    super::proof::by_passkey(form).await
}

/// What whoever is signed in must show to confirm.
#[server(prefix = "/fn", endpoint = "office/confirm_means")]
pub async fn confirm_means() -> Result<Page<Means>> {
    let (db, actor) = gate::front(Permission::OwnAccount, None).await?;
    gate::page(db.front_door().means(actor.person).await?.0).await
}

/// Confirms by password, and a code where there is a second step.
#[server(prefix = "/fn", endpoint = "office/confirm")]
pub async fn confirm(post: Post, form: ConfirmForm) -> Result<Done> {
    super::proof::confirm(post, form).await
}

/// Confirms by a passkey.
#[server(prefix = "/fn", endpoint = "office/confirm_passkey")]
pub async fn confirm_passkey(post: Post, form: PasskeyForm) -> Result<Done> {
    super::proof::confirm_by_passkey(post, form).await
}

/// Own means of the second step.
#[server(prefix = "/fn", endpoint = "office/own_factors")]
pub async fn own_factors() -> Result<Page<SecondSteps>> {
    gate::page(super::proof::own().await?).await
}

/// Begins with a code app.
#[server(prefix = "/fn", endpoint = "office/begin_app")]
pub async fn begin_app(post: Post) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::OwnAccount, &post).await?;
    db.front_door().begin_app(&actor).await?;
    Ok(gate::go("/account/second-step/app"))
}

/// The secret that waits for its first code, to be read by a camera or typed.
#[server(prefix = "/fn", endpoint = "office/new_app")]
pub async fn new_app() -> Result<Page<AppSecret>> {
    gate::page(super::proof::new_app().await?).await
}

/// The first code of a new app.
#[server(prefix = "/fn", endpoint = "office/confirm_app")]
pub async fn confirm_app(post: Post, form: ProofForm) -> Result<Done> {
    super::proof::confirm_app(post, form).await
}

/// Takes the code app away.
#[server(prefix = "/fn", endpoint = "office/remove_app")]
pub async fn remove_app(post: Post) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::OwnAccount, &post).await?;
    db.front_door().remove_app(&actor).await?;
    Ok(gate::go("/account/second-step"))
}

/// Ten new recovery codes, shown once.
#[server(prefix = "/fn", endpoint = "office/renew_codes")]
pub async fn renew_codes(post: Post) -> Result<Done> {
    super::proof::renew_codes(post).await
}

/// What to ask an authenticator for, to make a new passkey.
#[server(prefix = "/fn", endpoint = "office/ask_new_passkey")]
pub async fn ask_new_passkey() -> Result<Challenge> {
    let (db, actor) = gate::front(Permission::OwnAccount, None).await?;
    if !actor.confirmed {
        return Err(gate::AppError::Confirm);
    }
    Ok(db.front_door().ask_new_passkey(&actor, &gate::origin_url()?).await?)
}

/// Adds the passkey that was made.
#[server(prefix = "/fn", endpoint = "office/add_passkey")]
pub async fn add_passkey(post: Post, form: PasskeyForm) -> Result<Done> {
    super::proof::add_passkey(post, form).await
}

/// Gives a passkey another name.
#[server(prefix = "/fn", endpoint = "office/rename_passkey")]
pub async fn rename_passkey(post: Post, passkey: PasskeyId, form: PasskeyForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::OwnAccount, &post).await?;
    let name = super::proof::passkey_name(&form)?;
    db.front_door().rename_passkey(&actor, passkey, &name).await?;
    Ok(gate::go("/account/second-step"))
}

/// Takes a passkey away.
#[server(prefix = "/fn", endpoint = "office/remove_passkey")]
pub async fn remove_passkey(post: Post, passkey: PasskeyId) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::OwnAccount, &post).await?;
    db.front_door().remove_passkey(&actor, passkey).await?;
    Ok(gate::go("/account/second-step"))
}

/// Ends all one's other sessions.
#[server(prefix = "/fn", endpoint = "office/end_other_sessions")]
pub async fn end_other_sessions(post: Post) -> Result<Done> {
    let (db, actor) = gate::front(Permission::OwnAccount, Some(&post)).await?;
    db.front_door().end_other_sessions(&actor).await?;
    Ok(gate::go("/account"))
}

/// Roles whose members must have a second step.
#[server(prefix = "/fn", endpoint = "office/second_step_roles")]
pub async fn second_step_roles() -> Result<Page<Vec<String>>> {
    let (db, actor) = gate::front(Permission::ManageMembers, None).await?;
    let roles = db.front_door().second_step_roles(&actor).await?;
    gate::page(roles.into_iter().map(|role| role.as_str().to_owned()).collect()).await
}

/// Asks for a second step of these roles and no others: the owner's to say. With nothing ticked no form is sent.
#[server(prefix = "/fn", endpoint = "office/require_second_step")]
pub async fn require_second_step(post: Post, #[server(default)] form: RolesForm) -> Result<Done> {
    super::proof::require(post, form).await
}
