//! Bitting records: what may be seen of them, and the sealing of what may not. Opening is [`crate::reveal`]'s alone.

mod list;

pub(crate) use list::rows_of;
pub use list::{count, list};

use crate::{
    Result, Scope, WriteTx, clients,
    clients::{facts, fresh, tick},
    looks::Way,
    seal::place,
    sites,
};
use domain::{
    FieldErrors,
    bittings::{BittingEdit, BittingForm, BittingRecord, Make, NewBitting, Secret},
    clients::one_line,
    ids::{BittingId, ClientId},
};
use sqlx::{query, query_scalar};
use uuid::Uuid;
use vault::Place;

/// Where the secret of a record is sealed, the `sealing`th time.
pub(crate) const fn place_of(record: Uuid, sealing: i32) -> Place<'static> {
    place("vault.bittings", record, "sealed", sealing as i64)
}

/// Puts a key on record.
///
/// # Errors
/// No such client or site of that client.
pub async fn create(tx: &mut WriteTx, client: ClientId, new: &NewBitting) -> Result<BittingId> {
    clients::name(tx, client).await?;
    let (shop, id) = (tx.shop().uuid(), BittingId(Uuid::now_v7()));
    let site = site_of(tx, client, new).await?;
    let secret = new.secret.clone().unwrap_or_default();
    let sealed = tx.keys()?.seal(&place_of(id.uuid(), 1), &secret.to_bytes()).await?;
    query!(
        "insert into vault.bittings (shop_id, id, client_id, site_id, label, item, folded, make, maker, keyway, blank, reading, source, confidence,
           do_not_duplicate, top_secret, sealed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        shop, id.uuid(), client.uuid(), site, new.label, new.item, new.folded, new.make, new.maker, new.keyway, new.blank, new.reading.as_str(),
        new.source.as_str(), new.confidence.as_str(), new.do_not_duplicate, new.top_secret, sealed
    )
    .execute(tx.conn())
    .await?;
    tx.fact("after", facts(new));
    Ok(id)
}

/// Changes a record, if nobody else did since `new.version`; says whose it is. What is sealed stays unless `new` brings
/// something to seal in its place.
///
/// # Errors
/// A conflict when somebody did; not found.
pub async fn update(tx: &mut WriteTx, id: BittingId, new: &NewBitting) -> Result<ClientId> {
    let before = form(tx, id).await?;
    let (shop, client) = (tx.shop().uuid(), ClientId(before.client));
    let site = site_of(tx, client, new).await?;
    if !before.form.top_secret.is_empty() && !new.top_secret && !released(tx, id).await? {
        let words =
            "Two people take this mark away: ask for the record's release, have it granted, and untick it then.";
        return Err(FieldErrors::from([("top_secret".to_owned(), words.to_owned())]).into());
    }
    let changed = query!(
        "update vault.bittings set site_id = $4, label = $5, item = $6, folded = $7, make = $8, maker = $9, keyway = $10, blank = $11, reading = $12, source = $13,
           confidence = $14, do_not_duplicate = $15, top_secret = $16, archived_at = case when $17 then coalesce(archived_at, app.now()) end, version = version + 1
         where shop_id = $1 and id = $2 and version = $3",
        shop, id.uuid(), new.version, site, new.label, new.item, new.folded, new.make, new.maker, new.keyway, new.blank, new.reading.as_str(),
        new.source.as_str(), new.confidence.as_str(), new.do_not_duplicate, new.top_secret, new.archived
    )
    .execute(tx.conn())
    .await?;
    fresh(changed.rows_affected(), "record")?;
    if let Some(secret) = &new.secret {
        seal_anew(tx, id, secret).await?;
    }
    tx.fact("before", facts(&before.form));
    tx.fact("after", facts(new));
    Ok(client)
}

