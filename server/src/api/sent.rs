//! What a machine sends: a strict query, and a strict body with the headers that guard it.

use super::Problem;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts},
    http::{HeaderMap, Method, Request, StatusCode, header, request::Parts},
};
use domain::choice::Choice;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use uuid::Uuid;

/// Most bytes a body may have: the longest form, several times over.
const LIMIT: usize = 64 * 1024;
/// Rows of a page when nothing is said.
const ROWS: i64 = 50;
/// Most rows of a page.
const MOST_ROWS: i64 = 200;

/// The query, unread: whether it may be asked is decided first.
pub struct Asked(String);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.uri.query().unwrap_or_default().to_owned()))
    }
}

impl Asked {
    /// The query, with nothing in it that is not known.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_urlencoded::from_str(&self.0).map_err(|error| Problem::bad(format!("The query cannot be read: {error}.")))
    }
}

/// How many rows were asked for.
pub fn rows(limit: Option<i64>) -> Result<i64, Problem> {
    match limit.unwrap_or(ROWS) {
        rows @ 1..=MOST_ROWS => Ok(rows),
        _ => Err(Problem::bad(format!("limit is a number from 1 to {MOST_ROWS}."))),
    }
}

/// An id in a query.
pub fn asked_id(name: &str, text: Option<&str>) -> Result<Option<Uuid>, Problem> {
    text.map(|text| super::record::parse(text).ok_or_else(|| Problem::bad(format!("{name} is not an id.")))).transpose()
}

/// A value of a closed set in a query.
pub fn asked_word<T: Choice>(name: &str, text: Option<&str>) -> Result<Option<T>, Problem> {
    text.map(|text| T::parse(text).ok_or_else(|| Problem::bad(format!("{name} has no such value.")))).transpose()
}

/// A body with its headers, unread.
pub struct Sent {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl<S: Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, LIMIT)
            .await
            .map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("A body has at most {LIMIT} bytes.")))?;
        Ok(Self { method: parts.method, path: parts.uri.path().to_owned(), headers: parts.headers, body })
    }
}

impl Sent {
    /// The body, with nothing in it that is not known.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json."));
        }
        serde_json::from_slice(&self.body).map_err(|error| match error.classify() {
            Category::Data => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("The body does not fit: {error}."))
            }
            _ => Problem::bad(format!("The body is not JSON: {error}.")),
        })
    }

    /// What makes two requests the same.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::new()
            .chain_update(self.method.as_str())
            .chain_update(" ")
            .chain_update(&self.path)
            .chain_update("\n")
            .chain_update(&self.body)
            .finalize()
            .to_vec()
    }

    /// The Idempotency-Key.
    pub fn idempotency_key(&self) -> Result<Option<&str>, Problem> {
        let Some(value) = self.headers.get("idempotency-key") else { return Ok(None) };
        let key = value.to_str().unwrap_or_default();
        if (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Some(key))
        } else {
            Err(Problem::bad("An Idempotency-Key has 1 to 64 visible ASCII characters."))
        }
    }

    /// Refuses a change that was made for another version than the one there is.
    pub fn fresh(&self, version: &str) -> Result<(), Problem> {
        if self.if_match()? == version { Ok(()) } else { Err(Problem::stale()) }
    }

    /// The version that If-Match names.
    fn if_match(&self) -> Result<&str, Problem> {
        let Some(value) = self.headers.get(header::IF_MATCH) else {
            return Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "Send the record's ETag as If-Match, so that nobody's change is lost.",
            ));
        };
        value.to_str().ok().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')).ok_or_else(Problem::stale)
    }
}
