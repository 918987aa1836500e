//! What a job charges.

use super::locked;
use crate::{Result, Scope, WriteTx};
use domain::{
    Event, Refusal,
    ids::{ClientId, JobId, LineId},
    jobs::{DefaultLine, NewLine},
    lines::Line,
};
use serde_json::json;
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// The most lines of a job: a page of them, and far from any overflow.
pub(crate) const MOST: i64 = 200;

/// Adds a line.
///
/// # Errors
/// Refuses on a job that is over, and past the two-hundredth line.
pub async fn add_line(tx: &mut WriteTx, job: JobId, new: &NewLine) -> Result<Event> {
    let found = locked(tx, job).await?;
    found.still_open()?;
    let shop = tx.shop().uuid();
    let count = query_scalar!(
        r#"select count(*) as "count!" from app.job_lines where shop_id = $1 and job_id = $2"#,
        shop,
        job.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    if count >= MOST {
        return Err(Refusal::Conflict(format!("A job holds {MOST} lines at most. Put some of them together.")).into());
    }
    tx.fact("line", json!({ "kind": new.line.kind, "description": new.description, "quantity": new.line.quantity.thousandths(), "unit_minor": new.line.unit_price.minor() }));
    let line = insert(tx, job, found.client, std::slice::from_ref(new)).await?;
    Ok(Event::LineAdded { job, line })
}

/// Takes a line off.
///
/// # Errors
/// Refuses on a job that is over.
pub async fn remove_line(tx: &mut WriteTx, job: JobId, line: LineId) -> Result<Event> {
    locked(tx, job).await?.still_open()?;
    let shop = tx.shop().uuid();
    let gone = query!(
        "delete from app.job_lines where shop_id = $1 and job_id = $2 and id = $3 returning kind, description, quantity_milli, unit_minor",
        shop, job.uuid(), line.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    tx.fact("line", json!({ "kind": gone.kind, "description": gone.description, "quantity": gone.quantity_milli, "unit_minor": gone.unit_minor }));
    Ok(Event::LineRemoved { job, line })
}

/// Copies a template's lines to a new job.
pub(crate) async fn copy_defaults(
    tx: &mut WriteTx,
    job: JobId,
    client: ClientId,
    defaults: &[DefaultLine],
) -> Result<()> {
    let lines: Vec<_> = defaults
        .iter()
        .map(|default| NewLine {
            line: Line {
                kind: default.kind,
                quantity: default.quantity,
                unit_price: default.unit_price,
                taxable: true,
            },
            description: default.description.clone(),
        })
        .collect();
    if !lines.is_empty() {
        insert(tx, job, client, &lines).await?;
    }
    Ok(())
}

/// Puts lines on a job that is entered whole.
pub(crate) async fn copy_lines(tx: &mut WriteTx, job: JobId, client: ClientId, lines: &[NewLine]) -> Result<()> {
    if !lines.is_empty() {
        insert(tx, job, client, lines).await?;
    }
    Ok(())
}

/// Inserts lines in one statement; answers the id of the first.
pub(crate) async fn insert(tx: &mut WriteTx, job: JobId, client: ClientId, lines: &[NewLine]) -> Result<LineId> {
    let shop = tx.shop().uuid();
    let ids: Vec<Uuid> = lines.iter().map(|_| Uuid::now_v7()).collect();
    let kinds: Vec<String> = lines.iter().map(|new| new.line.kind.as_str().to_owned()).collect();
    let words: Vec<String> = lines.iter().map(|new| new.description.clone()).collect();
    let quantities: Vec<i64> = lines.iter().map(|new| new.line.quantity.thousandths()).collect();
    let prices: Vec<i64> = lines.iter().map(|new| new.line.unit_price.minor()).collect();
    let taxable: Vec<bool> = lines.iter().map(|new| new.line.taxable).collect();
    query!(
        "insert into app.job_lines (shop_id, id, job_id, client_id, kind, description, quantity_milli, unit_minor, taxable)
         select $1, l.id, $2, $3, l.kind, l.description, l.quantity, l.unit, l.taxable
         from unnest($4::uuid[], $5::text[], $6::text[], $7::int8[], $8::int8[], $9::bool[]) l(id, kind, description, quantity, unit, taxable)",
        shop, job.uuid(), client.uuid(), &ids, &kinds, &words, &quantities, &prices, &taxable
    )
    .execute(tx.conn())
    .await?;
    Ok(ids[0].into())
}
