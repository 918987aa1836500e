//! In and out: a link that makes a passkey, a passkey that opens.

use super::{Admin, COOKIE, COOKIE_AGE, Sent, caller, fault, page, set_cookie};
use axum::{
    Form, Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Response, StatusCode},
    response::{IntoResponse, Redirect},
};
use domain::FieldErrors;
use maud::{Markup, html};
use serde::Deserialize;
use store::{Error, Token};

/// A form that holds nothing but a passkey.
#[derive(Deserialize)]
pub struct Nothing {}

pub async fn show(State(admin): State<Admin>) -> Response<Body> {
    page::outside(&admin, StatusCode::OK, "Sign in", &sign_in_form("", false))
}

fn sign_in_form(trouble: &str, enrolled: bool) -> Markup {
    html! {
        @if enrolled { (page::notice("verdigris", &html! { p { "Your passkey is made. Sign in with it." } })) }
        (page::problem(trouble))
        form class="form" method="post" action="/installation/sign-in" data-ask="/installation/sign-in/ask" {
            (page::shown_passkey())
            div class="form__actions" { button class="button button--primary" type="submit" { "Sign in with a passkey" } }
        }
        p class="muted" { "No passkey yet? On this machine, " code { "shearline admin enrol NAME" } " makes a link for one." }
    }
}

/// What an authenticator is asked, as the script reads it.
pub async fn ask(State(admin): State<Admin>) -> Response<Body> {
    match admin.door().ask_passkey(&admin.url).await {
        Ok(challenge) => Json(challenge).into_response(),
        Err(error) => fault(&error),
    }
}

pub async fn sign_in(State(admin): State<Admin>, Form(sent): Form<Sent<Nothing>>) -> Response<Body> {
    match admin.door().sign_in(&admin.url, &sent.challenge, &sent.credential).await {
        Ok(session) => {
            let mut response = Redirect::to(super::HOME).into_response();
            let text = gate::cookie_text(COOKIE, &session.reveal(), COOKIE_AGE, false, &admin.url);
            set_cookie(&mut response, &text);
            response
        }
        Err(error) => match page::refused(error) {
            Ok((status, words, _)) => page::outside(&admin, status, "Sign in", &sign_in_form(&words, false)),
            Err(error) => super::fault(&error),
        },
    }
}

pub async fn sign_out(State(admin): State<Admin>, headers: HeaderMap) -> Response<Body> {
    if let Ok(caller) = caller(&admin, &headers).await
        && let Err(error) = admin.door().sign_out(&caller.who).await
    {
        return fault(&error);
    }
    let mut response = Redirect::to("/installation/sign-in").into_response();
    set_cookie(&mut response, &gate::cookie_text(COOKIE, "", 0, false, &admin.url));
    response
}

pub async fn show_enrolment(State(admin): State<Admin>, Path(token): Path<String>) -> Response<Body> {
    match link(&admin, &token).await {
        Ok(Some((_, name))) => {
            page::outside(&admin, StatusCode::OK, "Make your passkey", &enrolment_form(&token, &name, ""))
        }
        Ok(None) => dead(&admin),
        Err(error) => fault(&error),
    }
}

pub async fn ask_enrolment(State(admin): State<Admin>, Path(token): Path<String>) -> Response<Body> {
    let Some(link) = Token::parse(&token) else { return StatusCode::NOT_FOUND.into_response() };
    match admin.door().ask_enrolment(&link, &admin.url).await {
        Ok(challenge) => Json(challenge).into_response(),
        Err(error) => match page::refused(error) {
            Ok((status, words, _)) => (status, words).into_response(),
            Err(error) => super::fault(&error),
        },
    }
}

pub async fn enrol(
    State(admin): State<Admin>,
    Path(token): Path<String>,
    Form(sent): Form<Sent<Nothing>>,
) -> Response<Body> {
    let (link, name) = match link(&admin, &token).await {
        Ok(Some(link)) => link,
        Ok(None) => return dead(&admin),
        Err(error) => return fault(&error),
    };
    match admin.door().enrol(&link, &admin.url, &sent.challenge, &sent.credential).await {
        Ok(()) => page::outside(&admin, StatusCode::OK, "Sign in", &sign_in_form("", true)),
        Err(Error::Refusal(domain::Refusal::NotFound)) => dead(&admin),
        Err(error) => match page::refused(error) {
            Ok((status, words, FieldErrors { .. })) => {
                page::outside(&admin, status, "Make your passkey", &enrolment_form(&token, &name, &words))
            }
            Err(error) => super::fault(&error),
        },
    }
}

async fn link(admin: &Admin, token: &str) -> store::Result<Option<(Token, String)>> {
    let Some(link) = Token::parse(token) else { return Ok(None) };
    Ok(admin.door().find_enrolment(&link).await?.map(|name| (link, name)))
}

fn enrolment_form(token: &str, name: &str, trouble: &str) -> Markup {
    html! {
        p { "This link makes one passkey for " strong { (name) } ", as administrator of this installation. It works once." }
        (page::problem(trouble))
        form class="form" method="post" data-make data-ask=(format!("/installation/enrol/{token}/ask")) {
            (page::shown_passkey())
            div class="form__actions" { button class="button button--primary" type="submit" { "Make the passkey" } }
        }
    }
}

/// Unknown, used and expired links: one page.
fn dead(admin: &Admin) -> Response<Body> {
    let body = html! {
        p { "This link was used, is older than half an hour, or never was." }
        p { "On this machine, " code { "shearline admin enrol NAME" } " makes another." }
    };
    page::outside(admin, StatusCode::NOT_FOUND, "This link opens nothing", &body)
}
