//! Pages of ours that go on by themselves, without script and without telling where from. A browser that was redirected
//! straight from a form to a program would hold our `form-action` against it.

use crate::layers::notice::Notice;
use app::Entries;
use axum::{
    Extension,
    body::Body,
    extract::Request,
    http::{HeaderName, HeaderValue, Response, StatusCode},
    response::{Html, IntoResponse},
};
use domain::programs::is_own_machine;
use gate::AppError;
use maud::{DOCTYPE, html};
use office::programs::{BACK, TO};
use std::sync::Arc;

/// What such a page says.
pub struct Onward<'a> {
    /// Its title.
    pub title: &'a str,
    /// What happened.
    pub words: &'a str,
    /// Words of the link, for browsers that do not go on by themselves.
    pub link: &'a str,
    /// Where it leads.
    pub to: &'a str,
}

/// `/authorize/back`: takes a person's answer to the program. Shown once.
pub async fn show(
    Extension(context): Extension<gate::Request>,
    Extension(entries): Extension<Arc<Entries>>,
    request: Request,
) -> Response<Body> {
    let flash = context.flash.filter(|flash| flash.form == BACK);
    let to = flash.as_ref().and_then(|flash| flash.values.get(TO)).filter(|to| {
        // Sealed by us; looked at again all the same, because this page leads out of the house.
        to.split_once('?').is_some_and(|(address, _)| is_own_machine(address))
    });
    match to {
        Some(to) => {
            let words = "Your answer is on its way to the program. When it says so, close this page.";
            on(&Onward { title: "Back to the program", words, link: "Back to the program", to }, &entries)
        }
        None => {
            let text =
                "The program has your answer, or a minute has passed. If it still waits, start again from there.";
            Notice {
                status: StatusCode::GONE,
                title: "Nothing more to do here",
                text: text.into(),
                error: AppError::Call,
            }
            .answer(&request, &entries)
        }
    }
}

/// A page that goes on.
pub fn on(onward: &Onward<'_>, entries: &Entries) -> Response<Body> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                meta http-equiv="refresh" content={ "0; url=" (onward.to) };
                title { (onward.title) }
                link rel="icon" href=(entries.favicon);
                link rel="stylesheet" href=(entries.portal_style);
            }
            body {
                div class="portal" {
                    main class="portal__main" id="main" {
                        header class="page-header" { h1 class="page-header__title" { (onward.title) } }
                        @if !onward.words.is_empty() { p { (onward.words) } }
                        p { a class="button button--primary" href=(onward.to) { (onward.link) } }
                    }
                }
            }
        }
    };
    let mut response = (StatusCode::OK, Html(page.into_string())).into_response();
    response.headers_mut().insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    response
}
