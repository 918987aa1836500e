//! Server functions of invoices.

use domain::{
    Event, Permission, Refusal,
    forms::{Done, Page, Post},
    ids::{InvoiceId, JobId, LineId},
    invoices::{InvoiceForm, InvoiceList, InvoicePage, InvoiceQuery, MailForm, Proposal, ReasonForm},
    jobs::LineForm,
    money::Money,
};
use gate::Result;
use leptos::prelude::*;

/// One page of the list of invoices.
#[server(prefix = "/fn", endpoint = "money/list_invoices")]
pub async fn list_invoices(#[server(default)] asked: InvoiceQuery) -> Result<InvoiceList> {
    let mut tx = gate::read(Permission::SeeInvoices).await?;
    Ok(store::invoices::list(&mut tx, &asked).await?)
}

/// What the invoice of a job would say.
#[server(prefix = "/fn", endpoint = "money/propose_invoice")]
pub async fn propose_invoice(job: String) -> Result<Page<Proposal>> {
    let mut tx = gate::read(Permission::EditInvoices).await?;
    let job = job.parse().map_err(|_| store::Error::from(Refusal::NotFound))?;
    gate::page(store::invoices::proposal(&mut tx, job).await?).await
}

/// An invoice's page.
#[server(prefix = "/fn", endpoint = "money/find_invoice")]
pub async fn find_invoice(invoice: String) -> Result<Page<InvoicePage>> {
    let mut tx = gate::read(Permission::SeeInvoices).await?;
    let invoice = invoice.parse().map_err(|_| store::Error::from(Refusal::NotFound))?;
    let page = store::invoices::find(&mut tx, invoice).await?;
    gate::page(InvoicePage { payments: store::payments::of(&mut tx, invoice).await?, ..page }).await
}

/// Drafts the invoice of a completed job.
#[server(prefix = "/fn", endpoint = "money/draft_invoice")]
pub async fn draft_invoice(post: Post, job: JobId, form: InvoiceForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditInvoices, &post).await?;
    let about = store::invoices::draft(&mut tx, job, &form.read()?).await?;
    gate::done(
        tx,
        Event::InvoiceDrafted { invoice: about.invoice, job, client: about.client },
        gate::paths::invoice(about.invoice),
    )
    .await
}

/// Changes bill-to, terms and note of a draft.
#[server(prefix = "/fn", endpoint = "money/change_draft")]
pub async fn change_draft(post: Post, invoice: InvoiceId, version: i32, form: InvoiceForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditInvoices, &post).await?;
    let client = store::invoices::change(&mut tx, invoice, version, &form.read()?).await?;
    gate::done(tx, Event::InvoiceDraftChanged { invoice, client }, gate::paths::invoice(invoice)).await
}

/// Issues a draft as it was shown: number, dates and totals are fixed.
#[server(prefix = "/fn", endpoint = "money/issue_invoice")]
pub async fn issue_invoice(post: Post, invoice: InvoiceId, version: i32, total: Money) -> Result<Done> {
    let mut tx = gate::write(Permission::EditInvoices, &post).await?;
    let issued = store::invoices::issue(&mut tx, invoice, version, total).await?;
    gate::done(tx, issued.event(), gate::paths::invoice(invoice)).await
}

/// Calls an invoice off, with a reason.
#[server(prefix = "/fn", endpoint = "money/void_invoice")]
pub async fn void_invoice(post: Post, invoice: InvoiceId, form: ReasonForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditInvoices, &post).await?;
    let about = store::invoices::void(&mut tx, invoice, &form.read()?).await?;
    gate::done(
        tx,
        Event::InvoiceVoided { invoice, job: about.job, client: about.client },
        gate::paths::invoice(invoice),
    )
    .await
}

/// Mails an issued invoice to a contact, with a link to the client's own page.
#[server(prefix = "/fn", endpoint = "money/mail_invoice")]
pub async fn mail_invoice(post: Post, invoice: InvoiceId, form: MailForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditInvoices, &post).await?;
    let about = store::invoices::mail_to(&mut tx, invoice, form.read()?, &gate::origin_url()?).await?;
    gate::done(tx, Event::InvoiceMailed { invoice, client: about.client }, gate::paths::invoice(invoice)).await
}

/// Adds a line to a draft.
#[server(prefix = "/fn", endpoint = "money/add_invoice_line")]
pub async fn add_invoice_line(post: Post, invoice: InvoiceId, form: LineForm) -> Result<Done> {
    let mut tx = gate::write(Permission::EditInvoices, &post).await?;
    let new = form.read(tx.actor().currency)?;
    let (job, line) = store::invoices::add_line(&mut tx, invoice, &new).await?;
    gate::done(tx, Event::LineAdded { job, line }, gate::paths::invoice(invoice)).await
}

/// Takes a line off a draft.
#[server(prefix = "/fn", endpoint = "money/remove_invoice_line")]
pub async fn remove_invoice_line(post: Post, invoice: InvoiceId, line: LineId) -> Result<Done> {
    let mut tx = gate::write(Permission::EditInvoices, &post).await?;
    let job = store::invoices::remove_line(&mut tx, invoice, line).await?;
    gate::done(tx, Event::LineRemoved { job, line }, gate::paths::invoice(invoice)).await
}
