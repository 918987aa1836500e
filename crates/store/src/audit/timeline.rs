//! The chain, read for people: on a record's page, and shop-wide.

use crate::{Result, Scope};
use domain::{
    Event, Permission, Power,
    audit::{AuditFilter, Seen, TimelineEntry, changes::told},
};
use serde::Deserialize;
use sqlx::query;
use std::collections::HashMap;
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

/// The same for a record's page: what was changed, field by field, for those who may see the audit trail; for others the
/// sentences alone. Addresses and browsers stay on the audit page.
///
/// # Errors
/// Only faults.
pub async fn history(tx: &mut impl Scope, power: Power, subject: Uuid) -> Result<Vec<TimelineEntry>> {
    let mut entries = of(tx, subject).await?;
    for entry in &mut entries {
        let told = told(&std::mem::take(&mut entry.facts));
        if power.allows(Permission::SeeAudit) {
            (entry.changes, entry.reason) = (told.changes, told.reason);
        }
    }
    name_ids(tx, &mut entries).await?;
    Ok(entries)
}

/// Who opened a paper: in the office (205), or the client by link (83); the last twenty times.
///
/// # Errors
/// Only faults.
pub async fn seen(tx: &mut impl Scope, papers: &[Uuid]) -> Result<Vec<Seen>> {
    let (zone, shop) = (tx.zone(), tx.shop().uuid());
    let rows = query!(
        r#"select app.local_time(to_timestamp(e.time_us / 1e6), $3) as "at!", e.action = 83 as "by_client!", coalesce(m.name, c.name, 'Somebody no longer here') as "who!"
           from audit.subjects u join audit.entries e on e.shop_id = u.shop_id and e.seq = u.seq
           left join app.members() m on m.person_id = e.actor
           left join app.contacts c on c.shop_id = e.shop_id and c.id = e.actor and e.actor_kind = 2
           where u.shop_id = $1 and u.subject = any($2) and e.entity = u.subject and e.action in (83, 205) order by u.seq desc limit 20"#,
        shop,
        papers,
        zone
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| Seen { at: row.at, who: row.who, by_client: row.by_client }).collect())
}

/// Values that are ids are shown as what they name.
async fn name_ids(tx: &mut impl Scope, entries: &mut [TimelineEntry]) -> Result<()> {
    let changes = || entries.iter().flat_map(|entry| &entry.changes);
    let ids: Vec<Uuid> =
        changes().flat_map(|change| [&change.before, &change.after]).filter_map(|text| text.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let shop = tx.shop().uuid();
    let rows = query!(
        r#"select id as "id!", coalesce(nullif(name, ''), address) as "name!" from app.sites where shop_id = $1 and id = any($2)
           union all select person_id, name from app.members() where person_id = any($2)"#,
        shop,
        &ids
    );
    let names: HashMap<String, String> =
        rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id.to_string(), row.name)).collect();
    for change in entries.iter_mut().flat_map(|entry| &mut entry.changes) {
        for text in [&mut change.before, &mut change.after] {
            if let Some(name) = names.get(text) {
                text.clone_from(name);
            }
        }
    }
    Ok(())
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
                changes: Vec::new(),
                reason: String::new(),
            }
        })
        .collect())
}
