//! What the invoice pages show.

use super::{DraftWords, InvoiceSheet, InvoiceStatus};
use crate::audit::TimelineEntry;
use crate::closed_set;
use crate::ids::{ClientId, ContactId, InvoiceId, JobId, LineId};
use crate::money::{Currency, Money};
use crate::payments::PaymentRow;
use serde::{Deserialize, Serialize};

closed_set! {
    /// Where an invoice stands as people see it: the stored state, "viewed" and "overdue" worked out.
    pub enum Standing {
        /// Being written.
        Draft = "draft", "Draft";
        /// Issued, not seen by the client yet.
        Sent = "sent", "Sent";
        /// The client has looked at it.
        Viewed = "viewed", "Viewed";
        /// Something was paid.
        PartPaid = "part_paid", "Part paid";
        /// All was paid.
        Paid = "paid", "Paid";
        /// Something is owed and the day it was due is over.
        Overdue = "overdue", "Overdue";
        /// Called off.
        Void = "void", "Void";
    }
}

impl Standing {
    /// From the stored state and what was worked out.
    pub const fn of(status: InvoiceStatus, viewed: bool, overdue: bool) -> Self {
        match status {
            InvoiceStatus::Draft => Self::Draft,
            InvoiceStatus::Void => Self::Void,
            InvoiceStatus::Paid => Self::Paid,
            InvoiceStatus::Sent | InvoiceStatus::PartPaid if overdue => Self::Overdue,
            InvoiceStatus::PartPaid => Self::PartPaid,
            InvoiceStatus::Sent if viewed => Self::Viewed,
            InvoiceStatus::Sent => Self::Sent,
        }
    }
}

/// What an invoice of a job would say, before it is drafted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The job.
    pub job: JobId,
    /// Who is billed.
    pub client: ClientId,
    /// Name of the client.
    pub client_name: String,
    /// Whether the client pays no tax.
    pub tax_exempt: bool,
    /// The job's live invoice, when there is one already.
    pub live: Option<InvoiceId>,
    /// Why it cannot be invoiced now, in words.
    pub problem: Option<String>,
    /// Bill-to, terms and note to begin with.
    pub words: DraftWords,
    /// The sheet as it would be.
    pub sheet: InvoiceSheet,
}

/// Somebody an invoice can be mailed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTo {
    /// The contact.
    pub contact: ContactId,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
}

/// All an invoice's page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicePage {
    /// Who opened its paper in the office, the newest first.
    pub seen: Vec<crate::audit::Seen>,
    /// Which.
    pub invoice: InvoiceId,
    /// Who is billed.
    pub client: ClientId,
    /// Name of the client.
    pub client_name: String,
    /// Whether the client pays no tax.
    pub tax_exempt: bool,
    /// The job it charges for.
    pub job: JobId,
    /// Stored state.
    pub status: InvoiceStatus,
    /// As people see it.
    pub standing: Standing,
    /// For the stale-edit check.
    pub version: i32,
    /// When the client last looked at it, in the shop's zone.
    pub viewed: Option<String>,
    /// Why it is void; empty otherwise.
    pub void_reason: String,
    /// Today in the shop's zone, `YYYY-MM-DD`.
    pub today: String,
    /// Contacts with an e-mail address, payers first.
    pub mail_to: Vec<MailTo>,
    /// Ids of a draft's lines, in the order of the sheet; empty once it is issued.
    pub line_ids: Vec<LineId>,
    /// Payments, the newest first.
    pub payments: Vec<PaymentRow>,
    /// What happened to it, the newest first.
    pub history: Vec<TimelineEntry>,
    /// Whether whoever asks may draft, issue, void and mail.
    pub may_edit: bool,
    /// Whether whoever asks may record and reverse payments.
    pub may_take_payments: bool,
    /// The sheet.
    pub sheet: InvoiceSheet,
}

closed_set! {
    /// Which invoices a list shows.
    pub enum InvoiceFilter {
        /// Every one.
        All = "", "All invoices";
        /// Not issued yet.
        Draft = "draft", "Drafts";
        /// Something is owed.
        Unpaid = "unpaid", "Unpaid";
        /// Something is owed and late.
        Overdue = "overdue", "Overdue";
        /// All was paid.
        Paid = "paid", "Paid";
        /// Called off.
        Void = "void", "Void";
    }
}

closed_set! {
    /// In which order a list of invoices stands.
    pub enum InvoiceSort {
        /// Newest number first, drafts before all.
        Newest = "", "Newest first";
        /// Earliest due first; drafts are not due.
        Due = "due", "Due first";
    }
}

/// What a list of invoices was asked for; every value as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvoiceQuery {
    /// An [`InvoiceFilter`].
    pub status: String,
    /// Beginning of a number or of a client's name.
    pub q: String,
    /// An [`InvoiceSort`].
    pub sort: String,
    /// The invoice after which this page begins.
    pub after: String,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceSummary {
    /// Which.
    pub invoice: InvoiceId,
    /// "INV-1042"; `None` on a draft.
    pub number: Option<String>,
    /// Name of the client.
    pub client_name: String,
    /// Day of issue; empty on a draft.
    pub issued: String,
    /// Day it is due; empty on a draft.
    pub due: String,
    /// What it asks; zero on a draft, whose lines are still the job's.
    pub total: Money,
    /// What is still owed.
    pub owed: Money,
    /// As people see it.
    pub standing: Standing,
}

/// What is owed to the shop, over all its invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outstanding {
    /// Sum of what is owed.
    pub owed: Money,
    /// On how many invoices.
    pub unpaid: i64,
    /// The part of it that is late.
    pub overdue: Money,
    /// On how many invoices.
    pub late: i64,
}

/// All the list's page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceList {
    /// Currency of every amount.
    pub currency: Currency,
    /// Over all invoices, whatever the filter.
    pub outstanding: Outstanding,
    /// At most fifty.
    pub rows: Vec<InvoiceSummary>,
    /// Whether there are more after the last row.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_beats_part_paid_beats_viewed() {
        use InvoiceStatus as S;
        let table = [
            (S::Draft, true, true, Standing::Draft),
            (S::Sent, false, false, Standing::Sent),
            (S::Sent, true, false, Standing::Viewed),
            (S::Sent, true, true, Standing::Overdue),
            (S::PartPaid, true, false, Standing::PartPaid),
            (S::PartPaid, false, true, Standing::Overdue),
            (S::Paid, true, true, Standing::Paid),
            (S::Void, true, true, Standing::Void),
        ];
        for (status, viewed, overdue, want) in table {
            assert_eq!(Standing::of(status, viewed, overdue), want, "{status:?}");
        }
    }
}
