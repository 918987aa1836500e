//! The audit trail as a file: where it ends is fixed at the start, and it is read stretch by stretch.

use crate::{Error, ReadTx, Result, Scope, audit::checkpoints::STRETCH};
use domain::{
    Event, Refusal,
    exports::{Cell, csv_line},
};
use proof::{LogHead, LogLine, hex};
use serde::Deserialize;
use serde_json::Value;
use sqlx::query;

/// What the whole file is about.
pub struct Log {
    /// Position of the last entry in it.
    pub end: i64,
    /// Whether the shop's signature covers the last entry. It does within seconds of the export, unless keyd is away.
    pub signed: bool,
    head: LogHead,
}

/// A stretch of the log, in both spellings.
pub struct Stretch {
    /// Position of its last entry.
    pub last: i64,
    /// Its lines.
    pub text: String,
}

/// The log up to the entry of its own export, or as far as the first checkpoint over it reaches.
///
/// # Errors
/// A conflict in a shop's first seconds, until there is a checkpoint.
pub async fn begin(tx: &mut ReadTx, entry: i64) -> Result<Log> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select h.created_us as "created_us!", c.size as "size!", c.key as "key!", c.note as "note!"
           from audit.heads h join audit.checkpoints c on c.shop_id = h.shop_id
           where h.shop_id = $1 order by (c.size < $2), abs(c.size - $2) limit 1"#,
        shop,
        entry
    )
    .fetch_optional(tx.conn())
    .await?;
    let row = row.ok_or_else(|| {
        Refusal::Conflict("The first checkpoint is just being made. Fetch the file again in a minute.".into())
    })?;
    let end = entry.max(row.size);
    Ok(Log {
        end,
        signed: end == row.size,
        head: LogHead::new(shop, row.created_us, end.cast_unsigned(), row.key, row.note),
    })
}

impl Log {
    /// The first line.
    ///
    /// # Errors
    /// Only faults.
    pub fn first(&self, table: bool) -> Result<String> {
        if table {
            let heads =
                ["No.", "When (UTC)", "Who", "What", "Refused", "Reason", "About", "From", "Browser", "Facts", "Hash"];
            return Ok(csv_line(&heads.map(|head| Cell::Text(head.into()))));
        }
        Ok(self.head.to_text().map_err(fault)? + "\n")
    }
}

fn fault(error: serde_json::Error) -> Error {
    Error::Vault(error.to_string())
}

/// The next stretch behind `after`.
///
/// # Errors
/// Not found when there is less than there was: whoever asks has been signed out, or the log was cut.
pub async fn stretch(tx: &mut ReadTx, log: &Log, after: i64, table: bool) -> Result<Stretch> {
    let shop = tx.shop().uuid();
    let rows = query!(
        r#"with stretch as materialized (select x.*, audit.entry_bytes(x) as bytes from audit.entries x
             where x.shop_id = $1 and x.seq > $2 and x.seq <= $3 order by x.seq limit $4)
           select e.seq as "seq!", app.iso(to_timestamp(e.time_us / 1e6)) as "at!", e.bytes as "entry!", e.actor_kind as "actor_kind!", e.entity as "entity!",
             e.result as "result!", e.hash as "hash!",
             convert_from(e.payload, 'UTF8') as "payload!", p.salt as "salt?", convert_from(p.facts, 'UTF8') as facts,
             coalesce(m.name, c.name, k.name, '') as "who!"
           from stretch e
           left join audit.beside((select array_agg(stretch.seq) from stretch)) p on p.seq = e.seq
           left join app.members() m on m.person_id = e.actor
           left join app.contacts c on c.shop_id = e.shop_id and c.id = e.actor and e.actor_kind = 2
           left join app.key_names() k on k.id = e.actor and e.actor_kind = 4
           order by e.seq"#,
        shop, after, log.end, i64::from(STRETCH)
    )
    .fetch_all(tx.conn())
    .await?;
    let (mut text, mut last) = (String::new(), after);
    for row in rows {
        if row.seq != last + 1 {
            break;
        }
        last = row.seq;
        if table {
            let who = match row.actor_kind {
                3 => "Shearline".to_owned(),
                5 => "Whoever runs this installation".to_owned(),
                _ => row.who,
            };
            let shown = Shown::of(&row.payload, row.facts.as_deref());
            let words = [
                row.at,
                who,
                shown.sentence,
                if row.result == 1 { "refused".to_owned() } else { String::new() },
                shown.reason,
                row.entity.to_string(),
                shown.ip,
                shown.browser,
                row.facts.unwrap_or_default(),
                hex(&row.hash),
            ];
            let number = Cell::Number(row.seq.to_string());
            text += &csv_line(&std::iter::once(number).chain(words.map(Cell::Text)).collect::<Vec<_>>());
        } else {
            let beside = row.salt.zip(row.facts);
            text += &LogLine::new(&row.entry, &row.hash, row.payload, beside).to_text().map_err(fault)?;
            text.push('\n');
        }
    }
    if last == after { Err(Refusal::NotFound.into()) } else { Ok(Stretch { last, text }) }
}

#[derive(Deserialize)]
struct Payload {
    event: Event,
}

/// What people read of an entry.
struct Shown {
    sentence: String,
    reason: String,
    ip: String,
    browser: String,
}

impl Shown {
    fn of(payload: &str, facts: Option<&str>) -> Self {
        let facts: Value = facts.and_then(|facts| serde_json::from_str(facts).ok()).unwrap_or_default();
        let text = |at: &str| facts.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        let sentence = serde_json::from_str::<Payload>(payload)
            .map_or_else(|_| "did something this version does not know".into(), |payload| payload.event.sentence());
        Self { sentence, reason: text("/values/reason"), ip: text("/ip"), browser: text("/user_agent") }
    }
}
