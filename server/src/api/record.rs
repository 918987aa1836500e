//! Answers: a record with its ETag, a page of records.

use super::{BASE, Problem};
use axum::{
    Json,
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use serde::Serialize;
use std::fmt::Display;
use store::machines::{Page, Record};
use uuid::Uuid;

/// What a handler answers.
pub type Answer = Result<Response<Body>, Problem>;

/// An id of 36 characters, as we write them.
pub fn parse(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::parse_str(text).ok() } else { None }
}

/// The id in a path. One that cannot be an id names nothing.
pub fn id(text: &str) -> Result<Uuid, Problem> {
    parse(text).ok_or_else(Problem::not_found)
}

/// Where a record lies.
pub fn path(list: &str, id: impl Display) -> String {
    format!("{BASE}/{list}/{id}")
}

/// A record, with its ETag; made (201) at `list`, or as it is (200).
pub fn shown<T: Record + Serialize>(record: &T, made_in: Option<&str>) -> Response<Body> {
    let status = if made_in.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = (status, Json(record)).into_response();
    let headers = response.headers_mut();
    if let Some(version) = record.version()
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\""))
    {
        headers.insert(header::ETAG, tag);
    }
    if let Some(list) = made_in
        && let Ok(place) = HeaderValue::from_str(&path(list, record.cursor()))
    {
        headers.insert(header::LOCATION, place);
    }
    response
}

/// A page of records.
pub fn page<T: Record + Serialize>(rows: Vec<T>, limit: i64) -> Response<Body> {
    Json(Page::of(rows, limit)).into_response()
}

/// A tick box as forms send it.
pub fn tick(yes: bool) -> String {
    if yes { "on".into() } else { String::new() }
}
