//! The audit trail, for machines: in order of the chain, with what it takes to check it.

use super::Record;
use crate::{Result, Scope};
use serde::Serialize;
use serde_json::Value;
use sqlx::query;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who did it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrailActor {
    /// `nobody`, `person`, `client`, `shearline` or `key`.
    pub kind: &'static str,
    /// A member's, contact's or key's id.
    pub id: Uuid,
}

/// One entry of the shop's chain.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrailEntry {
    /// Position on the chain, from 1, without gaps.
    pub seq: i64,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// An event's code.
    pub action: i16,
    /// Who.
    pub actor: TrailActor,
    /// The record it is about.
    pub entity: Uuid,
    /// Tried and refused.
    pub refused: bool,
    /// The event, as the chain holds it.
    #[schema(value_type = Object)]
    pub payload: Value,
    /// Address, user agent, values; null where erased.
    #[schema(value_type = Option<Object>)]
    pub facts: Value,
    /// Of the chain up to here, in hexadecimal.
    pub hash: String,
}

/// An entry from a row of `audit.entries` and the facts to stand beside it.
macro_rules! chained {
    ($row:ident, $facts:expr) => {
        $crate::machines::TrailEntry {
            seq: $row.seq,
            at: $row.at,
            action: $row.action,
            actor: $crate::machines::TrailActor { kind: $crate::machines::actor_kind($row.actor_kind), id: $row.actor },
            entity: $row.entity,
            refused: $row.result == 1,
            payload: serde_json::from_slice(&$row.payload).unwrap_or_default(),
            facts: $facts,
            hash: $row.hash,
        }
    };
}
pub(crate) use chained;

impl Record for TrailEntry {
    fn cursor(&self) -> String {
        self.seq.to_string()
    }
    fn version(&self) -> Option<i32> {
        None
    }
}

/// Entries after that position, so many and one more.
///
/// # Errors
/// Only faults.
pub async fn trail(tx: &mut impl Scope, after: i64, limit: i64) -> Result<Vec<TrailEntry>> {
    let shop = tx.shop().uuid();
    let rows = query!(
        r#"with page as materialized (select * from audit.entries e where e.shop_id = $1 and e.seq > $2 order by e.seq limit $3)
           select e.seq as "seq!", app.machine_time(to_timestamp(e.time_us / 1e6)) as "at!", e.action as "action!", e.actor_kind as "actor_kind!",
             e.actor as "actor!", e.entity as "entity!", e.result as "result!", e.payload as "payload!",
             encode(e.hash, 'hex') as "hash!", p.facts as "facts?"
           from page e left join audit.facts_of((select array_agg(page.seq) from page)) p on p.seq = e.seq order by e.seq"#,
        shop,
        after,
        limit + 1
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let facts = row.facts.as_ref().and_then(|facts| serde_json::from_slice(facts).ok()).unwrap_or_default();
            chained!(row, facts)
        })
        .collect())
}

/// The stored kind of an actor, as machines are told it.
pub(crate) const fn actor_kind(stored: i16) -> &'static str {
    match stored {
        1 => "person",
        2 => "client",
        3 => "shearline",
        4 => "key",
        5 => "installation",
        _ => "nobody",
    }
}
