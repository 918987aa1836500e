//! Sites and their openings, for machines. How to get in is in no answer.

use super::{Window, looked_at, record};
use crate::{Result, Scope};
use serde::Serialize;
use sqlx::query_as;
use utoipa::ToSchema;
use uuid::Uuid;

/// A place of a client.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Site {
    /// Of the site.
    pub id: Uuid,
    /// Of the client.
    pub client: Uuid,
    /// "North tower"; may be empty.
    pub name: String,
    /// With its lines.
    pub address: String,
    /// When one can get in.
    pub hours: String,
    /// What to beware of.
    pub hazards: String,
    /// Out of use.
    pub archived: bool,
    /// Rises with every change; the `ETag`.
    pub version: i32,
}
record!(Site, version);

/// Sites of the window, of one client when it is named.
///
/// # Errors
/// Only faults.
pub async fn sites(tx: &mut impl Scope, window: Window, client: Option<Uuid>) -> Result<Vec<Site>> {
    let shop = tx.shop().uuid();
    let rows = query_as!(
        Site,
        r#"select id, client_id as client, name, address, hours, hazards, archived_at is not null as "archived!", version
           from app.sites where shop_id = $1 and id >= $2 and ($4::uuid is null or client_id = $4) order by id limit $3"#,
        shop,
        window.from,
        window.limit,
        client
    )
    .fetch_all(tx.conn())
    .await?;
    looked_at(tx, window, client, &rows, |row| row.client);
    Ok(rows)
}

/// A door, or another thing with cylinders.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Opening {
    /// Of the opening.
    pub id: Uuid,
    /// Of the site.
    pub site: Uuid,
    /// Of the client.
    pub client: Uuid,
    /// What is written on the door or its schedule.
    pub number: String,
    /// Where in the building.
    pub location: String,
    /// `LH`, `RH`, `LHR`, `RHR` or empty.
    pub hand: String,
    /// Lock function.
    pub function: String,
    /// What is fitted.
    pub hardware: String,
    /// Out of use.
    pub archived: bool,
    /// Rises with every change; the `ETag`.
    pub version: i32,
}
record!(Opening, version);

/// Openings of the window, of one site when it is named.
///
/// # Errors
/// Only faults.
pub async fn openings(tx: &mut impl Scope, window: Window, site: Option<Uuid>) -> Result<Vec<Opening>> {
    let shop = tx.shop().uuid();
    let rows = query_as!(
        Opening,
        r#"select id, site_id as site, client_id as client, number, location, hand, function, hardware, archived_at is not null as "archived!", version
           from app.openings where shop_id = $1 and id >= $2 and ($4::uuid is null or site_id = $4) order by id limit $3"#,
        shop, window.from, window.limit, site
    )
    .fetch_all(tx.conn())
    .await?;
    looked_at(tx, window, None, &rows, |row| row.client);
    Ok(rows)
}
