//! The client's places and doors: what is written on them, nothing of how to get in.

use crate::{Result, Scope, scope::PortalTx};
use domain::portal::PortalSite;
use sqlx::query;

/// All sites in use with their doors, by address.
///
/// # Errors
/// Only faults.
pub async fn sites(tx: &mut PortalTx) -> Result<Vec<PortalSite>> {
    let (shop, client) = (tx.shop().uuid(), tx.visitor().client.uuid());
    let rows = query!(
        r#"select s.id, s.name, s.address, o.number as "number?", o.location as "location?" from app.sites s
           left join app.openings o on o.shop_id = s.shop_id and o.site_id = s.id and o.archived_at is null
           where s.shop_id = $1 and s.client_id = $2 and s.archived_at is null order by s.address, s.id, o.number limit 2000"#,
        shop,
        client
    )
    .fetch_all(tx.conn())
    .await?;
    let mut sites: Vec<PortalSite> = Vec::new();
    for row in rows {
        if sites.last().is_none_or(|site| site.id.uuid() != row.id) {
            sites.push(PortalSite { id: row.id.into(), name: row.name, address: row.address, openings: Vec::new() });
        }
        if let (Some(site), Some(number)) = (sites.last_mut(), row.number) {
            site.openings.push((number, row.location.unwrap_or_default()));
        }
    }
    Ok(sites)
}
