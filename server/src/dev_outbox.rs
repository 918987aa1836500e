//! `/dev/outbox`: mails as files, to be read in the browser while developing. It exists only where nobody else can come
//! by: developer's mode, loopback, no SMTP, no proxy. Anywhere else there is no such path, and a request that shows any
//! sign of having come through a proxy after all is told the same.

use crate::{
    config::{Config, host_of, is_loopback},
    router::nothing_here,
};
use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn},
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
        .layer(from_fn(direct_only))
}

fn open(config: &Config) -> bool {
    config.dev
        && config.addr.ip().is_loopback()
        && host_of(&config.public_url).is_some_and(is_loopback)
        && config.smtp.is_none()
        && config.trusted_proxies.is_empty()
}

/// What proxies write into the requests they pass on.
const PASSED_ON: [&str; 7] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-server", "x-real-ip", "via"];

async fn direct_only(request: Request<Body>, next: Next) -> Response {
    if direct(request.headers()) { next.run(request).await } else { nothing_here(request).await }
}

/// Whether a browser on this machine asked by itself: nothing passed it on, and it asked for this machine by name.
fn direct(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    PASSED_ON.iter().all(|name| !headers.contains_key(*name))
        && host_of(&format!("http://{host}")).is_some_and(is_loopback)
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path as FsPath;

    fn config(more: &[(&'static str, &'static str)]) -> Config {
        let env = |name: &str| match more.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => Some((*value).to_owned()),
            None => (name == "SHEARLINE_DEV").then(|| "1".to_owned()),
        };
        Config::from_sources(FsPath::new("/nowhere"), env).unwrap_or_else(|error| panic!("{error:#}"))
    }

    #[test]
    fn it_exists_only_where_nobody_else_comes_by() {
        assert!(open(&config(&[])));
        for more in [
            ("SHEARLINE_DEV", "0"),
            ("SHEARLINE_ADDR", "0.0.0.0:3000"),
            ("SHEARLINE_PUBLIC_URL", "https://shop.example.org"),
            ("SHEARLINE_TRUSTED_PROXIES", "127.0.0.1"),
        ] {
            assert!(!open(&config(&[more])), "{more:?}");
        }
    }

    #[test]
    fn what_a_proxy_passed_on_is_refused() {
        let asked = |headers: &[(&'static str, &str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, value.parse().unwrap_or_else(|_| panic!("{value}")));
            }
            direct(&map)
        };
        for host in ["127.0.0.1:3000", "localhost:3000", "[::1]:3000", "localhost"] {
            assert!(asked(&[("host", host)]), "{host}");
        }
        for name in PASSED_ON {
            assert!(!asked(&[("host", "127.0.0.1:3000"), (name, "198.51.100.7")]), "{name}");
        }
        assert!(!asked(&[("host", "shop.example.org")]) && !asked(&[]));
    }
}
