//! The bytes a proof is about: a signed work order, an issued invoice. To be downloaded as they are.

use crate::{Db, Grant, ReadTx, Result, Scope, portal::Viewed, scope::Visitor};
use domain::{
    Event, Refusal,
    exports::PaperOf,
    ids::{InvoiceId, JobId, SignatureId},
};
use sqlx::{query, query_scalar};
use std::sync::Arc;
use uuid::Uuid;

/// Which kind of paper, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperKind {
    /// The work order under a signature.
    Signed(SignatureId),
    /// An invoice.
    Invoice(InvoiceId),
}

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What a file of it is called, without an ending.
    pub name: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

impl PaperKind {
    /// The signature or invoice.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Signed(id) => id.uuid(),
            Self::Invoice(id) => id.uuid(),
        }
    }
}

/// The paper, for the office or for the client's door: no column is read that the door is not granted.
///
/// # Errors
/// Not found: also for an invoice that was issued before papers were kept.
pub async fn paper(tx: &mut impl Scope, kind: PaperKind) -> Result<Paper> {
    let shop = tx.shop().uuid();
    match kind {
        PaperKind::Signed(id) => {
            let row = query!(
                "select j.number, d.version, d.body from app.signatures s join app.documents d on d.shop_id = s.shop_id and d.id = s.document_id
                 join app.jobs j on j.shop_id = d.shop_id and j.id = d.job_id where s.shop_id = $1 and s.id = $2",
                shop, id.uuid()
            )
            .fetch_one(tx.conn())
            .await?;
            Ok(Paper { name: format!("work-order-{}-v{}", row.number, row.version), body: row.body })
        }
        PaperKind::Invoice(id) => {
            let row = query!(
                r#"select i.number as "number!", p.body from app.invoices i join app.invoice_papers p on p.shop_id = i.shop_id and p.invoice_id = i.id where i.shop_id = $1 and i.id = $2"#,
                shop, id.uuid()
            )
            .fetch_one(tx.conn())
            .await?;
            Ok(Paper { name: format!("invoice-{}", row.number), body: row.body })
        }
    }
}

impl Db {
    /// Records that somebody of the shop opens a paper, in a transaction of its own, and only then gives the one to read it
    /// in: no record, no paper. `again` is a further piece of a file that is under way: it belongs to the opening before it.
    ///
    /// # Errors
    /// Not found.
    pub async fn open_paper(&self, grant: Grant, kind: PaperKind, again: bool) -> Result<ReadTx> {
        let reading = grant.again();
        let mut tx = self.write(grant).await?;
        let (shop, person, id) = (tx.shop().uuid(), tx.actor().person, kind.id());
        let (paper, client) = match kind {
            PaperKind::Signed(_) => {
                let row = query!("select client_id from app.signatures where shop_id = $1 and id = $2", shop, id);
                (PaperOf::WorkOrder, row.fetch_one(tx.conn()).await?.client_id)
            }
            PaperKind::Invoice(_) => {
                let row =
                    query!("select client_id from app.invoice_papers where shop_id = $1 and invoice_id = $2", shop, id);
                (PaperOf::Invoice, row.fetch_one(tx.conn()).await?.client_id)
            }
        };
        let under_way = again
            && query_scalar!(
                r#"select exists (select from audit.subjects u join audit.entries e on e.shop_id = u.shop_id and e.seq = u.seq
                     where u.shop_id = $1 and u.subject = $2 and e.action = 205 and e.actor = $3
                       and e.time_us > (extract(epoch from app.now() - interval '1 minute') * 1000000)::bigint) as "there!""#,
                shop,
                id,
                person.uuid()
            )
            .fetch_one(tx.conn())
            .await?;
        if !under_way {
            tx.commit(Event::PaperOpened { paper, subject: id, client: client.into(), person }).await?;
        }
        self.read(reading).await
    }

    /// The paper for the client; that it was taken is recorded first, as when it is looked at.
    ///
    /// # Errors
    /// Not found when it is not the client's.
    pub async fn paper_for_client(&self, visitor: Arc<Visitor>, kind: PaperKind) -> Result<Paper> {
        let viewed = match kind {
            PaperKind::Invoice(id) => Viewed::Invoice(id),
            PaperKind::Signed(id) => {
                let mut tx = self.visit(Arc::clone(&visitor)).await?;
                let (shop, id) = (tx.shop().uuid(), id.uuid());
                let job = query!("select job_id from app.signatures where shop_id = $1 and id = $2", shop, id);
                let job: JobId = job.fetch_optional(tx.conn()).await?.ok_or(Refusal::NotFound)?.job_id.into();
                Viewed::WorkOrder(job)
            }
        };
        let mut tx = self.view(visitor, viewed).await?;
        paper(&mut tx, kind).await
    }
}
