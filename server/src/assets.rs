//! The built assets: read into memory at start, served hashed, precompressed and immutable.

use anyhow::{Context, Result};
use app::{Entries, Entry};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use sha2::{Digest, Sha384};
use std::{collections::HashMap, fs, path::Path as FsPath, sync::Arc};

#[derive(Deserialize)]
struct Manifest {
    office: Built,
    portal: Built,
    style: String,
    portal_style: String,
    files: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Built {
    js: String,
    wasm: String,
}

struct File {
    kind: &'static str,
    plain: Vec<u8>,
    brotli: Option<Vec<u8>>,
    gzip: Option<Vec<u8>>,
    hashed: bool,
}

/// All files of the site folder, by path.
#[derive(Clone)]
pub struct Assets {
    files: Arc<HashMap<String, File>>,
    /// What the shells print.
    pub entries: Arc<Entries>,
}

impl Assets {
    /// Reads the site folder that `xtask assets build` made.
    ///
    /// # Errors
    /// A folder that was not built, or cannot be read.
    pub fn load(site: &FsPath) -> Result<Self> {
        let manifest = fs::read(site.join("assets.json"))
            .with_context(|| format!("no assets in {}: run `make assets`", site.display()))?;
        let manifest: Manifest =
            serde_json::from_slice(&manifest).context("assets.json cannot be read: run `make assets`")?;
        let mut files = HashMap::new();
        read_folder(site, "", &mut files)?;
        let named = |name: &str| manifest.files.get(name).cloned().unwrap_or_else(|| format!("/{name}"));
        let integrity = |path: &str| files.get(path).map(|file: &File| integrity(&file.plain));
        let entry =
            |built: &Built| Entry { integrity: integrity(&built.js), js: built.js.clone(), wasm: built.wasm.clone() };
        let entries = Entries {
            office: entry(&manifest.office),
            portal: entry(&manifest.portal),
            style: manifest.style.clone(),
            portal_style: manifest.portal_style.clone(),
            favicon: named("favicon.svg"),
            manifest: named("manifest.webmanifest"),
        };
        Ok(Self { files: Arc::new(files), entries: Arc::new(entries) })
    }

    /// The file at a path, if there is one.
    fn get(&self, path: &str, accepts: &HeaderMap) -> Option<Response<Body>> {
        let file = self.files.get(path)?;
        let accepts = accepts.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let (bytes, coding) = match (&file.brotli, &file.gzip) {
            (Some(brotli), _) if accepts.contains("br") => (brotli, Some("br")),
            (_, Some(gzip)) if accepts.contains("gzip") => (gzip, Some("gzip")),
            _ => (&file.plain, None),
        };
        let mut response = Response::new(Body::from(bytes.clone()));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let cache = if file.hashed { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        Some(response)
    }

    /// Paths of the files at the top of the site: `/robots.txt` and the like.
    pub fn top_level(&self) -> Vec<String> {
        let apart = ["/assets.json", "/verify.html"];
        let plain = |path: &&String| path.matches('/').count() == 1 && !apart.contains(&path.as_str());
        self.files.keys().filter(plain).cloned().collect()
    }

    /// A file's bytes, for whoever serves it in a way of its own.
    pub fn plain(&self, path: &str) -> Option<Vec<u8>> {
        self.files.get(path).map(|file| file.plain.clone())
    }
}

/// `GET /pkg/…` and `/fonts/…`.
pub async fn serve(
    State(assets): State<Assets>,
    uri: axum::http::Uri,
    headers: HeaderMap,
    _: Option<Path<String>>,
) -> Response<Body> {
    assets.get(uri.path(), &headers).unwrap_or_else(|| {
        let mut missing = Response::new(Body::empty());
        *missing.status_mut() = StatusCode::NOT_FOUND;
        missing
    })
}

fn read_folder(folder: &FsPath, under: &str, files: &mut HashMap<String, File>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{under}/{name}");
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &path, files)?;
        } else if !name.ends_with(".br") && !name.ends_with(".gz") {
            let beside = |ending: &str| fs::read(entry.path().with_file_name(format!("{name}.{ending}"))).ok();
            let file = File {
                kind: kind(&name),
                plain: fs::read(entry.path())?,
                brotli: beside("br"),
                gzip: beside("gz"),
                hashed: under.starts_with("/pkg"),
            };
            files.insert(path, file);
        }
    }
    Ok(())
}

/// A hash as the attribute of a script wants it.
fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes)))
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
