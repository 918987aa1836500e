//! Calling an invoice off. It keeps its number and its lines; the job waits for a new one.

use super::{About, status, unreadable};
use crate::{Result, Scope, WriteTx};
use domain::{
    Refusal,
    ids::InvoiceId,
    jobs::{JobStatus, Step},
};
use sqlx::query;

/// Voids an invoice, for good. Its job goes back to completed and waits for a new one.
///
/// # Errors
/// Not found; a conflict when something is paid on it, or it is void already.
pub async fn void(tx: &mut WriteTx, invoice: InvoiceId, reason: &str) -> Result<About> {
    let shop = tx.shop().uuid();
    // Not the whole row: a line added to the draft holds the invoice and asks for the job's key.
    let job = query!(
        "select j.id, j.status from app.invoices i join app.jobs j on j.shop_id = i.shop_id and j.id = i.job_id where i.shop_id = $1 and i.id = $2 for no key update of j",
        shop, invoice.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let row = query!(
        "select status, client_id from app.invoices where shop_id = $1 and id = $2 for update",
        shop,
        invoice.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let next = status(&row.status)?.void().map_err(Refusal::from)?;
    query!(
        "update app.invoices set status = $3, void_reason = $4, version = version + 1 where shop_id = $1 and id = $2",
        shop,
        invoice.uuid(),
        next.as_str(),
        reason
    )
    .execute(tx.conn())
    .await?;
    let job_status = JobStatus::parse(&job.status).ok_or_else(|| unreadable("job status"))?;
    if let Ok(back) = job_status.take(Step::VoidInvoice) {
        query!(
            "update app.jobs set status = $3, version = version + 1 where shop_id = $1 and id = $2",
            shop,
            job.id,
            back.as_str()
        )
        .execute(tx.conn())
        .await?;
    }
    tx.fact("reason", reason);
    Ok(About { invoice, job: job.id.into(), client: row.client_id.into() })
}
