//! The list of jobs, page by page.

use super::stored;
use crate::{Result, Scope, identity};
use domain::{
    fold::fold,
    jobs::{JobFilter, JobList, JobSort, JobSummary},
};
use uuid::Uuid;

/// Rows of a page.
const PAGE: usize = 50;

struct Row {
    id: Uuid,
    number: i64,
    kind: String,
    status: String,
    client: String,
    address: String,
    technician: String,
    starts: String,
    urgent: bool,
    cursor: i64,
}

/// One page of the jobs the filter asks for.
///
/// # Errors
/// Only faults: what cannot be read in an address asks for nothing.
pub async fn list(tx: &mut impl Scope, filter: &JobFilter) -> Result<JobList> {
    let mut rows = match filter.order() {
        JobSort::Newest => newest(tx, filter).await?,
        JobSort::Visit => by_visit(tx, filter).await?,
    };
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let after = rows.last().filter(|_| more).map(|last| format!("{}.{}", last.cursor, last.number));
    let rows = rows.into_iter().map(|row| {
        Ok(JobSummary {
            id: row.id.into(),
            number: row.number,
            kind: row.kind,
            status: stored(&row.status)?,
            client: row.client,
            address: row.address,
            technician: row.technician,
            starts: row.starts,
            urgent: row.urgent,
        })
    });
    Ok(JobList { rows: rows.collect::<Result<_>>()?, after, technicians: identity::technicians(tx).await? })
}

/// What the texts of an address come to: statuses, technician, folded name, number, cursor.
struct Asked {
    statuses: Vec<String>,
    technician: Option<Uuid>,
    name: String,
    number: i64,
    after: Option<(i64, i64)>,
}

impl Asked {
    /// The number below which the page begins.
    fn before(&self) -> i64 {
        self.after.map_or(i64::MAX, |(_, number)| number)
    }
}

fn asked(filter: &JobFilter) -> Asked {
    let q: String = filter.q.chars().filter(|c| *c != '\0').take(200).collect();
    let number = q.trim().trim_start_matches(['#', 'J', 'j']).trim_start_matches('-').parse().unwrap_or(-1);
    Asked {
        statuses: filter.statuses().into_iter().map(str::to_owned).collect(),
        technician: filter.technician.parse().ok(),
        name: fold(&q),
        number,
        after: filter
            .after
            .split_once('.')
            .and_then(|(cursor, number)| Some((cursor.parse().ok()?, number.parse().ok()?))),
    }
}

async fn newest(tx: &mut impl Scope, filter: &JobFilter) -> Result<Vec<Row>> {
    let ask = asked(filter);
    let picked = match ask.technician.is_none() && ask.name.is_empty() {
        true => all(tx, &ask).await?,
        false => chosen(tx, &ask).await?,
    };
    let (zone, shop) = (tx.zone(), tx.shop().uuid());
    Ok(sqlx::query_as!(
        Row,
        r#"select j.id, j.number, t.name as kind, j.status, c.name as client, coalesce(s.address, '') as "address!", coalesce(m.name, '') as "technician!",
             coalesce(app.local_time(v.starts_at, $2), '') as "starts!", j.urgent, j.number as "cursor!"
           from app.jobs j
           join app.job_templates t on t.shop_id = j.shop_id and t.id = j.template_id
           join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id
           left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
           left join lateral (select v.starts_at, v.technician_id from app.visits v where v.shop_id = j.shop_id and v.job_id = j.id and v.cancelled_at is null
             order by v.id desc limit 1) v on true
           left join app.members() m on m.person_id = v.technician_id
           where j.shop_id = $1 and j.id = any($3)
           order by j.number desc"#,
        shop, zone, &picked
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The next jobs, whoever's: the list as it is opened. A statement of its own, because one that also knows the filters is
/// planned anew each time, which takes as long as running it.
async fn all(tx: &mut impl Scope, ask: &Asked) -> Result<Vec<Uuid>> {
    let shop = tx.shop().uuid();
    Ok(sqlx::query_scalar!(
        "select j.id from app.jobs j where j.shop_id = $1 and j.status = any($2) and j.number < $3 order by j.number desc limit 51",
        shop,
        &ask.statuses,
        ask.before()
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The next jobs of a technician, or of clients whose names begin so, or the one of that number.
async fn chosen(tx: &mut impl Scope, ask: &Asked) -> Result<Vec<Uuid>> {
    let shop = tx.shop().uuid();
    Ok(sqlx::query_scalar!(
        "select j.id from app.jobs j where j.shop_id = $1 and j.status = any($2) and j.number < $3
           and ($4::uuid is null or exists (select from app.visits v where v.shop_id = j.shop_id and v.job_id = j.id and v.technician_id = $4 and v.cancelled_at is null))
           and ($5 = '' or j.number = $6 or j.client_id in (select c.id from app.clients c where c.shop_id = $1 and c.folded ^@ $5))
         order by j.number desc limit 51",
        shop, &ask.statuses, ask.before(), ask.technician, ask.name, ask.number
    )
    .fetch_all(tx.conn())
    .await?)
}

async fn by_visit(tx: &mut impl Scope, filter: &JobFilter) -> Result<Vec<Row>> {
    let (zone, shop, ask) = (tx.zone(), tx.shop().uuid(), asked(filter));
    let (time, number) = ask.after.unwrap_or((0, -1));
    Ok(sqlx::query_as!(
        Row,
        r#"select j.id, j.number, t.name as kind, j.status, c.name as client, coalesce(s.address, '') as "address!", coalesce(m.name, '') as "technician!",
             app.local_time(v.starts_at, $2) as "starts!", j.urgent, (extract(epoch from v.starts_at) * 1000000)::int8 as "cursor!"
           from app.visits v
           join app.jobs j on j.shop_id = v.shop_id and j.id = v.job_id
           join app.job_templates t on t.shop_id = j.shop_id and t.id = j.template_id
           join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id
           left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
           left join app.members() m on m.person_id = v.technician_id
           where v.shop_id = $1 and v.cancelled_at is null and j.status = any($3)
             and v.starts_at >= to_timestamp($4::int8 / 1e6) and (v.starts_at, j.number) > (to_timestamp($4::int8 / 1e6), $8)
             and ($5::uuid is null or v.technician_id = $5)
             and ($6 = '' or j.number = $7 or c.folded ^@ $6)
           order by v.starts_at, j.number limit 51"#,
        shop, zone, &ask.statuses, time, ask.technician, ask.name, ask.number, number
    )
    .fetch_all(tx.conn())
    .await?)
}
