//! Server functions of payments.

use domain::{
    Event, Permission,
    forms::{Done, Post},
    ids::{InvoiceId, PaymentId},
    invoices::ReasonForm,
    payments::PaymentForm,
};
use gate::Result;
use leptos::prelude::*;

/// Records a payment.
#[server(prefix = "/fn", endpoint = "money/record_payment")]
pub async fn record_payment(post: Post, invoice: InvoiceId, form: PaymentForm) -> Result<Done> {
    let mut tx = gate::write(Permission::TakePayments, &post).await?;
    let new = form.read(tx.actor().currency)?;
    let (payment, client) = store::payments::record(&mut tx, invoice, &new).await?;
    gate::done(
        tx,
        Event::PaymentRecorded { payment, invoice, client, amount_minor: new.amount.minor() },
        gate::paths::invoice(invoice),
    )
    .await
}

/// Reverses a payment, with a reason.
#[server(prefix = "/fn", endpoint = "money/reverse_payment")]
pub async fn reverse_payment(post: Post, payment: PaymentId, form: ReasonForm) -> Result<Done> {
    let mut tx = gate::write(Permission::TakePayments, &post).await?;
    let (invoice, client) = store::payments::reverse(&mut tx, payment, &form.read()?).await?;
    gate::done(tx, Event::PaymentReversed { payment, invoice, client }, gate::paths::invoice(invoice)).await
}
