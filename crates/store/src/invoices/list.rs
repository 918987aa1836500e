//! The list of invoices, and what is owed over all of them.

use super::status;
use crate::{Result, Scope};
use domain::{
    fold::fold,
    ids::ClientId,
    invoices::{InvoiceFilter, InvoiceList, InvoiceQuery, InvoiceSort, InvoiceSummary, Outstanding, Standing},
    money::Money,
};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

/// Rows of one page.
const PAGE: usize = 50;

struct Row {
    id: Uuid,
    number: Option<String>,
    client_name: String,
    issued: String,
    due: String,
    total_minor: i64,
    paid_minor: i64,
    status: String,
    viewed: bool,
    late: bool,
}

/// A page of invoices. Filters and orders nobody knows come to "all" and "newest first".
///
/// # Errors
/// Only faults.
pub async fn list(tx: &mut impl Scope, asked: &InvoiceQuery) -> Result<InvoiceList> {
    let mut rows = match InvoiceSort::parse(&asked.sort) {
        Some(InvoiceSort::Due) => by_due(tx, asked).await?,
        _ => newest(tx, asked).await?,
    };
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let rows = rows.into_iter().map(summary).collect::<Result<_>>()?;
    Ok(InvoiceList { currency: tx.currency(), outstanding: outstanding(tx).await?, rows, more })
}

fn summary(row: Row) -> Result<InvoiceSummary> {
    let status = status(&row.status)?;
    let owed = if status.is_owed() { row.total_minor - row.paid_minor } else { 0 };
    Ok(InvoiceSummary {
        invoice: row.id.into(),
        number: row.number,
        client_name: row.client_name,
        issued: row.issued,
        due: row.due,
        total: Money::from_minor(row.total_minor),
        owed: Money::from_minor(owed),
        standing: Standing::of(status, row.viewed, row.late),
    })
}

/// The filter's stored text; what was typed, as numbers begin and as client names begin.
fn narrowed(asked: &InvoiceQuery) -> (&'static str, String, String) {
    let filter = InvoiceFilter::parse(&asked.status).unwrap_or(InvoiceFilter::All);
    let typed: String = asked.q.trim().chars().filter(|ch| *ch != '\0').take(200).collect();
    let name = fold(&typed);
    (filter.as_str(), typed.to_uppercase(), name)
}

/// Newest number first, drafts before all: the order of the index `invoices_newest`.
async fn newest(tx: &mut impl Scope, asked: &InvoiceQuery) -> Result<Vec<Row>> {
    let (shop, zone, (filter, number, name)) = (tx.shop().uuid(), tx.zone(), narrowed(asked));
    let after: Option<Uuid> = asked.after.parse().ok();
    let serial = match after {
        Some(id) => query_scalar!("select serial from app.invoices where shop_id = $1 and id = $2", shop, id)
            .fetch_optional(tx.conn())
            .await?
            .flatten(),
        None => None,
    };
    Ok(query_as!(
        Row,
        r#"select i.id, i.number, c.name as client_name, coalesce(app.local_date(i.issued_on), '') as "issued!", coalesce(app.local_date(i.due_on), '') as "due!",
             i.total_minor, i.paid_minor, i.status, coalesce(i.due_on < app.today($2) and i.total_minor > i.paid_minor, false) as "late!",
             exists (select from app.document_views v where v.shop_id = i.shop_id and v.subject_id = i.id) as "viewed!"
           from app.invoices i join app.clients c on c.shop_id = i.shop_id and c.id = i.client_id
           where i.shop_id = $1
             and ($3 = '' or i.status = $3
               or ($3 in ('unpaid', 'overdue') and i.status in ('sent', 'part_paid') and i.total_minor > i.paid_minor and ($3 = 'unpaid' or i.due_on < app.today($2))))
             and ($4 = '' or upper(i.number) ^@ $4 or i.serial::text ^@ $4 or c.folded ^@ $5)
             and ($6::uuid is null or ($7::bigint is null and (i.serial is not null or i.id < $6)) or i.serial < $7)
           order by i.serial desc nulls first, i.id desc limit 51"#,
        shop, zone, filter, number, name, after, serial
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Earliest due first; what is not due stands last.
async fn by_due(tx: &mut impl Scope, asked: &InvoiceQuery) -> Result<Vec<Row>> {
    let (shop, zone, (filter, number, name)) = (tx.shop().uuid(), tx.zone(), narrowed(asked));
    let after: Option<Uuid> = asked.after.parse().ok();
    let due = match after {
        Some(id) => query_scalar!(r#"select due_on::text from app.invoices where shop_id = $1 and id = $2"#, shop, id)
            .fetch_optional(tx.conn())
            .await?
            .flatten(),
        None => None,
    };
    Ok(query_as!(
        Row,
        r#"select i.id, i.number, c.name as client_name, coalesce(app.local_date(i.issued_on), '') as "issued!", coalesce(app.local_date(i.due_on), '') as "due!",
             i.total_minor, i.paid_minor, i.status, coalesce(i.due_on < app.today($2) and i.total_minor > i.paid_minor, false) as "late!",
             exists (select from app.document_views v where v.shop_id = i.shop_id and v.subject_id = i.id) as "viewed!"
           from app.invoices i join app.clients c on c.shop_id = i.shop_id and c.id = i.client_id
           where i.shop_id = $1
             and ($3 = '' or i.status = $3
               or ($3 in ('unpaid', 'overdue') and i.status in ('sent', 'part_paid') and i.total_minor > i.paid_minor and ($3 = 'unpaid' or i.due_on < app.today($2))))
             and ($4 = '' or upper(i.number) ^@ $4 or i.serial::text ^@ $4 or c.folded ^@ $5)
             and ($6::uuid is null or i.due_on > $7::text::date or (i.due_on is not distinct from $7::text::date and i.id > $6) or ($7 is not null and i.due_on is null))
           order by i.due_on nulls last, i.id limit 51"#,
        shop, zone, filter, number, name, after, due
    )
    .fetch_all(tx.conn())
    .await?)
}

async fn outstanding(tx: &mut impl Scope) -> Result<Outstanding> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let row = query!(
        r#"select coalesce(sum(total_minor - paid_minor), 0)::bigint as "owed!", count(*) as "unpaid!",
             coalesce(sum(total_minor - paid_minor) filter (where due_on < app.today($2)), 0)::bigint as "overdue!", count(*) filter (where due_on < app.today($2)) as "late!"
           from app.invoices where shop_id = $1 and status in ('sent', 'part_paid') and total_minor > paid_minor"#,
        shop, zone
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Outstanding {
        owed: Money::from_minor(row.owed),
        unpaid: row.unpaid,
        overdue: Money::from_minor(row.overdue),
        late: row.late,
    })
}

/// What a client owes on issued invoices.
///
/// # Errors
/// Only faults.
pub async fn open_balance(tx: &mut impl Scope, client: ClientId) -> Result<Money> {
    let shop = tx.shop().uuid();
    let minor = query_scalar!(
        r#"select coalesce(sum(total_minor - paid_minor), 0)::bigint as "owed!" from app.invoices where shop_id = $1 and client_id = $2 and status in ('sent', 'part_paid')"#,
        shop, client.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Money::from_minor(minor))
}
