//! Two people for one top secret record: one asks, another lets them, and it opens once.

use crate::{Db, Grant, ReadTx, Result, Scope, WriteTx, bittings};
use domain::{
    Event, Refusal,
    ids::{BittingId, PersonId, ReleaseId},
    reveal::{Reason, Release, ReleaseState},
};
use sqlx::query;
use uuid::Uuid;

/// Asks for the release of a top secret record.
///
/// # Errors
/// Not found; a conflict when the record needs none.
pub async fn ask(tx: &mut WriteTx, record: BittingId, reason: &Reason) -> Result<Event> {
    let found = bittings::find(tx, record).await?;
    if !found.top_secret {
        return Err(Refusal::Conflict("This record opens to one person. Reveal it.".into()).into());
    }
    let (shop, release, asker) = (tx.shop().uuid(), ReleaseId(Uuid::now_v7()), tx.actor().person.uuid());
    query!(
        "insert into vault.releases (shop_id, id, record_id, asked_by, job_id, reason) values ($1, $2, $3, $4, $5, $6)",
        shop,
        release.uuid(),
        record.uuid(),
        asker,
        reason.job.map(|job| job.uuid()),
        reason.words
    )
    .execute(tx.conn())
    .await?;
    tx.fact("reason", reason.words.clone());
    Ok(Event::ReleaseAsked { release, record, client: found.client.into() })
}

/// The second person's yes or no.
///
/// # Errors
/// Forbidden without a second step; not found when it is one's own, was decided or is too old.
pub async fn decide(db: &Db, grant: Grant, release: ReleaseId, granted: bool) -> Result<()> {
    let mut tx = super::proved(db, grant).await?;
    let row = query!(
        r#"select record_id as "record!", client_id as "client!" from vault.decide_release($1, $2)"#,
        release.uuid(),
        granted
    )
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Refusal::Conflict("Somebody has decided that already, it is your own asking, or it has expired.".into()))?;
    let event = Event::ReleaseDecided { release, record: row.record.into(), client: row.client.into(), granted };
    tx.commit(event).await
}

/// Takes the release one was given.
pub(super) async fn take(tx: &mut WriteTx, record: BittingId) -> Result<()> {
    if bittings::released(tx, record).await? {
        return Ok(());
    }
    Err(Refusal::Forbidden("This record opens to two people: ask for its release first.".into()).into())
}

/// What others ask to be let into.
///
/// # Errors
/// Only faults.
pub async fn waiting(tx: &mut ReadTx) -> Result<Vec<Release>> {
    let me = tx.actor().person;
    let all = read(tx, None, None).await?;
    let others = all.into_iter().filter(|(asker, release)| *asker != me && release.state == ReleaseState::Waiting);
    Ok(others.map(|(_, release)| release).collect())
}

/// One's own last asking for a record, if it was lately.
///
/// # Errors
/// Only faults.
pub async fn latest(tx: &mut ReadTx, record: BittingId) -> Result<Option<Release>> {
    let me = tx.actor().person;
    Ok(read(tx, Some(record.uuid()), Some(me.uuid())).await?.into_iter().map(|(_, release)| release).next())
}

/// Askings of the last hour, the newest first.
async fn read(tx: &mut ReadTx, record: Option<Uuid>, asker: Option<Uuid>) -> Result<Vec<(PersonId, Release)>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query!(
        r#"select r.id, r.record_id, b.label, r.asked_by, coalesce(a.name, '') as "asker!", app.local_time(r.asked_at, $2) as "at!",
             coalesce('Job ' || j.number, '') as "job!", r.reason, coalesce(d.name, '') as "decider!",
             app.local_time(coalesce(r.decided_at, r.asked_at) + interval '15 minutes', $2) as "until!",
             case when r.used_at is not null then 'used' when not r.granted then 'refused'
               when coalesce(r.decided_at, r.asked_at) <= app.now() - interval '15 minutes' then 'expired' when r.granted then 'granted' else 'waiting' end as "state!"
           from vault.releases r join vault.bittings b on b.shop_id = r.shop_id and b.id = r.record_id
           left join app.jobs j on j.shop_id = r.shop_id and j.id = r.job_id
           left join app.members() a on a.person_id = r.asked_by left join app.members() d on d.person_id = r.decided_by
           where r.shop_id = $1 and r.asked_at > app.now() - interval '1 hour' and ($3::uuid is null or r.record_id = $3) and ($4::uuid is null or r.asked_by = $4)
           order by r.asked_at desc, r.id desc limit 50"#,
        shop, zone, record, asker
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let reason =
                [row.job, row.reason].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
            let release = Release {
                id: row.id,
                record: row.record_id,
                label: row.label,
                asked_by: row.asker,
                asked_at: row.at,
                reason,
                state: ReleaseState::parse(&row.state).unwrap_or(ReleaseState::Expired),
                decided_by: row.decider,
                until: row.until,
            };
            (PersonId(row.asked_by), release)
        })
        .collect())
}
