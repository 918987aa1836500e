//! Codes of a site: what is typed into its alarm, its gates, its safes. Sealed; a page knows only that there is one.

use crate::{
    FieldErrors, Permission, audit::TimelineEntry, clients::form::version, closed_set, fields, forms::Stored,
    reveal::Standing,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// What a code opens.
    pub enum CodeKind {
        /// Arms and disarms.
        Alarm = "alarm", "Alarm";
        /// Gate or barrier.
        Gate = "gate", "Gate";
        /// The box with the keys in it.
        KeySafe = "key_safe", "Key safe";
        /// A door with a keypad.
        Keypad = "keypad", "Keypad lock";
        /// The combination of a safe.
        Safe = "safe", "Safe combination";
    }
}

impl CodeKind {
    /// What somebody must be allowed to, to open one: a way in is one thing, what lies in the safe another.
    #[must_use]
    pub const fn needed(self) -> Permission {
        match self {
            Self::Safe => Permission::RevealSecrets,
            Self::Alarm | Self::Gate | Self::KeySafe | Self::Keypad => Permission::SeeAccessNotes,
        }
    }
}

/// A code as typed. `site_code` is a secret: empty in every form that is opened, and never in a flash.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct CodeForm {
    pub kind: String,
    pub label: String,
    pub site_code: String,
    /// Ticked when it opens nothing any more.
    pub archived: String,
    pub version: String,
}

impl std::fmt::Debug for CodeForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeForm").field("kind", &self.kind).field("label", &self.label).finish_non_exhaustive()
    }
}

/// A code about to be stored. What is serialised of it goes into the facts of an entry: never the code.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct NewCode {
    pub kind: CodeKind,
    pub label: String,
    pub archived: bool,
    /// `None` leaves what is sealed.
    #[serde(skip)]
    pub code: Option<String>,
    #[serde(skip)]
    pub version: i32,
}

impl std::fmt::Debug for NewCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewCode").field("kind", &self.kind).field("label", &self.label).finish_non_exhaustive()
    }
}

impl CodeForm {
    /// Reads the form. A new one (version 0) needs its code; a changed one keeps what is sealed when it is left empty, and
    /// one that opens nothing any more is emptied.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<NewCode, FieldErrors> {
        fields::check(|c| {
            let version = version(c, &self.version);
            let archived = c.ticked("archived", Some(&self.archived));
            let typed = c.optional_text("site_code", &self.site_code, 200);
            if version == 0 && typed.is_none() && !c.refused("site_code") {
                c.refuse("site_code", "Type the code.");
            }
            let code = if archived { Some(String::new()) } else { typed };
            NewCode {
                kind: c.choice("kind", &self.kind),
                label: c.text("label", &self.label, 120),
                archived,
                code,
                version,
            }
        })
    }
}

impl Stored for CodeForm {
    fn shown(&self) -> Vec<(&'static str, &'static str, &str)> {
        vec![
            ("kind", "Kind", &self.kind),
            ("label", "Which one", &self.label),
            ("archived", "Opens nothing any more", &self.archived),
        ]
    }

    fn version(&self) -> &str {
        &self.version
    }
}

/// A code in the list of its site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteCode {
    /// Of the code.
    pub id: Uuid,
    /// What it opens, in words.
    pub kind: String,
    /// Which one: "Back office".
    pub label: String,
    /// The day it was sealed, in the shop's time.
    pub since: String,
    /// Opens nothing any more.
    pub archived: bool,
}

/// A code's form with the site it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeEdit {
    /// The site's id.
    pub site: Uuid,
    /// Its name and address on one line.
    pub place: String,
    /// What stands in the form.
    pub form: CodeForm,
}

/// A code's page, without the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodePage {
    /// The record.
    pub code: SiteCode,
    /// The site's id.
    pub site: Uuid,
    /// Its name and address on one line.
    pub place: String,
    /// Open jobs of the client it may be needed for: id and words.
    pub jobs: Vec<(Uuid, String)>,
    /// What stands between whoever looks and the code; `None` where they may not open it.
    pub standing: Option<Standing>,
    /// Whether they may change it.
    pub edit: bool,
    /// What happened, the newest first; `None` for those it is not for.
    pub history: Option<Vec<TimelineEntry>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(code: &str, archived: &str, version: &str) -> CodeForm {
        let [kind, label] = ["safe", "Back office"].map(str::to_owned);
        CodeForm { kind, label, site_code: code.into(), archived: archived.into(), version: version.into() }
    }

    #[test]
    fn a_new_code_is_typed_and_a_changed_one_may_stay() {
        assert_eq!(form("", "", "0").read().expect_err("refused")["site_code"], "Type the code.");
        assert_eq!(form("30-15-45", "", "0").read().expect("reads").code.as_deref(), Some("30-15-45"));
        assert_eq!(form("", "", "2").read().expect("reads").code, None);
    }

    #[test]
    fn one_that_opens_nothing_any_more_is_emptied() {
        assert_eq!(form("30-15-45", "on", "2").read().expect("reads").code.as_deref(), Some(""));
    }

    #[test]
    fn no_code_is_printed() {
        let typed = form("30-15-45", "", "0");
        let printed = format!("{typed:?} {:?}", typed.read().expect("reads"));
        assert!(!printed.contains("30-15"), "{printed}");
        assert!(!serde_json::to_string(&typed.read().expect("reads")).expect("json").contains("30-15"));
    }
}
