//! A client's page.

use super::{contact::Contact, form::Channel};
use crate::{FieldErrors, audit::TimelineEntry, fields, money::Currency, portal::PortalLink, sites::SiteSummary};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The record itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRecord {
    /// Of the client.
    pub id: Uuid,
    /// As written on papers.
    pub name: String,
    /// Words of the kind.
    pub kind: String,
    /// Telephones as people read them, the main one first.
    pub phones: Vec<Channel>,
    /// E-mail addresses, the main one first.
    pub emails: Vec<Channel>,
    /// Where invoices go; may be empty.
    pub billing_address: String,
    /// Each tag.
    pub tags: Vec<String>,
    /// Standing alert; may be empty.
    pub alert: String,
    /// "Net 30 days", or that the shop's own hold.
    pub terms: String,
    /// Exempt from every tax.
    pub tax_exempt: bool,
    /// Since when it is out of use; empty while in use.
    pub archived: String,
    /// Whether the client was forgotten then.
    pub forgotten: bool,
    /// Why nothing of it may be forgotten; empty without a legal hold.
    pub held: String,
    /// Since when it is known.
    pub since: String,
    /// For compare-and-set.
    pub version: i32,
}

/// A note, as written then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Of the note.
    pub id: Uuid,
    /// Text, with its lines.
    pub body: String,
    /// Who wrote it.
    pub author: String,
    /// When, in the shop's zone.
    pub at: String,
}

/// A job as a row of a client's or a site's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// Of the job.
    pub id: Uuid,
    /// The shop's number.
    pub number: i64,
    /// Stored text of the state.
    pub status: String,
    /// Kind of job, as its template is named.
    pub what: String,
    /// Name and address of the site; empty without one.
    pub place: String,
    /// The day it was taken, in the shop's zone.
    pub taken: String,
}

/// What whoever looks may do here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRights {
    /// Change client, contacts, sites; write notes.
    pub edit: bool,
    /// Take a call.
    pub take_call: bool,
    /// Put a key on record.
    pub record_keys: bool,
    /// Have the client forgotten.
    pub forget: bool,
    /// Take everything about the client along.
    pub case_file: bool,
}

/// All of a client's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientPage {
    /// The record.
    pub client: ClientRecord,
    /// Places, the archived last.
    pub sites: Vec<SiteSummary>,
    /// People in use.
    pub contacts: Vec<Contact>,
    /// Notes, the newest first.
    pub notes: Vec<Note>,
    /// Jobs, the newest first.
    pub jobs: Vec<JobRow>,
    /// Bitting records in use; `None` for those who do not see them.
    pub keys: Option<i64>,
    /// What happened, the newest first; `None` for those it is not for.
    pub history: Option<Vec<TimelineEntry>>,
    /// Open on issued invoices, in minor units; `None` for those who do not see money.
    pub owed_minor: Option<i64>,
    /// Portal links, the newest first; `None` for those who may not share the portal.
    pub links: Option<Vec<PortalLink>>,
    /// Of the amounts.
    pub currency: Currency,
    /// What whoever looks may do.
    pub rights: ClientRights,
}

/// A note as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct NoteForm {
    pub note: String,
}

impl NoteForm {
    /// Reads the form: the note's text.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<String, FieldErrors> {
        fields::check(|c| c.long_text("note", &self.note, 4000))
    }
}
