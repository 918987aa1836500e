//! The report of openings: who saw which secret or restricted photo, when and why, and who opened which paper, read from the
//! chain itself.

use crate::{ReadTx, Result, Scope};
use domain::{
    Event,
    reveal::{Opening, Openings, OpeningsFilter},
};
use serde::Deserialize;
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// Rows of one page.
const PAGE: i64 = 100;

#[derive(Deserialize)]
struct Payload {
    event: Event,
}

/// One page of the report, the newest first; two statements, a third when it is narrowed.
///
/// # Errors
/// Not found when it is narrowed to somebody who is not there.
pub async fn openings(tx: &mut ReadTx, filter: &OpeningsFilter) -> Result<Openings> {
    let (client, person): (Option<Uuid>, Option<Uuid>) = (filter.client.parse().ok(), filter.person.parse().ok());
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query!(
        r#"with page as materialized (select e.*, v.event, coalesce((v.event ->> 'client')::uuid, ph.client_id) as client_id, ph.caption as photo
             from audit.entries e
             cross join lateral (select convert_from(e.payload, 'UTF8')::jsonb -> 'event' as event) v
             left join app.attachments ph on ph.shop_id = e.shop_id and ph.id = e.entity
             where e.shop_id = $1 and e.action in (147, 148, 151, 176, 205, 217) and (e.action <> 176 or (v.event ->> 'restricted')::boolean) and e.seq < coalesce($3, 9223372036854775807)
               and ($4::uuid is null or coalesce((v.event ->> 'client')::uuid, ph.client_id) = $4) and ($5::uuid is null or e.actor = $5)
             order by e.seq desc limit $6)
           select e.seq as "seq!", app.local_time(to_timestamp(e.time_us / 1e6), $2) as "at!", coalesce(m.name, 'Somebody no longer here') as "who!", e.payload as "payload!",
             coalesce(b.label, k.label, nullif(e.photo, ''), nullif(s.name, ''), s.address, 'Invoice ' || i.number, 'Job ' || sj.number, '') as "of!", coalesce(c.name, '') as "client!", coalesce('Job ' || j.number, '') as "job!",
             coalesce(convert_from(p.facts, 'UTF8')::jsonb #>> '{values,reason}', '') as "reason!",
             exists (select from audit.subjects u join audit.entries n on n.shop_id = u.shop_id and n.seq = u.seq
               where u.shop_id = e.shop_id and u.subject = e.entity and u.seq > e.seq and n.action = 223 and convert_from(n.payload, 'UTF8')::jsonb #>> '{event,entry}' = e.seq::text) as "nothing!"
           from page e
           left join audit.facts_of((select array_agg(page.seq) from page)) p on p.seq = e.seq
           left join app.members() m on m.person_id = e.actor
           left join vault.bittings b on b.shop_id = e.shop_id and b.id = e.entity
           left join vault.site_codes k on k.shop_id = e.shop_id and k.id = e.entity
           left join app.sites s on s.shop_id = e.shop_id and s.id = e.entity
           left join app.invoices i on i.shop_id = e.shop_id and i.id = e.entity
           left join app.signatures g on g.shop_id = e.shop_id and g.id = e.entity
           left join app.jobs sj on sj.shop_id = g.shop_id and sj.id = g.job_id
           left join app.clients c on c.shop_id = e.shop_id and c.id = e.client_id
           left join app.jobs j on j.shop_id = e.shop_id and j.id = (e.event ->> 'job')::uuid
           order by e.seq desc"#,
        shop, zone, filter.before, client, person, PAGE
    )
    .fetch_all(tx.conn())
    .await?;
    let before = rows.last().filter(|_| rows.len() as i64 == PAGE).map(|row| row.seq);
    let rows = rows
        .into_iter()
        .map(|row| Opening {
            entry: row.seq,
            at: row.at,
            who: row.who,
            what: what(&row.payload, row.nothing),
            of: row.of,
            client: row.client,
            why: [row.job, row.reason].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": "),
        })
        .collect();
    Ok(Openings { rows, before, about: about(tx, client, person).await? })
}

/// What was done, and whether it was in vain.
fn what(payload: &[u8], nothing: bool) -> String {
    let sentence = serde_json::from_slice::<Payload>(payload).map(|p| p.event.sentence()).unwrap_or_default();
    if nothing { format!("{sentence}; nothing was shown") } else { sentence }
}

async fn about(tx: &mut ReadTx, client: Option<Uuid>, person: Option<Uuid>) -> Result<String> {
    if let Some(client) = client {
        return crate::clients::name(tx, client.into()).await;
    }
    let Some(person) = person else { return Ok(String::new()) };
    let name = query_scalar!(r#"select name as "name!" from app.members() where person_id = $1"#, person);
    Ok(name.fetch_one(tx.conn()).await?)
}
