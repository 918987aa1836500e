//! The client's invoices. Drafts do not exist here: the policy sees to it.

use super::PAGE;
use crate::{
    Result, Scope,
    invoices::{status, unreadable},
    scope::PortalTx,
};
use domain::{
    invoices::Standing,
    money::{Currency, Money},
    portal::{PortalInvoice, PortalList},
};
use sqlx::query_as;
use uuid::Uuid;

/// A row as it is read.
struct Row {
    id: Uuid,
    number: String,
    serial: i64,
    status: String,
    issued: String,
    due: String,
    overdue: bool,
    total_minor: i64,
    paid_minor: i64,
    currency: String,
}

impl Row {
    fn read(self) -> Result<PortalInvoice> {
        let standing = Standing::of(status(&self.status)?, false, self.overdue);
        let owed = if standing == Standing::Void { 0 } else { self.total_minor - self.paid_minor };
        Ok(PortalInvoice {
            id: self.id.into(),
            number: self.number,
            issued: self.issued,
            due: self.due,
            standing,
            total: Money::from_minor(self.total_minor),
            owed: Money::from_minor(owed),
            currency: Currency::parse(&self.currency).ok_or_else(|| unreadable("currency"))?,
            serial: self.serial,
        })
    }
}

/// One page of all invoices, the newest first, before that place in the series.
///
/// # Errors
/// Only faults.
pub async fn invoices(tx: &mut PortalTx, before: Option<i64>) -> Result<PortalList<PortalInvoice>> {
    let (shop, zone, client) = (tx.shop().uuid(), tx.zone(), tx.visitor().client.uuid());
    let rows = query_as!(
        Row,
        r#"select id, number as "number!", serial as "serial!", status, app.local_date(issued_on) as "issued!", app.local_date(due_on) as "due!",
             due_on < app.today($3) as "overdue!", total_minor, paid_minor, currency
           from app.invoices where shop_id = $1 and client_id = $2 and serial is not null and serial < coalesce($4, 9223372036854775807)
           order by serial desc limit 51"#,
        shop, client, zone, before
    )
    .fetch_all(tx.conn())
    .await?;
    let more = rows.len() > PAGE;
    Ok(PortalList { rows: rows.into_iter().take(PAGE).map(Row::read).collect::<Result<_>>()?, more })
}

/// Those on which something is owed, the earliest due first.
pub(super) async fn owed(tx: &mut PortalTx) -> Result<Vec<PortalInvoice>> {
    let (shop, zone, client) = (tx.shop().uuid(), tx.zone(), tx.visitor().client.uuid());
    let rows = query_as!(
        Row,
        r#"select id, number as "number!", serial as "serial!", status, app.local_date(issued_on) as "issued!", app.local_date(due_on) as "due!",
             due_on < app.today($3) as "overdue!", total_minor, paid_minor, currency
           from app.invoices where shop_id = $1 and client_id = $2 and status in ('sent', 'part_paid') order by due_on, serial limit 50"#,
        shop, client, zone
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Those of one job.
pub(super) async fn of_job(tx: &mut PortalTx, job: domain::ids::JobId) -> Result<Vec<PortalInvoice>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query_as!(
        Row,
        r#"select id, number as "number!", serial as "serial!", status, app.local_date(issued_on) as "issued!", app.local_date(due_on) as "due!",
             due_on < app.today($3) as "overdue!", total_minor, paid_minor, currency
           from app.invoices where shop_id = $1 and job_id = $2 and serial is not null order by serial desc"#,
        shop, job.uuid(), zone
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}
