//! Server functions of the portal. None takes a client or a shop: both come from the visitor's cookie.

use domain::{
    Refusal,
    forms::{Done, Page, Post},
    ids::{DocumentId, InvoiceId, JobId},
    invoices::InvoiceSheet,
    jobs::SignerRole,
    portal::{PortalHome, PortalInvoice, PortalJob, PortalJobPage, PortalList, PortalSignPage, PortalSite, Visited},
    signatures::SignForm,
};
use gate::Result;
use leptos::prelude::*;

/// The first page.
#[server(prefix = "/fn", endpoint = "portal/see_home")]
pub async fn see_home() -> Result<Visited<PortalHome>> {
    let mut tx = gate::portal().await?;
    let data = store::portal::home(&mut tx).await?;
    Ok(tx.visitor().shown(data))
}

/// Invoices before that place in the series.
#[server(prefix = "/fn", endpoint = "portal/see_invoices")]
pub async fn see_invoices(#[server(default)] before: String) -> Result<Visited<PortalList<PortalInvoice>>> {
    let mut tx = gate::portal().await?;
    let data = store::portal::invoices(&mut tx, before.parse().ok()).await?;
    Ok(tx.visitor().shown(data))
}

/// An invoice; that it was looked at is recorded first.
#[server(prefix = "/fn", endpoint = "portal/see_invoice")]
pub async fn see_invoice(id: String) -> Result<Visited<InvoiceSheet>> {
    let id: InvoiceId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = gate::portal_view(store::portal::Viewed::Invoice(id)).await?;
    let data = store::invoices::sheet(&mut tx, id).await?;
    Ok(tx.visitor().shown(data))
}

/// Jobs before that number.
#[server(prefix = "/fn", endpoint = "portal/see_jobs")]
pub async fn see_jobs(#[server(default)] before: String) -> Result<Visited<PortalList<PortalJob>>> {
    let mut tx = gate::portal().await?;
    let data = store::portal::jobs(&mut tx, before.parse().ok()).await?;
    Ok(tx.visitor().shown(data))
}

/// One job.
#[server(prefix = "/fn", endpoint = "portal/see_job")]
pub async fn see_job(id: String) -> Result<Visited<PortalJobPage>> {
    let id: JobId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = gate::portal().await?;
    let data = store::portal::job(&mut tx, id).await?;
    Ok(tx.visitor().shown(data))
}

/// Sites and doors.
#[server(prefix = "/fn", endpoint = "portal/see_sites")]
pub async fn see_sites() -> Result<Visited<Vec<PortalSite>>> {
    let mut tx = gate::portal().await?;
    let data = store::portal::sites(&mut tx).await?;
    Ok(tx.visitor().shown(data))
}

/// A job's work order; that it was looked at is recorded first.
#[server(prefix = "/fn", endpoint = "portal/see_work_order")]
pub async fn see_work_order(job: String) -> Result<Visited<Page<PortalSignPage>>> {
    let job: JobId = job.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = gate::portal_view(store::portal::Viewed::WorkOrder(job)).await?;
    let data = gate::page(store::portal::sign_page(&mut tx, job).await?).await?;
    Ok(tx.visitor().shown(data))
}

/// Signs the newest work order of a job. By a link one signs for the client, in no other role.
#[server(prefix = "/fn", endpoint = "portal/sign_document")]
pub async fn sign_document(
    post: Post,
    job: JobId,
    document: DocumentId,
    sha256: String,
    form: SignForm,
) -> Result<Done> {
    let _ = post;
    let (db, visitor) = gate::visitor().await?;
    let new = SignForm { role: SignerRole::Client.as_str().into(), ..form }.read()?;
    db.sign_by_link(&visitor, job, document, &sha256, &new).await?;
    Ok(gate::go(gate::paths::portal_sign(job)))
}

/// Tells the shop that this will not be signed.
#[server(prefix = "/fn", endpoint = "portal/decline_document")]
pub async fn decline_document(post: Post, job: JobId, document: DocumentId) -> Result<Done> {
    let _ = post;
    let (db, visitor) = gate::visitor().await?;
    db.decline_by_link(&visitor, job, document).await?;
    Ok(gate::go(gate::paths::portal_declined(job)))
}

/// After declining: the frame alone.
#[server(prefix = "/fn", endpoint = "portal/see_declined")]
pub async fn see_declined() -> Result<Visited<()>> {
    let (_, visitor) = gate::visitor().await?;
    Ok(visitor.shown(()))
}

/// Ends the visit: in the database, not only in the browser.
#[server(prefix = "/fn", endpoint = "portal/leave")]
pub async fn leave(post: Post) -> Result<Done> {
    let _ = post;
    let (db, visitor) = gate::visitor().await?;
    db.leave_portal(&visitor).await?;
    gate::cookie("portal", "", 0, true);
    Ok(gate::go("/portal"))
}
