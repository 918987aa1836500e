//! Revealing what is sealed: why, to whom, and for how long it is shown.

use crate::{FieldErrors, closed_set, fields, ids::JobId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Seconds a revealed secret stays on the screen.
pub const SHOWN_FOR: u32 = 15;

/// Minutes in which a record that was released may be opened, once.
pub const RELEASED_FOR: u32 = 15;

/// How surely whoever looks is who they say: nothing sealed opens without both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Confirmed within ten minutes.
    pub confirmed: bool,
    /// Has a second step.
    pub second_step: bool,
}

closed_set! {
    /// What kind of secret was opened.
    pub enum SecretKind {
        /// The cuts and code of a loose key.
        Bitting = "bitting", "a bitting record";
        /// How to get into a site.
        AccessNotes = "access_notes", "how to get in";
        /// A code of a site's alarm, gate or safe.
        SiteCode = "site_code", "a code";
    }
}

/// Why something sealed is to be opened, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct RevealForm {
    pub reason: String,
    pub job: String,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The job it is for.
    pub job: Option<JobId>,
    /// In words; empty when the job says it.
    pub words: String,
}

impl RevealForm {
    /// Reads the form: a job, or words.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<Reason, FieldErrors> {
        fields::check(|c| {
            let job = c.optional_id("job", &self.job);
            let words = c.optional_text("reason", &self.reason, 200).unwrap_or_default();
            if job.is_none() && words.chars().count() < 5 && !c.refused("reason") && !c.refused("job") {
                c.refuse("reason", "Say what it is for, or choose the job.");
            }
            Reason { job, words }
        })
    }
}

/// A secret on its way to the screen of whoever asked. Prints nothing, and is made by the store alone, once the entry
/// about it is committed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revealed {
    /// What is shown: a name and the text itself.
    pub parts: Vec<(String, String)>,
}

impl std::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Revealed(redacted)")
    }
}

/// What the report of openings asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpeningsFilter {
    /// Of one client's secrets only.
    pub client: String,
    /// By one person only.
    pub person: String,
    /// Only what came before this entry.
    pub before: Option<i64>,
}

/// Something sealed that somebody opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Number of its entry.
    pub entry: i64,
    /// When, in the shop's time.
    pub at: String,
    /// Who.
    pub who: String,
    /// What was done: "revealed a bitting record".
    pub what: String,
    /// Of which record or place; empty for a search.
    pub of: String,
    /// Whose; may be empty.
    pub client: String,
    /// The job and the reason given.
    pub why: String,
}

/// Who opened what, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Openings {
    /// At most a hundred.
    pub rows: Vec<Opening>,
    /// The last entry, when there are earlier ones.
    pub before: Option<i64>,
    /// Name of the one client or person it is narrowed to; may be empty.
    pub about: String,
}

/// A numbered sheet on its way to the printer. Prints nothing into a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// What is on it.
    pub secret: Revealed,
    /// The record's label and whose key it is.
    pub about: String,
    /// Which print of this record it is, counted from 1.
    pub copy: i32,
    /// Whose sheet it is.
    pub reader: String,
    /// When, in the shop's time.
    pub at: String,
    /// What for.
    pub reason: String,
}

closed_set! {
    /// How the asking for a top secret record stands.
    pub enum ReleaseState {
        /// Nobody has decided yet.
        Waiting = "waiting", "Waiting for a second person";
        /// May be opened, once, within fifteen minutes.
        Granted = "granted", "Released";
        /// Said no.
        Refused = "refused", "Refused";
        /// Opened.
        Used = "used", "Opened";
        /// Too late, to decide or to open.
        Expired = "expired", "Expired";
    }
}

/// Somebody's asking to open a top secret record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Of the asking.
    pub id: Uuid,
    /// Of the record.
    pub record: Uuid,
    /// Its label.
    pub label: String,
    /// Who asks.
    pub asked_by: String,
    /// When, in the shop's time.
    pub asked_at: String,
    /// What for.
    pub reason: String,
    /// How it stands.
    pub state: ReleaseState,
    /// Who decided; may be empty.
    pub decided_by: String,
    /// Until when it may be opened or decided.
    pub until: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_job_or_words() {
        let form = |reason: &str, job: &str| RevealForm { reason: reason.into(), job: job.into() };
        assert_eq!(form("why", "").read().expect_err("refused")["reason"], "Say what it is for, or choose the job.");
        assert!(form("two copies", "").read().is_ok());
        assert!(form("", "01890000-0000-7000-8000-000000000001").read().is_ok());
        assert!(form("two copies", "1").read().is_err());
    }

    #[test]
    fn what_is_revealed_prints_nothing() {
        let revealed = Revealed { parts: vec![("Cuts".into(), "41836".into())] };
        assert_eq!(format!("{revealed:?}"), "Revealed(redacted)");
    }
}
