//! `/exports/{entry}/{file}`: what was recorded, to be fetched by whoever recorded it, for ten minutes.

use super::{
    case::{self, Case},
    stream::{Out, body},
    zip::{Packed, Zip},
};
use crate::{assets::Assets, layers::headers::A_FILE};
use axum::{
    Extension, Router,
    body::Body,
    extract::{Path, State},
    http::{Response, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use domain::{
    Event, Permission, Refusal,
    exports::{CASE_FILE, ExportKind},
};
use gate::AppError;
use serde_json::json;
use std::{
    fmt::Display,
    io,
    time::{Duration, Instant},
};
use store::{
    ReadTx,
    exports::{self, log, tables},
};
use uuid::Uuid;

/// How long a download waits for the checkpoint over its own entry; one is made within five seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// What can be fetched.
pub fn routes(assets: &Assets) -> Router {
    Router::new().route("/exports/{entry}/{file}", get(fetch)).with_state(assets.clone())
}

async fn fetch(
    State(assets): State<Assets>,
    Path((entry, file)): Path<(String, String)>,
    Extension(request): Extension<gate::Request>,
) -> Response<Body> {
    match found(&request, &assets, &entry, &file).await {
        Ok(body) => {
            let kind = match file.rsplit('.').next() {
                Some("csv") => "text/csv; charset=utf-8",
                Some("zip") => "application/zip",
                _ => "application/x-ndjson",
            };
            let name = format!("attachment; filename=\"{file}\"");
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_DISPOSITION, name.as_str()),
                (header::CONTENT_SECURITY_POLICY, A_FILE),
                (header::CACHE_CONTROL, "no-store"),
                (header::ACCEPT_RANGES, "none"),
            ];
            (StatusCode::OK, headers, body).into_response()
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, error.to_string()).into_response()
        }
    }
}

/// What that entry allows to be fetched. The permission is asked for anew, and the proof of who is there must be fresh still.
async fn found(request: &gate::Request, assets: &Assets, entry: &str, file: &str) -> gate::Result<Body> {
    let entry: i64 = entry.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = request.db.read(request.grant(Permission::OwnAccount).await?).await?;
    let event = exports::recorded(&mut tx, entry).await?;
    if !tx.actor().confirmed {
        return Err(AppError::Confirm);
    }
    drop(tx);
    match event {
        Event::ExportMade { kind, .. } if kind.file() == file => export(request.clone(), entry, kind).await,
        Event::CaseFileMade { of, subject, .. } if file == CASE_FILE => {
            request.grant(Permission::MakeCaseFiles).await?;
            let case = Case { of, subject, entry, checker: assets.plain("/verify.html") };
            let request = request.clone();
            Ok(body(move |out| case::write(request, case, out)))
        }
        _ => Err(Refusal::NotFound.into()),
    }
}

/// A transaction for one stretch: whoever reads slowly holds none open, and whoever is signed out meanwhile gets no more.
async fn reading(request: &gate::Request, kind: ExportKind) -> gate::Result<ReadTx> {
    Ok(request.db.read(request.grant(kind.permission()).await?).await?)
}

async fn export(request: gate::Request, entry: i64, kind: ExportKind) -> gate::Result<Body> {
    Ok(match kind {
        ExportKind::AuditLog | ExportKind::AuditTable => {
            let log = signed(&request, entry, kind).await?;
            body(move |out| trail(request, kind, log, out))
        }
        ExportKind::Data => {
            let mut tx = reading(&request, kind).await?;
            let (shop, stamp) = (tx.actor().shop_name.clone(), store::audit::stamp_of(&mut tx).await?);
            let about = json!({ "shop": shop, "entry": entry, "checkpoint": stamp });
            body(move |out| data(request, about, out))
        }
    })
}

/// The log, as soon as it is signed to its end. Where that takes too long it comes as it is, and its check says how much of
/// it nobody signed.
async fn signed(request: &gate::Request, entry: i64, kind: ExportKind) -> gate::Result<log::Log> {
    let until = Instant::now() + PATIENCE;
    loop {
        let log = log::begin(&mut reading(request, kind).await?, entry).await;
        if log.as_ref().is_ok_and(|log| log.signed) || Instant::now() >= until {
            return Ok(log?);
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

async fn trail(request: gate::Request, kind: ExportKind, log: log::Log, out: Out) -> gate::Result<()> {
    let table = kind == ExportKind::AuditTable;
    out.send(log.first(table)?).await?;
    let mut after = 0;
    while after < log.end {
        let mut tx = reading(&request, kind).await?;
        let stretch = log::stretch(&mut tx, &log, after, table).await?;
        drop(tx);
        after = stretch.last;
        out.send(stretch.text).await?;
    }
    Ok(())
}

async fn data(request: gate::Request, about: serde_json::Value, out: Out) -> gate::Result<()> {
    let (mut zip, mut list) = (Zip::default(), Vec::new());
    for table in tables::Table::ALL {
        out.send(zip.begin(table.file())).await?;
        out.send(zip.write(table.first().as_bytes()).map_err(broken)?).await?;
        let (mut after, mut rows) = (Uuid::nil(), 0);
        loop {
            let mut tx = reading(&request, ExportKind::Data).await?;
            let stretch = tables::stretch(&mut tx, table, after).await?;
            drop(tx);
            let Some(last) = stretch.last else { break };
            (after, rows) = (last, rows + stretch.count);
            out.send(zip.write(stretch.text.as_bytes()).map_err(broken)?).await?;
        }
        let (end, packed) = zip.end().map_err(broken)?;
        out.send(end).await?;
        list.push(listed(&packed, Some(rows)));
    }
    let manifest = json!({ "shearline_export": 1, "about": about, "files": list });
    let text = serde_json::to_string_pretty(&manifest).map_err(broken)? + "\n";
    out.send(zip.file("manifest.json", text.as_bytes()).map_err(broken)?.0).await?;
    out.send(zip.finish().map_err(broken)?).await
}

/// A file as the manifest names it.
pub(super) fn listed(packed: &Packed, rows: Option<u64>) -> serde_json::Value {
    let mut line = json!({ "name": packed.name, "bytes": packed.bytes, "sha256": packed.sha256 });
    if let Some(rows) = rows {
        line["rows"] = rows.into();
    }
    line
}

pub(super) fn broken(cause: impl Display) -> AppError {
    store::Error::Vault(io::Error::other(cause.to_string()).to_string()).into()
}
