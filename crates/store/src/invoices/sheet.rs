//! The sheet of an invoice. An issued one is read from what was stored when it was issued, never worked out again; a
//! draft is worked out from the job's lines each time.

use super::{status, too_large, unreadable};
use crate::{Result, Scope, audit};
use domain::{
    ids::{InvoiceId, JobId},
    invoices::{InvoiceSheet, InvoiceStatus, Letterhead, SheetLine, Totals, licence_text, worked_out},
    lines::LineKind,
    money::{Currency, Money, Percent, Quantity},
    tax::{Tax, TaxRate},
};
use sqlx::query;

/// An invoice's sheet, for the office and, once it is issued, for the client's door: no column is read there that the
/// door is not granted.
///
/// # Errors
/// Not found.
pub async fn sheet(tx: &mut impl Scope, invoice: InvoiceId) -> Result<InvoiceSheet> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select i.status, i.number, i.terms_days, i.currency, i.bill_to, i.licence_text, i.note, i.job_id, i.client_id,
             i.subtotal_minor, i.total_minor, i.paid_minor, coalesce(app.local_date(i.issued_on), '') as "issued!", coalesce(app.local_date(i.due_on), '') as "due!",
             j.number as job_number, coalesce(s.address, '') as "place!", sh.name as shop_name, sh.address as shop_address, sh.phone, sh.email, sh.licence_number
           from app.invoices i
           join app.shops sh on sh.shop_id = i.shop_id
           join app.jobs j on j.shop_id = i.shop_id and j.id = i.job_id
           left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
           where i.shop_id = $1 and i.id = $2"#,
        shop, invoice.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let status = status(&row.status)?;
    let mut sheet = InvoiceSheet {
        shop: Letterhead { name: row.shop_name, address: row.shop_address, phone: row.phone, email: row.email },
        currency: Currency::parse(&row.currency).ok_or_else(|| unreadable("currency"))?,
        issued: row.issued,
        due: row.due,
        terms_days: row.terms_days,
        void: status == InvoiceStatus::Void,
        bill_to: row.bill_to,
        job_number: row.job_number,
        place: row.place,
        lines: Vec::new(),
        subtotal: Money::from_minor(row.subtotal_minor),
        taxes: Vec::new(),
        total: Money::from_minor(row.total_minor),
        paid: Money::from_minor(row.paid_minor),
        note: row.note,
        licence_text: row.licence_text,
        number: row.number,
        stamp: None,
    };
    if sheet.number.is_some() {
        sheet.stamp = audit::stamp(tx).await?;
        sheet.lines = stored_lines(tx, invoice).await?;
        sheet.taxes = stored_taxes(tx, invoice).await?;
    } else {
        sheet.licence_text = licence_text(&row.licence_number);
        let (lines, totals) = live(tx, row.job_id.into()).await?;
        fill(&mut sheet, lines, totals);
    }
    Ok(sheet)
}

/// Puts lines that were just worked out on a sheet.
pub(super) fn fill(sheet: &mut InvoiceSheet, lines: Vec<SheetLine>, totals: Totals) {
    (sheet.lines, sheet.subtotal, sheet.taxes, sheet.total) = (lines, totals.subtotal, totals.taxes, totals.total);
}

/// A job's lines with the shop's taxes of today.
pub(super) async fn live(tx: &mut impl Scope, job: JobId) -> Result<(Vec<SheetLine>, Totals)> {
    let shop = tx.shop().uuid();
    let rows = query!(
        r#"select l.kind, l.description, l.quantity_milli, l.unit_minor, l.taxable, c.tax_exempt
           from app.job_lines l join app.clients c on c.shop_id = l.shop_id and c.id = l.client_id
           where l.shop_id = $1 and l.job_id = $2 order by l.id"#,
        shop,
        job.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    let exempt = rows.iter().any(|row| row.tax_exempt);
    let lines = rows
        .into_iter()
        .map(|row| line(&row.kind, row.description, row.quantity_milli, row.unit_minor, row.taxable))
        .collect::<Result<Vec<_>>>()?;
    let rates = rates(tx).await?;
    let totals = worked_out(&lines, &rates, exempt).map_err(too_large)?;
    Ok((lines, totals))
}

fn line(kind: &str, description: String, milli: i64, unit_minor: i64, taxable: bool) -> Result<SheetLine> {
    let (quantity, unit) = (Quantity::from_thousandths(milli), Money::from_minor(unit_minor));
    Ok(SheetLine {
        kind: LineKind::parse(kind).ok_or_else(|| unreadable("line kind"))?,
        description,
        quantity,
        unit,
        amount: unit.times(quantity).map_err(too_large)?,
        taxable,
    })
}

async fn rates(tx: &mut impl Scope) -> Result<Vec<TaxRate>> {
    let shop = tx.shop().uuid();
    let rows = query!("select name, rate_micro, compound, kinds from app.tax_rates where shop_id = $1 and archived_at is null order by position, id", shop)
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TaxRate {
                name: row.name,
                rate: Percent::from_millionths(row.rate_micro).map_err(|_| unreadable("tax rate"))?,
                compound: row.compound,
                kinds: row.kinds.iter().filter_map(|kind| LineKind::parse(kind)).collect(),
            })
        })
        .collect()
}

async fn stored_lines(tx: &mut impl Scope, invoice: InvoiceId) -> Result<Vec<SheetLine>> {
    let shop = tx.shop().uuid();
    let rows = query!(
        "select kind, description, quantity_milli, unit_minor, amount_minor, taxable from app.invoice_lines where shop_id = $1 and invoice_id = $2 order by position",
        shop, invoice.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let amount = Money::from_minor(row.amount_minor);
            Ok(SheetLine {
                amount,
                ..line(&row.kind, row.description, row.quantity_milli, row.unit_minor, row.taxable)?
            })
        })
        .collect()
}

async fn stored_taxes(tx: &mut impl Scope, invoice: InvoiceId) -> Result<Vec<Tax>> {
    let shop = tx.shop().uuid();
    let rows = query!(
        "select name, rate_micro, compound, base_minor, amount_minor from app.invoice_taxes where shop_id = $1 and invoice_id = $2 order by position",
        shop, invoice.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Tax {
                name: row.name,
                rate: Percent::from_millionths(row.rate_micro).map_err(|_| unreadable("tax rate"))?,
                compound: row.compound,
                base: Money::from_minor(row.base_minor),
                amount: Money::from_minor(row.amount_minor),
            })
        })
        .collect()
}
