//! Payments on invoices: recorded, reversed with a reason, never deleted.

use crate::{Result, Scope, invoices::unreadable};
use domain::{ids::InvoiceId, invoices::PaymentMethod, money::Money, payments::PaymentRow};
use sqlx::query;

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
