//! `/p/{token}`: a client's link from a mail or message.
//!
//! GET shows a neutral page with a button and changes nothing, so a mail scanner may look. POST exchanges the link for a
//! portal cookie and a clean address. Because the page sends no referrer, browsers send no usable `Origin` with the
//! POST; its proof is a nonce instead: what the form holds can only be made with the link's token and a cookie that this
//! very browser was given by the GET, and which other sites' forms do not send along.

use app::Entries;
use axum::{
    Extension, Form,
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
    response::{Html, IntoResponse},
};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::{Token, front_door::links::LinkPeek};

/// Name of the cookie that holds the browser's half of the nonce.
const COOKIE: &str = "open";
/// It lives an hour: as long as somebody may leave the page open.
const COOKIE_AGE: u32 = 3600;
/// The portal cookie lives as long as a visit can (12 h); the database ends it earlier when it is idle or revoked.
const VISIT_AGE: u32 = 12 * 3600;

/// What the button sends.
#[derive(Deserialize)]
pub struct Opening {
    #[serde(default)]
    nonce: String,
}

/// The neutral page: whose link this is, and a button.
pub async fn show(
    Path(token): Path<String>,
    Extension(request): Extension<gate::Request>,
    Extension(entries): Extension<Arc<Entries>>,
    headers: HeaderMap,
) -> Response<Body> {
    let Some((token, peek)) = peek(&request, &token).await else { return gone(&entries) };
    offer(&token, &peek, &request, &entries, half(&headers, &request))
}

/// The button was pressed.
pub async fn open(
    Path(token): Path<String>,
    Extension(request): Extension<gate::Request>,
    Extension(entries): Extension<Arc<Entries>>,
    headers: HeaderMap,
    Form(form): Form<Opening>,
) -> Response<Body> {
    let Some((token, peek)) = peek(&request, &token).await else { return gone(&entries) };
    let half = half(&headers, &request);
    if !half.as_ref().is_some_and(|half| same(&nonce(&token, half), &form.nonce)) {
        // The page was open too long, or this is not its form: shown again.
        return offer(&token, &peek, &request, &entries, half);
    }
    let Ok(visit) = request.db.front_door().redeem_portal_link(&token, &peek, &request.origin).await else {
        return gone(&entries);
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, "/portal")]).into_response();
    set_cookie(&mut response, &gate::cookie_text("portal", &visit.reveal(), VISIT_AGE, true, &request.public_url));
    set_cookie(&mut response, &gate::cookie_text(COOKIE, "", 0, true, &request.public_url));
    private(response)
}

async fn peek(request: &gate::Request, token: &str) -> Option<(Token, LinkPeek)> {
    let token = Token::parse(token)?;
    let peek = request.db.front_door().peek_portal_link(&token, &request.origin).await.ok().flatten()?;
    Some((token, peek))
}

/// The browser's half of a nonce, if we gave it one.
fn half(headers: &HeaderMap, request: &gate::Request) -> Option<String> {
    let half = crate::layers::context::cookie(headers, &gate::cookie_name(COOKIE, &request.public_url))?;
    Token::parse(&half).map(|half| half.reveal())
}

/// The page with the button. The browser keeps the half it has, so that the link may be open in two tabs.
fn offer(
    token: &Token,
    peek: &LinkPeek,
    request: &gate::Request,
    entries: &Entries,
    half: Option<String>,
) -> Response<Body> {
    let half = half.unwrap_or_else(|| Token::fresh().reveal());
    let body = html! {
        p { "This link shows your invoices, jobs and work orders with " (peek.shop_name) "." }
        form class="form" method="post" {
            input type="hidden" name="nonce" value=(nonce(token, &half));
            div class="form__actions" { button class="button button--primary button--big" type="submit" { "Open" } }
        }
        p class="muted small" { "Whoever has this link can see them, so keep it to yourself." }
    };
    let mut response =
        (StatusCode::OK, page(&peek.shop_name, &peek.shop_phone, &peek.shop_name, &body, entries)).into_response();
    set_cookie(&mut response, &gate::cookie_text(COOKIE, &half, COOKIE_AGE, true, &request.public_url));
    private(response)
}

/// Unknown, expired and revoked links: one page, to the byte.
fn gone(entries: &Entries) -> Response<Body> {
    let body = html! { p { "This link does not open anything, or not any more. Ask the shop for a new link." } };
    private((StatusCode::NOT_FOUND, page("", "", "Ask the shop for a new link", &body, entries)).into_response())
}

fn page(shop: &str, phone: &str, title: &str, body: &Markup, entries: &Entries) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                title { (title) }
                link rel="icon" href=(entries.favicon);
                link rel="stylesheet" href=(entries.portal_style);
            }
            body {
                div class="portal" {
                    @if !shop.is_empty() {
                        header class="portal__head" {
                            p class="portal__shop" { (shop) }
                            @if !phone.is_empty() { a class="portal__phone" href=(ui::tel_href(phone)) { (phone) } }
                        }
                    }
                    main class="portal__main" id="main" {
                        header class="page-header" { h1 class="page-header__title" { (title) } }
                        (body)
                    }
                }
            }
        }
    };
    Html(page.into_string())
}

/// Both halves of a nonce: made from the link's token and the browser's cookie.
fn nonce(token: &Token, half: &str) -> String {
    token.proof(&format!("open {half}"))
}

/// Compares by hash, so that the time it takes tells nothing.
fn same(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

fn set_cookie(response: &mut Response<Body>, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// The token in the path must not travel on.
fn private(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response
}
