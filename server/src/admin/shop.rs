//! One shop: its counts, its caps, whether it is open.

use super::{Admin, Caller, Sent, caller, changing, fault, origin, page, shops};
use axum::{
    Form,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Response, StatusCode},
    response::{IntoResponse, Redirect},
};
use domain::{
    FieldErrors, Refusal, fields,
    ids::ShopId,
    instance::{CapsForm, ShopRow, SuspendForm},
};
use maud::{Markup, html};
use serde::Deserialize;
use store::Error;
use uuid::Uuid;

/// A form of a button alone.
#[derive(Default, Deserialize)]
pub struct Nothing {}

/// The owner's address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct OwnerForm {
    email: String,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    trouble: String,
    errors: FieldErrors,
    suspend: SuspendForm,
    caps: Option<CapsForm>,
    owner: OwnerForm,
}

pub async fn show(State(admin): State<Admin>, headers: HeaderMap, Path(id): Path<String>) -> Response<Body> {
    match caller(&admin, &headers).await {
        Ok(caller) => shown(&admin, &caller, &id, StatusCode::OK, &Typed::default()).await,
        Err(away) => away,
    }
}

pub async fn suspend(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(sent): Form<Sent<SuspendForm>>,
) -> Response<Body> {
    let act = async |admin: &Admin, caller: &Caller, shop: ShopId| {
        let row = admin.door().shop(&caller.who, shop).await?;
        let reason = sent.form.read(&row.slug)?;
        admin.door().suspend(&caller.who, &origin(&headers), shop, &reason).await
    };
    let typed = Typed { suspend: sent.form.clone(), ..Typed::default() };
    done(&admin, &headers, &id, &sent, typed, act).await
}

pub async fn resume(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(sent): Form<Sent<Nothing>>,
) -> Response<Body> {
    let act = async |admin: &Admin, caller: &Caller, shop: ShopId| {
        admin.door().resume(&caller.who, &origin(&headers), shop).await
    };
    done(&admin, &headers, &id, &sent, Typed::default(), act).await
}

pub async fn caps(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(sent): Form<Sent<CapsForm>>,
) -> Response<Body> {
    let act = async |admin: &Admin, caller: &Caller, shop: ShopId| {
        let caps = sent.form.read()?;
        admin.door().set_caps(&caller.who, &origin(&headers), shop, caps).await
    };
    let typed = Typed { caps: Some(sent.form.clone()), ..Typed::default() };
    done(&admin, &headers, &id, &sent, typed, act).await
}

pub async fn owner(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(sent): Form<Sent<OwnerForm>>,
) -> Response<Body> {
    let act = async |admin: &Admin, caller: &Caller, shop: ShopId| {
        let email = fields::check(|c| c.email("email", &sent.form.email))?;
        let letter = |name: &str, token: &store::Token| shops::letter(&email, name, &admin.public_url, token);
        admin.door().invite_owner(&caller.who, &origin(&headers), shop, &email, letter).await
    };
    let typed = Typed { owner: OwnerForm { email: sent.form.email.clone() }, ..Typed::default() };
    done(&admin, &headers, &id, &sent, typed, act).await
}

/// Does what a form asks for and goes back to the shop, or shows the form again with what is wrong.
async fn done<F>(
    admin: &Admin,
    headers: &HeaderMap,
    id: &str,
    sent: &Sent<F>,
    mut typed: Typed,
    act: impl AsyncFnOnce(&Admin, &Caller, ShopId) -> Result<(), Error>,
) -> Response<Body> {
    let caller = match caller(admin, headers).await {
        Ok(caller) => caller,
        Err(away) => return away,
    };
    let Ok(shop) = Uuid::parse_str(id).map(ShopId) else { return nothing(admin, &caller) };
    let (caller, error) = match changing(admin, caller, sent).await {
        Ok(caller) => match act(admin, &caller, shop).await {
            Ok(()) => return caller.answers(admin, Redirect::to(&format!("/installation/shops/{shop}"))),
            Err(error) => (caller, error),
        },
        Err(refused) => refused,
    };
    match page::refused(error) {
        Ok((status, trouble, errors)) => {
            (typed.trouble, typed.errors) = (trouble, errors);
            shown(admin, &caller, id, status, &typed).await
        }
        Err(error) => super::fault(&error),
    }
}

async fn shown(admin: &Admin, caller: &Caller, id: &str, status: StatusCode, typed: &Typed) -> Response<Body> {
    let Ok(shop) = Uuid::parse_str(id).map(ShopId) else { return nothing(admin, caller) };
    match admin.door().shop(&caller.who, shop).await {
        Ok(row) => {
            let body = about(caller, &row, typed);
            page::inside(admin, caller, status, (&row.name, "/installation/shops"), &body)
        }
        Err(Error::Refusal(Refusal::NotFound)) => nothing(admin, caller),
        Err(error) => fault(&error),
    }
}

