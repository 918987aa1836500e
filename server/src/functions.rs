//! `/fn/…`: the server functions, for scripts and for plain forms alike.
//!
//! A plain form is run as a script's call would be, and its answer turned into a redirect: to the result, or back to the
//! page with what was typed and what was wrong. Nothing of it ever stands in an address.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use domain::{FieldErrors, Refusal, forms::Flash};
use gate::AppError;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use ui::Refused;

/// Most bytes a form may have: a signature of 600 kB, URL-encoded.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// Takes posts to `/fn/` before the pages' router, whose own handler would answer plain forms with errors in addresses.
pub async fn intercept(request: Request<Body>, next: Next) -> Response<Body> {
    match request.uri().path().starts_with("/fn/") {
        true => run(request).await,
        false => next.run(request).await,
    }
}

/// Runs the server function of this path.
async fn run(request: Request<Body>) -> Response<Body> {
    let known = server_fn::axum::server_fn_paths()
        .any(|(path, method)| path == request.uri().path() && method == *request.method());
    if !known {
        return crate::router::nothing_here(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "That is more than a form may hold.").into_response();
    };
    let plain = parts
        .headers
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if plain {
        parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    }
    let context = parts.extensions.get::<gate::Request>().cloned();
    if let Some(context) = parts.extensions.get_mut::<gate::Request>() {
        context.body_hash = Sha256::digest(&body).to_vec();
    }
    let call = Request::from_parts(parts, Body::from(body.clone()));
    let answer = leptos_axum::handle_server_fns(call).await.into_response();
    match context {
        Some(context) if plain => redirected(answer, &body, &context).await,
        Some(context) => kept_meanwhile(with_status(answer).await, &body, &context).await,
        None => with_status(answer).await,
    }
}

/// A form that waits until its sender has confirmed who is there: what was typed comes back to its page afterwards.
async fn kept_meanwhile(answer: Response<Body>, form: &[u8], context: &gate::Request) -> Response<Body> {
    if answer.status() != StatusCode::UNAUTHORIZED {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    if serde_json::from_slice(&body).is_ok_and(|error: AppError| error == AppError::Confirm)
        && let Some(cookie) = keep(&kept_flash(fields(form)), "kept", context).await
    {
        parts.headers.append(header::SET_COOKIE, cookie);
    }
    Response::from_parts(parts, Body::from(body))
}

/// What was typed, with the words that will stand above it when its sender is back.
fn kept_flash(fields: BTreeMap<String, String>) -> Flash {
    Flash { problem: "You have confirmed it is you. Send this again.".into(), ..flash_of(&AppError::Confirm, fields) }
}

fn fields(form: &[u8]) -> BTreeMap<String, String> {
    serde_urlencoded::from_bytes::<Vec<(String, String)>>(form).unwrap_or_default().into_iter().collect()
}

/// Keeps what was typed, and gives the cookie that finds it.
async fn keep(flash: &Flash, cookie: &str, context: &gate::Request) -> Option<HeaderValue> {
    let kept = serde_json::to_vec(flash).ok()?;
    let token = context.db.front_door().put_flash(&kept).await.ok()?;
    HeaderValue::from_str(&gate::cookie_text(cookie, &token.reveal(), 600, true, &context.public_url)).ok()
}

/// The framework answers 500 to every error; ours know their own status.
async fn with_status(answer: Response<Body>) -> Response<Body> {
    if answer.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let error = serde_json::from_slice(&body).unwrap_or(AppError::Call);
    parts.status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Response::from_parts(parts, Body::from(body))
}

/// The answer a browser without script can follow.
async fn redirected(answer: Response<Body>, form: &[u8], context: &gate::Request) -> Response<Body> {
    let (parts, body) = answer.into_parts();
    let to = parts.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).map(|to| gate::own_path(to).to_owned());
    if let Some(to) = to {
        return see_other(&to, &parts.headers);
    }
    let fields = fields(form);
    let back = gate::own_path(fields.get("post[back]").map_or("/", String::as_str)).to_owned();
    if parts.status.is_success() {
        return see_other(&back, &parts.headers);
    }
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let error = serde_json::from_slice(&body).unwrap_or(AppError::Call);
    match &error {
        // The portal's pages say themselves whom to ask for a new link.
        AppError::SignedOut if back.starts_with("/portal") => return see_other(&back, &parts.headers),
        AppError::SignedOut => return see_other(&format!("/sign-in?next={}", urlencoded(&back)), &parts.headers),
        AppError::Unavailable => return unavailable(),
        AppError::Confirm => return kept_and_confirmed(&back, fields, context).await,
        _ => {}
    }
    let mut headers = HeaderMap::new();
    if let Some(cookie) = keep(&flash_of(&error, fields), "flash", context).await {
        headers.append(header::SET_COOKIE, cookie);
    }
    see_other(&back, &headers)
}

async fn kept_and_confirmed(back: &str, fields: BTreeMap<String, String>, context: &gate::Request) -> Response<Body> {
    let mut headers = HeaderMap::new();
    if let Some(cookie) = keep(&kept_flash(fields), "kept", context).await {
        headers.append(header::SET_COOKIE, cookie);
    }
    see_other(&gate::confirm_path(back), &headers)
}

/// Whether a field takes a secret: a password, a code, how to get in, a key's cuts,
/// the characters of a document.
fn is_secret(name: &str) -> bool {
    name.contains("password")
        || name.contains("access_notes")
        || matches!(
            name,
            "form[tail]" | "form[proof]" | "form[credential]" | "form[bitting]" | "form[key_code]" | "form[site_code]"
        )
}

/// What was typed, without secrets, and what was wrong with it.
fn flash_of(error: &AppError, fields: BTreeMap<String, String>) -> Flash {
    let errors = match error {
        AppError::Refusal(Refusal::Invalid(errors)) => errors.clone(),
        _ => FieldErrors::new(),
    };
    let form = fields.get("post[form]").cloned().unwrap_or_default();
    let values = fields.into_iter().filter(|(name, _)| !name.starts_with("post[") && !is_secret(name)).collect();
    Flash { form, values, errors, problem: error.problem() }
}

fn see_other(to: &str, with: &HeaderMap) -> Response<Body> {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    for cookie in with.get_all(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    response
}

fn unavailable() -> Response<Body> {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], AppError::Unavailable.to_string()).into_response()
}

fn urlencoded(text: &str) -> String {
    serde_urlencoded::to_string([("", text)]).unwrap_or_default().trim_start_matches('=').to_owned()
}
