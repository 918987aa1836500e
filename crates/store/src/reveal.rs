//! The one way by which something sealed is shown to a person: who, what and why are committed to the chain first, and
//! only then is it opened. The entry itself is refused by the database without a fresh proof and a second step.

mod openings;
mod print;
mod releases;

pub use openings::openings;
pub use print::print;
pub use releases::{ask, decide, latest, waiting};

use crate::{Db, Error, Grant, ReadTx, Result, Scope, WriteTx, bittings, identity, looks::Way};
use domain::{
    Event, Refusal,
    bittings::{BittingRecord, Found, Reading, Secret, Wanted},
    ids::{BittingId, ClientId, SiteCodeId, SiteId},
    reveal::{Reason, Revealed, SecretKind},
};
use sqlx::query;
use uuid::Uuid;
use vault::{Place, Zeroizing, keyd::Candidate};

/// Whoever was let in, to record what follows.
struct Again<'a> {
    db: &'a Db,
    grant: Grant,
}

/// What is about to be opened.
struct Sealed {
    place: Place<'static>,
    bytes: Vec<u8>,
}

/// A record's cuts and code.
///
/// # Errors
/// Not found; forbidden without a second step, or without a release where the record is top secret.
pub async fn bitting(db: &Db, grant: Grant, id: BittingId, reason: &Reason) -> Result<Revealed> {
    let (mut tx, again) = to_reveal(db, grant).await?;
    let (record, sealed) = to_open(&mut tx, id, Way::Revealed).await?;
    told(&mut tx, record.client, reason).await?;
    let event = Event::SecretRevealed {
        kind: SecretKind::Bitting,
        record: record.id,
        client: record.client.into(),
        job: reason.job,
        person: tx.actor().person,
    };
    let clear = committed(tx, again, event, &sealed).await?;
    parts(&record, &clear)
}

/// A record and what is sealed of it, released where two people are needed.
async fn to_open(tx: &mut WriteTx, id: BittingId, way: Way) -> Result<(BittingRecord, Sealed)> {
    let record = bittings::find(tx, id).await?;
    tx.looked_at(way, &[record.id, record.client]);
    let sealed = sealed_bitting(tx, &record).await?;
    if record.top_secret {
        releases::take(tx, id).await?;
    }
    Ok((record, sealed))
}

/// Cuts and code, as they are shown.
fn parts(record: &BittingRecord, clear: &[u8]) -> Result<Revealed> {
    let secret = Secret::from_bytes(clear).ok_or_else(|| Error::Vault("a bitting record is not one".into()))?;
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
    let (mut tx, again) = to_reveal(db, grant).await?;
    let client = crate::sites::find(&mut tx, site).await?.client;
    tx.looked_at(Way::Revealed, &[client]);
    let (place, bytes) = crate::sites::access_notes::sealed(&mut tx, site).await?;
    let sealed = Sealed { place, bytes };
    told(&mut tx, client, reason).await?;
    let event = Event::SecretRevealed {
        kind: SecretKind::AccessNotes,
        record: site.uuid(),
        client: client.into(),
        job: reason.job,
        person: tx.actor().person,
    };
    let notes = committed(tx, again, event, &sealed).await?;
    let text = String::from_utf8(notes.to_vec()).map_err(|_| Error::Vault("access notes are not text".into()))?;
    Ok(Revealed { parts: vec![("How to get in".into(), text)] })
}

/// A code of a site.
///
/// # Errors
/// Not found where it may not be seen; forbidden without a second step, or where its kind asks for more than a way in.
pub async fn site_code(db: &Db, grant: Grant, id: SiteCodeId, reason: &Reason) -> Result<Revealed> {
    let (mut tx, again) = to_reveal(db, grant).await?;
    let kept = crate::sites::codes::kept(&mut tx, id).await?;
    if !tx.actor().power.allows(kept.kind.needed()) {
        return Err(Refusal::Forbidden("The combination of a safe is not opened by your role.".into()).into());
    }
    tx.looked_at(Way::Revealed, &[kept.client]);
    told(&mut tx, kept.client, reason).await?;
    let event = Event::SecretRevealed {
        kind: SecretKind::SiteCode,
        record: id.uuid(),
        client: kept.client.into(),
        job: reason.job,
        person: tx.actor().person,
    };
    let code = committed(tx, again, event, &Sealed { place: kept.place, bytes: kept.sealed }).await?;
    let text = String::from_utf8(code.to_vec()).map_err(|_| Error::Vault("a code is not text".into()))?;
    Ok(Revealed { parts: vec![(kept.code.kind, text)] })
}