async fn seal_anew(tx: &mut WriteTx, id: BittingId, secret: &Secret) -> Result<()> {
    let shop = tx.shop().uuid();
    let sealing =
        query!("select sealing from vault.bittings where shop_id = $1 and id = $2 for update", shop, id.uuid())
            .fetch_one(tx.conn())
            .await?
            .sealing
            + 1;
    let sealed = tx.keys()?.seal(&place_of(id.uuid(), sealing), &secret.to_bytes()).await?;
    query!(
        "update vault.bittings set sealed = $3, sealing = $4 where shop_id = $1 and id = $2",
        shop,
        id.uuid(),
        sealed,
        sealing
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes the release that a second person gave; false when there is none.
pub(crate) async fn released(tx: &mut WriteTx, id: BittingId) -> Result<bool> {
    Ok(query_scalar!(r#"select vault.use_release($1) as "taken!""#, id.uuid()).fetch_one(tx.conn()).await?)
}

/// The chosen site, which must be one of the client's.
async fn site_of(tx: &mut WriteTx, client: ClientId, new: &NewBitting) -> Result<Option<Uuid>> {
    let Some(site) = new.site else { return Ok(None) };
    let found = sites::find(tx, site).await?;
    if found.client != client.uuid() {
        return Err(domain::Refusal::NotFound.into());
    }
    Ok(Some(site.uuid()))
}

/// The record, for its page.
///
/// # Errors
/// Not found.
pub async fn find(tx: &mut impl Scope, id: BittingId) -> Result<BittingRecord> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select b.id, b.client_id, c.name as client_name, b.site_id, s.name as "site_name?", s.address as "address?", b.label, b.item, b.make, b.maker, b.keyway,
             b.blank, b.reading, b.source, b.confidence, b.do_not_duplicate, b.top_secret, b.prints, b.archived_at is not null as "archived!", b.version
           from vault.bittings b join app.clients c on c.shop_id = b.shop_id and c.id = b.client_id
           left join app.sites s on s.shop_id = b.shop_id and s.id = b.site_id where b.shop_id = $1 and b.id = $2"#,
        shop, id.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    tx.looked_at(Way::Opened, &[row.id, row.client_id]);
    Ok(BittingRecord {
        id: row.id,
        client: row.client_id,
        client_name: row.client_name,
        site: row.site_id,
        place: line(row.site_name, row.address),
        label: row.label,
        item: row.item,
        make_name: if row.make.is_empty() { row.maker.clone() } else { Make::name_of(&row.make) },
        make: row.make,
        maker: row.maker,
        keyway: row.keyway,
        blank: row.blank,
        reading: row.reading,
        source: row.source,
        confidence: row.confidence,
        do_not_duplicate: row.do_not_duplicate,
        top_secret: row.top_secret,
        archived: row.archived,
        prints: row.prints,
        version: row.version,
    })
}

fn line(name: Option<String>, address: Option<String>) -> String {
    one_line(&name.unwrap_or_default(), &address.unwrap_or_default())
}

/// A new record's form for this client.
///
/// # Errors
/// No such client.
pub async fn blank_form(tx: &mut impl Scope, client: ClientId) -> Result<BittingEdit> {
    let client_name = clients::name(tx, client).await?;
    let sites = places(tx, client).await?;
    Ok(BittingEdit { client: client.uuid(), client_name, sites, form: BittingForm::default() })
}

/// A record as its edit form shows it: what is sealed is not in it.
///
/// # Errors
/// Not found.
pub async fn form(tx: &mut impl Scope, id: BittingId) -> Result<BittingEdit> {
    let record = find(tx, id).await?;
    let sites = places(tx, record.client.into()).await?;
    let form = BittingForm {
        label: record.label,
        item: record.item,
        site: record.site.map(|site| site.to_string()).unwrap_or_default(),
        make: record.make,
        maker: record.maker,
        keyway: record.keyway,
        blank: record.blank,
        reading: record.reading,
        source: record.source,
        confidence: record.confidence,
        do_not_duplicate: tick(record.do_not_duplicate),
        top_secret: tick(record.top_secret),
        archived: tick(record.archived),
        version: record.version.to_string(),
        ..BittingForm::default()
    };
    Ok(BittingEdit { client: record.client, client_name: record.client_name, sites, form })
}

async fn places(tx: &mut impl Scope, client: ClientId) -> Result<Vec<(Uuid, String)>> {
    let sites = sites::of(tx, client).await?;
    Ok(sites
        .into_iter()
        .filter(|site| !site.archived)
        .map(|site| (site.id, one_line(&site.name, &site.address)))
        .collect())
}
