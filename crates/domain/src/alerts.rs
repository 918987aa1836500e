//! Alerts: what the rules find on a shop's chain, and how it is said to people.

mod decoys;
mod hours;
mod rules;
#[cfg(test)]
mod tests;
mod trace;
mod watch;

pub use decoys::{
    DecoyEdit, DecoyEditForm, DecoyForm, DecoyKeyForm, DecoyKind, DecoyRow, Decoys, believable_client, believable_key,
};
pub use hours::{DAYS, Day, HoursForm, OpeningHours};
pub use rules::REFUSALS;
pub use trace::{Act, Found};
pub use watch::{Watch, look_back};

use crate::{FieldErrors, closed_set, fields};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// Why an alert was raised.
    pub enum Rule {
        /// A honeypot key was used.
        Honeypot = "honeypot", "A honeypot key was used";
        /// The verifier found the chain broken.
        ChainBroken = "chain_broken", "The audit trail does not hold";
        /// The daily verification came late.
        VerificationMissed = "verification_missed", "The audit trail was not verified in time";
        /// More was opened within an hour than is usual.
        ManyReveals = "many_reveals", "Many sealed records opened";
        /// Something sealed was opened while the shop is closed.
        AfterHours = "after_hours", "Sealed records opened after hours";
        /// A sign-in from a network that person never came from.
        NewNetwork = "new_network", "Sign-in from a network not seen before";
        /// Much was refused or not found within a minute.
        Probing = "probing", "Somebody tried doors";
        /// Wrong passwords, then the right one.
        GuessedIn = "guessed_in", "Signed in after many wrong passwords";
        /// Much was printed within an hour.
        MassPrint = "mass_print", "Many sealed records printed";
        /// The archive of checkpoints or keyd's log is not what it was.
        OutsideChanged = "outside_changed", "What proves the audit trail is not as it was";
        /// Much was exported within a day, or everything by somebody who never exports.
        MassExport = "mass_export", "Much was exported";
        /// A decoy was looked at.
        Decoy = "decoy", "A decoy was touched";
    }
}

closed_set! {
    /// How soon somebody should look.
    pub enum Severity {
        /// At once.
        Critical = "critical", "Look now";
        /// Today.
        Warning = "warning", "Look today";
        /// When there is time.
        Notice = "notice", "To know";
    }
}

impl Rule {
    /// How soon somebody should look.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Honeypot | Self::ChainBroken | Self::OutsideChanged | Self::GuessedIn | Self::Decoy => {
                Severity::Critical
            }
            Self::ManyReveals | Self::MassPrint | Self::MassExport | Self::AfterHours | Self::Probing => {
                Severity::Warning
            }
            Self::NewNetwork | Self::VerificationMissed => Severity::Notice,
        }
    }

    /// Whether the act itself wrote to the owners already.
    #[must_use]
    pub const fn was_mailed(self) -> bool {
        matches!(self, Self::Honeypot | Self::ChainBroken | Self::VerificationMissed | Self::OutsideChanged)
    }

    /// What to do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Honeypot => {
                "Nobody of yours uses it. Look who could read the place where it was laid out, and replace the real keys kept beside it."
            }
            Self::ChainBroken => {
                "Somebody changed the database itself, or an older copy was put back. Tell whoever runs the installation."
            }
            Self::OutsideChanged => {
                "The entry of the audit trail says what it was. A disk that is away explains it; ask whoever runs the installation which."
            }
            Self::VerificationMissed => {
                "The server did not run, or could not do its work. Ask whoever runs the installation."
            }
            Self::ManyReveals | Self::MassPrint => {
                "Ask what it was for. If nobody can say, end the person's sessions on the members page and look at what was opened."
            }
            Self::MassExport => {
                "Ask what it was for and where the files are now. If nobody can say, end the person's sessions on the members page."
            }
            Self::AfterHours => "An emergency call explains it; ask if there was none.",
            Self::NewNetwork => {
                "A new telephone, a hotel, a client's Wi-Fi: ask whether it was them. If not, let them reset the password."
            }
            Self::Probing => {
                "A broken bookmark does not do that. Ask what was looked for; a program of theirs may be badly set up."
            }
            Self::GuessedIn => "Ask whether it was them. If not, let them reset the password and end their sessions.",
            Self::Decoy => {
                "Nobody has a reason to open it. Ask nothing yet: look in the audit trail at what else was opened, then decide."
            }
        }
    }
}

