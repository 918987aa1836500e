//! The one way by which something sealed is shown to a person: who, what and why are committed to the chain first, and
//! only then is it opened. The entry itself is refused by the database without a fresh proof and a second step.

mod releases;

pub use releases::{ask, decide, latest, waiting};

use crate::{
    Actor, Db, Error, Grant, ReadTx, Result, Scope, WriteTx, bittings,
    seal::{place, shop_key},
};
use domain::{
    Event, Refusal,
    bittings::{BittingRecord, Found, Reading, Secret, Wanted},
    ids::{BittingId, ClientId, SiteId},
    reveal::{Reason, Revealed, SecretKind},
};
use sqlx::query;
use uuid::Uuid;
use vault::Place;

/// How surely whoever asks is who they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Confirmed within ten minutes.
    pub confirmed: bool,
    /// Has a second step.
    pub second_step: bool,
}

/// How surely whoever reads is who they say.
///
/// # Errors
/// Only faults.
pub async fn proof(tx: &mut impl Scope) -> Result<Proof> {
    let row = query!(r#"select confirmed as "confirmed!", second_step as "second_step!" from auth.proved()"#)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map_or(Proof { confirmed: false, second_step: false }, |row| Proof {
        confirmed: row.confirmed,
        second_step: row.second_step,
    }))
}

/// What kept for a moment between its entry and its opening.
struct Sealed {
    place: Place<'static>,
    bytes: Vec<u8>,
}

/// A record's cuts and code.
///
/// # Errors
/// Not found; forbidden without a second step, or without a release where the record is top secret.
pub async fn bitting(db: &Db, grant: Grant, id: BittingId, reason: &Reason) -> Result<Revealed> {
    let mut tx = proved(db, grant).await?;
    let record = bittings::find(&mut tx, id).await?;
    let sealed = sealed_bitting(&mut tx, &record).await?;
    if record.top_secret {
        releases::take(&mut tx, id).await?;
    }
    let secret = revealed(tx, SecretKind::Bitting, id.uuid(), record.client.into(), reason, sealed).await?;
    let secret = Secret::from_bytes(&secret).ok_or_else(|| Error::Vault("a bitting record is not one".into()))?;
    let reading = Reading::parse(&record.reading).map_or("", Reading::words);
    let parts = [(format!("Cuts, {}", reading.to_lowercase()), &secret.cuts), ("Stamp or code".into(), &secret.code)];
    Ok(Revealed {
        parts: parts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| (name, text.clone()))
            .collect(),
    })
}

async fn sealed_bitting(tx: &mut WriteTx, record: &BittingRecord) -> Result<Sealed> {
    let shop = tx.shop().uuid();
    let row = query!("select sealed, sealing from vault.bittings where shop_id = $1 and id = $2", shop, record.id)
        .fetch_one(tx.conn())
        .await?;
    Ok(Sealed { place: bittings::place_of(record.id, row.sealing), bytes: row.sealed })
}

/// How to get into a site.
///
/// # Errors
/// Not found where nothing is written or nothing may be seen; forbidden without a second step.
pub async fn access_notes(db: &Db, grant: Grant, site: SiteId, reason: &Reason) -> Result<Revealed> {
    let mut tx = proved(db, grant).await?;
    let client = crate::sites::find(&mut tx, site).await?.client;
    let shop = tx.shop().uuid();
    let row =
        query!("select sealed, version from vault.access_notes where shop_id = $1 and site_id = $2", shop, site.uuid())
            .fetch_one(tx.conn())
            .await?;
    let sealed =
        Sealed { place: place("vault.access_notes", site.uuid(), "sealed", i64::from(row.version)), bytes: row.sealed };
    let notes = revealed(tx, SecretKind::AccessNotes, site.uuid(), client.into(), reason, sealed).await?;
    let text = String::from_utf8(notes).map_err(|_| Error::Vault("access notes are not text".into()))?;
    Ok(Revealed { parts: vec![("How to get in".into(), text)] })
}

/// A transaction for whoever has just proved who they are, with a second step.
async fn proved(db: &Db, grant: Grant) -> Result<WriteTx> {
    let mut tx = db.write(grant).await?;
    let proof = proof(&mut tx).await?;
    if !proof.second_step {
        return Err(Refusal::Forbidden(
            "What is sealed opens only to people with a second step. Set one up on your account page.".into(),
        )
        .into());
    }
    if !proof.confirmed {
        return Err(Refusal::Forbidden("Confirm that it is you first.".into()).into());
    }
    Ok(tx)
}

/// Commits who opens what and why, and opens it.
async fn revealed(
    mut tx: WriteTx,
    kind: SecretKind,
    record: Uuid,
    client: ClientId,
    reason: &Reason,
    sealed: Sealed,
) -> Result<Vec<u8>> {
    if let Some(job) = reason.job {
        let shop = tx.shop().uuid();
        query!(
            "select id from app.jobs where shop_id = $1 and id = $2 and client_id = $3",
            shop,
            job.uuid(),
            client.uuid()
        )
        .fetch_one(tx.conn())
        .await?;
    }
    tx.fact("reason", reason.words.clone());
    let (db, actor) = (tx.db().clone(), tx.actor().clone());
    let event = Event::SecretRevealed { kind, record, client, job: reason.job, person: actor.person };
    let entry = tx.commit_entry(event, "").await?;
    opened(&db, &actor, entry, &sealed).await
}

/// Opens what the committed entry is about.
async fn opened(db: &Db, actor: &Actor, _entry: i64, sealed: &Sealed) -> Result<Vec<u8>> {
    Ok(shop_key(db, actor.cap(), actor.shop).await?.open(&sealed.place, &sealed.bytes)?.to_vec())
}

/// Looks through every record whoever asks may see for a key, by its stamp or code or by its cuts. What is found is named,
/// not opened; the looking itself is an entry.
///
/// # Errors
/// Forbidden without a second step.
pub async fn search(db: &Db, grant: Grant, wanted: &Wanted) -> Result<Found> {
    let mut tx = proved(db, grant).await?;
    let (shop, key) = (tx.shop().uuid(), tx.key().await?);
    let all =
        query!("select id, sealed, sealing from vault.bittings where shop_id = $1", shop).fetch_all(tx.conn()).await?;
    let mut ids = Vec::new();
    for row in &all {
        let clear = key.open(&bittings::place_of(row.id, row.sealing), &row.sealed)?;
        if Secret::from_bytes(&clear).is_some_and(|secret| wanted.fits(&secret)) {
            ids.push(row.id);
        }
    }
    let rows = bittings::found(&mut tx, &ids).await?;
    let (person, among) = (tx.actor().person, all.len());
    tx.fact("reason", wanted.reason.clone());
    let counted = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    tx.commit(Event::SecretsSearched { person, among: counted(among), found: counted(ids.len()) }).await?;
    Ok(Found { rows, among })
}

/// Open jobs of a client that a secret may be opened for: id and words.
///
/// # Errors
/// Only faults.
pub async fn jobs_for(tx: &mut ReadTx, client: ClientId) -> Result<Vec<(Uuid, String)>> {
    let shop = tx.shop().uuid();
    let rows = query!(
        "select id, number, requested from app.jobs where shop_id = $1 and client_id = $2 and status in ('new','scheduled','en_route','on_site')
         order by number desc limit 20",
        shop, client.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let wanted: String = row.requested.lines().next().unwrap_or_default().chars().take(60).collect();
            (row.id, format!("Job {}: {wanted}", row.number))
        })
        .collect())
}