fn nothing(admin: &Admin, caller: &Caller) -> Response<Body> {
    let body = html! { (page::head(Some(("/installation/shops", "Shops")), "No such shop", "", &html! {})) };
    page::inside(admin, caller, StatusCode::NOT_FOUND, ("No such shop", ""), &body).into_response()
}

fn about(caller: &Caller, shop: &ShopRow, typed: &Typed) -> Markup {
    let fact = |name: &str, value: Markup| {
        html! { div class="facts__row" { dt class="facts__name" { (name) } dd class="facts__value" { (value) } } }
    };
    let facts = html! { dl class="facts" {
        (fact("State", shops::state(shop)))
        (fact("Short name", html! { (shop.slug) }))
        (fact("Since", html! { (shop.created) }))
        (fact("Last active", html! { (shop.last_entry.as_deref().unwrap_or("never")) }))
        (fact("Members", html! { (shop.members) " of " (shop.most_members) @if shop.invited > 0 { ", and " (shop.invited) " invited" } }))
        (fact("API keys", html! { (shop.api_keys) " of " (shop.most_api_keys) }))
        (fact("Clients", html! { (shop.clients) }))
        (fact("Jobs", html! { (shop.jobs) }))
    } };
    html! {
        (page::head(Some(("/installation/shops", "Shops")), &shop.name, "", &html! {}))
        (page::problem(&typed.trouble))
        @if let Some(since) = &shop.suspended {
            (page::notice("bad", &html! { p class="notice__title" { "Suspended since " (since) } p { (shop.reason) } }))
        }
        (page::panel("From outside", &facts))
        @if shop.members == 0 { (page::panel("The owner", &owner_form(caller, shop, typed))) }
        (page::panel("How many it may have", &caps_form(caller, shop, typed)))
        @if shop.suspended.is_some() { (page::panel("Resume", &resume_form(caller, shop))) }
        @else { (page::panel("Suspend", &suspend_form(caller, shop, typed))) }
    }
}

fn owner_form(caller: &Caller, shop: &ShopRow, typed: &Typed) -> Markup {
    let email = page::Line {
        name: "email",
        label: "The owner's e-mail",
        kind: "email",
        value: &typed.owner.email,
        hint: "An earlier invitation is dead from then on.",
    };
    let fields = html! { p { "Nobody has accepted the invitation yet." } (email.shown(&typed.errors)) };
    let button = html! { button class="button" type="submit" { "Invite the owner again" } };
    page::form(caller, &format!("/installation/shops/{}/owner", shop.id), &button, &fields)
}

fn caps_form(caller: &Caller, shop: &ShopRow, typed: &Typed) -> Markup {
    let text = |most: Option<i32>| most.map(|most| most.to_string()).unwrap_or_default();
    let now = || CapsForm { members: text(shop.own_members), api_keys: text(shop.own_api_keys) };
    let caps = typed.caps.clone().unwrap_or_else(now);
    let line = |name, label, value, hint| page::Line { name, label, kind: "text", value, hint }.shown(&typed.errors);
    let fields = html! {
        div class="form__grid" {
            (line("members", "Members, with open invitations", &caps.members, "Empty: 200, as every shop."))
            (line("api_keys", "API keys", &caps.api_keys, "Empty: 50, as every shop."))
        }
        p class="muted small" { "A shop that has more keeps what it has, and adds nothing." }
    };
    let button = html! { button class="button" type="submit" { "Set the caps" } };
    page::form(caller, &format!("/installation/shops/{}/caps", shop.id), &button, &fields)
}

fn suspend_form(caller: &Caller, shop: &ShopRow, typed: &Typed) -> Markup {
    let line = |name, label, value, hint| page::Line { name, label, kind: "text", value, hint }.shown(&typed.errors);
    let fields = html! {
        p { "Nobody of " (shop.name) " gets in any more: members, API keys, programs, clients with links. Nothing is lost; resumed, all is as it was." }
        (line("reason", "Reason", &typed.suspend.reason, "It stands on the shop's audit trail."))
        (line("slug", &format!("Type {} to confirm", shop.slug), &typed.suspend.slug, ""))
    };
    let button = html! { button class="button button--danger" type="submit" { "Suspend the shop" } };
    page::form(caller, &format!("/installation/shops/{}/suspend", shop.id), &button, &fields)
}

fn resume_form(caller: &Caller, shop: &ShopRow) -> Markup {
    let fields = html! { p { "Everybody of " (shop.name) " gets in again as before, with the sessions, keys and links that are not over." } };
    let button = html! { button class="button button--primary" type="submit" { "Resume the shop" } };
    page::form(caller, &format!("/installation/shops/{}/resume", shop.id), &button, &fields)
}
