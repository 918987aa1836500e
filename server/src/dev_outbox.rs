//! `/dev/outbox`: mails as files, to be read in the browser while developing. It exists only where nobody else can come
//! by: developer's mode, loopback, no SMTP, no proxy. Anywhere else there is no such path.

use crate::config::Config;
use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use std::{path::PathBuf, sync::Arc};
use tokio::fs;

/// The routes, or none.
pub fn routes(config: &Config) -> Router {
    if !open(config) {
        return Router::new();
    }
    Router::new()
        .route("/dev/outbox", get(list))
        .route("/dev/outbox/{mail}", get(show))
        .with_state(Arc::new(config.outbox.clone()))
}

fn open(config: &Config) -> bool {
    config.dev && config.addr.ip().is_loopback() && config.smtp.is_none() && config.trusted_proxies.is_empty()
}

/// Newest first.
async fn list(State(folder): State<Arc<PathBuf>>) -> Response {
    let mut names = Vec::new();
    if let Ok(mut entries) = fs::read_dir(folder.as_ref()).await {
        while let Ok(Some(entry)) = entries.next_entry().await {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".eml") {
                let at = entry.metadata().await.and_then(|meta| meta.modified()).ok();
                names.push((at, name));
            }
        }
    }
    names.sort();
    let items: String =
        names.iter().rev().map(|(_, name)| format!("<li><a href=\"/dev/outbox/{name}\">{name}</a></li>")).collect();
    Html(format!("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Outbox</title></head><body><main><h1>Outbox</h1><ul>{items}</ul></main></body></html>")).into_response()
}

async fn show(State(folder): State<Arc<PathBuf>>, Path(mail): Path<String>) -> Response {
    let plain = mail.ends_with(".eml")
        && mail.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        && !mail.contains("..");
    match fs::read(folder.join(&mail)).await {
        Ok(text) if plain => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