/// The same for what keyd is to open: keyd must be there first, for an entry, a copy's number and a second person's
/// release are spent before it opens.
async fn to_reveal(db: &Db, grant: Grant) -> Result<(WriteTx, Again<'_>)> {
    let again = Again { db, grant: grant.again() };
    let tx = proved(db, grant).await?;
    tx.keys()?.there().await?;
    Ok((tx, again))
}

/// A transaction for whoever has just proved who they are, with a second step.
async fn proved(db: &Db, grant: Grant) -> Result<WriteTx> {
    let mut tx = db.write(grant).await?;
    let standing = identity::standing(&mut tx).await?;
    if !standing.second_step {
        return Err(Refusal::Forbidden(
            "What is sealed opens only to people with a second step. Set one up on your account page.".into(),
        )
        .into());
    }
    if !standing.confirmed {
        return Err(Refusal::Forbidden("Confirm that it is you first.".into()).into());
    }
    Ok(tx)
}

/// Keeps the reason for the entry; its job must be one of the client's.
async fn told(tx: &mut WriteTx, client: Uuid, reason: &Reason) -> Result<()> {
    if let Some(job) = reason.job {
        let shop = tx.shop().uuid();
        query!("select id from app.jobs where shop_id = $1 and id = $2 and client_id = $3", shop, job.uuid(), client)
            .fetch_one(tx.conn())
            .await?;
    }
    tx.fact("reason", reason.words.clone());
    Ok(())
}

/// Commits who opens what and why, and opens it against that entry. Where keyd says no, as it does to the thirty-first within
/// an hour, another entry says that nothing was shown.
async fn committed(tx: WriteTx, again: Again<'_>, event: Event, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
    let keys = tx.keys()?;
    let (record, subjects) = (sealed.place.row, event.about());
    let entry = tx.commit_entry(event, "").await?;
    let opened = keys.reveal(&sealed.place, entry, &sealed.bytes).await;
    if opened.is_err() {
        let client = subjects.get(1).copied().unwrap_or(record);
        let tx = again.db.write(again.grant).await?;
        tx.commit(Event::NothingOpened { record, client: client.into(), entry }).await?;
    }
    opened
}

/// Looks through every record that whoever asks may open alone for a key, by its stamp or code or by its cuts. What is found is named,
/// not opened; the looking itself is an entry, and is committed first.
///
/// # Errors
/// Forbidden without a second step.
pub async fn search(db: &Db, grant: Grant, wanted: &Wanted) -> Result<Found> {
    let mut tx = proved(db, grant).await?;
    let shop = tx.shop().uuid();
    let rows = query!(
        "select id, sealed, sealing from vault.bittings where shop_id = $1 and not top_secret order by folded, id",
        shop
    )
    .fetch_all(tx.conn())
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let candidates = rows
        .into_iter()
        .map(|row| Candidate { row: row.id, version: i64::from(row.sealing), sealed: row.sealed })
        .collect::<Vec<_>>();
    let (person, among, looker) = (tx.actor().person, ids.len(), tx.actor().clone());
    tx.fact("reason", wanted.reason.clone());
    let (keys, place) = (tx.keys()?, bittings::place_of(person.uuid(), 1));
    let rows = bittings::rows_of(&mut tx, &ids).await?;
    let event = Event::SecretsSearched { person, among: i32::try_from(among).unwrap_or(i32::MAX) };
    let entry = tx.commit_entry(event, "").await?;
    let fitting = keys.find(&place, entry, Zeroizing::new(wanted.to_bytes()), candidates).await?;
    let fitting: Vec<Uuid> = fitting.into_iter().filter_map(|at| ids.get(at).copied()).collect();
    for record in &fitting {
        db.looks.by(&looker, Way::Found, &[*record]);
    }
    Ok(Found { rows: rows.into_iter().filter(|row| fitting.contains(&row.id)).collect(), among })
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
