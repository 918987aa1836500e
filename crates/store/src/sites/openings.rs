//! Openings of a site.

use crate::{
    Result, Scope, WriteTx,
    clients::{facts, fresh, tick},
};
use domain::{
    clients::one_line,
    ids::{OpeningId, SiteId},
    sites::opening::{NewOpening, Opening, OpeningEdit, OpeningForm},
};
use sqlx::{query, query_as};
use uuid::Uuid;

/// Adds an opening to a site.
///
/// # Errors
/// No such site.
pub async fn create(tx: &mut WriteTx, site: SiteId, new: &NewOpening) -> Result<OpeningId> {
    let place = super::find(tx, site).await?;
    let (shop, id) = (tx.shop().uuid(), OpeningId(Uuid::now_v7()));
    query!(
        "insert into app.openings (shop_id, id, client_id, site_id, number, folded, location, hand, function, hardware) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        shop, id.uuid(), place.client, site.uuid(), new.number, new.folded, new.location, hand(new), new.function, new.hardware
    )
    .execute(tx.conn())
    .await?;
    tx.fact("after", facts(new));
    Ok(id)
}

/// Changes an opening, if nobody else did since `new.version`; says where it is.
///
/// # Errors
/// A conflict when somebody did; not found.
pub async fn update(tx: &mut WriteTx, id: OpeningId, new: &NewOpening) -> Result<SiteId> {
    let before = form(tx, id).await?;
    let shop = tx.shop().uuid();
    let changed = query!(
        "update app.openings set number = $4, folded = $5, location = $6, hand = $7, function = $8, hardware = $9,
           archived_at = case when $10 then coalesce(archived_at, app.now()) end, version = version + 1 where shop_id = $1 and id = $2 and version = $3",
        shop, id.uuid(), new.version, new.number, new.folded, new.location, hand(new), new.function, new.hardware, new.archived
    )
    .execute(tx.conn())
    .await?;
    fresh(changed.rows_affected(), "opening")?;
    tx.fact("before", before.form.read().map_or_else(|_| facts(&before.form), |before| facts(&before)));
    tx.fact("after", facts(new));
    Ok(before.site.into())
}

fn hand(new: &NewOpening) -> &'static str {
    new.hand.map_or("", domain::sites::opening::Hand::as_str)
}

/// An opening as its edit form shows it.
///
/// # Errors
/// Not found.
pub async fn form(tx: &mut impl Scope, id: OpeningId) -> Result<OpeningEdit> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select o.site_id, s.name, s.address, o.number, o.location, o.hand, o.function, o.hardware, o.archived_at is not null as "archived!", o.version
           from app.openings o join app.sites s on s.shop_id = o.shop_id and s.id = o.site_id where o.shop_id = $1 and o.id = $2"#,
        shop, id.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let form = OpeningForm {
        number: row.number,
        location: row.location,
        hand: row.hand,
        function: row.function,
        hardware: row.hardware,
        archived: tick(row.archived),
        version: row.version.to_string(),
    };
    Ok(OpeningEdit { site: row.site_id, place: one_line(&row.name, &row.address), form, ..OpeningEdit::default() })
}

/// Openings of a site by number, those out of use last; at most five hundred.
///
/// # Errors
/// Only faults.
pub async fn of(tx: &mut impl Scope, site: SiteId) -> Result<Vec<Opening>> {
    let shop = tx.shop().uuid();
    Ok(query_as!(
        Opening,
        r#"select id, number, location, hand, function, hardware, archived_at is not null as "archived!" from app.openings
           where shop_id = $1 and site_id = $2 order by archived_at is not null, folded, id limit 500"#,
        shop, site.uuid()
    )
    .fetch_all(tx.conn())
    .await?)
}
