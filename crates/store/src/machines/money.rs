//! Invoices and payments, for machines: amounts in minor units of the invoice's currency.

use super::{Window, record};
use crate::{Result, Scope};
use serde::{Deserialize, Serialize};
use sqlx::{query_as, types::Json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A line of an invoice.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InvoiceLine {
    /// `labour`, `part`, `fee` or `travel`.
    pub kind: String,
    /// As printed.
    pub description: String,
    /// In thousandths.
    pub quantity_milli: i64,
    /// Price of one.
    pub unit_minor: i64,
    /// Of the line, before tax.
    pub amount_minor: i64,
    /// Whether it is taxed.
    pub taxable: bool,
}

/// A tax of an invoice.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InvoiceTax {
    /// As printed.
    pub name: String,
    /// In millionths of a percent: 9.975 % is 9975000.
    pub rate_micro: i64,
    /// What it is charged on.
    pub base_minor: i64,
    /// The tax.
    pub amount_minor: i64,
}

/// An invoice.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Invoice {
    /// Of the invoice.
    pub id: Uuid,
    /// As printed; null for a draft.
    pub number: Option<String>,
    /// Of the client.
    pub client: Uuid,
    /// Of the job.
    pub job: Uuid,
    /// `draft`, `sent`, `part_paid`, `paid` or `void`.
    pub status: String,
    /// Day it was issued.
    #[schema(format = Date)]
    pub issued_on: Option<String>,
    /// Day it is due.
    #[schema(format = Date)]
    pub due_on: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// Before tax.
    pub subtotal_minor: i64,
    /// Taxes.
    pub tax_minor: i64,
    /// With taxes.
    pub total_minor: i64,
    /// Paid so far.
    pub paid_minor: i64,
    /// As printed; a draft's are the job's until it is issued.
    #[schema(value_type = Vec<InvoiceLine>)]
    pub lines: Json<Vec<InvoiceLine>>,
    /// As printed.
    #[schema(value_type = Vec<InvoiceTax>)]
    pub taxes: Json<Vec<InvoiceTax>>,
    /// Rises with every change; the `ETag`.
    pub version: i32,
}
record!(Invoice, version);

/// Invoices of the window, of one client or in one state when these are named.
///
/// # Errors
/// Only faults.
pub async fn invoices(
    tx: &mut impl Scope,
    window: Window,
    client: Option<Uuid>,
    status: Option<&str>,
) -> Result<Vec<Invoice>> {
    let shop = tx.shop().uuid();
    Ok(query_as!(
        Invoice,
        r#"select i.id, i.number, i.client_id as client, i.job_id as job, i.status, i.issued_on::text, i.due_on::text, i.currency,
             i.subtotal_minor, i.tax_minor, i.total_minor, i.paid_minor, i.version,
             (select coalesce(jsonb_agg(jsonb_build_object('kind', l.kind, 'description', l.description, 'quantity_milli', l.quantity_milli, 'unit_minor', l.unit_minor,
                'amount_minor', l.amount_minor, 'taxable', l.taxable) order by l.position), '[]') from app.invoice_lines l
              where l.shop_id = i.shop_id and l.invoice_id = i.id) as "lines!: Json<Vec<InvoiceLine>>",
             (select coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'rate_micro', t.rate_micro, 'base_minor', t.base_minor, 'amount_minor', t.amount_minor)
                order by t.position), '[]') from app.invoice_taxes t
              where t.shop_id = i.shop_id and t.invoice_id = i.id) as "taxes!: Json<Vec<InvoiceTax>>"
           from app.invoices i where i.shop_id = $1 and i.id >= $2 and ($4::uuid is null or i.client_id = $4) and ($5::text is null or i.status = $5) order by i.id limit $3"#,
        shop, window.from, window.limit, client, status
    )
    .fetch_all(tx.conn())
    .await?)
}

/// A payment on an invoice.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Payment {
    /// Of the payment.
    pub id: Uuid,
    /// Of the invoice.
    pub invoice: Uuid,
    /// Of the client.
    pub client: Uuid,
    /// How much.
    pub amount_minor: i64,
    /// `cash`, `cheque`, `transfer` or `card`.
    pub method: String,
    /// Number of the cheque or transfer; may be empty.
    pub reference: String,
    /// Day the shop got it.
    #[schema(format = Date)]
    pub received_on: String,
    /// Why it was reversed; null while it counts.
    pub reversed: Option<String>,
}
record!(Payment);

/// Payments of the window, on one invoice when it is named.
///
/// # Errors
/// Only faults.
pub async fn payments(tx: &mut impl Scope, window: Window, invoice: Option<Uuid>) -> Result<Vec<Payment>> {
    let shop = tx.shop().uuid();
    Ok(query_as!(
        Payment,
        r#"select p.id, p.invoice_id as invoice, p.client_id as client, p.amount_minor, p.method, p.reference, p.received_on::text as "received_on!", r.reason as "reversed?"
           from app.payments p left join app.payment_reversals r on r.shop_id = p.shop_id and r.payment_id = p.id
           where p.shop_id = $1 and p.id >= $2 and ($4::uuid is null or p.invoice_id = $4) order by p.id limit $3"#,
        shop, window.from, window.limit, invoice
    )
    .fetch_all(tx.conn())
    .await?)
}
