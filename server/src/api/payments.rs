//! `/payments`: what was paid on invoices. A payment never changes; reversing one is for people.

use super::{
    Answer, Asked, Caller, Sent,
    caller::Begun,
    id, page, path,
    problem::{Problem, Problems, WriteProblems},
    sent::{asked_id, rows},
    shown,
};
use axum::extract::Path;
use domain::{
    Event, Permission,
    ids::InvoiceId,
    machines::{Namespace, Scope},
    money::Money,
    payments::PaymentForm,
};
use serde::Deserialize;
use store::machines::{Page, Payment, Window, only, payments};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const ROOM: Namespace = Namespace::Payments;

/// A page of payments.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PaymentsAsked {
    /// The `next_cursor` of the page before.
    #[param(format = Uuid)]
    cursor: Option<String>,
    /// Rows of the page, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// On this invoice alone.
    #[param(format = Uuid)]
    invoice: Option<String>,
}

/// A payment about to be recorded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// Of an issued invoice.
    invoice: Uuid,
    /// How much; at most what is owed.
    #[schema(minimum = 1)]
    amount_minor: i64,
    /// `cash`, `cheque`, `transfer` or `card`.
    #[schema(pattern = "^(cash|cheque|transfer|card)$")]
    method: String,
    /// Number of the cheque or transfer.
    #[serde(default)]
    #[schema(max_length = 80)]
    reference: String,
    /// Day the shop got it; none to come.
    #[schema(format = Date)]
    received_on: String,
}

async fn one(caller: &Caller, id: Uuid) -> Result<Payment, Problem> {
    let mut tx = caller.read(ROOM, Permission::SeeInvoices).await?;
    Ok(only(payments(&mut tx, Window::one(id), None).await?, id)?)
}

/// Payments, on one invoice when it is named.
#[utoipa::path(get, path = "/api/v1/payments", tag = "payments", params(PaymentsAsked), responses((status = 200, body = Page<Payment>), Problems), security(("key" = ["payments:read"])))]
pub async fn list(caller: Caller, asked: Asked) -> Answer {
    let mut tx = caller.read(ROOM, Permission::SeeInvoices).await?;
    let asked = asked.read::<PaymentsAsked>()?;
    let limit = rows(asked.limit)?;
    let after = asked_id("cursor", asked.cursor.as_deref())?;
    let invoice = asked_id("invoice", asked.invoice.as_deref())?;
    Ok(page(payments(&mut tx, Window::after(after, limit), invoice).await?, limit))
}

/// A payment.
#[utoipa::path(get, path = "/api/v1/payments/{id}", tag = "payments", params(("id" = Uuid, Path)), responses((status = 200, body = Payment), Problems), security(("key" = ["payments:read"])))]
pub async fn find(caller: Caller, Path(payment): Path<String>) -> Answer {
    caller.may(ROOM, Scope::Read, Permission::SeeInvoices)?;
    Ok(shown(&one(&caller, id(&payment)?).await?, None))
}

/// Records a payment on an issued invoice.
#[utoipa::path(post, path = "/api/v1/payments", tag = "payments", params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 64, pattern = "^[!-~]+$")), request_body = NewPayment, responses((status = 201, body = Payment, headers(("Location" = String))), Problems, WriteProblems), security(("key" = ["payments:write"])))]
pub async fn create(caller: Caller, sent: Sent) -> Answer {
    let grant = caller.may(ROOM, Scope::Write, Permission::TakePayments)?;
    let new = sent.json::<NewPayment>()?;
    let invoice = InvoiceId(new.invoice);
    let amount = Money::from_minor(new.amount_minor).plain(caller.currency());
    let form = PaymentForm { amount, method: new.method, reference: new.reference, received_on: new.received_on };
    let new = form.read(caller.currency())?;
    let made = match caller.begin(grant, &sent).await? {
        Begun::Before(id) => id,
        Begun::Now(mut tx) => {
            let (payment, client) = store::payments::record(&mut tx, invoice, &new).await?;
            let event = Event::PaymentRecorded { payment, invoice, client, amount_minor: new.amount.minor() };
            tx.commit_to(event, &path("payments", payment)).await?;
            payment.uuid()
        }
    };
    Ok(shown(&one(&caller, made).await?, Some("payments")))
}
