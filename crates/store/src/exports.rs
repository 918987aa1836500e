//! Exports: the entry first, and then the bytes, stretch by stretch, to whoever made that entry within ten minutes.

pub mod case;
pub mod log;
pub mod tables;
pub mod trust;

use crate::{ReadTx, Result, Scope, WriteTx};
use domain::{
    Event,
    exports::{CASE_FILE, ExportKind, Exported, Exports, FETCHED_WITHIN, fetch_path},
    ids::PersonId,
};
use serde::Deserialize;
use sqlx::query;

/// As many exports as the page lists.
const PAGE: i64 = 100;

#[derive(Deserialize)]
struct Payload {
    event: Event,
}

/// Commits that somebody is about to take something along. Gives the entry's number.
///
/// # Errors
/// Whatever the database says: then nothing leaves.
pub async fn record(mut tx: WriteTx, kind: ExportKind, reason: &str) -> Result<i64> {
    let person = tx.actor().person;
    tx.fact("reason", reason);
    tx.commit_entry(Event::ExportMade { kind, person }, "").await
}

/// The event of an entry that whoever asks made within ten minutes: what may be fetched.
///
/// # Errors
/// Not found.
pub async fn recorded(tx: &mut ReadTx, entry: i64) -> Result<Event> {
    let (shop, person) = (tx.shop().uuid(), tx.actor().person.uuid());
    let row = query!(
        "select payload from audit.entries where shop_id = $1 and seq = $2 and action in (200, 201) and actor = $3
         and time_us > (extract(epoch from app.now()) * 1000000)::bigint - $4::int8 * 60000000",
        shop,
        entry,
        person,
        FETCHED_WITHIN
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(serde_json::from_slice::<Payload>(&row.payload).map_err(|error| crate::Error::Vault(error.to_string()))?.event)
}

/// Exports and case files made so far, and what whoever asks may export.
///
/// # Errors
/// Only faults.
pub async fn page(tx: &mut ReadTx) -> Result<Exports> {
    let (shop, zone, me) = (tx.shop().uuid(), tx.zone(), tx.actor().person);
    let may: Vec<_> = [ExportKind::AuditLog, ExportKind::AuditTable, ExportKind::Data]
        .into_iter()
        .filter(|kind| tx.actor().power.allows(kind.permission()))
        .collect();
    let rows = query!(
        r#"with page as materialized (select * from audit.entries x where x.shop_id = $1 and x.action in (200, 201) order by x.seq desc limit $4)
           select e.seq as "seq!", e.actor as "actor!", app.local_time(to_timestamp(e.time_us / 1e6), $2) as "at!", coalesce(m.name, 'Somebody no longer here') as "who!", e.payload as "payload!",
             coalesce(convert_from(p.facts, 'UTF8')::jsonb #>> '{values,reason}', '') as "reason!",
             e.time_us > (extract(epoch from app.now()) * 1000000)::bigint - $3::int8 * 60000000 as "fresh!",
             e.seq <= coalesce((select max(c.size) from audit.checkpoints c where c.shop_id = e.shop_id), 0) as "bound!"
           from page e
           left join audit.facts_of((select array_agg(page.seq) from page)) p on p.seq = e.seq
           left join app.members() m on m.person_id = e.actor
           order by e.seq desc"#,
        shop, zone, FETCHED_WITHIN, PAGE
    )
    .fetch_all(tx.conn())
    .await?;
    let made = rows.into_iter().map(|row| {
        let event = serde_json::from_slice::<Payload>(&row.payload).ok().map(|payload| payload.event);
        let file = match &event {
            Some(Event::ExportMade { kind, .. }) => kind.file(),
            Some(Event::CaseFileMade { .. }) => CASE_FILE,
            _ => "",
        };
        let mine = row.fresh && PersonId(row.actor) == me && !file.is_empty();
        Exported {
            entry: row.seq,
            at: row.at,
            who: row.who,
            what: event.map(|event| event.sentence()).unwrap_or_default(),
            reason: row.reason,
            fetch: if mine { fetch_path(row.seq, file) } else { String::new() },
            bound: row.bound,
        }
    });
    Ok(Exports { may, made: made.collect() })
}
