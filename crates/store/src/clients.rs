//! Clients: the record, how to reach them, who may speak for them, what was noted.

mod channels;
pub mod contacts;
mod list;
mod lookup;
pub mod notes;

pub use list::list;
pub(crate) use lookup::by_ids;
pub use lookup::lookup;
pub(crate) use lookup::{kind_words, search_keys, shown};

use crate::{Result, Scope, WriteTx, looks::Way};
use domain::{
    Refusal,
    clients::{
        form::{ClientForm, NewClient},
        page::ClientRecord,
    },
    ids::ClientId,
    invoices::Terms,
};
use serde::Serialize;
use serde_json::Value;
use sqlx::query;
use uuid::Uuid;

/// Adds a client.
///
/// # Errors
/// A client of that name or number exists and nobody said that this is another one.
pub async fn create(tx: &mut WriteTx, new: &NewClient) -> Result<ClientId> {
    if !new.another {
        lookup::refuse_double(tx, new).await?;
    }
    let (shop, id) = (tx.shop().uuid(), ClientId(Uuid::now_v7()));
    query!(
        "insert into app.clients (shop_id, id, kind, name, folded, billing_address, tags, alert, terms_days, tax_exempt)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        shop, id.uuid(), new.kind.as_str(), new.name, new.folded, new.billing_address, new.tags, new.alert, new.terms_days, new.tax_exempt
    )
    .execute(tx.conn())
    .await?;
    channels::write(tx, id, new).await?;
    tx.fact("after", facts(new));
    Ok(id)
}

/// Changes a client, if nobody else did since `new.version`.
///
/// # Errors
/// A conflict when somebody did; not found.
pub async fn update(tx: &mut WriteTx, id: ClientId, new: &NewClient) -> Result<()> {
    let before = form(tx, id).await?;
    let shop = tx.shop().uuid();
    let changed = query!(
        "update app.clients set kind = $4, name = $5, folded = $6, billing_address = $7, tags = $8, alert = $9, terms_days = $10, tax_exempt = $11, version = version + 1
         where shop_id = $1 and id = $2 and version = $3",
        shop, id.uuid(), new.version, new.kind.as_str(), new.name, new.folded, new.billing_address, new.tags, new.alert, new.terms_days, new.tax_exempt
    )
    .execute(tx.conn())
    .await?;
    fresh(changed.rows_affected(), "client")?;
    query!("delete from app.client_channels where shop_id = $1 and client_id = $2", shop, id.uuid())
        .execute(tx.conn())
        .await?;
    channels::write(tx, id, new).await?;
    tx.fact("before", before.read().map_or_else(|_| facts(&before), |before| facts(&before)));
    tx.fact("after", facts(new));
    Ok(())
}

/// Takes a client out of the lists, or puts it back.
///
/// # Errors
/// Not found.
pub async fn set_archived(tx: &mut WriteTx, id: ClientId, archived: bool) -> Result<()> {
    let shop = tx.shop().uuid();
    let changed = query!(
        "update app.clients set archived_at = case when $3 then coalesce(archived_at, app.now()) end, version = version + 1 where shop_id = $1 and id = $2",
        shop, id.uuid(), archived
    )
    .execute(tx.conn())
    .await?;
    if changed.rows_affected() == 0 { Err(Refusal::NotFound.into()) } else { Ok(()) }
}

/// The record, for its page.
///
/// # Errors
/// Not found.
pub async fn find(tx: &mut impl Scope, id: ClientId) -> Result<ClientRecord> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let row = query!(
        r#"select id, kind, name, billing_address, tags, alert, terms_days, tax_exempt, version, coalesce(app.local_date(archived_at, $3), '') as "archived!",
             app.local_date(created_at, $3) as "since!", forgotten_at is not null as "forgotten!", held_reason from app.clients where shop_id = $1 and id = $2"#,
        shop, id.uuid(), zone
    )
    .fetch_one(tx.conn())
    .await?;
    tx.looked_at(Way::Opened, &[id.uuid()]);
    let (mut phones, emails) = channels::of(tx, id).await?;
    phones.iter_mut().for_each(|phone| phone.value = shown(&phone.value));
    Ok(ClientRecord {
        id: row.id,
        kind: kind_words(&row.kind),
        name: row.name,
        phones,
        emails,
        billing_address: row.billing_address,
        tags: row.tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
        alert: row.alert,
        terms: terms(row.terms_days),
        tax_exempt: row.tax_exempt,
        archived: row.archived,
        forgotten: row.forgotten,
        held: row.held_reason,
        since: row.since,
        version: row.version,
    })
}

fn terms(days: Option<i32>) -> String {
    match days {
        None => "The shop's usual terms".into(),
        Some(days) => Terms::from_days(days).map_or_else(|| format!("{days} days"), |terms| terms.words().to_owned()),
    }
}

/// The record as its edit form shows it.
///
/// # Errors
/// Not found.
pub async fn form(tx: &mut impl Scope, id: ClientId) -> Result<ClientForm> {
    let shop = tx.shop().uuid();
    let row = query!(
        "select kind, name, billing_address, tags, alert, terms_days, tax_exempt, version from app.clients where shop_id = $1 and id = $2",
        shop, id.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    tx.looked_at(Way::Changed, &[id.uuid()]);
    let (phones, emails) = channels::of(tx, id).await?;
    let form = ClientForm {
        kind: row.kind,
        name: row.name,
        billing_address: row.billing_address,
        tags: row.tags,
        alert: row.alert,
        terms_days: row.terms_days.map(|days| days.to_string()).unwrap_or_default(),
        tax_exempt: tick(row.tax_exempt),
        version: row.version.to_string(),
        ..ClientForm::default()
    };
    Ok(form.with_channels(phones, emails))
}

/// A client's name, for the head of a form; also the check that there is such a client.
///
/// # Errors
/// Not found.
pub async fn name(tx: &mut impl Scope, id: ClientId) -> Result<String> {
    let shop = tx.shop().uuid();
    let row = query!("select name from app.clients where shop_id = $1 and id = $2", shop, id.uuid());
    let name = row.fetch_one(tx.conn()).await?.name;
    tx.looked_at(Way::Opened, &[id.uuid()]);
    Ok(name)
}

/// A stored yes or no as a tick box sends it.
pub(crate) fn tick(yes: bool) -> String {
    if yes { "on".into() } else { String::new() }
}

/// Values for the personal side of an entry.
pub(crate) fn facts(values: &impl Serialize) -> Value {
    serde_json::to_value(values).unwrap_or_default()
}

/// A compare-and-set that met no row, although the row was there a moment ago, came too late.
pub(crate) fn fresh(rows: u64, noun: &str) -> Result<()> {
    if rows == 0 { Err(Refusal::stale(noun).into()) } else { Ok(()) }
}
