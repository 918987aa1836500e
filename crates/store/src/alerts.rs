//! Alerts: shown to whoever watches over the shop, and closed by them. They are raised by the watch (`watch`).

mod decoys;
mod tries;
mod watch;

pub use decoys::{change, decoys, plant_client, plant_key, remove};

use crate::{Result, Scope, WriteTx, error::OnConstraint};
use domain::{
    Event, Refusal,
    alerts::{AlertFilter, AlertRow, DecoyKind, OpeningHours, Rule},
    ids::AlertId,
};
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// Rows of one page.
const PAGE: i64 = 30;

/// How many are open, of those whoever asks may see.
///
/// # Errors
/// Only faults.
pub async fn open(tx: &mut impl Scope) -> Result<i64> {
    let shop = tx.shop().uuid();
    Ok(query_scalar!(r#"select count(*) as "count!" from app.alerts where shop_id = $1 and closed_at is null"#, shop)
        .fetch_one(tx.conn())
        .await?)
}

/// One page, the newest first, and the last of it when there are others after it.
///
/// # Errors
/// Only faults.
pub async fn list(tx: &mut impl Scope, filter: &AlertFilter) -> Result<(Vec<AlertRow>, Option<Uuid>)> {
    let mut rows = rows(tx, filter.show == "all", filter.before.parse().ok(), None).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let last = rows.last().map(|row| row.id).filter(|_| more);
    Ok((rows, last))
}

async fn rows(tx: &mut impl Scope, all: bool, before: Option<Uuid>, one: Option<Uuid>) -> Result<Vec<AlertRow>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query!(
        r#"select a.id, a.rule, app.local_time(a.at, $2) as "at!", a.place, a.times, a.usual, a.first, a.last, a.note,
             coalesce(m.name, c.name, k.name, '') as "who!", coalesce(s.name, d.name, '') as "what!", d.kind as "kind?", a.way, a.actor_kind,
             app.local_time(a.closed_at, $2) as closed, coalesce(b.name, 'Somebody no longer here') as "closed_by!"
           from app.alerts a
           left join app.members() m on m.person_id = a.actor
           left join app.contacts c on c.shop_id = a.shop_id and c.id = a.actor and a.actor_kind = 2
           left join app.key_names() k on k.id = a.actor and a.actor_kind = 4
           left join app.key_names() s on s.id = a.subject and a.rule = 'honeypot'
           left join app.decoys() d on d.id = a.subject and a.rule = 'decoy'
           left join app.members() b on b.person_id = a.closed_by
           where a.shop_id = $1 and ($3 or a.closed_at is null) and ($4::uuid is null or a.id < $4) and ($5::uuid is null or a.id = $5)
           order by a.id desc limit $6"#,
        shop, zone, all, before, one, PAGE + 1
    )
    .fetch_all(tx.conn())
    .await?;
    let row = |rule: &str| Rule::parse(rule);
    Ok(rows
        .into_iter()
        .filter_map(|found| {
            Some(AlertRow {
                id: found.id,
                rule: row(&found.rule)?,
                // Who follows a link that nobody was given is not whom it names.
                who: if found.who.is_empty() || found.kind.is_some() && found.actor_kind == 2 {
                    "Somebody".into()
                } else {
                    found.who
                },
                what: found
                    .kind
                    .as_deref()
                    .and_then(DecoyKind::parse)
                    .map_or(found.what.clone(), |kind| kind.named(&found.what)),
                way: found.way,
                at: found.at,
                place: found.place,
                times: found.times,
                usual: found.usual,
                entries: found.first.zip(found.last),
                closed: found.closed.map(|at| (at, found.closed_by, found.note)),
            })
        })
        .collect())
}

/// Whether the shop said when it is open; without, no hour is unusual.
///
/// # Errors
/// Only faults.
pub async fn hours_are_set(tx: &mut impl Scope) -> Result<bool> {
    let shop = tx.shop().uuid();
    let hours =
        query_scalar!("select opening_hours from app.shops where shop_id = $1", shop).fetch_one(tx.conn()).await?;
    Ok(OpeningHours::parse(&hours) != OpeningHours::default())
}

/// Closes an alert, with what came of it. Gives the event to commit; none for a decoy's, which others would read on the
/// chain: there the alert itself keeps who, when and why, and never changes again.
///
/// # Errors
/// Not found; a conflict when somebody closed it before, or somebody else has to.
pub async fn close(tx: &mut WriteTx, alert: AlertId, note: &str) -> Result<Option<Event>> {
    let row = rows(tx, true, None, Some(alert.uuid())).await?.pop().ok_or(Refusal::NotFound)?;
    let (shop, person) = (tx.shop().uuid(), tx.actor().person.uuid());
    let closed = query!(
        "update app.alerts set closed_at = app.now(), closed_by = $3, note = $4 where shop_id = $1 and id = $2 and closed_at is null returning actor, subject",
        shop,
        alert.uuid(),
        person,
        note
    )
    .fetch_optional(tx.conn())
    .await
    .on_constraint("alert_own", || Refusal::Conflict("Somebody else closes an alert about you.".into()))?;
    let Some(closed) = closed else {
        return Err(Refusal::Conflict("Somebody has closed this alert already. Load the page again.".into()).into());
    };
    if row.rule == Rule::Decoy {
        return Ok(None);
    }
    tx.fact("said", format!("{} {} {}", row.at, row.sentence(), row.place).trim_end());
    tx.fact("note", note);
    let (who, subject) = (closed.actor, closed.subject);
    Ok(Some(if who == person {
        Event::OwnAlertClosed { alert, who, subject }
    } else {
        Event::AlertClosed { alert, who: Some(who), subject: Some(subject) }
    }))
}
