//! An invoice's page, but for its payments.

use super::{lines, sheet, status};
use crate::{ReadTx, Result, Scope, audit::timeline};
use domain::{
    Permission,
    ids::{ClientId, InvoiceId},
    invoices::{InvoicePage, InvoiceStatus, MailTo, Standing},
};
use sqlx::query;

/// The page of an invoice; `payments` is filled by [`crate::payments::of`].
///
/// # Errors
/// Not found.
pub async fn find(tx: &mut ReadTx, invoice: InvoiceId) -> Result<InvoicePage> {
    let sheet = sheet(tx, invoice).await?;
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let row = query!(
        r#"select i.status, i.version, i.job_id, i.client_id, i.void_reason, c.name, c.tax_exempt, app.today($3)::text as "today!",
             coalesce(i.due_on < app.today($3) and i.total_minor > i.paid_minor, false) as "late!",
             (select app.local_time(max(v.at), $3) from app.document_views v where v.shop_id = i.shop_id and v.subject_id = i.id) as viewed
           from app.invoices i join app.clients c on c.shop_id = i.shop_id and c.id = i.client_id
           where i.shop_id = $1 and i.id = $2"#,
        shop, invoice.uuid(), zone
    )
    .fetch_one(tx.conn())
    .await?;
    let status = status(&row.status)?;
    let client = row.client_id.into();
    let line_ids = if status == InvoiceStatus::Draft { lines::ids(tx, row.job_id.into()).await? } else { Vec::new() };
    let mail_to = mail_to(tx, client).await?;
    let power = tx.actor().power;
    let history = timeline::history(tx, power, invoice.uuid()).await?;
    let seen = timeline::seen(tx, &[invoice.uuid()]).await?;
    let may = |permission| tx.actor().power.allows(permission);
    Ok(InvoicePage {
        seen,
        invoice,
        client,
        client_name: row.name,
        tax_exempt: row.tax_exempt,
        job: row.job_id.into(),
        status,
        standing: Standing::of(status, row.viewed.is_some(), row.late),
        version: row.version,
        viewed: row.viewed,
        void_reason: row.void_reason,
        today: row.today,
        mail_to,
        line_ids,
        payments: Vec::new(),
        history,
        may_edit: may(Permission::EditInvoices),
        may_take_payments: may(Permission::TakePayments),
        sheet,
    })
}

/// Contacts of a client who can get mail, payers first.
async fn mail_to(tx: &mut impl Scope, client: ClientId) -> Result<Vec<MailTo>> {
    let shop = tx.shop().uuid();
    let rows = query!(
        "select id, name, email from app.contacts where shop_id = $1 and client_id = $2 and archived_at is null and email <> '' order by payer desc, name, id limit 50",
        shop, client.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| MailTo { contact: row.id.into(), name: row.name, email: row.email }).collect())
}
