//! Sites: places of clients, their openings, and how to get in.

pub mod access_notes;
pub mod codes;
pub mod openings;

use crate::{
    Result, Scope, WriteTx, clients,
    clients::{facts, fresh, tick},
    looks::Way,
};
use domain::{
    ids::{ClientId, SiteId},
    sites::{NewSite, SiteEdit, SiteForm, SiteRecord, SiteSummary},
};
use sqlx::{query, query_as};
use uuid::Uuid;

/// Adds a site of a client.
///
/// # Errors
/// No such client.
pub async fn create(tx: &mut WriteTx, client: ClientId, new: &NewSite) -> Result<SiteId> {
    clients::name(tx, client).await?;
    let (shop, id) = (tx.shop().uuid(), SiteId(Uuid::now_v7()));
    query!(
        "insert into app.sites (shop_id, id, client_id, name, address, folded, hours, hazards) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        shop, id.uuid(), client.uuid(), new.name, new.address, new.folded, new.hours, new.hazards
    )
    .execute(tx.conn())
    .await?;
    tx.fact("after", facts(new));
    Ok(id)
}

/// Changes a site, if nobody else did since `new.version`; says whose it is.
///
/// # Errors
/// A conflict when somebody did; not found.
pub async fn update(tx: &mut WriteTx, id: SiteId, new: &NewSite) -> Result<ClientId> {
    let before = form(tx, id).await?;
    let shop = tx.shop().uuid();
    let changed = query!(
        "update app.sites set name = $4, address = $5, folded = $6, hours = $7, hazards = $8, archived_at = case when $9 then coalesce(archived_at, app.now()) end,
           version = version + 1 where shop_id = $1 and id = $2 and version = $3",
        shop, id.uuid(), new.version, new.name, new.address, new.folded, new.hours, new.hazards, new.archived
    )
    .execute(tx.conn())
    .await?;
    fresh(changed.rows_affected(), "site")?;
    tx.fact("before", before.form.read().map_or_else(|_| facts(&before.form), |before| facts(&before)));
    tx.fact("after", facts(new));
    Ok(before.client.into())
}

/// A site as its edit form shows it.
///
/// # Errors
/// Not found.
pub async fn form(tx: &mut impl Scope, id: SiteId) -> Result<SiteEdit> {
    let site = find(tx, id).await?;
    let SiteRecord { name, address, hours, hazards, .. } = site;
    let form =
        SiteForm { name, address, hours, hazards, archived: tick(site.archived), version: site.version.to_string() };
    Ok(SiteEdit { client: site.client, client_name: site.client_name, form })
}

/// The record, for its page.
///
/// # Errors
/// Not found.
pub async fn find(tx: &mut impl Scope, id: SiteId) -> Result<SiteRecord> {
    let shop = tx.shop().uuid();
    let site = query_as!(
        SiteRecord,
        r#"select s.id, s.client_id as client, c.name as client_name, c.alert, s.name, s.address, s.hours, s.hazards, s.archived_at is not null as "archived!", s.version
           from app.sites s join app.clients c on c.shop_id = s.shop_id and c.id = s.client_id where s.shop_id = $1 and s.id = $2"#,
        shop, id.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    tx.looked_at(Way::Opened, &[site.client]);
    Ok(site)
}

/// Places of a client, those out of use last.
///
/// # Errors
/// Only faults.
pub async fn of(tx: &mut impl Scope, client: ClientId) -> Result<Vec<SiteSummary>> {
    let shop = tx.shop().uuid();
    Ok(query_as!(
        SiteSummary,
        r#"select s.id, s.name, s.address, s.hazards <> '' as "hazards!", s.archived_at is not null as "archived!",
             (select count(*) from app.openings o where o.shop_id = s.shop_id and o.site_id = s.id and o.archived_at is null) as "openings!"
           from app.sites s where s.shop_id = $1 and s.client_id = $2 order by s.archived_at is not null, s.folded, s.id"#,
        shop, client.uuid()
    )
    .fetch_all(tx.conn())
    .await?)
}
