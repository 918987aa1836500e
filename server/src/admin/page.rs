//! The look of the administration: the office's, without its script.

use super::{Admin, Caller, HOME};
use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::{Html, IntoResponse},
};
use domain::{FieldErrors, Refusal};
use maud::{DOCTYPE, Markup, html};
use store::{Error, Token};
use ui::Icon;

/// Policy of these pages: the one script under its nonce, and nothing of elsewhere.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )
}

fn document(admin: &Admin, status: StatusCode, title: &str, body: &Markup) -> Response<Body> {
    let nonce = Token::fresh().reveal();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                title { (title) " · Installation" }
                link rel="icon" href=(admin.entries.favicon);
                link rel="stylesheet" href=(admin.entries.style);
                script type="module" src="/installation/passkey.js" nonce=(nonce) {}
            }
            body { (body) }
        }
    };
    let mut response = (status, Html(page.into_string())).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    // A link in the path must not travel on.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// A page before anyone is known.
pub(super) fn outside(admin: &Admin, status: StatusCode, title: &str, body: &Markup) -> Response<Body> {
    let body = html! {
        div class="gate" {
            main class="gate__form" id="main" {
                span class="wordmark" { (mark()) span class="wordmark__name" translate="no" { "Shearline" } }
                h1 class="gate__title" { (title) }
                (body)
            }
            aside class="gate__statement" {
                h2 { "The installation itself." }
                p { "For whoever runs this machine: which shops there are, how many members and keys each may have, and whether all is well." }
                ul class="gate__points" {
                    li { "A passkey opens it, and nothing else does." }
                    li { "It shows names and counts, and nothing that is in a shop." }
                    li { "What is changed here stands on the shop's own audit trail." }
                }
            }
        }
    };
    document(admin, status, title, &body)
}

/// A page for somebody who is signed in. `here` is the path of the place in the rail.
pub(super) fn inside(
    admin: &Admin,
    caller: &Caller,
    status: StatusCode,
    (title, here): (&str, &str),
    body: &Markup,
) -> Response<Body> {
    let places = [
        ("/installation/shops", "Shops", Icon::Site),
        ("/installation/health", "Health", Icon::Shield),
        ("/installation/log", "Log", Icon::Ledger),
    ];
    let body = html! {
        div class="office" {
            a class="skip" href="#main" { "Skip to content" }
            header class="bar" {
                a class="bar__shop" href=(HOME) { (mark()) span class="bar__shop-name" { "Installation" } }
                form class="bar__call" method="post" action="/installation/sign-out" {
                    button class="button" type="submit" { "Sign out " (caller.who.name) }
                }
            }
            nav class="rail" aria-label="Main" {
                ul class="rail__list" {
                    @for (href, words, icon) in places {
                        li class="rail__item" {
                            a class="rail__link" href=(href) aria-current=[(href == here).then_some("page")] {
                                (drawn(icon)) span class="rail__words" { (words) }
                            }
                        }
                    }
                }
            }
            main class="content" id="main" tabindex="-1" { (body) }
        }
    };
    caller.answers(admin, document(admin, status, title, &body))
}

fn mark() -> Markup {
    html! {
        svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
            path class="mark__drivers" d="M3 14.5V6h5v8.5zM10 14.5V3h5v11.5zM17 14.5V8h5v6.5zM24 14.5V5h5v9.5z" {}
            path class="mark__pins" d="M3 17.5h5V24l-2.5 3L3 24zM10 17.5h5V20l-2.5 3L10 20zM17 17.5h5V27l-2.5 3L17 27zM24 17.5h5V22l-2.5 3L24 22z" {}
        }
    }
}

