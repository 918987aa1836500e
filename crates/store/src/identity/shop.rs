//! The shop's own record and its tax rates.

use crate::{Error, Result, Scope, WriteTx};
use domain::{
    Refusal,
    alerts::OpeningHours,
    ids::TaxRateId,
    lines::LineKind,
    money::Percent,
    shop::{NewTaxRate, ShopDetails, ShopPage, TaxRateRow},
};
use serde_json::json;
use sqlx::query;
use uuid::Uuid;

/// The shop's page.
///
/// # Errors
/// Only faults.
pub async fn find(tx: &mut impl Scope) -> Result<ShopPage> {
    let shop = tx.shop().uuid();
    let row = query!("select slug, name, licence_number, phone, email, address, time_zone, terms_days, version, cmmc_passwords, opening_hours from app.shops where shop_id = $1", shop)
        .fetch_one(tx.conn())
        .await?;
    Ok(ShopPage {
        slug: row.slug,
        currency: tx.currency(),
        time_zone: row.time_zone,
        version: row.version,
        details: ShopDetails {
            name: row.name,
            licence_number: row.licence_number,
            phone: row.phone,
            email: row.email,
            address: row.address,
            terms_days: row.terms_days,
        },
        cmmc_passwords: row.cmmc_passwords,
        hours: OpeningHours::parse(&row.opening_hours),
        rates: rates(tx).await?,
    })
}

/// Changes the shop's details.
///
/// # Errors
/// A conflict when they were changed meanwhile.
pub async fn change(tx: &mut WriteTx, version: i32, new: &ShopDetails) -> Result<()> {
    let before = find(tx).await?.details;
    let shop = tx.shop().uuid();
    let done = query!(
        "update app.shops set name = $3, licence_number = $4, phone = $5, email = $6, address = $7, terms_days = $8, version = version + 1
         where shop_id = $1 and version = $2",
        shop, version, new.name, new.licence_number, new.phone, new.email, new.address, new.terms_days
    )
    .execute(tx.conn())
    .await?
    .rows_affected();
    if done == 0 {
        return Err(Refusal::stale("shop").into());
    }
    tx.fact("before", json!(before));
    tx.fact("after", json!(new));
    Ok(())
}

/// Says whether new passwords of the shop's people need three of four kinds of characters.
///
/// # Errors
/// Only faults.
pub async fn ask_of_passwords(tx: &mut WriteTx, cmmc: bool) -> Result<()> {
    let shop = tx.shop().uuid();
    query!("update app.shops set cmmc_passwords = $2 where shop_id = $1", shop, cmmc).execute(tx.conn()).await?;
    tx.fact("three of four kinds of characters", json!(cmmc));
    Ok(())
}

/// Says when the shop is open.
///
/// # Errors
/// Only faults.
pub async fn change_hours(tx: &mut WriteTx, hours: &OpeningHours) -> Result<()> {
    let (before, shop) = (find(tx).await?.hours.text(), tx.shop().uuid());
    query!("update app.shops set opening_hours = $2 where shop_id = $1", shop, hours.text()).execute(tx.conn()).await?;
    tx.fact("before", json!(before));
    tx.fact("after", json!(hours.text()));
    Ok(())
}

async fn rates(tx: &mut impl Scope) -> Result<Vec<TaxRateRow>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query!(
        r#"select id, name, rate_micro, compound, kinds, app.local_date(archived_at, $2) as archived from app.tax_rates
           where shop_id = $1 order by archived_at is not null, position, id limit 100"#,
        shop,
        zone
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TaxRateRow {
                id: row.id.into(),
                name: row.name,
                rate: Percent::from_millionths(row.rate_micro)
                    .map_err(|_| Error::Vault("a stored tax rate cannot be read".into()))?,
                compound: row.compound,
                kinds: row.kinds.iter().filter_map(|kind| LineKind::parse(kind)).collect(),
                archived: row.archived,
            })
        })
        .collect()
}

/// Adds a tax rate after those there are.
///
/// # Errors
/// Only faults.
pub async fn add_rate(tx: &mut WriteTx, new: &NewTaxRate) -> Result<TaxRateId> {
    let (shop, id) = (tx.shop().uuid(), TaxRateId(Uuid::now_v7()));
    let kinds: Vec<String> = new.kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    query!(
        "insert into app.tax_rates (shop_id, id, position, name, rate_micro, compound, kinds)
         select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6 from app.tax_rates where shop_id = $1",
        shop,
        id.uuid(),
        new.name,
        new.rate_micro,
        new.compound,
        &kinds
    )
    .execute(tx.conn())
    .await?;
    tx.fact("added", json!(new));
    Ok(id)
}

/// Stops charging a tax rate; drafts follow, issued invoices keep it.
///
/// # Errors
/// Not found; a conflict when it was archived already.
pub async fn archive_rate(tx: &mut WriteTx, rate: TaxRateId) -> Result<()> {
    let shop = tx.shop().uuid();
    let row = query!("select name, rate_micro, archived_at is not null as \"archived!\" from app.tax_rates where shop_id = $1 and id = $2 for update", shop, rate.uuid())
        .fetch_one(tx.conn())
        .await?;
    if row.archived {
        return Err(Refusal::Conflict("This tax is no longer charged already.".into()).into());
    }
    query!("update app.tax_rates set archived_at = app.now() where shop_id = $1 and id = $2", shop, rate.uuid())
        .execute(tx.conn())
        .await?;
    tx.fact("archived", json!({ "name": row.name, "rate_micro": row.rate_micro }));
    Ok(())
}
