//! Exports: what leaves the shop in bulk, for whom, and why.

pub mod case_file;
mod cell;
pub mod trust;

pub use cell::{Cell, csv_line};

use crate::{FieldErrors, Permission, closed_set, fields};
use serde::{Deserialize, Serialize};

/// Minutes in which what was recorded may be fetched by whoever asked.
pub const FETCHED_WITHIN: i64 = 10;

closed_set! {
    /// What is exported.
    pub enum ExportKind {
        /// Every entry, with what verifies it.
        AuditLog = "audit_log", "the audit trail, to be verified";
        /// Every entry, for a spreadsheet.
        AuditTable = "audit_table", "the audit trail, as a table";
        /// The shop's records.
        Data = "data", "the shop's data";
    }
}

impl ExportKind {
    /// Who may.
    #[must_use]
    pub const fn permission(self) -> Permission {
        match self {
            Self::AuditLog | Self::AuditTable => Permission::ExportAudit,
            Self::Data => Permission::RunExports,
        }
    }

    /// What the file is called.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::AuditLog => "audit-trail.ndjson",
            Self::AuditTable => "audit-trail.csv",
            Self::Data => "shop-data.zip",
        }
    }

    /// What it holds, in words.
    #[must_use]
    pub const fn holds(self) -> &'static str {
        match self {
            Self::AuditLog => {
                "Every entry of the audit trail with its facts, the chain's hashes and the newest signed checkpoint. The command “shearline verify” checks it without this server. One line of JSON to an entry."
            }
            Self::AuditTable => {
                "The same entries for a spreadsheet: when (UTC), who, what, the reason given, and each entry's hash. To be read, not to be verified."
            }
            Self::Data => {
                "Clients, contacts, notes, sites, openings, jobs, authority checks, visits, lines, invoices and payments: a table of each, with a list of their SHA-256. Nothing that is sealed: no bittings, codes, access notes or strokes."
            }
        }
    }
}

closed_set! {
    /// What a case file is about.
    pub enum CaseOf {
        /// One job.
        Job = "job", "the job";
        /// A client with everything of theirs.
        Client = "client", "the client";
        /// A site with its jobs.
        Site = "site", "the site";
    }
}

closed_set! {
    /// A paper whose every opening is recorded.
    pub enum PaperOf {
        /// A signed work order.
        WorkOrder = "work_order", "the signed work order";
        /// An invoice as it was issued.
        Invoice = "invoice", "the invoice's paper";
    }
}

/// An export as asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct ExportForm {
    pub kind: String,
    pub reason: String,
}

impl ExportForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<(ExportKind, String), FieldErrors> {
        fields::check(|c| (c.choice("kind", &self.kind), reason(c, &self.reason)))
    }
}

/// A case file as asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct CaseForm {
    pub reason: String,
}

impl CaseForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<String, FieldErrors> {
        fields::check(|c| reason(c, &self.reason))
    }
}

fn reason(c: &mut fields::Checker, typed: &str) -> String {
    let reason = c.text("reason", typed, 200);
    if reason.chars().count() < 5 && !c.refused("reason") {
        c.refuse("reason", "Say what it is for: it stands in the audit trail.");
    }
    reason
}

/// An export somebody made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Number of its entry.
    pub entry: i64,
    /// When, in the shop's time.
    pub at: String,
    /// Who.
    pub who: String,
    /// "exported the shop's data".
    pub what: String,
    /// What for.
    pub reason: String,
    /// Where it can be fetched by whoever looks; empty when it cannot, or no longer.
    pub fetch: String,
    /// Whether a checkpoint binds it already.
    pub bound: bool,
}

/// The page of exports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exports {
    /// What whoever looks may export.
    pub may: Vec<ExportKind>,
    /// The last hundred, the newest first.
    pub made: Vec<Exported>,
}

/// What a case file is called: no name of a person, for it will lie in a folder of downloads.
pub const CASE_FILE: &str = "case-file.zip";

/// Where an export is fetched.
#[must_use]
pub fn fetch_path(entry: i64, file: &str) -> String {
    format!("/exports/{entry}/{file}")
}
