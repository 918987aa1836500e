//! The list of clients.

use super::{kind_words, lookup, shown};
use crate::{Result, Scope};
use domain::{
    clients::list::{ClientFilter, ClientList, ClientSummary},
    fold::fold,
};
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// Rows of one page.
const PAGE: usize = 50;

/// One page of the list: two statements whatever its rows, a third when something is looked for.
///
/// # Errors
/// Only faults.
pub async fn list(tx: &mut impl Scope, filter: &ClientFilter) -> Result<ClientList> {
    let (after, before) = (filter.after.parse().ok(), filter.before.parse().ok());
    let mut ids = window(tx, filter, after, before).await?;
    let more = ids.len() > PAGE;
    ids.truncate(PAGE);
    if before.is_some() {
        ids.reverse();
    }
    // A name's beginning pages through; what else fits (a number, an address, a middle of a name) fills up the first page.
    if !filter.q.trim().is_empty() && after.is_none() && before.is_none() && ids.len() < PAGE && !filter.archived() {
        for id in lookup::ids(tx, &filter.q, 20).await? {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids.truncate(PAGE);
    }
    let (first, last) = (ids.first().copied(), ids.last().copied());
    Ok(ClientList {
        before: first.filter(|_| if before.is_some() { more } else { after.is_some() }),
        after: last.filter(|_| before.is_some() || more),
        rows: rows(tx, &ids, filter).await?,
        sees_money: false,
        may_edit: false,
        currency: tx.currency(),
    })
}

/// Ids of one page and one more, in the direction of reading: towards the beginning when `before` is given.
async fn window(
    tx: &mut impl Scope,
    filter: &ClientFilter,
    after: Option<Uuid>,
    before: Option<Uuid>,
) -> Result<Vec<Uuid>> {
    let shop = tx.shop().uuid();
    let q = fold(&filter.q.replace('\0', ""));
    let (kind, archived, newest) = (filter.kind.replace('\0', ""), filter.archived(), filter.newest());
    let (most, cursor) = (PAGE as i64 + 1, before.or(after));
    let ids = match (newest, before.is_some()) {
        (false, false) => query_scalar!(
            "select c.id from app.clients c where c.shop_id = $1 and c.folded ^@ $2 and ($3 = '' or c.kind = $3) and (c.archived_at is not null) = $4
               and ($5::uuid is null or (c.folded, c.id) > (select b.folded, b.id from app.clients b where b.shop_id = $1 and b.id = $5))
             order by c.folded, c.id limit $6",
            shop, q, kind, archived, cursor, most
        )
        .fetch_all(tx.conn())
        .await?,
        (false, true) => query_scalar!(
            "select c.id from app.clients c where c.shop_id = $1 and c.folded ^@ $2 and ($3 = '' or c.kind = $3) and (c.archived_at is not null) = $4
               and (c.folded, c.id) < (select b.folded, b.id from app.clients b where b.shop_id = $1 and b.id = $5)
             order by c.folded desc, c.id desc limit $6",
            shop, q, kind, archived, cursor, most
        )
        .fetch_all(tx.conn())
        .await?,
        (true, false) => query_scalar!(
            "select c.id from app.clients c where c.shop_id = $1 and c.folded ^@ $2 and ($3 = '' or c.kind = $3) and (c.archived_at is not null) = $4
               and ($5::uuid is null or c.id < $5) order by c.id desc limit $6",
            shop, q, kind, archived, cursor, most
        )
        .fetch_all(tx.conn())
        .await?,
        (true, true) => query_scalar!(
            "select c.id from app.clients c where c.shop_id = $1 and c.folded ^@ $2 and ($3 = '' or c.kind = $3) and (c.archived_at is not null) = $4
               and c.id > $5 order by c.id limit $6",
            shop, q, kind, archived, cursor, most
        )
        .fetch_all(tx.conn())
        .await?,
    };
    Ok(ids)
}

/// The rows of these clients, in this order, where the filter still lets them through.
async fn rows(tx: &mut impl Scope, ids: &[Uuid], filter: &ClientFilter) -> Result<Vec<ClientSummary>> {
    let shop = tx.shop().uuid();
    let kind = filter.kind.replace('\0', "");
    let rows = query!(
        r#"select c.id, c.name, c.kind, c.alert, c.archived_at is not null as "archived!",
             coalesce((select h.value from app.client_channels h where h.shop_id = c.shop_id and h.client_id = c.id and h.kind = 'phone' order by h.position limit 1), '') as "phone!",
             (select count(*) from app.sites s where s.shop_id = c.shop_id and s.client_id = c.id and s.archived_at is null) as "sites!"
           from app.clients c where c.shop_id = $1 and c.id = any($2) and ($3 = '' or c.kind = $3) and (c.archived_at is not null) = $4 order by array_position($2, c.id)"#,
        shop, ids, kind, filter.archived()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ClientSummary {
            id: row.id,
            name: row.name,
            kind: kind_words(&row.kind),
            phone: shown(&row.phone),
            sites: row.sites,
            alert: row.alert,
            archived: row.archived,
            owed_minor: 0,
        })
        .collect())
}
