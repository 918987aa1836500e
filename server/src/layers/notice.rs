//! What a layer answers instead of letting a request through: a page in our look, or what scripts and programs can read.

use app::Entries;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use gate::AppError;
use maud::{DOCTYPE, html};
use std::borrow::Cow;

/// A refusal.
pub struct Notice {
    /// Its status.
    pub status: StatusCode,
    /// In three or four words.
    pub title: &'static str,
    /// What to do about it.
    pub text: Cow<'static, str>,
    /// The same to a script of ours.
    pub error: AppError,
}

impl Notice {
    /// Says it in the way the request can be answered.
    #[must_use]
    pub fn answer(&self, request: &Request, entries: &Entries) -> Response {
        self.said(Tongue::of(request), entries)
    }

    /// Says it in one way.
    #[must_use]
    pub fn said(&self, tongue: Tongue, entries: &Entries) -> Response {
        match tongue {
            Tongue::Page => (self.status, self.page(entries)).into_response(),
            Tongue::Script => {
                let body = serde_json::to_vec(&self.error).unwrap_or_default();
                (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
            }
            Tongue::Program => {
                let (status, title) = (self.status.as_u16(), self.title);
                let body =
                    serde_json::json!({ "type": "about:blank", "title": title, "status": status, "detail": self.text });
                (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
            }
            Tongue::Text => (self.status, self.text.clone()).into_response(),
        }
    }

    fn page(&self, entries: &Entries) -> Html<String> {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex, nofollow";
                    title { (self.title) }
                    link rel="icon" href=(entries.favicon);
                    link rel="stylesheet" href=(entries.portal_style);
                }
                body {
                    div class="portal" {
                        main class="portal__main" id="main" {
                            header class="page-header" { h1 class="page-header__title" { (self.title) } }
                            p { (self.text) }
                        }
                    }
                }
            }
        };
        Html(page.into_string())
    }
}

/// How a request can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// A browser that shows what comes.
    Page,
    /// A script of our pages.
    Script,
    /// A client of the API.
    Program,
    /// Anything else.
    Text,
}

impl Tongue {
    /// Told from path and `Accept`.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let path = request.uri().path();
        match () {
            () if path.starts_with("/api/") => Self::Program,
            () if accepts_pages(request.headers()) => Self::Page,
            () if path.starts_with("/fn/") => Self::Script,
            () => Self::Text,
        }
    }
}

fn accepts_pages(headers: &HeaderMap) -> bool {
    let text = |value: &HeaderValue| value.to_str().is_ok_and(|accept| accept.contains("text/html"));
    headers.get(header::ACCEPT).is_some_and(text)
}
