//! What a client sees, and the link that lets him.

use crate::{
    audit::Stamp,
    ids::*,
    invoices::Standing,
    jobs::JobStatus,
    money::{Currency, Money},
    signatures::Paper,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A portal link, as the shop sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalLink {
    /// Which.
    pub id: Uuid,
    /// For whom.
    pub contact_name: String,
    /// Made, in the shop's zone.
    pub created: String,
    /// Last day, in the shop's zone.
    pub expires: String,
    /// Last used, in the shop's zone.
    pub last_used: Option<String>,
    /// Neither revoked nor expired.
    pub live: bool,
}

/// What stands around every page of the portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The shop's name.
    pub shop: String,
    /// The shop's telephone; may be empty.
    pub phone: String,
    /// Whose papers these are.
    pub client: String,
    /// For whom the link was made.
    pub contact: String,
}

/// What a page shows, with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visited<T> {
    /// The shop, and for whom.
    pub visit: Visit,
    /// The page.
    pub data: T,
}

/// An invoice in the client's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalInvoice {
    /// Which.
    pub id: InvoiceId,
    /// "INV-1042".
    pub number: String,
    /// Day of issue.
    pub issued: String,
    /// Day it is due.
    pub due: String,
    /// As people see it; never viewed, for it is the client who looks.
    pub standing: Standing,
    /// What it asks.
    pub total: Money,
    /// What is still owed.
    pub owed: Money,
    /// Currency of both.
    pub currency: Currency,
    /// Its place in the series, for the next page of the list.
    pub serial: i64,
}

/// A job in the client's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalJob {
    /// Which.
    pub id: JobId,
    /// Its number.
    pub number: i64,
    /// Where it stands.
    pub status: JobStatus,
    /// What was asked for.
    pub requested: String,
    /// Where; empty when the job has no site.
    pub site: String,
    /// The day the call was taken.
    pub taken: String,
    /// Whether a work order waits for the client's signature.
    pub to_sign: bool,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalList<T> {
    /// At most fifty.
    pub rows: Vec<T>,
    /// Whether older ones follow.
    pub more: bool,
}

/// The portal's first page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalHome {
    /// The latest jobs, those to sign first.
    pub jobs: Vec<PortalJob>,
    /// Invoices on which something is owed, the earliest due first.
    pub invoices: Vec<PortalInvoice>,
}

/// One job, for the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalJobPage {
    /// As in the list.
    pub job: PortalJob,
    /// What was done; may be empty.
    pub performed: String,
    /// When it was completed; none while it is open.
    pub completed: Option<String>,
    /// Windows agreed for visits, the latest first.
    pub visits: Vec<String>,
    /// Whether a work order was prepared.
    pub has_paper: bool,
    /// Who signed the newest work order for the client, and when.
    pub signed: Option<PortalSigned>,
    /// Invoices of this job.
    pub invoices: Vec<PortalInvoice>,
}

/// A signature, as the client sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalSigned {
    /// Which signature.
    pub signature: SignatureId,
    /// Whose, as written.
    pub name: String,
    /// When, in the shop's zone.
    pub at: String,
    /// Whether a proof of it can be taken along.
    pub provable: bool,
}

/// A site with its doors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalSite {
    /// Which.
    pub id: SiteId,
    /// Its name; may be empty.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Doors: number and where it is.
    pub openings: Vec<(String, String)>,
}

/// The page on which a client reads a work order, and signs it when that is still to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalSignPage {
    /// The job.
    pub job: JobId,
    /// Its number.
    pub number: i64,
    /// The newest document.
    pub paper: Paper,
    /// For whom the link was made: a suggestion for the signer's name.
    pub contact: String,
    /// Where the shop mails them a copy; empty when it has no address.
    pub email: String,
    /// Who signed it for the client, and when.
    pub signed: Option<PortalSigned>,
    /// False for a job that was called off: nothing is signed for it.
    pub signable: bool,
    /// The newest checkpoint of the shop's record.
    pub stamp: Option<Stamp>,
}

/// Somebody a link can be made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The contact.
    pub id: ContactId,
    /// Name.
    pub name: String,
    /// Address; may be empty.
    pub email: String,
}
