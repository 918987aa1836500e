//! `/invoices`: to be read.

use super::{
    Answer, Asked, Caller, id, page,
    problem::Problems,
    sent::{asked_id, asked_word, rows},
    shown,
};
use axum::extract::Path;
use domain::{Permission, choice::Choice, invoices::InvoiceStatus, machines::Namespace};
use serde::Deserialize;
use store::machines::{Invoice, Page, Window, invoices, only};
use utoipa::IntoParams;

const ROOM: Namespace = Namespace::Invoices;

/// A page of invoices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InvoicesAsked {
    /// The `next_cursor` of the page before.
    #[param(format = Uuid)]
    cursor: Option<String>,
    /// Rows of the page, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Of this client alone.
    #[param(format = Uuid)]
    client: Option<String>,
    /// In this state alone.
    #[param(pattern = "^(draft|sent|part_paid|paid|void)$")]
    status: Option<String>,
}

/// Invoices, of one client or in one state when these are named.
#[utoipa::path(get, path = "/api/v1/invoices", tag = "invoices", params(InvoicesAsked), responses((status = 200, body = Page<Invoice>), Problems), security(("key" = ["invoices:read"])))]
pub async fn list(caller: Caller, asked: Asked) -> Answer {
    let mut tx = caller.read(ROOM, Permission::SeeInvoices).await?;
    let asked = asked.read::<InvoicesAsked>()?;
    let limit = rows(asked.limit)?;
    let after = asked_id("cursor", asked.cursor.as_deref())?;
    let client = asked_id("client", asked.client.as_deref())?;
    let status = asked_word::<InvoiceStatus>("status", asked.status.as_deref())?;
    Ok(page(invoices(&mut tx, Window::after(after, limit), client, status.map(Choice::as_str)).await?, limit))
}

/// An invoice.
#[utoipa::path(get, path = "/api/v1/invoices/{id}", tag = "invoices", params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Invoice, headers(("ETag" = String))), Problems), security(("key" = ["invoices:read"])))]
pub async fn find(caller: Caller, Path(invoice): Path<String>) -> Answer {
    let mut tx = caller.read(ROOM, Permission::SeeInvoices).await?;
    let invoice = id(&invoice)?;
    Ok(shown(&only(invoices(&mut tx, Window::one(invoice), None, None).await?, invoice)?, None))
}
