//! Codes of a site: which there are, and the sealing of what they are. Opening is [`crate::reveal`]'s alone.

use crate::{
    Result, Scope, WriteTx,
    clients::{facts, fresh, tick},
    looks::Way,
    seal::place,
};
use domain::{
    Permission,
    clients::one_line,
    ids::{SiteCodeId, SiteId},
    sites::codes::{CodeEdit, CodeForm, CodeKind, NewCode, SiteCode},
};
use sqlx::query;
use uuid::Uuid;
use vault::Place;

/// Where a code is sealed, the `sealing`th time.
const fn place_of(code: Uuid, sealing: i32) -> Place<'static> {
    place("vault.site_codes", code, "sealed", sealing as i64)
}

/// Puts a code of a site on record.
///
/// # Errors
/// No such site.
pub async fn create(tx: &mut WriteTx, site: SiteId, new: &NewCode) -> Result<SiteCodeId> {
    let there = super::find(tx, site).await?;
    let (shop, id) = (tx.shop().uuid(), SiteCodeId(Uuid::now_v7()));
    let code = new.code.clone().unwrap_or_default();
    let sealed = tx.keys()?.seal(&place_of(id.uuid(), 1), code.as_bytes()).await?;
    query!(
        "insert into vault.site_codes (shop_id, id, client_id, site_id, kind, label, sealed) values ($1, $2, $3, $4, $5, $6, $7)",
        shop,
        id.uuid(),
        there.client,
        site.uuid(),
        new.kind.as_str(),
        new.label,
        sealed
    )
    .execute(tx.conn())
    .await?;
    tx.fact("after", facts(new));
    Ok(id)
}

/// Changes a code, if nobody else did since `new.version`; says where it is. What is sealed stays unless `new` brings
/// something to seal in its place.
///
/// # Errors
/// A conflict when somebody did; not found.
pub async fn update(tx: &mut WriteTx, id: SiteCodeId, new: &NewCode) -> Result<SiteId> {
    let before = form(tx, id).await?;
    let shop = tx.shop().uuid();
    let changed = query!(
        "update vault.site_codes set kind = $4, label = $5, archived_at = case when $6 then coalesce(archived_at, app.now()) end, version = version + 1
         where shop_id = $1 and id = $2 and version = $3 returning sealing",
        shop, id.uuid(), new.version, new.kind.as_str(), new.label, new.archived
    )
    .fetch_optional(tx.conn())
    .await?;
    fresh(u64::from(changed.is_some()), "code")?;
    if let (Some(row), Some(code)) = (changed, &new.code) {
        let sealing = row.sealing + 1;
        let sealed = tx.keys()?.seal(&place_of(id.uuid(), sealing), code.as_bytes()).await?;
        query!(
            "update vault.site_codes set sealed = $3, sealing = $4, sealed_at = app.now() where shop_id = $1 and id = $2",
            shop,
            id.uuid(),
            sealed,
            sealing
        )
        .execute(tx.conn())
        .await?;
    }
    tx.fact("before", serde_json::json!({ "kind": before.form.kind, "label": before.form.label }));
    tx.fact("after", facts(new));
    Ok(before.site.into())
}

/// A code as its edit form shows it: without the code.
///
/// # Errors
/// Not found.
pub async fn form(tx: &mut impl Scope, id: SiteCodeId) -> Result<CodeEdit> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select c.site_id, s.name, s.address, c.kind, c.label, c.archived_at is not null as "archived!", c.version
           from vault.site_codes c join app.sites s on s.shop_id = c.shop_id and s.id = c.site_id where c.shop_id = $1 and c.id = $2"#,
        shop,
        id.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let form = CodeForm {
        kind: row.kind,
        label: row.label,
        archived: tick(row.archived),
        version: row.version.to_string(),
        ..CodeForm::default()
    };
    Ok(CodeEdit { site: row.site_id, place: one_line(&row.name, &row.address), form })
}

/// The codes of a site, those that open nothing any more last; `None` for those whose role is not told. A technician sees
/// none unless a job of his there is open.
///
/// # Errors
/// Only faults.
pub async fn of(tx: &mut crate::ReadTx, site: SiteId) -> Result<Option<Vec<SiteCode>>> {
    if !tx.actor().power.allows(Permission::SeeAccessNotes) {
        return Ok(None);
    }
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query!(
        r#"select c.id, c.kind, c.label, app.local_date(c.sealed_at, $3) as "since!", c.archived_at is not null as "archived!"
           from app.sites s join vault.site_codes c on c.shop_id = s.shop_id and c.client_id = s.client_id and c.site_id = s.id
           where s.shop_id = $1 and s.id = $2 order by c.archived_at is not null, c.kind, c.label, c.id limit 200"#,
        shop,
        site.uuid(),
        zone
    )
    .fetch_all(tx.conn())
    .await?;
    let code = |kind: &str| CodeKind::parse(kind).map_or(String::new(), |kind| kind.words().to_owned());
    Ok(Some(
        rows.into_iter()
            .map(|row| SiteCode {
                id: row.id,
                kind: code(&row.kind),
                label: row.label,
                since: row.since,
                archived: row.archived,
            })
            .collect(),
    ))
}

/// A code that is about to be opened, or shown without being so.
pub(crate) struct Kept {
    pub(crate) code: SiteCode,
    pub(crate) kind: CodeKind,
    pub(crate) client: Uuid,
    pub(crate) site: Uuid,
    pub(crate) site_line: String,
    pub(crate) place: Place<'static>,
    pub(crate) sealed: Vec<u8>,
}

/// All of one code that is in the database.
pub(crate) async fn kept(tx: &mut impl Scope, id: SiteCodeId) -> Result<Kept> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let row = query!(
        r#"select c.client_id, c.site_id, s.name, s.address, c.kind, c.label, c.sealed, c.sealing, app.local_date(c.sealed_at, $3) as "since!",
             c.archived_at is not null as "archived!"
           from vault.site_codes c join app.sites s on s.shop_id = c.shop_id and s.id = c.site_id where c.shop_id = $1 and c.id = $2"#,
        shop, id.uuid(), zone
    )
    .fetch_one(tx.conn())
    .await?;
    tx.looked_at(Way::Opened, &[row.client_id]);
    let kind = CodeKind::parse(&row.kind).ok_or_else(|| crate::Error::Vault("a code of no known kind".into()))?;
    let (words, label, since) = (kind.words().to_owned(), row.label, row.since);
    Ok(Kept {
        code: SiteCode { id: id.uuid(), kind: words, label, since, archived: row.archived },
        kind,
        client: row.client_id,
        site: row.site_id,
        site_line: one_line(&row.name, &row.address),
        place: place_of(id.uuid(), row.sealing),
        sealed: row.sealed,
    })
}
