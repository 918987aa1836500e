//! Jobs as rows of a client's or a site's page.

use crate::{Result, Scope};
use domain::clients::page::JobRow;
use sqlx::query;
use uuid::Uuid;

/// The latest twenty jobs of a client, or of one of its sites.
pub(super) async fn of(tx: &mut impl Scope, client: Uuid, site: Option<Uuid>) -> Result<Vec<JobRow>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query!(
        r#"select j.id, j.number, j.status, t.name as what, coalesce(s.name, '') as "site_name!", coalesce(s.address, '') as "address!", app.local_date(j.created_at, $4) as "taken!"
           from app.jobs j join app.job_templates t on t.shop_id = j.shop_id and t.id = j.template_id
           left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
           where j.shop_id = $1 and j.client_id = $2 and ($3::uuid is null or j.site_id = $3) order by j.number desc limit 20"#,
        shop, client, site, zone
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| JobRow {
            id: row.id,
            number: row.number,
            status: row.status,
            what: row.what,
            place: domain::clients::one_line(&row.site_name, &row.address),
            taken: row.taken,
        })
        .collect())
}
