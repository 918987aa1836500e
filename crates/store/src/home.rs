//! Home: the office's day in a fixed handful of statements, whatever the day holds.

use crate::{
    ReadTx, Result, Scope,
    jobs::stored,
    schedule::{Which, visits},
};
use domain::{
    Permission,
    home::{Home, OfficeHome, Unpaid, WaitingJob},
    money::Money,
};
use sqlx::query;

/// Rows of a panel.
const SHOWN: usize = 20;

/// The first page of whoever reads.
///
/// # Errors
/// Only faults.
pub async fn page(tx: &mut ReadTx) -> Result<Home> {
    let (power, me) = (tx.actor().power, tx.actor().person);
    if !power.allows(Permission::SeeOffice) {
        return Ok(Home::Day(visits(tx, Which::DayOf(me)).await?));
    }
    let counts = counts(tx).await?;
    let mut today = visits(tx, Which::Today).await?;
    let mut late = visits(tx, Which::Late).await?;
    let (visits_today, late_count) = (len(&today), len(&late));
    today.truncate(SHOWN);
    late.truncate(SHOWN);
    Ok(Home::Office(Box::new(OfficeHome {
        unassigned: waiting(tx, "new").await?,
        uninvoiced: waiting(tx, "completed").await?,
        today,
        late,
        visits_today,
        late_count,
        unassigned_count: counts.unassigned,
        uninvoiced_count: counts.uninvoiced,
        unpaid: if power.allows(Permission::SeeInvoices) { Some(unpaid(tx).await?) } else { None },
        currency: tx.currency(),
        may_take_calls: power.allows(Permission::CreateJobs),
        any_job: counts.any,
    })))
}

fn len<T>(rows: &[T]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}

struct Counts {
    unassigned: i64,
    uninvoiced: i64,
    any: bool,
}

async fn counts(tx: &mut ReadTx) -> Result<Counts> {
    let shop = tx.shop().uuid();
    Ok(sqlx::query_as!(
        Counts,
        r#"select (select count(*) from app.jobs where shop_id = $1 and status = 'new') as "unassigned!",
             (select count(*) from app.jobs where shop_id = $1 and status = 'completed') as "uninvoiced!",
             exists (select from app.jobs where shop_id = $1) as "any!""#,
        shop
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Jobs in a state in which they wait for the office, the urgent and the oldest first.
async fn waiting(tx: &mut ReadTx, status: &str) -> Result<Vec<WaitingJob>> {
    let (zone, shop) = (tx.zone(), tx.shop().uuid());
    let rows = query!(
        r#"select j.id, j.number, t.name as kind, j.status, c.name as client, j.urgent, j.override_reason <> '' as "lacking!",
             app.local_time(coalesce(j.completed_at, j.created_at), $2) as "since!"
           from app.jobs j
           join app.job_templates t on t.shop_id = j.shop_id and t.id = j.template_id
           join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id
           where j.shop_id = $1 and j.status = $3 order by j.urgent desc, j.number limit 20"#,
        shop, zone, status
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let note = if row.lacking { format!("{}, with something missing", row.since) } else { row.since };
            Ok(WaitingJob {
                id: row.id.into(),
                number: row.number,
                kind: row.kind,
                status: stored(&row.status)?,
                client: row.client,
                note,
                urgent: row.urgent,
            })
        })
        .collect()
}

async fn unpaid(tx: &mut ReadTx) -> Result<Unpaid> {
    let (zone, shop) = (tx.zone(), tx.shop().uuid());
    let row = query!(
        r#"select count(*) as "count!", coalesce(sum(total_minor - paid_minor), 0)::int8 as "left!", count(*) filter (where due_on < app.today($2)) as "overdue!"
           from app.invoices where shop_id = $1 and status in ('sent','part_paid')"#,
        shop, zone
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Unpaid { count: row.count, left: Money::from_minor(row.left), overdue: row.overdue })
}
