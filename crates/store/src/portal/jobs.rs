//! The client's jobs and their work orders.

use super::{PAGE, invoices};
use crate::{Result, Scope, audit, invoices::unreadable, scope::PortalTx, signatures};
use domain::{
    Refusal,
    ids::JobId,
    jobs::JobStatus,
    portal::{PortalJob, PortalJobPage, PortalList, PortalSignPage, PortalSigned},
};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

/// A row as it is read.
struct Row {
    id: Uuid,
    number: i64,
    status: String,
    requested: String,
    site: String,
    taken: String,
    to_sign: bool,
}

impl Row {
    fn read(self) -> Result<PortalJob> {
        Ok(PortalJob {
            id: self.id.into(),
            number: self.number,
            status: JobStatus::parse(&self.status).ok_or_else(|| unreadable("job status"))?,
            requested: self.requested,
            site: self.site,
            taken: self.taken,
            to_sign: self.to_sign,
        })
    }
}

/// Some of the client's jobs: all before a number, or one. A work order waits for the client when the newest document of
/// a job that was not called off bears no signature of the client.
async fn read(
    tx: &mut PortalTx,
    before: Option<i64>,
    one: Option<JobId>,
    most: i64,
    waiting_first: bool,
) -> Result<Vec<PortalJob>> {
    let (shop, zone, client) = (tx.shop().uuid(), tx.zone(), tx.visitor().client.uuid());
    let rows = query_as!(
        Row,
        r#"select j.id, j.number, j.status, j.requested, coalesce(nullif(concat_ws(', ', nullif(s.name, ''), s.address), ''), '') as "site!",
             app.local_date(j.created_at, $3) as "taken!", w.waits as "to_sign!"
           from app.jobs j left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
           cross join lateral (select j.status not in ('cancelled', 'refused') and coalesce((
             select not exists (select g.id from app.signatures g where g.shop_id = d.shop_id and g.document_id = d.id and g.signer_role = 'client')
             from app.documents d where d.shop_id = j.shop_id and d.job_id = j.id and d.kind = 'work_order' order by d.version desc limit 1), false) as waits) w
           where j.shop_id = $1 and j.client_id = $2 and j.number < coalesce($4, 9223372036854775807) and ($5::uuid is null or j.id = $5)
           order by case when $7 then w.waits end desc nulls last, j.number desc limit $6"#,
        shop, client, zone, before, one.map(JobId::uuid), most, waiting_first
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// One page of all jobs, the newest first, before that number.
///
/// # Errors
/// Only faults.
pub async fn jobs(tx: &mut PortalTx, before: Option<i64>) -> Result<PortalList<PortalJob>> {
    let mut rows = read(tx, before, None, 51, false).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    Ok(PortalList { rows, more })
}

/// Those to sign, then the newest.
pub(super) async fn latest(tx: &mut PortalTx, most: i64) -> Result<Vec<PortalJob>> {
    read(tx, None, None, most, true).await
}

/// One job with its visits and invoices.
///
/// # Errors
/// Not found when it is not the client's.
pub async fn job(tx: &mut PortalTx, id: JobId) -> Result<PortalJobPage> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let job = read(tx, None, Some(id), 1, false).await?.pop().ok_or(Refusal::NotFound)?;
    let more = query!(
        r#"select performed, app.local_time(completed_at, $3) as completed, exists (select d.id from app.documents d where d.shop_id = j.shop_id and d.job_id = j.id) as "has_paper!"
           from app.jobs j where shop_id = $1 and id = $2"#,
        shop, id.uuid(), zone
    )
    .fetch_one(tx.conn())
    .await?;
    let visits = query_scalar!(
        r#"select app.local_time(starts_at, $3) || ' – ' || to_char(ends_at at time zone $3, 'HH24:MI') as "window!"
           from app.visits where shop_id = $1 and job_id = $2 and cancelled_at is null order by starts_at desc"#,
        shop,
        id.uuid(),
        zone
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(PortalJobPage {
        job,
        performed: more.performed,
        completed: more.completed,
        visits,
        has_paper: more.has_paper,
        signed: signed(tx, id).await?,
        invoices: invoices::of_job(tx, id).await?,
    })
}

/// The client's signature under the newest document of a job.
async fn signed(tx: &mut PortalTx, job: JobId) -> Result<Option<PortalSigned>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    Ok(query_as!(
        PortalSigned,
        r#"select s.id as "signature!: Uuid", s.signer_name as name, app.local_time(s.signed_at, $3) as "at!",
             exists (select from app.signature_evidence v where v.shop_id = s.shop_id and v.signature_id = s.id) as "provable!" from app.signatures s
           where s.shop_id = $1 and s.job_id = $2 and s.signer_role = 'client' and s.document_id =
             (select d.id from app.documents d where d.shop_id = $1 and d.job_id = $2 and d.kind = 'work_order' order by d.version desc limit 1)"#,
        shop, job.uuid(), zone
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// The newest work order of a job, and whether it is signed. Open the transaction by [`crate::Db::view`].
///
/// # Errors
/// Not found when it is not the client's or nothing was prepared.
pub async fn sign_page(tx: &mut PortalTx, job: JobId) -> Result<PortalSignPage> {
    let shop = tx.shop().uuid();
    let row = query!("select number, status from app.jobs where shop_id = $1 and id = $2", shop, job.uuid())
        .fetch_one(tx.conn())
        .await?;
    let paper = signatures::newest(tx, job).await?.ok_or(Refusal::NotFound)?;
    Ok(PortalSignPage {
        job,
        number: row.number,
        paper,
        contact: tx.visitor().contact_name.clone(),
        email: email(tx).await?,
        signed: signed(tx, job).await?,
        signable: !matches!(row.status.as_str(), "cancelled" | "refused"),
        stamp: audit::stamp(tx).await?,
    })
}

/// The address the shop has of the visitor; may be empty.
async fn email(tx: &mut PortalTx) -> Result<String> {
    let (shop, contact) = (tx.shop().uuid(), tx.visitor().contact.uuid());
    let email = query_scalar!("select email from app.contacts where shop_id = $1 and id = $2", shop, contact);
    Ok(email.fetch_one(tx.conn()).await?)
}
