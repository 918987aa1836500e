//! Bitting records as pages show them: nothing here is sealed.

use super::{BittingForm, Secret};
use crate::{
    FieldErrors,
    audit::TimelineEntry,
    fields,
    reveal::{Release, Standing},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the list's address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BittingFilter {
    /// Part of a label or of what the key is for.
    pub q: String,
    /// Of one client only.
    pub client: String,
    /// "archived", or those in use.
    pub state: String,
    /// Only what follows this record.
    pub after: String,
}

/// A record as a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BittingRow {
    /// Of the record.
    pub id: Uuid,
    /// "Rear door".
    pub label: String,
    /// What the key is for; may be empty.
    pub item: String,
    /// The client's name.
    pub client: String,
    /// The site in one line; may be empty.
    pub place: String,
    /// Make or maker; may be empty.
    pub make: String,
    /// May be empty.
    pub keyway: String,
    /// No copies without authority.
    pub do_not_duplicate: bool,
    /// Opens to two people only.
    pub top_secret: bool,
    /// Out of use.
    pub archived: bool,
}

/// One page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BittingList {
    /// At most fifty.
    pub rows: Vec<BittingRow>,
    /// The last row, when there are others after it.
    pub after: Option<Uuid>,
    /// The name of the one client it is narrowed to; may be empty.
    pub client_name: String,
    /// What others ask to be let into, for those who may decide.
    pub waiting: Vec<Release>,
    /// What whoever looks may do.
    pub rights: BittingRights,
}

/// What whoever looks may do here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BittingRights {
    /// Add and change records.
    pub edit: bool,
    /// Reveal what is sealed.
    pub reveal: bool,
    /// Print it.
    pub print: bool,
}

/// The record itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct BittingRecord {
    pub id: Uuid,
    pub client: Uuid,
    pub client_name: String,
    pub site: Option<Uuid>,
    /// The site in one line; may be empty.
    pub place: String,
    pub label: String,
    pub item: String,
    /// Id of the make's specification; may be empty.
    pub make: String,
    /// The make's name, or what was typed as maker.
    pub make_name: String,
    pub maker: String,
    pub keyway: String,
    pub blank: String,
    /// Stored text.
    pub reading: String,
    /// Stored text.
    pub source: String,
    /// Stored text.
    pub confidence: String,
    pub do_not_duplicate: bool,
    pub top_secret: bool,
    pub archived: bool,
    /// Numbered prints so far.
    pub prints: i32,
    pub version: i32,
}

/// All of a record's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BittingPage {
    /// The record.
    pub record: BittingRecord,
    /// Open jobs it may be needed for: id and words.
    pub jobs: Vec<(Uuid, String)>,
    /// How surely whoever looks is who they say.
    pub standing: Standing,
    /// How the asking for a top secret record stands; the last of whoever looks.
    pub release: Option<Release>,
    /// What happened, the newest first; `None` for those it is not for.
    pub history: Option<Vec<TimelineEntry>>,
    /// What whoever looks may do.
    pub rights: BittingRights,
}

/// A record's form, with what it may be chosen from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BittingEdit {
    /// The client's id.
    pub client: Uuid,
    /// The client's name.
    pub client_name: String,
    /// The client's sites: id and one line.
    pub sites: Vec<(Uuid, String)>,
    /// What stands in the form; the secret fields are empty.
    pub form: BittingForm,
}

/// An exact search over what is sealed, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct FindForm {
    pub key_code: String,
    pub bitting: String,
    pub reason: String,
}

/// What is looked for, and why. Prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The stamp or blind code, upper case without spaces; may be empty.
    pub code: String,
    /// The cuts; may be empty.
    pub cuts: String,
    /// Goes into the facts of the entry.
    pub reason: String,
}

impl FindForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<Wanted, FieldErrors> {
        fields::check(|c| {
            let code = c.optional_text("key_code", &self.key_code, 40).unwrap_or_default();
            let cuts = c.optional_text("bitting", &self.bitting, 80).unwrap_or_default();
            if code.is_empty() && cuts.is_empty() && !c.refused("key_code") && !c.refused("bitting") {
                c.refuse("key_code", "Enter a stamp or code, or the cuts below.");
            }
            Wanted { code, cuts, reason: c.text("reason", &self.reason, 200) }
        })
    }
}

/// Whether the bytes of a sealed record hold what the bytes of a [`Wanted`] say.
#[must_use]
pub fn fits(wanted: &[u8], clear: &[u8]) -> bool {
    match (Secret::from_bytes(wanted), Secret::from_bytes(clear)) {
        (Some(Secret { ref cuts, ref code }), Some(secret)) => {
            Wanted { code: code.clone(), cuts: cuts.clone(), reason: String::new() }.fits(&secret)
        }
        _ => false,
    }
}

impl Wanted {
    /// What is looked for, for whoever holds the keys.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        Secret { cuts: self.cuts.clone(), code: self.code.clone() }.to_bytes()
    }

    /// Whether a record is what is looked for.
    #[must_use]
    pub fn fits(&self, secret: &Secret) -> bool {
        let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        let code = self.code.is_empty() || !secret.code.is_empty() && plain(&secret.code) == plain(&self.code);
        let cuts = self.cuts.is_empty() || super::same_key(&secret.cuts, &self.cuts);
        code && cuts
    }
}

/// The records that fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// In the order of their labels.
    pub rows: Vec<BittingRow>,
    /// How many records were looked through.
    pub among: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_fits_by_code_by_cuts_or_by_both() {
        let secret = Secret { cuts: "41836".into(), code: "ab 12".into() };
        let wanted = |code: &str, cuts: &str| Wanted { code: code.into(), cuts: cuts.into(), reason: "found".into() };
        assert!(wanted("AB12", "").fits(&secret) && wanted("", "63814").fits(&secret));
        assert!(wanted("ab12", "4-1-8-3-6").fits(&secret));
        assert!(fits(&wanted("AB12", "").to_bytes(), &secret.to_bytes()) && !fits(b"", &secret.to_bytes()));
        assert!(!wanted("ab13", "41836").fits(&secret) && !wanted("ab12", "41835").fits(&secret));
        assert!(!wanted("", "41836").fits(&Secret { cuts: String::new(), code: "ab12".into() }));
    }

    #[test]
    fn a_search_needs_something_to_look_for_and_a_reason() {
        let errors = FindForm::default().read().err().expect("refused");
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["key_code", "reason"]);
    }
}
