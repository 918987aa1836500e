//! Server functions of signatures.

use domain::{
    Permission, Refusal,
    forms::{Done, Page, Post},
    ids::{DocumentId, JobId, SignatureId},
    signatures::{Evidence, SignForm, SignPage},
};
use gate::Result;
use leptos::prelude::*;

/// What is to be signed for a job, and what was signed before.
#[server(prefix = "/fn", endpoint = "desk/find_sign_page")]
pub async fn find_sign_page(job: String) -> Result<Page<SignPage>> {
    let job: JobId = job.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = gate::read(Permission::Sign).await?;
    gate::page(store::signatures::page(&mut tx, job).await?).await
}

/// Freezes the work order; nothing is done when the newest version says the same.
#[server(prefix = "/fn", endpoint = "desk/prepare_document")]
pub async fn prepare_document(post: Post, job: JobId) -> Result<Done> {
    let mut tx = gate::write(Permission::Sign, &post).await?;
    match store::signatures::prepare(&mut tx, job).await? {
        Some(event) => gate::done(tx, event, gate::paths::sign(job)).await,
        None => Ok(gate::go(gate::paths::sign(job))),
    }
}

/// Keeps a signature given in the presence of whoever is signed in.
#[server(prefix = "/fn", endpoint = "desk/sign_in_person")]
pub async fn sign_in_person(
    post: Post,
    job: JobId,
    document: DocumentId,
    sha256: String,
    form: SignForm,
) -> Result<Done> {
    let mut tx = gate::write(Permission::Sign, &post).await?;
    let event = store::signatures::sign(&mut tx, job, document, &sha256, &form.read()?).await?;
    let to =
        if tx.actor().role.allows(Permission::SeeOffice) { gate::paths::job(job) } else { gate::paths::visit(job) };
    gate::done(tx, event, to).await
}

/// Everything kept of one signature. The signed work order is part of it: that it was opened is recorded first.
#[server(prefix = "/fn", endpoint = "desk/find_evidence")]
pub async fn find_evidence(signature: String) -> Result<Page<Evidence>> {
    let signature: SignatureId = signature.parse().map_err(|_| Refusal::NotFound)?;
    let request = gate::request()?;
    let (grant, kind) = (request.grant(Permission::SeeSignatures).await?, store::proofs::PaperKind::Signed(signature));
    let mut tx = request.db.open_paper(grant, kind, false).await?;
    gate::page(store::signatures::find(&mut tx, signature).await?).await
}
