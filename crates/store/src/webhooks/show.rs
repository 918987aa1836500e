//! Receivers as their pages show them.

use crate::{ReadTx, Result, Scope};
use domain::{
    Refusal,
    ids::ReceiverId,
    webhooks::{DeadRow, Group, ReceiverPage, ReceiverRow, Standing, TryRow, range_words},
};
use sqlx::{query, query_as};
use uuid::Uuid;

struct Stored {
    id: Uuid,
    name: String,
    url: String,
    groups: Vec<String>,
    state: String,
    cursor: i64,
    newest: i64,
    dead: i64,
    failing: bool,
    made: String,
    old_until: Option<String>,
    next_try: Option<String>,
}

impl Stored {
    fn row(&self) -> ReceiverRow {
        let groups: Vec<_> = self.groups.iter().filter_map(|group| Group::parse(group)).map(Group::words).collect();
        ReceiverRow {
            id: self.id,
            name: self.name.clone(),
            url: self.url.clone(),
            groups: groups.join("; "),
            standing: Standing::parse(&self.state).unwrap_or(Standing::Paused),
            behind: self.newest - self.cursor,
            dead: self.dead,
            failing: self.failing,
        }
    }
}

/// What an attempt came to, in words.
fn outcome(status: Option<i32>, problem: &str) -> String {
    match status {
        Some(status @ 200..300) => format!("Accepted ({status})"),
        Some(status @ 300..400) => format!("Sent on elsewhere ({status}), which is not followed"),
        Some(410) => "Gone (410)".into(),
        Some(status) => format!("Refused ({status})"),
        None => problem.to_owned(),
    }
}

async fn stored(tx: &mut ReadTx, one: Option<ReceiverId>) -> Result<Vec<Stored>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    Ok(query_as!(
        Stored,
        r#"select r.id, r.name, r.url, r.groups, r.state, r.cursor, h.seq as newest, app.local_time(r.created_at, $2) as "made!",
             case when r.before_until > app.now() then app.local_time(r.before_until, $2) end as old_until,
             (select count(*) from worker.deliveries d where d.shop_id = r.shop_id and d.receiver_id = r.id and d.kind = 'again') as "dead!",
             coalesce(s.tries > 0 and s.tried_at is not null, false) as "failing!",
             case when s.tried_at is not null then app.local_time(s.due_at, $2) end as next_try
           from worker.receivers r join audit.heads h on h.shop_id = r.shop_id
           left join worker.deliveries s on s.shop_id = r.shop_id and s.receiver_id = r.id and s.kind = 'stream'
           where r.shop_id = $1 and ($3::uuid is null or r.id = $3) order by r.created_at, r.id"#,
        shop,
        zone,
        one.map(ReceiverId::uuid)
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The shop's receivers, the oldest first.
///
/// # Errors
/// Only faults.
pub async fn list(tx: &mut ReadTx) -> Result<Vec<ReceiverRow>> {
    Ok(stored(tx, None).await?.iter().map(Stored::row).collect())
}

/// One receiver, what was given up for it, and what was tried lately.
///
/// # Errors
/// Not found.
pub async fn page(tx: &mut ReadTx, id: ReceiverId) -> Result<ReceiverPage> {
    let stored = stored(tx, Some(id)).await?.pop().ok_or(Refusal::NotFound)?;
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let dead = query!(
        r#"select id, first, last, status, problem, state = 'dead' as "dead!", app.local_time(tried_at, $3) as at
           from worker.deliveries where shop_id = $1 and receiver_id = $2 and kind = 'again' order by first limit 200"#,
        shop,
        id.uuid(),
        zone
    )
    .fetch_all(tx.conn())
    .await?;
    let tries = query!(
        r#"select app.local_time(at, $3) as "at!", first, last, status, problem, millis
           from worker.attempts where shop_id = $1 and receiver_id = $2 order by n desc limit 50"#,
        shop,
        id.uuid(),
        zone
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(ReceiverPage {
        row: stored.row(),
        cursor: stored.cursor,
        newest: stored.newest,
        made: stored.made,
        old_secret_until: stored.old_until,
        next_try: stored.next_try,
        dead: dead
            .into_iter()
            .map(|row| DeadRow {
                id: row.id,
                range: (row.first, row.last),
                outcome: outcome(row.status, &row.problem),
                at: row.at.unwrap_or_default(),
                again: !row.dead,
            })
            .collect(),
        tries: tries
            .into_iter()
            .map(|row| TryRow {
                at: row.at,
                what: range_words(row.first, row.last),
                outcome: outcome(row.status, &row.problem),
                accepted: row.status.is_some_and(|status| (200..300).contains(&status)),
                millis: row.millis,
            })
            .collect(),
    })
}
