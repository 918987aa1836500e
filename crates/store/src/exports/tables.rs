//! The shop's records as tables, read by id, a stretch at a time. What is sealed is in none of them.

mod columns;

use crate::{ReadTx, Result, Scope};
use columns::Column;
use domain::{
    exports::{Cell, csv_line},
    money::Currency,
};
use sqlx::query;
use uuid::Uuid;

/// Rows read at once.
const STRETCH: i64 = 1000;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// Words, ids, times.
    Words,
    /// A whole number.
    Number,
    /// Minor units of the shop's currency.
    Amount,
    /// Thousandths.
    Quantity,
}

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Table {
    Clients,
    Contacts,
    Notes,
    Sites,
    Openings,
    Jobs,
    Authority,
    Visits,
    Lines,
    Invoices,
    InvoiceLines,
    Payments,
}

/// A stretch of a table.
#[derive(Default)]
pub struct Rows {
    /// The id of its last row; none at the end.
    pub last: Option<Uuid>,
    /// How many.
    pub count: u64,
    /// Its lines.
    pub text: String,
}

impl Table {
    /// All of them, in the order of the file.
    pub const ALL: [Self; 12] = [
        Self::Clients,
        Self::Contacts,
        Self::Notes,
        Self::Sites,
        Self::Openings,
        Self::Jobs,
        Self::Authority,
        Self::Visits,
        Self::Lines,
        Self::Invoices,
        Self::InvoiceLines,
        Self::Payments,
    ];

    /// What its file is called.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Clients => "clients.csv",
            Self::Contacts => "contacts.csv",
            Self::Notes => "notes.csv",
            Self::Sites => "sites.csv",
            Self::Openings => "openings.csv",
            Self::Jobs => "jobs.csv",
            Self::Authority => "authority-checks.csv",
            Self::Visits => "visits.csv",
            Self::Lines => "lines.csv",
            Self::Invoices => "invoices.csv",
            Self::InvoiceLines => "invoice-lines.csv",
            Self::Payments => "payments.csv",
        }
    }

    /// Its columns behind the id.
    const fn columns(self) -> &'static [Column] {
        match self {
            Self::Clients => columns::CLIENTS,
            Self::Contacts => columns::CONTACTS,
            Self::Notes => columns::NOTES,
            Self::Sites => columns::SITES,
            Self::Openings => columns::OPENINGS,
            Self::Jobs => columns::JOBS,
            Self::Authority => columns::AUTHORITY,
            Self::Visits => columns::VISITS,
            Self::Lines => columns::LINES,
            Self::Invoices => columns::INVOICES,
            Self::InvoiceLines => columns::INVOICE_LINES,
            Self::Payments => columns::PAYMENTS,
        }
    }

    /// The first line of its file.
    #[must_use]
    pub fn first(self) -> String {
        let heads = std::iter::once("Id").chain(self.columns().iter().map(|(name, _)| *name));
        csv_line(&heads.map(|head| Cell::Text(head.into())).collect::<Vec<_>>())
    }

    fn line(self, id: Uuid, cells: Vec<Option<String>>, currency: Currency) -> String {
        let cells = cells.into_iter().zip(self.columns()).map(|(cell, (_, holds))| {
            let Some(cell) = cell else { return Cell::Text(String::new()) };
            match (holds, cell.parse::<i64>()) {
                (Holds::Number, Ok(_)) => Cell::Number(cell),
                (Holds::Amount, Ok(minor)) => Cell::Number(decimal(minor, currency.minor_digits())),
                (Holds::Quantity, Ok(milli)) => Cell::Number(decimal(milli, 3)),
                _ => Cell::Text(cell),
            }
        });
        csv_line(&std::iter::once(Cell::Text(id.to_string())).chain(cells).collect::<Vec<_>>())
    }
}

/// A number with so many places behind a point, as every program reads it.
fn decimal(value: i64, places: u32) -> String {
    let (one, sign) = (10_u64.pow(places), if value < 0 { "-" } else { "" });
    let (whole, part) = (value.unsigned_abs() / one, value.unsigned_abs() % one);
    match places {
        0 => format!("{sign}{whole}"),
        places => format!("{sign}{whole}.{part:0width$}", width = places as usize),
    }
}

/// Rows of a table as ids and cells.
macro_rules! rows {
    ($tx:ident, $shop:ident, $after:ident, $sql:literal) => {
        query!($sql, $shop, $after, STRETCH)
            .fetch_all($tx.conn())
            .await?
            .into_iter()
            .map(|row| (row.id, row.cells))
            .collect::<Vec<_>>()
    };
}

