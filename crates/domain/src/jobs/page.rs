//! What a job's page shows.

use super::{
    AuthorityOutcome, Ceiling, DocumentSeen, Evidence, JobField, JobStatus, Missing, OrderForm, Relation, Requirements,
    SignerRole, missing,
};
use crate::{
    attachments::Photo,
    audit::TimelineEntry,
    clients::{SiteOption, one_line},
    ids::{AuthorityCheckId, ClientId, InvoiceId, JobId, LineId, OpeningId, SiteId},
    lines::Line,
    money::{Currency, Money, MoneyError},
    schedule::{Technician, Visit},
    signatures::SignatureRow,
    sites::{SealedNotes, codes::SiteCode},
    tax::{TaxRate, taxes},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The job itself, with the names around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Which.
    pub id: JobId,
    /// Its number.
    pub number: i64,
    /// Kind of job.
    pub kind: String,
    /// Where it stands.
    pub status: JobStatus,
    /// For compare-and-set.
    pub version: i32,
    /// What it demands, in the version it was created with.
    pub requirements: Requirements,
    /// Whose.
    pub client: ClientId,
    /// Name of the client.
    pub client_name: String,
    /// Standing alert on the client.
    pub client_alert: String,
    /// First telephone of the client; empty where there is none.
    pub client_phone: String,
    /// Whether the client pays no tax.
    pub tax_exempt: bool,
    /// Where.
    pub site: Option<SiteId>,
    /// Name of the site.
    pub site_name: String,
    /// Its address.
    pub address: String,
    /// When somebody is there.
    pub hours: String,
    /// What to look out for.
    pub hazards: String,
    /// Who called.
    pub caller: String,
    /// Number to call back.
    pub caller_phone: String,
    /// What is wanted.
    pub requested: String,
    /// What was done.
    pub performed: String,
    /// Answers by the key of their question.
    pub answers: BTreeMap<String, String>,
    /// The client's order number.
    pub po_number: String,
    /// What it may cost at most, taxes included.
    pub ceiling: Option<Money>,
    /// Somebody waits in danger.
    pub urgent: bool,
    /// Why cancelled or refused.
    pub ended_reason: String,
    /// Why completed with something missing.
    pub override_reason: String,
    /// When the call was taken.
    pub taken: String,
    /// By whom.
    pub taken_by: String,
    /// When it was completed; empty before.
    pub completed: String,
}

impl Job {
    /// The number to reach somebody at: the caller's, else the client's.
    #[must_use]
    pub fn phone(&self) -> &str {
        if self.caller_phone.is_empty() { &self.client_phone } else { &self.caller_phone }
    }
}

/// An opening the job is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobOpening {
    /// Which.
    pub id: OpeningId,
    /// What is written on it.
    pub number: String,
    /// Where it is.
    pub location: String,
    /// Its hardware.
    pub hardware: String,
}

/// A line of the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLine {
    /// Which.
    pub id: LineId,
    /// What totals need.
    pub line: Line,
    /// Words on the invoice.
    pub description: String,
}

/// An authority check as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityRecord {
    /// Which.
    pub id: AuthorityCheckId,
    /// Who asked.
    pub person_name: String,
    /// What they are to the place.
    pub relation: Relation,
    /// The kind of document seen.
    pub document: DocumentSeen,
    /// Its last characters, only for those who work jobs.
    pub tail: Option<String>,
    /// What was decided.
    pub outcome: AuthorityOutcome,
    /// Why.
    pub reason: String,
    /// Who checked.
    pub by: String,
    /// When.
    pub at: String,
}

/// A ticked check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// The check's key.
    pub key: String,
    /// Who ticked it.
    pub by: String,
    /// When.
    pub at: String,
}

/// The live invoice of the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobInvoice {
    /// Which.
    pub id: InvoiceId,
    /// Its number; empty for a draft.
    pub number: String,
    /// Stored state.
    pub status: String,
    /// Total.
    pub total: Money,
}

/// What whoever looks may do here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRights {
    /// Change the order, cancel, refuse, close.
    pub edit: bool,
    /// Send a technician.
    pub schedule: bool,
    /// Set off, arrive, tick, add lines, check authority, complete.
    pub work: bool,
    /// Complete with evidence missing.
    pub override_evidence: bool,
    /// Get it signed.
    pub sign: bool,
    /// Look at signatures.
    pub see_signatures: bool,
    /// Make the invoice.
    pub invoice: bool,
    /// Open the office's pages of the client.
    pub office: bool,
    /// Take everything about it along.
    pub case_file: bool,
}

