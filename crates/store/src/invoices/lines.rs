//! Last corrections: while an invoice is a draft, its lines, which are the job's, may still be added and taken off. The
//! work order that was signed keeps its own.

use crate::{
    Result, Scope, WriteTx,
    jobs::{MOST_LINES, insert_lines},
};
use domain::{
    Refusal,
    ids::{ClientId, InvoiceId, JobId, LineId},
    invoices::IllegalInvoiceStep,
    jobs::NewLine,
};
use serde_json::json;
use sqlx::{query, query_scalar};

/// Locks a draft; issuing it waits, or has been.
async fn draft(tx: &mut WriteTx, invoice: InvoiceId) -> Result<(JobId, ClientId)> {
    let shop = tx.shop().uuid();
    let row = query!(
        "select status, job_id, client_id from app.invoices where shop_id = $1 and id = $2 for update",
        shop,
        invoice.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    if row.status != "draft" {
        return Err(Refusal::from(IllegalInvoiceStep::NotADraft).into());
    }
    Ok((row.job_id.into(), row.client_id.into()))
}

/// Adds a line to a draft.
///
/// # Errors
/// Not found; a conflict once it is issued, and past the most lines a job holds.
pub async fn add_line(tx: &mut WriteTx, invoice: InvoiceId, new: &NewLine) -> Result<(JobId, LineId)> {
    let (job, client) = draft(tx, invoice).await?;
    let shop = tx.shop().uuid();
    let count = query_scalar!(
        r#"select count(*) as "count!" from app.job_lines where shop_id = $1 and job_id = $2"#,
        shop,
        job.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    if count >= MOST_LINES {
        return Err(
            Refusal::Conflict(format!("A job holds {MOST_LINES} lines at most. Put some of them together.")).into()
        );
    }
    tx.fact("line", json!({ "kind": new.line.kind, "description": new.description, "quantity": new.line.quantity, "unit_minor": new.line.unit_price }));
    let line = insert_lines(tx, job, client, std::slice::from_ref(new)).await?;
    Ok((job, line))
}

/// Takes a line off a draft.
///
/// # Errors
/// Not found; a conflict once it is issued.
pub async fn remove_line(tx: &mut WriteTx, invoice: InvoiceId, line: LineId) -> Result<JobId> {
    let (job, _) = draft(tx, invoice).await?;
    let shop = tx.shop().uuid();
    let gone = query!(
        "delete from app.job_lines where shop_id = $1 and job_id = $2 and id = $3 returning kind, description, quantity_milli, unit_minor",
        shop, job.uuid(), line.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    tx.fact("line", json!({ "kind": gone.kind, "description": gone.description, "quantity": gone.quantity_milli, "unit_minor": gone.unit_minor }));
    Ok(job)
}

/// Ids of a job's lines, in the order of the sheet.
///
/// # Errors
/// Only faults.
pub(super) async fn ids(tx: &mut impl Scope, job: JobId) -> Result<Vec<LineId>> {
    let shop = tx.shop().uuid();
    let ids =
        query_scalar!("select id from app.job_lines where shop_id = $1 and job_id = $2 order by id", shop, job.uuid())
            .fetch_all(tx.conn())
            .await?;
    Ok(ids.into_iter().map(LineId).collect())
}
