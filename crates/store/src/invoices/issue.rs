//! Issuing: number, dates, licence, lines and totals are fixed, once.

use super::{
    About,
    draft::next_serial,
    sheet::{live, sheet},
    status,
};
use crate::{Result, Scope, WriteTx};
use domain::{
    Event, Refusal,
    calendar::Date,
    ids::InvoiceId,
    invoices::{SheetLine, licence_text},
    money::Money,
    tax::Tax,
};
use proof::{hex, sha256};
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// What issuing came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Invoice, job and client.
    pub about: About,
    /// The number it was given.
    pub number: String,
    /// What it asks.
    pub total: Money,
    paper_sha256: String,
}

impl Issued {
    /// The event to commit.
    #[must_use]
    pub fn event(&self) -> Event {
        let About { invoice, job, client } = self.about;
        let (number, paper) = (self.number.clone(), Some(self.paper_sha256.clone()));
        Event::InvoiceSent { invoice, job, client, number, total_minor: self.total.minor(), paper_sha256: paper }
    }
}

/// Issues a draft: what `version` and `shown` (the total on the page) say must still hold.
///
/// # Errors
/// Not found; a conflict when it was issued or changed meanwhile, when the job's lines add up to something else than
/// was shown, to less than zero, or when there are none.
pub async fn issue(tx: &mut WriteTx, invoice: InvoiceId, version: i32, shown: Money) -> Result<Issued> {
    dated(tx, invoice, version, shown, None).await
}

/// Like [`issue`], dated `on`: what was delivered on paper keeps the day that stands on it.
///
/// # Errors
/// As for [`issue`]; words beside the field `issued_on` for a day still to come.
pub async fn issue_on(tx: &mut WriteTx, invoice: InvoiceId, version: i32, shown: Money, on: Date) -> Result<Issued> {
    let (day, zone) = (on.to_string(), tx.zone());
    let to_come =
        query_scalar!(r#"select $1::text::date > app.today($2) as "to_come!""#, day, zone).fetch_one(tx.conn()).await?;
    if to_come {
        return Err(
            Refusal::field("issued_on", "This day is still to come. An invoice is dated today or earlier.").into()
        );
    }
    dated(tx, invoice, version, shown, Some(day)).await
}

/// Issues with the day of today, or an earlier one.
async fn dated(tx: &mut WriteTx, invoice: InvoiceId, version: i32, shown: Money, on: Option<String>) -> Result<Issued> {
    let shop = tx.shop().uuid();
    let row = query!(
        "select status, version, job_id, client_id from app.invoices where shop_id = $1 and id = $2 for update",
        shop,
        invoice.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let (lines, totals) = live(tx, row.job_id.into()).await?;
    let next = status(&row.status)?.issue(totals.total).map_err(Refusal::from)?;
    if row.version != version {
        return Err(Refusal::stale("draft").into());
    }
    if lines.is_empty() {
        return Err(Refusal::Conflict("There is nothing on this invoice. Add a line first.".into()).into());
    }
    if totals.total != shown {
        let now = totals.total.format(tx.currency());
        return Err(Refusal::Conflict(format!("The job's lines or the tax rates changed while you had this open: it now comes to {now}. Look at it again, then issue it.")).into());
    }
    let serial = next_serial(tx).await?;
    let letter = query!("select invoice_prefix, licence_number from app.shops where shop_id = $1", shop)
        .fetch_one(tx.conn())
        .await?;
    let number = format!("{}{serial}", letter.invoice_prefix);
    let zone = tx.zone();
    query!(
        "update app.invoices set status = $3, serial = $4, number = $5, issued_on = coalesce($11::text::date, app.today($6)), due_on = coalesce($11::text::date, app.today($6)) + terms_days, licence_text = $7,
           subtotal_minor = $8, tax_minor = $9, total_minor = $10, version = version + 1 where shop_id = $1 and id = $2",
        shop, invoice.uuid(), next.as_str(), serial, number, zone, licence_text(&letter.licence_number),
        totals.subtotal.minor(), totals.tax.minor(), totals.total.minor(), on
    )
    .execute(tx.conn())
    .await?;
    keep_lines(tx, invoice, row.client_id, &lines).await?;
    keep_taxes(tx, invoice, row.client_id, &totals.taxes).await?;
    let paper_sha256 = keep_paper(tx, invoice, row.client_id).await?;
    Ok(Issued {
        paper_sha256,
        about: About { invoice, job: row.job_id.into(), client: row.client_id.into() },
        number,
        total: totals.total,
    })
}

/// Keeps the bytes of the invoice as it was issued; gives their SHA-256.
async fn keep_paper(tx: &mut WriteTx, invoice: InvoiceId, client: Uuid) -> Result<String> {
    let shop = tx.shop().uuid();
    let body = sheet(tx, invoice).await?.to_html().into_bytes();
    query!(
        "insert into app.invoice_papers (shop_id, invoice_id, client_id, body, sha256) values ($1, $2, $3, $4, sha256($4))",
        shop,
        invoice.uuid(),
        client,
        body
    )
    .execute(tx.conn())
    .await?;
    Ok(hex(&sha256(&[&body])))
}

async fn keep_lines(tx: &mut WriteTx, invoice: InvoiceId, client: Uuid, lines: &[SheetLine]) -> Result<()> {
    let shop = tx.shop().uuid();
    let kinds: Vec<String> = lines.iter().map(|line| line.kind.as_str().to_owned()).collect();
    let words: Vec<String> = lines.iter().map(|line| line.description.clone()).collect();
    let quantities: Vec<i64> = lines.iter().map(|line| line.quantity.thousandths()).collect();
    let units: Vec<i64> = lines.iter().map(|line| line.unit.minor()).collect();
    let amounts: Vec<i64> = lines.iter().map(|line| line.amount.minor()).collect();
    let taxable: Vec<bool> = lines.iter().map(|line| line.taxable).collect();
    query!(
        "insert into app.invoice_lines (shop_id, invoice_id, client_id, position, kind, description, quantity_milli, unit_minor, amount_minor, taxable)
         select $1, $2, $3, l.at, l.kind, l.description, l.quantity, l.unit, l.amount, l.taxable
         from unnest($4::text[], $5::text[], $6::int8[], $7::int8[], $8::int8[], $9::bool[]) with ordinality as l(kind, description, quantity, unit, amount, taxable, at)",
        shop, invoice.uuid(), client, &kinds, &words, &quantities, &units, &amounts, &taxable
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn keep_taxes(tx: &mut WriteTx, invoice: InvoiceId, client: Uuid, taxes: &[Tax]) -> Result<()> {
    let shop = tx.shop().uuid();
    let names: Vec<String> = taxes.iter().map(|tax| tax.name.clone()).collect();
    let rates: Vec<i64> = taxes.iter().map(|tax| tax.rate.millionths()).collect();
    let compound: Vec<bool> = taxes.iter().map(|tax| tax.compound).collect();
    let bases: Vec<i64> = taxes.iter().map(|tax| tax.base.minor()).collect();
    let amounts: Vec<i64> = taxes.iter().map(|tax| tax.amount.minor()).collect();
    query!(
        "insert into app.invoice_taxes (shop_id, invoice_id, client_id, position, name, rate_micro, compound, base_minor, amount_minor)
         select $1, $2, $3, t.at, t.name, t.rate, t.compound, t.base, t.amount
         from unnest($4::text[], $5::int8[], $6::bool[], $7::int8[], $8::int8[]) with ordinality as t(name, rate, compound, base, amount, at)",
        shop, invoice.uuid(), client, &names, &rates, &compound, &bases, &amounts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
