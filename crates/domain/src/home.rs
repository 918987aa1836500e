//! Home: the office's day at a glance, or a technician's own day.

use crate::{
    ids::JobId,
    jobs::JobStatus,
    money::{Currency, Money},
    schedule::VisitRow,
};
use serde::{Deserialize, Serialize};

/// A job that waits for the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingJob {
    /// Which.
    pub id: JobId,
    /// Its number.
    pub number: i64,
    /// Kind of job.
    pub kind: String,
    /// Where it stands.
    pub status: JobStatus,
    /// Name of the client.
    pub client: String,
    /// Why it waits: when the call came, what is missing.
    pub note: String,
    /// Somebody waits in danger.
    pub urgent: bool,
}

/// What is owed to the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpaid {
    /// Invoices not paid in full.
    pub count: i64,
    /// What is left of them.
    pub left: Money,
    /// How many of them are overdue.
    pub overdue: i64,
}

/// The office's home. Counts are of all; lists hold twenty at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeHome {
    /// Visits of today, in order.
    pub today: Vec<VisitRow>,
    /// Visits whose window is over while the job is not done.
    pub late: Vec<VisitRow>,
    /// Jobs nobody is sent to.
    pub unassigned: Vec<WaitingJob>,
    /// Jobs completed, not yet invoiced or closed.
    pub uninvoiced: Vec<WaitingJob>,
    /// Number of visits today.
    pub visits_today: i64,
    /// Number of late visits.
    pub late_count: i64,
    /// Number of jobs nobody is sent to.
    pub unassigned_count: i64,
    /// Number of completed jobs without an invoice.
    pub uninvoiced_count: i64,
    /// What is owed; only for those who see invoices.
    pub unpaid: Option<Unpaid>,
    /// The shop's currency.
    pub currency: Currency,
    /// Whether whoever looks may take a call.
    pub may_take_calls: bool,
    /// Whether the shop has any job at all.
    pub any_job: bool,
}

/// The first page after signing in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Home {
    /// For those who see the office.
    Office(Box<OfficeHome>),
    /// For technicians: own visits of today, and earlier ones still open.
    Day(Vec<VisitRow>),
}