/// All a job's page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobPage {
    /// The job itself.
    pub job: Job,
    /// The shop's currency.
    pub currency: Currency,
    /// What it is about.
    pub openings: Vec<JobOpening>,
    /// Everything with a cylinder at its site; empty for those who may not change the order.
    pub doors: Vec<JobOpening>,
    /// The client's sites; empty for those who may not change the order.
    pub sites: Vec<SiteOption>,
    /// All visits, the latest first.
    pub visits: Vec<Visit>,
    /// The latest authority check.
    pub authority: Option<AuthorityRecord>,
    /// Checks ticked.
    pub ticks: Vec<Tick>,
    /// What is charged.
    pub lines: Vec<JobLine>,
    /// The shop's tax rates.
    pub rates: Vec<TaxRate>,
    /// Signatures under all versions of the work order, the latest first.
    pub signatures: Vec<SignatureRow>,
    /// Who has signed the newest version.
    pub signed: BTreeSet<SignerRole>,
    /// Photos, in the order they came; those that were removed among them.
    pub photos: Vec<Photo>,
    /// Keys of the photos its kind of job demands that are there, whoever may see them.
    pub photos_there: BTreeSet<String>,
    /// The live invoice.
    pub invoice: Option<JobInvoice>,
    /// How to get in: only when something is written and whoever looks may see that.
    pub access_notes: Option<SealedNotes>,
    /// Codes of the site, for those entitled.
    pub codes: Vec<SiteCode>,
    /// What happened, newest first; only for those who see the office.
    pub timeline: Vec<TimelineEntry>,
    /// Who may be sent; empty for those who may not send anybody.
    pub technicians: Vec<Technician>,
    /// Today, for the date field.
    pub today: String,
    /// What whoever looks may do.
    pub may: JobRights,
}

/// What a job's lines come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Lines.
    pub subtotal: Money,
    /// Name and amount of each tax.
    pub taxes: Vec<(String, Money)>,
    /// Lines and taxes.
    pub total: Money,
}

impl JobPage {
    /// The visit that is not cancelled, if there is one.
    #[must_use]
    pub fn visit(&self) -> Option<&Visit> {
        self.visits.iter().find(|visit| !visit.cancelled)
    }

    /// What has been recorded so far.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        let filled = [
            (JobField::Site, self.job.site.is_some()),
            (JobField::Opening, !self.openings.is_empty()),
            (JobField::Ceiling, self.job.ceiling.is_some()),
            (JobField::Performed, !self.job.performed.trim().is_empty()),
            (JobField::Lines, !self.lines.is_empty()),
        ];
        Evidence {
            answers: self.job.answers.clone(),
            fields: filled.into_iter().filter_map(|(field, there)| there.then_some(field)).collect(),
            checks: self.ticks.iter().map(|tick| tick.key.clone()).collect(),
            photos: self.photos_there.clone(),
            signatures: self.signed.clone(),
            authority: self.authority.as_ref().map(|check| check.outcome),
        }
    }

    /// The order as its form shows it.
    #[must_use]
    pub fn order(&self) -> OrderForm {
        OrderForm {
            version: self.job.version.to_string(),
            site: self.job.site.map(|site| site.to_string()).unwrap_or_default(),
            place: one_line(&self.job.site_name, &self.job.address),
            requested: self.job.requested.clone(),
            ceiling: self.job.ceiling.map(|ceiling| ceiling.plain(self.currency)).unwrap_or_default(),
            po_number: self.job.po_number.clone(),
            urgent: if self.job.urgent { "on".into() } else { String::new() },
        }
    }

    /// What is missing before the job may be completed.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        missing(&self.job.requirements, &self.evidence())
    }

    /// What the lines come to.
    ///
    /// # Errors
    /// On overflow.
    pub fn totals(&self) -> Result<Totals, MoneyError> {
        let lines: Vec<Line> = self.lines.iter().map(|line| line.line).collect();
        let rates = if self.job.tax_exempt { &[][..] } else { &self.rates };
        let subtotal = Money::sum(lines.iter().map(|line| line.amount()).collect::<Result<Vec<_>, _>>()?)?;
        let taxes: Vec<_> = taxes(&lines, rates)?.into_iter().map(|tax| (tax.name, tax.amount)).collect();
        let total = subtotal.plus(Money::sum(taxes.iter().map(|(_, amount)| *amount))?)?;
        Ok(Totals { subtotal, taxes, total })
    }

    /// How that stands to the ceiling agreed on the phone.
    ///
    /// # Errors
    /// On overflow.
    pub fn ceiling(&self) -> Result<Ceiling, MoneyError> {
        Ceiling::of(self.totals()?.total, self.job.ceiling)
    }
}
