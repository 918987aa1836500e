//! Sites: where a client's doors are.

pub mod codes;
pub mod opening;

use crate::{
    FieldErrors,
    audit::TimelineEntry,
    clients::{form::version, page::JobRow},
    fields,
    fold::fold,
    forms::Stored,
    reveal::Standing,
};
use codes::SiteCode;
use opening::Opening;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A site as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct SiteForm {
    pub name: String,
    pub address: String,
    pub hours: String,
    pub hazards: String,
    /// Ticked when the place is no longer looked after.
    pub archived: String,
    pub version: String,
}

/// A site about to be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewSite {
    /// "North tower"; may be empty.
    pub name: String,
    /// With its lines.
    pub address: String,
    /// Name and address as search knows them.
    #[serde(skip)]
    pub folded: String,
    /// When one can get in.
    pub hours: String,
    /// What to beware of.
    pub hazards: String,
    /// Out of use.
    pub archived: bool,
    /// The version being changed; 0 for a new site.
    #[serde(skip)]
    pub version: i32,
}

impl SiteForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<NewSite, FieldErrors> {
        fields::check(|c| {
            let name = c.optional_text("name", &self.name, 120).unwrap_or_default();
            let address = c.long_text("address", &self.address, 400);
            NewSite {
                folded: fold(&format!("{name} {address}")),
                name,
                address,
                hours: c.optional_text("hours", &self.hours, 200).unwrap_or_default(),
                hazards: c.optional_long_text("hazards", &self.hazards, 400).unwrap_or_default(),
                archived: c.ticked("archived", Some(&self.archived)),
                version: version(c, &self.version),
            }
        })
    }
}

impl Stored for SiteForm {
    fn shown(&self) -> Vec<(&'static str, &'static str, &str)> {
        vec![
            ("name", "Name", &self.name),
            ("address", "Address", &self.address),
            ("hours", "Hours", &self.hours),
            ("hazards", "Hazards", &self.hazards),
            ("archived", "Out of use", &self.archived),
        ]
    }

    fn version(&self) -> &str {
        &self.version
    }
}

/// A site's form with the client it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteEdit {
    /// The client's id.
    pub client: Uuid,
    /// The client's name.
    pub client_name: String,
    /// What stands in the form.
    pub form: SiteForm,
}

/// A site as a row of its client's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSummary {
    /// Of the site.
    pub id: Uuid,
    /// May be empty.
    pub name: String,
    /// With its lines.
    pub address: String,
    /// Openings in use.
    pub openings: i64,
    /// Whether there is something to beware of.
    pub hazards: bool,
    /// Out of use.
    pub archived: bool,
}

/// The record itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteRecord {
    /// Of the site.
    pub id: Uuid,
    /// Whose place.
    pub client: Uuid,
    /// The client's name.
    pub client_name: String,
    /// The client's standing alert; may be empty.
    pub alert: String,
    /// May be empty.
    pub name: String,
    /// With its lines.
    pub address: String,
    /// When one can get in; may be empty.
    pub hours: String,
    /// What to beware of; may be empty.
    pub hazards: String,
    /// Out of use.
    pub archived: bool,
    /// For compare-and-set.
    pub version: i32,
}

/// How to get in, as a page may say it: whether anything is written, never what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedNotes {
    /// The site.
    pub site: Uuid,
    /// For compare-and-set; 0 when nothing was ever written.
    pub version: i32,
    /// What stands between whoever looks and the text.
    pub standing: Standing,
}

/// How to get in, about to be sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessNotes {
    /// Text, with its lines; empty when there is nothing to know any more.
    pub text: String,
    /// The version being changed; 0 for the first.
    pub version: i32,
}

impl std::fmt::Debug for AccessNotes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessNotes(redacted)")
    }
}

/// Access notes as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct AccessNotesForm {
    pub access_notes: String,
    pub version: String,
}

impl AccessNotesForm {
    /// Reads the form. Empty notes are allowed: there is nothing to know any more.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<AccessNotes, FieldErrors> {
        fields::check(|c| AccessNotes {
            text: c.optional_long_text("access_notes", &self.access_notes, 4000).unwrap_or_default(),
            version: version(c, &self.version),
        })
    }
}

/// What whoever looks may do here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteRights {
    /// Change the site and its openings.
    pub edit: bool,
    /// Write how to get in.
    pub edit_notes: bool,
    /// Take a call.
    pub take_call: bool,
    /// Take everything about the site along.
    pub case_file: bool,
}

/// All of a site's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SitePage {
    /// The record.
    pub site: SiteRecord,
    /// How to get in; `None` for those not entitled.
    pub notes: Option<SealedNotes>,
    /// Its codes, by kind; `None` for those not entitled.
    pub codes: Option<Vec<SiteCode>>,
    /// Doors and other things with cylinders, by number.
    pub openings: Vec<Opening>,
    /// Jobs here, the newest first.
    pub jobs: Vec<JobRow>,
    /// What happened, the newest first; `None` for those it is not for.
    pub history: Option<Vec<TimelineEntry>>,
    /// What whoever looks may do.
    pub rights: SiteRights,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_found_by_name_and_address() {
        let form =
            SiteForm { name: "Tour Nord".into(), address: "12, rue Café\r\nMontréal".into(), ..SiteForm::default() };
        let read = form.read().expect("reads");
        assert_eq!(
            (read.folded.as_str(), read.address.as_str()),
            ("tour nord 12, rue cafe montreal", "12, rue Café\nMontréal")
        );
    }

    #[test]
    fn a_site_without_an_address_is_refused() {
        let errors = SiteForm { hazards: "h".repeat(401), hours: "a\nb".into(), ..SiteForm::default() }
            .read()
            .expect_err("refused");
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["address", "hazards", "hours"]);
    }

    #[test]
    fn access_notes_may_be_emptied() {
        assert_eq!(
            AccessNotesForm { access_notes: " \n".into(), version: "3".into() }.read(),
            Ok(AccessNotes { text: String::new(), version: 3 })
        );
    }
}