/// The rows of a table behind that id.
///
/// # Errors
/// Only faults.
pub async fn stretch(tx: &mut ReadTx, table: Table, after: Uuid) -> Result<Rows> {
    let currency = tx.currency();
    let found = match table {
        Table::Clients | Table::Contacts | Table::Notes => people(tx, table, after).await?,
        Table::Sites | Table::Openings => places(tx, table, after).await?,
        Table::Jobs | Table::Authority | Table::Visits | Table::Lines => work(tx, table, after).await?,
        Table::Invoices | Table::InvoiceLines | Table::Payments => money(tx, table, after).await?,
    };
    let mut rows = Rows::default();
    for (id, cells) in found {
        rows.last = Some(id);
        rows.count += 1;
        rows.text += &table.line(id, cells, currency);
    }
    Ok(rows)
}

type Found = Vec<(Uuid, Vec<Option<String>>)>;

async fn people(tx: &mut ReadTx, table: Table, after: Uuid) -> Result<Found> {
    let shop = tx.shop().uuid();
    Ok(match table {
        Table::Contacts => rows!(
            tx,
            shop,
            after,
            r#"select t.id, array[t.client_id::text, c.name, t.name, t.title, t.phone, t.email,
                 concat_ws(', ', case when t.requester then 'ask' end, case when t.approver then 'approve' end, case when t.payer then 'pay' end,
                   case when t.site_contact then 'on site' end, case when t.signatory then 'sign' end),
                 t.valid_from::text, t.valid_until::text, t.limit_minor::text, app.iso(t.archived_at)] as "cells!: Vec<Option<String>>"
               from app.contacts t join app.clients c on c.shop_id = t.shop_id and c.id = t.client_id
               where t.shop_id = $1 and t.id > $2 order by t.id limit $3"#
        ),
        Table::Notes => rows!(
            tx,
            shop,
            after,
            r#"select n.id, array[n.client_id::text, c.name, n.body, m.name, app.iso(n.created_at)] as "cells!: Vec<Option<String>>"
               from app.client_notes n join app.clients c on c.shop_id = n.shop_id and c.id = n.client_id left join app.members() m on m.person_id = n.author_id
               where n.shop_id = $1 and n.id > $2 order by n.id limit $3"#
        ),
        _ => rows!(
            tx,
            shop,
            after,
            r#"select c.id, array[c.name, c.kind, c.billing_address, c.tags, c.alert, c.terms_days::text, case when c.tax_exempt then 'yes' else 'no' end,
                 (select string_agg(h.value, '; ' order by h.position) from app.client_channels h where h.shop_id = c.shop_id and h.client_id = c.id and h.kind = 'phone'),
                 (select string_agg(h.value, '; ' order by h.position) from app.client_channels h where h.shop_id = c.shop_id and h.client_id = c.id and h.kind = 'email'),
                 app.iso(c.created_at), app.iso(c.archived_at)] as "cells!: Vec<Option<String>>"
               from app.clients c where c.shop_id = $1 and c.id > $2 order by c.id limit $3"#
        ),
    })
}

async fn places(tx: &mut ReadTx, table: Table, after: Uuid) -> Result<Found> {
    let shop = tx.shop().uuid();
    Ok(match table {
        Table::Openings => rows!(
            tx,
            shop,
            after,
            r#"select o.id, array[o.site_id::text, coalesce(nullif(s.name, ''), s.address), o.number, o.location, o.hand, o.function, o.hardware,
                 app.iso(o.archived_at)] as "cells!: Vec<Option<String>>"
               from app.openings o join app.sites s on s.shop_id = o.shop_id and s.id = o.site_id
               where o.shop_id = $1 and o.id > $2 order by o.id limit $3"#
        ),
        _ => rows!(
            tx,
            shop,
            after,
            r#"select s.id, array[s.client_id::text, c.name, s.name, s.address, s.hours, s.hazards, app.iso(s.archived_at)] as "cells!: Vec<Option<String>>"
               from app.sites s join app.clients c on c.shop_id = s.shop_id and c.id = s.client_id
               where s.shop_id = $1 and s.id > $2 order by s.id limit $3"#
        ),
    })
}

