//! Payments on invoices: recorded, reversed with a reason, never deleted.

use crate::{
    Result, Scope, WriteTx,
    error::OnConstraint,
    invoices::{status, unreadable},
};
use domain::{
    Refusal,
    ids::{ClientId, InvoiceId, PaymentId},
    invoices::{Balance, IllegalInvoiceStep, InvoiceStatus, Payment, PaymentMethod},
    money::Money,
    payments::{NewPayment, PaymentRow},
};
use serde_json::json;
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// The payments of an invoice, the newest first.
///
/// # Errors
/// Only faults.
pub async fn of(tx: &mut impl Scope, invoice: InvoiceId) -> Result<Vec<PaymentRow>> {
    let shop = tx.shop().uuid();
    let rows = query!(
        r#"select p.id, p.amount_minor, p.method, p.reference, app.local_date(p.received_on) as "received!", coalesce(m.name, '') as "by!", r.reason as "reason?"
           from app.payments p
           left join app.payment_reversals r on r.shop_id = p.shop_id and r.payment_id = p.id
           left join app.members() m on m.person_id = p.recorded_by
           where p.shop_id = $1 and p.invoice_id = $2 order by p.id desc"#,
        shop, invoice.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PaymentRow {
                payment: row.id.into(),
                amount: Money::from_minor(row.amount_minor),
                method: PaymentMethod::parse(&row.method).ok_or_else(|| unreadable("payment method"))?,
                reference: row.reference,
                received: row.received,
                by: row.by,
                reversed: row.reason,
            })
        })
        .collect()
}

/// An invoice whose row is locked until the transaction ends: payments on it wait for each other.
struct Locked {
    client: Uuid,
    status: InvoiceStatus,
    balance: Balance,
}

/// Locks an invoice and adds up what was paid on it, from the payments themselves.
async fn lock(tx: &mut WriteTx, invoice: InvoiceId) -> Result<Locked> {
    let shop = tx.shop().uuid();
    let row = query!(
        "select client_id, status, total_minor from app.invoices where shop_id = $1 and id = $2 for update",
        shop,
        invoice.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let payments = query!(
        r#"select p.amount_minor, r.payment_id is not null as "reversed!"
           from app.payments p left join app.payment_reversals r on r.shop_id = p.shop_id and r.payment_id = p.id
           where p.shop_id = $1 and p.invoice_id = $2"#,
        shop,
        invoice.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    let payments: Vec<Payment> = payments
        .into_iter()
        .map(|row| Payment { amount: Money::from_minor(row.amount_minor), reversed: row.reversed })
        .collect();
    let balance = Balance::of(Money::from_minor(row.total_minor), &payments)
        .map_err(IllegalInvoiceStep::from)
        .map_err(Refusal::from)?;
    Ok(Locked { client: row.client_id, status: status(&row.status)?, balance })
}

/// Writes the state that a new balance means.
async fn settle(tx: &mut WriteTx, invoice: InvoiceId, balance: Balance, before: InvoiceStatus) -> Result<()> {
    let shop = tx.shop().uuid();
    let next = balance.settle(before).map_err(Refusal::from)?;
    query!(
        "update app.invoices set paid_minor = $3, status = $4, version = version + 1 where shop_id = $1 and id = $2",
        shop,
        invoice.uuid(),
        balance.paid.minor(),
        next.as_str()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Records a payment on an issued invoice; gives its id and the client.
///
/// # Errors
/// Not found; words beside the amount when it is more than what is owed, beside the day when it is still to come; a
/// conflict for drafts and void invoices.
pub async fn record(tx: &mut WriteTx, invoice: InvoiceId, new: &NewPayment) -> Result<(PaymentId, ClientId)> {
    let (shop, zone, payment) = (tx.shop().uuid(), tx.zone(), PaymentId(Uuid::now_v7()));
    let Locked { client, status, balance } = lock(tx, invoice).await?;
    if !status.takes_payments() {
        return Err(Refusal::from(IllegalInvoiceStep::NotPayable).into());
    }
    let after = balance.pay(new.amount).map_err(|refused| match refused {
        IllegalInvoiceStep::MoreThanOwed => {
            Refusal::field("amount", format!("Only {} is owed on this invoice.", balance.owed.format(tx.currency())))
        }
        other => other.into(),
    })?;
    let day = new.received_on.to_string();
    let to_come =
        query_scalar!(r#"select $1::text::date > app.today($2) as "to_come!""#, day, zone).fetch_one(tx.conn()).await?;
    if to_come {
        return Err(
            Refusal::field("received_on", "This day is still to come. Enter the day the money was received.").into()
        );
    }
    let by = tx.actor().person.uuid();
    query!(
        "insert into app.payments (shop_id, id, invoice_id, client_id, amount_minor, method, reference, received_on, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8::text::date, $9)",
        shop, payment.uuid(), invoice.uuid(), client, new.amount.minor(), new.method.as_str(), new.reference, day, by
    )
    .execute(tx.conn())
    .await?;
    settle(tx, invoice, after, status).await?;
    tx.fact(
        "payment",
        json!({ "amount_minor": new.amount, "method": new.method, "reference": new.reference, "received_on": day }),
    );
    Ok((payment, client.into()))
}

/// Reverses a payment, for good: it no longer counts, and says why. Gives its invoice and client.
///
/// # Errors
/// Not found; a conflict when it was reversed already.
pub async fn reverse(tx: &mut WriteTx, payment: PaymentId, reason: &str) -> Result<(InvoiceId, ClientId)> {
    let shop = tx.shop().uuid();
    let invoice =
        query_scalar!("select invoice_id from app.payments where shop_id = $1 and id = $2", shop, payment.uuid())
            .fetch_one(tx.conn())
            .await?;
    let invoice = InvoiceId(invoice);
    let Locked { client, status, .. } = lock(tx, invoice).await?;
    let by = tx.actor().person.uuid();
    query!(
        "insert into app.payment_reversals (shop_id, payment_id, client_id, reason, reversed_by) values ($1, $2, $3, $4, $5)",
        shop, payment.uuid(), client, reason, by
    )
    .execute(tx.conn())
    .await
    .on_constraint("payment_reversals_pkey", || Refusal::Conflict("This payment was reversed already.".into()))?;
    let Locked { balance, .. } = lock(tx, invoice).await?;
    settle(tx, invoice, balance, status).await?;
    tx.fact("reason", reason);
    Ok((invoice, client.into()))
}
