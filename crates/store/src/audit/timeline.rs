//! The chain, read for people: on a record's page, and shop-wide.

use crate::{Result, Scope};
use domain::{
    Event,
    audit::{AuditFilter, TimelineEntry},
};
use serde::Deserialize;
use sqlx::query;
use uuid::Uuid;

/// As many entries as one page of a timeline holds.
pub const PAGE: i64 = 50;

#[derive(Deserialize)]
struct Payload {
    event: Event,
}

/// What happened to one thing, newest first.
///
/// # Errors
/// Only faults.
pub async fn of(tx: &mut impl Scope, subject: Uuid) -> Result<Vec<TimelineEntry>> {
    page(tx, &AuditFilter { subject: Some(subject), ..AuditFilter::default() }).await
}

/// One page of the shop's chain, newest first, before entry `filter.before` when that is given.
///
/// # Errors
/// Only faults.
pub async fn page(tx: &mut impl Scope, filter: &AuditFilter) -> Result<Vec<TimelineEntry>> {
    let (zone, shop) = (tx.zone(), tx.shop().uuid());
    let rows = query!(
        r#"with page as materialized (select * from audit.entries e
             where e.shop_id = $1 and e.seq < coalesce($3, 9223372036854775807)
               and ($4::uuid is null or exists (select from audit.subjects s where s.shop_id = e.shop_id and s.seq = e.seq and s.subject = $4))
               and ($5::uuid is null or e.actor = $5) and ($6::int2 is null or e.action = $6)
             order by e.seq desc limit $7)
           select e.seq as "seq!", app.local_time(to_timestamp(e.time_us / 1e6), $2) as "at!", e.actor_kind as "actor_kind!", e.action as "action!",
             e.entity as "entity!", e.result as "result!", e.payload as "payload!", p.facts as "facts?", coalesce(p.erased, false) as "erased!",
             coalesce(m.name, c.name, k.name, '') as "who!"
           from page e
           left join audit.facts_of((select array_agg(page.seq) from page)) p on p.seq = e.seq
           left join app.members() m on m.person_id = e.actor
           left join app.contacts c on c.shop_id = e.shop_id and c.id = e.actor and e.actor_kind = 2
           left join app.key_names() k on k.id = e.actor and e.actor_kind = 4
           order by e.seq desc"#,
        shop, zone, filter.before, filter.subject, filter.actor, filter.action, PAGE
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let sentence = serde_json::from_slice::<Payload>(&row.payload)
                .map_or_else(|_| "did something this version does not know".into(), |p| p.event.sentence());
            TimelineEntry {
                seq: row.seq,
                at: row.at,
                who: match row.actor_kind {
                    0 => "Somebody".into(),
                    3 => "Shearline".into(),
                    5 => "Whoever runs this installation".into(),
                    4 if !row.who.is_empty() => row.who,
                    _ if row.who.is_empty() => "Somebody no longer here".into(),
                    _ => row.who,
                },
                by_client: row.actor_kind == 2,
                sentence,
                refused: row.result == 1,
                entity: row.entity,
                erased: row.erased,
                facts: row.facts.map(|facts| String::from_utf8_lossy(&facts).into_owned()).unwrap_or_default(),
            }
        })
        .collect())
}
