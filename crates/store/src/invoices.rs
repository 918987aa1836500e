//! Invoices: drafted from a completed job, issued once, then unchangeable.
//!
//! Locks are always taken in this order: job, invoice, number series, audit head. So no two acts wait for each other.

mod draft;
mod find;
mod issue;
mod lines;
mod list;
mod post;
mod sheet;
mod void;

pub use draft::{change, draft, proposal};
pub use find::find;
pub use issue::{Issued, issue, issue_on};
pub use lines::{add_line, remove_line};
pub use list::{list, open_balance};
pub use post::mail_to;
pub use sheet::sheet;
pub use void::void;

use crate::Error;
use domain::{
    Refusal,
    ids::{ClientId, InvoiceId, JobId},
    invoices::InvoiceStatus,
    money::MoneyError,
};

/// What an act on an invoice was about, for its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The job it charges for.
    pub job: JobId,
    /// Who is billed.
    pub client: ClientId,
}

/// A stored text that no version of ours wrote.
pub(crate) fn unreadable(what: &str) -> Error {
    Error::Vault(format!("a stored {what} cannot be read"))
}

pub(crate) fn status(text: &str) -> Result<InvoiceStatus, Error> {
    InvoiceStatus::parse(text).ok_or_else(|| unreadable("invoice status"))
}

/// Sums that no 64 bits hold: a matter of what was typed, so words and not a fault.
pub(crate) fn too_large(error: MoneyError) -> Error {
    Refusal::from(domain::invoices::IllegalInvoiceStep::from(error)).into()
}
