//! From a completed job to a draft.

use super::{
    About,
    sheet::{fill, live},
    unreadable,
};
use crate::{Result, Scope, WriteTx, error::OnConstraint};
use domain::{
    Refusal,
    ids::{ClientId, InvoiceId, JobId},
    invoices::{DraftWords, InvoiceSheet, Letterhead, Proposal, licence_text},
    jobs::{JobStatus, Step},
    money::{Currency, Money},
};
use serde_json::json;
use sqlx::{query, query_scalar};
use uuid::Uuid;

fn once_only() -> Refusal {
    Refusal::Conflict("This job has an invoice already. Void that one first if it is wrong.".into())
}

/// Why a job in this state cannot be invoiced; `None` when it can.
fn problem(status: JobStatus) -> Option<String> {
    status.take(Step::Invoice).err().map(|_| match status {
        JobStatus::Invoiced => once_only().to_string(),
        JobStatus::Closed => "This job is closed; there is nothing left to invoice.".into(),
        JobStatus::Cancelled | JobStatus::Refused => {
            format!("This job is {}; it cannot be invoiced.", status.words().to_lowercase())
        }
        _ => format!("This job is still {}. Complete it first, then make its invoice.", status.words().to_lowercase()),
    })
}

/// What the invoice of a job would say now.
///
/// # Errors
/// Not found.
pub async fn proposal(tx: &mut impl Scope, job: JobId) -> Result<Proposal> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select j.status, j.number, j.po_number, j.client_id, c.name, c.billing_address, c.tax_exempt, coalesce(c.terms_days, sh.terms_days) as "terms_days!",
             coalesce(s.address, '') as "place!", sh.name as shop_name, sh.address as shop_address, sh.phone, sh.email, sh.licence_number, sh.currency,
             (select i.id from app.invoices i where i.shop_id = j.shop_id and i.job_id = j.id and i.status <> 'void') as live
           from app.jobs j
           join app.shops sh on sh.shop_id = j.shop_id
           join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id
           left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
           where j.shop_id = $1 and j.id = $2"#,
        shop, job.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let status = JobStatus::parse(&row.status).ok_or_else(|| unreadable("job status"))?;
    let bill_to = [row.name.as_str(), row.billing_address.as_str()].join("\n").trim_end().to_owned();
    let note = if row.po_number.is_empty() { String::new() } else { format!("Your order {}", row.po_number) };
    let words = DraftWords { bill_to, terms_days: row.terms_days, note };
    let mut sheet = InvoiceSheet {
        shop: Letterhead { name: row.shop_name, address: row.shop_address, phone: row.phone, email: row.email },
        currency: Currency::parse(&row.currency).ok_or_else(|| unreadable("currency"))?,
        number: None,
        issued: String::new(),
        due: String::new(),
        terms_days: words.terms_days,
        void: false,
        bill_to: words.bill_to.clone(),
        job_number: row.number,
        place: row.place,
        lines: Vec::new(),
        subtotal: Money::ZERO,
        taxes: Vec::new(),
        total: Money::ZERO,
        paid: Money::ZERO,
        note: words.note.clone(),
        licence_text: licence_text(&row.licence_number),
        stamp: None,
    };
    let (lines, totals) = live(tx, job).await?;
    fill(&mut sheet, lines, totals);
    Ok(Proposal {
        job,
        client: row.client_id.into(),
        client_name: row.name,
        tax_exempt: row.tax_exempt,
        problem: if row.live.is_some() { None } else { problem(status) },
        live: row.live.map(InvoiceId),
        words,
        sheet,
    })
}

/// Drafts the invoice of a completed job; the job is invoiced from then on.
///
/// # Errors
/// Not found; a conflict when the job is not completed or has an invoice already.
pub async fn draft(tx: &mut WriteTx, job: JobId, words: &DraftWords) -> Result<About> {
    let (shop, invoice) = (tx.shop().uuid(), InvoiceId(Uuid::now_v7()));
    let row =
        query!("select status, client_id from app.jobs where shop_id = $1 and id = $2 for update", shop, job.uuid())
            .fetch_one(tx.conn())
            .await?;
    let status = JobStatus::parse(&row.status).ok_or_else(|| unreadable("job status"))?;
    let next = status.take(Step::Invoice).map_err(|_| Refusal::Conflict(problem(status).unwrap_or_default()))?;
    let currency = tx.currency();
    query!(
        "insert into app.invoices (shop_id, id, client_id, job_id, terms_days, currency, bill_to, note) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        shop, invoice.uuid(), row.client_id, job.uuid(), words.terms_days, currency.as_str(), words.bill_to, words.note
    )
    .execute(tx.conn())
    .await
    .on_constraint("invoices_one_live", once_only)?;
    query!(
        "update app.jobs set status = $3, version = version + 1 where shop_id = $1 and id = $2",
        shop,
        job.uuid(),
        next.as_str()
    )
    .execute(tx.conn())
    .await?;
    Ok(About { invoice, job, client: row.client_id.into() })
}

/// Changes bill-to, terms and note of a draft.
///
/// # Errors
/// Not found; a conflict when it was issued or changed meanwhile.
pub async fn change(tx: &mut WriteTx, invoice: InvoiceId, version: i32, words: &DraftWords) -> Result<ClientId> {
    let shop = tx.shop().uuid();
    let row = query!("select status, version, client_id, bill_to, terms_days, note from app.invoices where shop_id = $1 and id = $2 for update", shop, invoice.uuid())
        .fetch_one(tx.conn())
        .await?;
    if row.status != "draft" {
        return Err(Refusal::from(domain::invoices::IllegalInvoiceStep::NotADraft).into());
    }
    if row.version != version {
        return Err(Refusal::stale("draft").into());
    }
    query!(
        "update app.invoices set bill_to = $3, terms_days = $4, note = $5, version = version + 1 where shop_id = $1 and id = $2",
        shop, invoice.uuid(), words.bill_to, words.terms_days, words.note
    )
    .execute(tx.conn())
    .await?;
    let before = DraftWords { bill_to: row.bill_to, terms_days: row.terms_days, note: row.note };
    tx.fact("before", json!(before));
    tx.fact("after", json!(words));
    Ok(row.client_id.into())
}

/// Takes the next number of a series. Its row stays locked until the transaction ends, so a rollback gives the number back.
pub(super) async fn next_serial(tx: &mut WriteTx) -> Result<i64> {
    let shop = tx.shop().uuid();
    Ok(query_scalar!(r#"update app.number_series set next = next + 1 where shop_id = $1 and kind = 'invoice' returning next - 1 as "serial!""#, shop)
        .fetch_one(tx.conn())
        .await?)
}
