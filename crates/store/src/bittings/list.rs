//! The list of bitting records.

use super::line;
use crate::{Result, Scope};
use domain::{
    bittings::{BittingFilter, BittingRow, Make},
    fold::fold,
    ids::ClientId,
};
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// Rows of one page.
const PAGE: usize = 50;

/// One page of the list, and the last row's id when there are others after it.
///
/// # Errors
/// Only faults.
pub async fn list(tx: &mut impl Scope, filter: &BittingFilter) -> Result<(Vec<BittingRow>, Option<Uuid>)> {
    let (client, after): (Option<Uuid>, Option<Uuid>) = (filter.client.parse().ok(), filter.after.parse().ok());
    let q = fold(&filter.q.replace('\0', ""));
    let mut rows = rows(tx, &q, client, filter.state == "archived", after, None).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().map(|row| row.id).filter(|_| more);
    Ok((rows, last))
}

/// How many keys of a client are on record and in use.
///
/// # Errors
/// Only faults.
pub async fn count(tx: &mut impl Scope, client: ClientId) -> Result<i64> {
    let shop = tx.shop().uuid();
    let count = query_scalar!(
        r#"select count(*) as "count!" from vault.bittings where shop_id = $1 and client_id = $2 and archived_at is null"#,
        shop,
        client.uuid()
    );
    Ok(count.fetch_one(tx.conn()).await?)
}

/// These records, by label.
///
/// # Errors
/// Only faults.
pub(crate) async fn rows_of(tx: &mut impl Scope, ids: &[Uuid]) -> Result<Vec<BittingRow>> {
    rows(tx, "", None, false, None, Some(ids)).await
}

async fn rows(
    tx: &mut impl Scope,
    q: &str,
    client: Option<Uuid>,
    archived: bool,
    after: Option<Uuid>,
    ids: Option<&[Uuid]>,
) -> Result<Vec<BittingRow>> {
    let shop = tx.shop().uuid();
    let rows = query!(
        r#"select b.id, b.label, b.item, c.name as client, s.name as "site_name?", s.address as "address?", b.make, b.maker, b.keyway, b.do_not_duplicate,
             b.top_secret, b.archived_at is not null as "archived!"
           from vault.bittings b join app.clients c on c.shop_id = b.shop_id and c.id = b.client_id
           left join app.sites s on s.shop_id = b.shop_id and s.id = b.site_id
           where b.shop_id = $1 and strpos(b.folded, $2) > 0 and ($3::uuid is null or b.client_id = $3) and ($7::uuid[] is not null or (b.archived_at is not null) = $4)
             and ($5::uuid is null or (b.folded, b.id) > (select a.folded, a.id from vault.bittings a where a.shop_id = $1 and a.id = $5))
             and ($7::uuid[] is null or b.id = any($7))
           order by b.folded, b.id limit case when $7::uuid[] is null then $6::bigint end"#,
        shop, q, client, archived, after, PAGE as i64 + 1, ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| BittingRow {
            id: row.id,
            label: row.label,
            item: row.item,
            client: row.client,
            place: line(row.site_name, row.address),
            make: if row.make.is_empty() { row.maker } else { Make::name_of(&row.make) },
            keyway: row.keyway,
            do_not_duplicate: row.do_not_duplicate,
            top_secret: row.top_secret,
            archived: row.archived,
        })
        .collect())
}
