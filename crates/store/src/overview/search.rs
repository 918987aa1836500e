//! The one search box: names, telephones, e-mails, addresses, door, job and invoice numbers.

use crate::{
    ReadTx, Result, Scope,
    clients::{kind_words, search_keys, shown},
};
use domain::{
    Permission,
    clients::one_line,
    search::{Found, Hit, PaperHit},
};
use sqlx::query;
use uuid::Uuid;

/// As many of each kind as the page shows.
const MOST: i32 = 20;

/// What fits, as far as whoever asks may see it: ids by `app.search`, rows under the asker's own policies.
///
/// # Errors
/// Only faults.
pub async fn search(tx: &mut ReadTx, q: &str) -> Result<Found> {
    let (folded, digits) = search_keys(q);
    let hits = query!(r#"select kind as "kind!", id as "id!" from app.search($1, $2, $3)"#, folded, digits, MOST)
        .fetch_all(tx.conn())
        .await?;
    let of = |kind: &str| {
        let mut ids: Vec<Uuid> = Vec::new();
        for hit in hits.iter().filter(|hit| hit.kind == kind) {
            if !ids.contains(&hit.id) {
                ids.push(hit.id);
            }
        }
        ids
    };
    let money = if tx.actor().power.allows(Permission::SeeInvoices) { of("invoice") } else { Vec::new() };
    Ok(Found {
        clients: clients(tx, &of("client")).await?,
        sites: sites(tx, &of("site")).await?,
        openings: openings(tx, &of("opening")).await?,
        jobs: jobs(tx, &of("job")).await?,
        invoices: invoices(tx, &money).await?,
    })
}

async fn clients(tx: &mut impl Scope, ids: &[Uuid]) -> Result<Vec<Hit>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let shop = tx.shop().uuid();
    let rows = query!(
        r#"select c.id, c.name, c.kind, coalesce((select h.value from app.client_channels h
             where h.shop_id = c.shop_id and h.client_id = c.id and h.kind = 'phone' order by h.position limit 1), '') as "phone!"
           from app.clients c where c.shop_id = $1 and c.id = any($2) and c.archived_at is null order by array_position($2, c.id)"#,
        shop, ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Hit { id: row.id, words: row.name, note: dotted(&[&kind_words(&row.kind), &shown(&row.phone)]) })
        .collect())
}

async fn sites(tx: &mut impl Scope, ids: &[Uuid]) -> Result<Vec<Hit>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let shop = tx.shop().uuid();
    let rows = query!(
        "select s.id, s.name, s.address, c.name as client from app.sites s join app.clients c on c.shop_id = s.shop_id and c.id = s.client_id
         where s.shop_id = $1 and s.id = any($2) and c.archived_at is null order by array_position($2, s.id)",
        shop, ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Hit { id: row.id, words: one_line(&row.name, &row.address), note: row.client })
        .collect())
}

async fn openings(tx: &mut impl Scope, ids: &[Uuid]) -> Result<Vec<Hit>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let shop = tx.shop().uuid();
    let rows = query!(
        "select o.site_id, o.number, o.location, s.name, s.address from app.openings o join app.sites s on s.shop_id = o.shop_id and s.id = o.site_id and s.archived_at is null
         where o.shop_id = $1 and o.id = any($2) order by array_position($2, o.id)",
        shop, ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Hit {
            id: row.site_id,
            words: row.number,
            note: dotted(&[&row.location, &one_line(&row.name, &row.address)]),
        })
        .collect())
}

async fn jobs(tx: &mut impl Scope, ids: &[Uuid]) -> Result<Vec<PaperHit>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let shop = tx.shop().uuid();
    let rows = query!(
        "select j.id, j.number, j.status, c.name as client from app.jobs j join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id
         where j.shop_id = $1 and j.id = any($2) order by j.number desc",
        shop, ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| PaperHit { id: row.id, number: row.number.to_string(), client: row.client, status: row.status })
        .collect())
}

async fn invoices(tx: &mut impl Scope, ids: &[Uuid]) -> Result<Vec<PaperHit>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let shop = tx.shop().uuid();
    let rows = query!(
        r#"select i.id, i.number as "number!", i.status, c.name as client from app.invoices i join app.clients c on c.shop_id = i.shop_id and c.id = i.client_id
           where i.shop_id = $1 and i.id = any($2) and i.number is not null order by i.serial desc"#,
        shop, ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| PaperHit { id: row.id, number: row.number, client: row.client, status: row.status })
        .collect())
}

/// What is not empty, with a dot between.
fn dotted(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}