/// An alert on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRow {
    /// Which.
    pub id: Uuid,
    /// Why.
    pub rule: Rule,
    /// Who did it, by name.
    pub who: String,
    /// What it was done to, by name; may be empty.
    pub what: String,
    /// When, in the shop's zone.
    pub at: String,
    /// Network address it came from; may be empty.
    pub place: String,
    /// By which way a decoy was touched, as a verb; else empty.
    pub way: String,
    /// How often.
    pub times: i32,
    /// How often is usual.
    pub usual: i32,
    /// The first and the last entry of the audit trail that tell of it.
    pub entries: Option<(i64, i64)>,
    /// When it was closed, by whom and with which note.
    pub closed: Option<(String, String, String)>,
}

impl AlertRow {
    /// What happened, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { who, what, times, usual, .. } = self;
        match self.rule {
            Rule::Honeypot if what.is_empty() => format!("A honeypot key was used{}.", often(*times)),
            Rule::Honeypot => format!("{what}, a honeypot, was used{}.", often(*times)),
            Rule::ChainBroken => "The verifier found that the audit trail does not hold.".into(),
            Rule::OutsideChanged => {
                "The archive of checkpoints, or the log of what was opened, is not what it was.".into()
            }
            Rule::VerificationMissed => "The audit trail was not verified for more than a day.".into(),
            Rule::ManyReveals => {
                format!("{who} opened {times} sealed records within an hour; {} is usual.", usually(*usual))
            }
            Rule::AfterHours => format!("{who} opened a sealed record while the shop is closed."),
            Rule::NewNetwork => format!("{who} signed in from a network not seen before."),
            Rule::Probing => format!("{who} was refused or found nothing {times} times within a minute or so."),
            Rule::GuessedIn => format!("{who} signed in after {times} refused tries."),
            Rule::MassPrint => format!("{who} printed {times} sealed records within an hour."),
            Rule::MassExport if *times > 1 => format!("{who} took {times} exports or case files along within a day."),
            Rule::MassExport => {
                format!("{who} exported all the shop's data, and took nothing along for 90 days before.")
            }
            Rule::Decoy => format!("{who} {} {what}, a decoy{}.", self.way, often(*times)),
        }
    }
}

fn often(times: i32) -> String {
    if times > 1 { format!(", {times} times") } else { String::new() }
}

fn usually(usual: i32) -> String {
    if usual == 0 { "none".into() } else { usual.to_string() }
}

/// Which alerts to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertFilter {
    /// "all", or those that are open.
    pub show: String,
    /// Only those raised before this one.
    pub before: String,
}

/// The page of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// The newest first.
    pub rows: Vec<AlertRow>,
    /// How many are open.
    pub open: i64,
    /// The last one here, when there are others after it.
    pub before: Option<Uuid>,
    /// Whether whoever asks may close them.
    pub may_close: bool,
    /// Whether whoever asks may lay out decoys.
    pub may_plant: bool,
    /// Whether the shop said when it is open.
    pub hours: bool,
    /// Whether whoever asks may say it.
    pub may_say_hours: bool,
}

/// What is said on closing an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertForm {
    /// What came of it.
    pub note: String,
}

impl AlertForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside the field.
    pub fn read(&self) -> Result<String, FieldErrors> {
        fields::check(|c| c.text("note", &self.note, 500))
    }
}