fn drawn(icon: Icon) -> Markup {
    html! { svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false" { path d=(icon.path()) {} } }
}

/// The head of a page.
pub(super) fn head(back: Option<(&str, &str)>, title: &str, under: &str, actions: &Markup) -> Markup {
    html! {
        header class="page-header" {
            @if let Some((href, words)) = back { a class="page-header__back" href=(href) { (drawn(Icon::Back)) (words) } }
            div class="page-header__words" {
                h1 class="page-header__title" { (title) }
                @if !under.is_empty() { p class="page-header__subtitle" { (under) } }
            }
            div class="page-header__actions" { (actions) }
        }
    }
}

/// A panel.
pub(super) fn panel(title: &str, body: &Markup) -> Markup {
    html! { section class="panel" { header class="panel__head" { h2 class="panel__title" { (title) } } div class="panel__body" { (body) } } }
}

/// Trouble that concerns a whole form.
pub(super) fn problem(words: &str) -> Markup {
    html! { @if !words.is_empty() { div class="notice notice--bad" role="alert" { (drawn(Icon::Stop)) p class="notice__words" { (words) } } } }
}

/// A remark in a tone.
pub(super) fn notice(tone: &str, words: &Markup) -> Markup {
    html! { div class=(format!("notice notice--{tone}")) { (drawn(Icon::Info)) div class="notice__words" { (words) } } }
}

/// One line to be typed into.
pub(super) struct Line<'a> {
    /// Field of the form.
    pub name: &'a str,
    /// Its label.
    pub label: &'a str,
    /// `type` of the input.
    pub kind: &'a str,
    /// What was typed, or stands there.
    pub value: &'a str,
    /// What to type.
    pub hint: &'a str,
}

impl Line<'_> {
    /// The field, with what is wrong with it.
    pub(super) fn shown(&self, errors: &FieldErrors) -> Markup {
        let (name, wrong) = (self.name, errors.get(self.name));
        html! {
            div class=(if wrong.is_some() { "field field--error" } else { "field" }) {
                label class="field__label" for=(name) { (self.label) }
                input class="input" id=(name) name=(name) type=(self.kind) value=(self.value) autocomplete="off"
                    aria-describedby=(format!("{name}-error {name}-hint")) aria-invalid=[wrong.map(|_| "true")];
                @if !self.hint.is_empty() { p class="field__hint" id=(format!("{name}-hint")) { (self.hint) } }
                p class="field__error" id=(format!("{name}-error")) hidden[wrong.is_none()] { span { @if let Some(words) = wrong { (words) } } }
            }
        }
    }
}

/// What the script fills when a passkey is shown with a form.
pub(super) fn shown_passkey() -> Markup {
    html! {
        input type="hidden" name="challenge";
        input type="hidden" name="credential";
        p class="field__error" data-trouble hidden role="alert" {
            "No passkey was shown. Try again, and confirm with your finger, face or PIN."
        }
        noscript { p class="field__error" { "Passkeys need JavaScript. Switch it on for this page." } }
    }
}

/// A form that changes something: asks for a passkey once the last one is ten minutes old.
pub(super) fn form(caller: &Caller, action: &str, button: &Markup, fields: &Markup) -> Markup {
    html! {
        form class="form" method="post" action=(action) data-ask="/installation/sign-in/ask" data-fresh=(caller.who.fresh) {
            (fields)
            (shown_passkey())
            div class="form__actions" { (button) }
        }
    }
}

/// What came of a form that was not done: its status, words above it, words beside its fields; or a fault.
pub(super) fn refused(error: Error) -> Result<(StatusCode, String, FieldErrors), Error> {
    match error {
        Error::Refusal(Refusal::Invalid(errors)) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, "Some fields need another look.".into(), errors))
        }
        Error::Refusal(Refusal::Conflict(words)) => Ok((StatusCode::CONFLICT, words, FieldErrors::new())),
        Error::Refusal(Refusal::Forbidden(words)) => Ok((StatusCode::FORBIDDEN, words, FieldErrors::new())),
        Error::Refusal(Refusal::NotFound) => {
            let words = "Meanwhile this was done, or there is no such thing any more. Open the page again.".to_owned();
            Ok((StatusCode::NOT_FOUND, words, FieldErrors::new()))
        }
        other => Err(other),
    }
}