async fn work(tx: &mut ReadTx, table: Table, after: Uuid) -> Result<Found> {
    let shop = tx.shop().uuid();
    Ok(match table {
        Table::Authority => rows!(
            tx,
            shop,
            after,
            r#"select a.id, array[j.number::text, a.person_name, a.relation, a.document, a.outcome, a.reason, m.name, app.iso(a.checked_at)] as "cells!: Vec<Option<String>>"
               from app.authority_checks a join app.jobs j on j.shop_id = a.shop_id and j.id = a.job_id left join app.members() m on m.person_id = a.checked_by
               where a.shop_id = $1 and a.id > $2 order by a.id limit $3"#
        ),
        Table::Visits => rows!(
            tx,
            shop,
            after,
            r#"select v.id, array[j.number::text, m.name, app.iso(v.starts_at), app.iso(v.ends_at), app.iso(v.en_route_at), app.iso(v.on_site_at),
                 app.iso(v.left_at), app.iso(v.cancelled_at)] as "cells!: Vec<Option<String>>"
               from app.visits v join app.jobs j on j.shop_id = v.shop_id and j.id = v.job_id left join app.members() m on m.person_id = v.technician_id
               where v.shop_id = $1 and v.id > $2 order by v.id limit $3"#
        ),
        Table::Lines => rows!(
            tx,
            shop,
            after,
            r#"select l.id, array[j.number::text, l.kind, l.description, l.quantity_milli::text, l.unit_minor::text, case when l.taxable then 'yes' else 'no' end] as "cells!: Vec<Option<String>>"
               from app.job_lines l join app.jobs j on j.shop_id = l.shop_id and j.id = l.job_id
               where l.shop_id = $1 and l.id > $2 order by l.id limit $3"#
        ),
        _ => rows!(
            tx,
            shop,
            after,
            r#"select j.id, array[j.number::text, j.client_id::text, c.name, j.site_id::text, coalesce(nullif(s.name, ''), s.address), t.name, j.status, j.requested,
                 j.performed, nullif(j.answers::text, '{}'), j.caller, j.caller_phone, j.po_number, j.ceiling_minor::text, case when j.urgent then 'yes' else 'no' end,
                 j.ended_reason, j.override_reason, m.name, app.iso(j.created_at), app.iso(j.completed_at)] as "cells!: Vec<Option<String>>"
               from app.jobs j join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id
               left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
               join app.job_templates t on t.shop_id = j.shop_id and t.id = j.template_id left join app.members() m on m.person_id = j.created_by
               where j.shop_id = $1 and j.id > $2 order by j.id limit $3"#
        ),
    })
}

async fn money(tx: &mut ReadTx, table: Table, after: Uuid) -> Result<Found> {
    let shop = tx.shop().uuid();
    Ok(match table {
        Table::InvoiceLines => rows!(
            tx,
            shop,
            after,
            r#"select l.invoice_id as "id!", array[i.number, l.kind, l.description, l.quantity_milli::text, l.unit_minor::text, case when l.taxable then 'yes' else 'no' end] as "cells!: Vec<Option<String>>"
               from (select * from app.invoice_lines x where x.shop_id = $1 and x.invoice_id > $2 order by x.invoice_id fetch first $3 rows with ties) l
               join app.invoices i on i.shop_id = l.shop_id and i.id = l.invoice_id order by l.invoice_id, l.position"#
        ),
        Table::Payments => rows!(
            tx,
            shop,
            after,
            r#"select p.id, array[i.number, p.client_id::text, c.name, p.amount_minor::text, p.method, p.reference, p.received_on::text, m.name, app.iso(p.recorded_at),
                 app.iso(r.reversed_at), r.reason] as "cells!: Vec<Option<String>>"
               from app.payments p join app.invoices i on i.shop_id = p.shop_id and i.id = p.invoice_id
               join app.clients c on c.shop_id = p.shop_id and c.id = p.client_id
               left join app.payment_reversals r on r.shop_id = p.shop_id and r.payment_id = p.id left join app.members() m on m.person_id = p.recorded_by
               where p.shop_id = $1 and p.id > $2 order by p.id limit $3"#
        ),
        _ => rows!(
            tx,
            shop,
            after,
            r#"select i.id, array[i.number, j.number::text, i.client_id::text, c.name, i.status, i.issued_on::text, i.due_on::text, i.terms_days::text, i.currency, i.bill_to,
                 i.note, i.subtotal_minor::text, i.tax_minor::text, i.total_minor::text, i.paid_minor::text, i.void_reason] as "cells!: Vec<Option<String>>"
               from app.invoices i join app.jobs j on j.shop_id = i.shop_id and j.id = i.job_id join app.clients c on c.shop_id = i.shop_id and c.id = i.client_id
               where i.shop_id = $1 and i.id > $2 order by i.id limit $3"#
        ),
    })
}
