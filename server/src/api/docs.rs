//! The description of the API: for machines with a key, and as a page for people who are signed in. Nobody else learns
//! that there is one.

use super::{BASE, DOCUMENT, Problem, caller::Caller};
use app::Entries;
use axum::{
    Extension, Json,
    body::Body,
    extract::FromRequestParts,
    http::{Request, Response},
    response::{Html, IntoResponse},
};
use domain::Permission;
use maud::{DOCTYPE, Markup, html};
use serde_json::{Map, Value};
use std::sync::{Arc, LazyLock};

static DESCRIBED: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(&*DOCUMENT).unwrap_or_default());

/// `openapi.json`, for a key of any reach and for whoever is signed in.
pub async fn document(Extension(asked): Extension<gate::Request>, request: Request<Body>) -> Response<Body> {
    let mut parts = request.into_parts().0;
    if signed_in(&asked).await || Caller::from_request_parts(&mut parts, &()).await.is_ok() {
        Json(&*DESCRIBED).into_response()
    } else {
        Problem::not_found().into_response()
    }
}

/// The page.
pub async fn page(
    Extension(asked): Extension<gate::Request>,
    Extension(entries): Extension<Arc<Entries>>,
    request: Request<Body>,
) -> Response<Body> {
    if !signed_in(&asked).await {
        return crate::router::nothing_here(request).await;
    }
    Html(document_page(&entries).into_string()).into_response()
}

async fn signed_in(asked: &gate::Request) -> bool {
    let Some(token) = &asked.session else { return false };
    let actor = asked.db.front_door().resolve_session(token, asked.origin.clone()).await;
    actor.ok().flatten().is_some_and(|actor| Arc::new(actor).allow(Permission::OwnAccount).is_ok())
}

fn document_page(entries: &Entries) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "API · Shearline" }
                link rel="icon" href=(entries.favicon);
                link rel="stylesheet" href=(entries.style);
            }
            body {
                main class="content" id="main" {
                  div class="record__main" {
                    header class="page-header" {
                        h1 class="page-header__title" { "The API" }
                        p class="page-header__subtitle" { "For programs of yours and of those you trust. " a href="/shop/keys" { "Make a key" } ", or read the " a href={ (BASE) "/openapi.json" } { "description for programs" } "." }
                    }
                    p { (coded(DESCRIBED["info"]["description"].as_str().unwrap_or_default())) }
                    p { "A key fits " code { "shl_[A-Za-z0-9_-]{43}" } ": teach that to whatever looks through your sources for secrets." }
                    @for (path, methods) in entries_of(&DESCRIBED["paths"]) {
                        @for (method, act) in entries_of(methods) { (operation(path, method, act)) }
                    }
                    (webhooks())
                    h2 { "What is sent and answered" }
                    @for (name, schema) in entries_of(&DESCRIBED["components"]["schemas"]) { (schema_of(name, schema)) }
                  }
                }
            }
        }
    }
}

/// What a receiver of webhooks has to know.
fn webhooks() -> Markup {
    html! {
        section class="panel" id="webhooks" {
            header class="panel__head" { h2 class="panel__title" { "Webhooks" } }
            div class="panel__body" {
                p { "A receiver registered under " a href="/shop/webhooks" { "Webhooks" } " is sent entries of the audit trail as they are written, as " code { "GET /api/v1/audit" } " gives them, without " code { "facts" } ": a POST of " code { "{type, timestamp, data: {receiver, first, last, entries}}" } ". Any answer from 200 to 299 within five seconds takes a delivery; it is sent again until then, so drop a " code { "webhook-id" } " that is known." }
                p { "Check " code { "webhook-signature" } " before anything else:" }
                pre { code { (CHECK) } }
            }
        }
    }
}

/// How a receiver checks a delivery, in Python; the same stands in docs/WEBHOOKS.md.
const CHECK: &str = r#"import base64, hashlib, hmac, time

def is_ours(secret: str, headers: dict, body: bytes) -> bool:
    if abs(time.time() - int(headers["webhook-timestamp"])) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    ours = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(ours, given) for given in headers["webhook-signature"].split(" "))"#;

fn operation(path: &str, method: &str, act: &Value) -> Markup {
    let key = act["security"][0]["key"][0].as_str().unwrap_or_default();
    let sends = act["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
    let answers = act["responses"].as_object().into_iter().flatten().map(|(status, _)| status.as_str());
    html! {
        section class="panel" {
            div class="panel__head" { h2 class="panel__title" { code { (method.to_uppercase()) " " (path) } } }
            div class="panel__body" {
                p { (act["summary"].as_str().unwrap_or_default()) " A key with " code { (key) } " may." }
                @if let Some(sends) = sends { p { "Send " a href={ "#" (name_of(sends)) } { (name_of(sends)) } "." } }
                @if act["parameters"].is_array() {
                    dl class="facts" {
                        @for one in act["parameters"].as_array().into_iter().flatten() {
                            div class="facts__row" {
                                dt class="facts__name" { code { (one["name"].as_str().unwrap_or_default()) } " (" (one["in"].as_str().unwrap_or_default()) ")" }
                                dd { (coded(one["description"].as_str().unwrap_or(if one["in"] == "path" { "Of the record." } else { "Optional: the same key twice is one act." }))) }
                            }
                        }
                    }
                }
                p class="muted small" { "Answers " (answers.collect::<Vec<_>>().join(", ")) "." }
            }
        }
    }
}

fn schema_of(name: &str, schema: &Value) -> Markup {
    html! {
        section class="panel" id=(name) {
            div class="panel__head" { h3 class="panel__title" { (name) } }
            div class="panel__body" {
                p { (coded(schema["description"].as_str().unwrap_or_default())) }
                dl class="facts" {
                    @for (field, about) in entries_of(&schema["properties"]) {
                        div class="facts__row" {
                            dt class="facts__name" { code { (field) } }
                            dd { (coded(about["description"].as_str().unwrap_or_default())) }
                        }
                    }
                }
            }
        }
    }
}

/// What stands between backticks, as code.
fn coded(words: &str) -> Markup {
    html! {
        @for (n, part) in words.split('`').enumerate() {
            @if n % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

fn entries_of(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE).iter()
}

fn name_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

#[cfg(test)]
mod tests {
    #[test]
    fn receivers_read_the_same_in_both_places() {
        assert!(include_str!("../../../docs/WEBHOOKS.md").contains(super::CHECK));
    }
}
