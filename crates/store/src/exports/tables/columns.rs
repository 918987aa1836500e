//! The columns of each table behind its id, in the order of the statements that read them.

use super::Holds::{self, Amount as A, Number as N, Quantity as Q, Words as W};

/// Its name and what it holds.
pub(super) type Column = (&'static str, Holds);

pub(super) const CLIENTS: &[Column] = &[
    ("Name", W),
    ("Kind", W),
    ("Billing address", W),
    ("Tags", W),
    ("Alert", W),
    ("Terms, days", N),
    ("Tax exempt", W),
    ("Telephones", W),
    ("E-mails", W),
    ("Added", W),
    ("Archived", W),
];

pub(super) const CONTACTS: &[Column] = &[
    ("Client id", W),
    ("Client", W),
    ("Name", W),
    ("Title", W),
    ("Telephone", W),
    ("E-mail", W),
    ("May", W),
    ("From", W),
    ("Until", W),
    ("Limit", A),
    ("Archived", W),
];

pub(super) const NOTES: &[Column] = &[("Client id", W), ("Client", W), ("Note", W), ("By", W), ("Written", W)];

pub(super) const SITES: &[Column] =
    &[("Client id", W), ("Client", W), ("Name", W), ("Address", W), ("Hours", W), ("Hazards", W), ("Archived", W)];

pub(super) const OPENINGS: &[Column] = &[
    ("Site id", W),
    ("Site", W),
    ("Number", W),
    ("Location", W),
    ("Hand", W),
    ("Function", W),
    ("Hardware", W),
    ("Archived", W),
];

pub(super) const JOBS: &[Column] = &[
    ("Number", N),
    ("Client id", W),
    ("Client", W),
    ("Site id", W),
    ("Site", W),
    ("Kind", W),
    ("Status", W),
    ("Requested", W),
    ("Performed", W),
    ("Answers", W),
    ("Caller", W),
    ("Caller's telephone", W),
    ("PO number", W),
    ("Not to exceed", A),
    ("Urgent", W),
    ("Why ended", W),
    ("Why with something missing", W),
    ("Taken by", W),
    ("Taken", W),
    ("Completed", W),
];

pub(super) const AUTHORITY: &[Column] = &[
    ("Job", N),
    ("Person", W),
    ("Relation", W),
    ("Document", W),
    ("Outcome", W),
    ("Reason", W),
    ("Checked by", W),
    ("Checked", W),
];

pub(super) const VISITS: &[Column] = &[
    ("Job", N),
    ("Technician", W),
    ("Planned from", W),
    ("Planned until", W),
    ("Set off", W),
    ("Arrived", W),
    ("Left", W),
    ("Cancelled", W),
];

pub(super) const LINES: &[Column] =
    &[("Job", N), ("Kind", W), ("Description", W), ("Quantity", Q), ("Unit price", A), ("Taxable", W)];

pub(super) const INVOICES: &[Column] = &[
    ("Number", W),
    ("Job", N),
    ("Client id", W),
    ("Client", W),
    ("Status", W),
    ("Issued", W),
    ("Due", W),
    ("Terms, days", N),
    ("Currency", W),
    ("Bill to", W),
    ("Note", W),
    ("Subtotal", A),
    ("Tax", A),
    ("Total", A),
    ("Paid", A),
    ("Why void", W),
];

/// The first column is the invoice's id: its lines have none of their own.
pub(super) const INVOICE_LINES: &[Column] =
    &[("Invoice", W), ("Kind", W), ("Description", W), ("Quantity", Q), ("Unit price", A), ("Taxable", W)];

pub(super) const PAYMENTS: &[Column] = &[
    ("Invoice", W),
    ("Client id", W),
    ("Client", W),
    ("Amount", A),
    ("Method", W),
    ("Reference", W),
    ("Received", W),
    ("Recorded by", W),
    ("Recorded", W),
    ("Reversed", W),
    ("Why reversed", W),
];
