//! One line a request: method, route, status, time, id. No address, no query, no token.

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use std::time::Instant;
use tracing::info;
use uuid::Uuid;

/// Logs the request and gives it an id.
pub async fn line(request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().simple().to_string();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", |path| path.as_str()).to_owned();
    let started = Instant::now();
    let mut response = next.run(request).await;
    info!(id, %method, route, status = response.status().as_u16(), ms = started.elapsed().as_secs_f64() * 1e3, "request");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}
