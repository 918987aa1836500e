//! Proof files, and the papers they are about, to be taken along. Files to be kept, never pages: they run nothing here.

use crate::assets::Assets;
use crate::layers::headers::A_FILE;
use axum::{
    Extension, Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use domain::{Permission, Refusal};
use gate::AppError;
use proof::EXTENSION;
use std::sync::Arc;
use store::{
    proofs::{self, Paper, PaperKind},
    scope::Visitor,
};

/// What can be fetched.
pub fn routes(assets: &Assets) -> Router {
    Router::new()
        .route("/proof/signatures/{id}", get(of_signature))
        .route("/proof/signatures/{id}/document", get(signed))
        .route("/proof/invoices/{id}", get(of_invoice))
        .route("/proof/invoices/{id}/document", get(invoice))
        .route("/proof/entries/{seq}", get(of_entry))
        .route("/portal/proof/signatures/{id}", get(of_clients_signature))
        .route("/portal/proof/signatures/{id}/document", get(clients_signed))
        .route("/portal/proof/invoices/{id}", get(of_clients_invoice))
        .route("/portal/proof/invoices/{id}/document", get(clients_invoice))
        .merge(Router::new().route("/verify.html", get(page)).with_state(assets.clone()))
}

/// A file on its way.
struct Taken {
    name: String,
    kind: &'static str,
    body: Vec<u8>,
}

type Asked = Extension<gate::Request>;

async fn of_signature(Path(id): Path<String>, Extension(request): Asked) -> Response<Body> {
    answered(office(&request, Permission::SeeSignatures, signature(&id)).await)
}

async fn of_invoice(Path(id): Path<String>, Extension(request): Asked) -> Response<Body> {
    answered(office(&request, Permission::SeeInvoices, an_invoice(&id)).await)
}

async fn signed(Path(id): Path<String>, Extension(request): Asked, headers: HeaderMap) -> Response<Body> {
    answered(paper(&request, Permission::SeeSignatures, signature(&id), &headers).await)
}

async fn invoice(Path(id): Path<String>, Extension(request): Asked, headers: HeaderMap) -> Response<Body> {
    answered(paper(&request, Permission::SeeInvoices, an_invoice(&id), &headers).await)
}

async fn of_clients_signature(Path(id): Path<String>, Extension(request): Asked) -> Response<Body> {
    answered(portal(&request, signature(&id)).await)
}

async fn of_clients_invoice(Path(id): Path<String>, Extension(request): Asked) -> Response<Body> {
    answered(portal(&request, an_invoice(&id)).await)
}

async fn clients_signed(Path(id): Path<String>, Extension(request): Asked) -> Response<Body> {
    answered(portal_paper(&request, signature(&id)).await)
}

async fn clients_invoice(Path(id): Path<String>, Extension(request): Asked) -> Response<Body> {
    answered(portal_paper(&request, an_invoice(&id)).await)
}

async fn of_entry(Path(seq): Path<String>, Extension(request): Asked) -> Response<Body> {
    answered(entry(&request, &seq).await)
}

/// The static page that verifies offline: a file to be kept, for what it says must not depend on this server.
async fn page(State(assets): State<Assets>) -> Response<Body> {
    match assets.plain("/verify.html") {
        Some(body) => {
            answered(Ok(Taken { name: "shearline-verify.html".into(), kind: "text/html; charset=utf-8", body }))
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn signature(id: &str) -> Result<PaperKind, Refusal> {
    id.parse().map(PaperKind::Signed).map_err(|_| Refusal::NotFound)
}

fn an_invoice(id: &str) -> Result<PaperKind, Refusal> {
    id.parse().map(PaperKind::Invoice).map_err(|_| Refusal::NotFound)
}

async fn office(
    request: &gate::Request,
    permission: Permission,
    kind: Result<PaperKind, Refusal>,
) -> gate::Result<Taken> {
    let grant = request.grant(permission).await?;
    let (mut tx, kind) = (request.db.read(grant).await?, kind?);
    let text = match kind {
        PaperKind::Signed(id) => proofs::of_signature(&mut tx, id).await?,
        PaperKind::Invoice(id) => proofs::of_invoice(&mut tx, id).await?,
    };
    let name = proofs::paper(&mut tx, kind).await?.name;
    Ok(proof(&name, text))
}

async fn paper(
    request: &gate::Request,
    permission: Permission,
    kind: Result<PaperKind, Refusal>,
    headers: &HeaderMap,
) -> gate::Result<Taken> {
    let (grant, kind) = (request.grant(permission).await?, kind?);
    let mut tx = request.db.open_paper(grant, kind, headers.contains_key(header::RANGE)).await?;
    Ok(document(proofs::paper(&mut tx, kind).await?))
}

async fn entry(request: &gate::Request, seq: &str) -> gate::Result<Taken> {
    let grant = request.grant(Permission::SeeAudit).await?;
    let seq: i64 = seq.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = request.db.read(grant).await?;
    Ok(proof(&format!("entry-{seq}"), proofs::of_entry(&mut tx, seq).await?))
}

async fn portal(request: &gate::Request, kind: Result<PaperKind, Refusal>) -> gate::Result<Taken> {
    let visitor = visitor(request).await?;
    let mut tx = request.db.visit(visitor).await?;
    let kind = kind?;
    let name = proofs::paper(&mut tx, kind).await?.name;
    Ok(proof(&name, proofs::of_client(&mut tx, kind.id()).await?))
}

async fn portal_paper(request: &gate::Request, kind: Result<PaperKind, Refusal>) -> gate::Result<Taken> {
    let visitor = visitor(request).await?;
    Ok(document(request.db.paper_for_client(visitor, kind?).await?))
}

async fn visitor(request: &gate::Request) -> gate::Result<Arc<Visitor>> {
    let token = request.portal.as_ref().ok_or(AppError::SignedOut)?;
    let found = request.db.front_door().resolve_portal(token, request.origin.clone()).await?;
    found.map(Arc::new).ok_or(AppError::SignedOut)
}

fn proof(name: &str, text: String) -> Taken {
    Taken { name: format!("{name}.{EXTENSION}"), kind: "text/plain; charset=utf-8", body: text.into_bytes() }
}

fn document(paper: Paper) -> Taken {
    Taken { name: format!("{}.html", paper.name), kind: "text/html; charset=utf-8", body: paper.body }
}

fn answered(taken: gate::Result<Taken>) -> Response<Body> {
    match taken {
        Ok(Taken { name, kind, body }) => {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
            let name: String = name.chars().map(|letter| if plain(letter) { letter } else { '-' }).collect();
            let name = format!("attachment; filename=\"{name}\"");
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_DISPOSITION, name.as_str()),
                (header::CONTENT_SECURITY_POLICY, A_FILE),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (StatusCode::OK, headers, body).into_response()
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, error.to_string()).into_response()
        }
    }
}
