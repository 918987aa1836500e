//! A bitting record as typed and as stored.

use super::{Confidence, Reading, Secret, Source, check};
use crate::{
    FieldErrors,
    clients::form::version,
    fields::{self, Checker},
    fold::fold,
    forms::Stored,
    ids::SiteId,
};
use serde::{Deserialize, Serialize};

/// A record as typed. `bitting` and `key_code` are secrets: empty in every form that is opened, and never in a flash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct BittingForm {
    pub label: String,
    pub item: String,
    pub site: String,
    pub make: String,
    pub maker: String,
    pub keyway: String,
    pub blank: String,
    pub bitting: String,
    pub key_code: String,
    /// Ticked to keep cuts that the make would not cut.
    pub as_found: String,
    pub reading: String,
    pub source: String,
    pub confidence: String,
    pub do_not_duplicate: String,
    pub top_secret: String,
    pub archived: String,
    pub version: String,
}

/// A record about to be stored. What is serialised of it goes into the facts of an entry: never the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct NewBitting {
    pub label: String,
    pub item: String,
    #[serde(skip)]
    pub folded: String,
    pub site: Option<SiteId>,
    pub make: String,
    pub maker: String,
    pub keyway: String,
    pub blank: String,
    pub reading: Reading,
    pub source: Source,
    pub confidence: Confidence,
    pub do_not_duplicate: bool,
    pub top_secret: bool,
    pub archived: bool,
    /// `None` leaves what is sealed.
    #[serde(skip)]
    pub secret: Option<Secret>,
    #[serde(skip)]
    pub version: i32,
}

impl BittingForm {
    /// Reads the form. A new record (version 0) needs cuts or a code; a changed one keeps what is sealed when both are
    /// left empty.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<NewBitting, FieldErrors> {
        fields::check(|c| {
            let version = version(c, &self.version);
            let secret = self.secret(c, version == 0);
            let (label, item) = (c.text("label", &self.label, 120), optional(c, "item", &self.item, 120));
            NewBitting {
                folded: fold(&format!("{label} {item}")),
                label,
                item,
                site: c.optional_id("site", &self.site),
                make: self.known_make(c),
                maker: optional(c, "maker", &self.maker, 80),
                keyway: optional(c, "keyway", &self.keyway, 40),
                blank: optional(c, "blank", &self.blank, 40),
                reading: c.choice("reading", &self.reading),
                source: c.choice("source", &self.source),
                confidence: c.choice("confidence", &self.confidence),
                do_not_duplicate: c.ticked("do_not_duplicate", Some(&self.do_not_duplicate)),
                top_secret: c.ticked("top_secret", Some(&self.top_secret)),
                archived: c.ticked("archived", Some(&self.archived)),
                secret,
                version,
            }
        })
    }

    fn known_make(&self, c: &mut Checker) -> String {
        if !self.make.is_empty() && keying::published(&self.make).is_none_or(|spec| spec.id != self.make) {
            c.refuse("make", "Choose a make from the list.");
        }
        self.make.clone()
    }

    fn secret(&self, c: &mut Checker, needed: bool) -> Option<Secret> {
        let code = optional(c, "key_code", &self.key_code, 40);
        let mut secret = Secret { cuts: String::new(), code };
        if !self.bitting.trim().is_empty() {
            match check(&self.make, &self.bitting) {
                Ok(read) => {
                    if !read.against.is_empty() && !c.ticked("as_found", Some(&self.as_found)) {
                        c.refuse("bitting", format!("{} Tick “as found” to keep it so.", read.against.join(" ")));
                    }
                    secret.cuts = read.cuts;
                }
                Err(words) => c.refuse("bitting", words),
            }
        }
        if secret.is_empty() && needed {
            c.refuse("bitting", "Enter the cuts, or the code below.");
        }
        (!secret.is_empty()).then_some(secret)
    }
}

fn optional(c: &mut Checker, field: &str, value: &str, most: usize) -> String {
    c.optional_text(field, value, most).unwrap_or_default()
}

impl Stored for BittingForm {
    fn shown(&self) -> Vec<(&'static str, &'static str, &str)> {
        vec![
            ("label", "Label", &self.label),
            ("item", "What it is for", &self.item),
            ("maker", "Maker", &self.maker),
            ("keyway", "Keyway", &self.keyway),
            ("blank", "Blank", &self.blank),
            ("do_not_duplicate", "Do not duplicate", &self.do_not_duplicate),
            ("top_secret", "Top secret", &self.top_secret),
            ("archived", "Out of use", &self.archived),
        ]
    }

    fn version(&self) -> &str {
        &self.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> BittingForm {
        let text = str::to_owned;
        BittingForm {
            label: text("Rear door"),
            make: text("kwikset_kw1"),
            bitting: text("32413"),
            reading: text("bow_to_tip"),
            source: text("decoded"),
            confidence: text("likely"),
            ..BittingForm::default()
        }
    }

    #[test]
    fn what_goes_into_the_facts_holds_no_secret() {
        let new = BittingForm { key_code: "ZZQ77".into(), ..typed() }.read().expect("reads");
        let facts = serde_json::to_string(&new).expect("serialises");
        assert!(facts.contains("Rear door") && !facts.contains("32413") && !facts.contains("ZZQ77"), "{facts}");
        assert!(!format!("{new:?}").contains("32413"));
    }

    #[test]
    fn a_new_record_needs_cuts_or_a_code_and_a_changed_one_keeps_its_own() {
        let empty = BittingForm { bitting: String::new(), ..typed() };
        assert_eq!(empty.read().expect_err("refused").keys().collect::<Vec<_>>(), ["bitting"]);
        assert_eq!(BittingForm { version: "3".into(), ..empty.clone() }.read().expect("reads").secret, None);
        assert!(BittingForm { key_code: "A12".into(), ..empty }.read().is_ok());
    }

    #[test]
    fn cuts_against_the_makes_rules_are_kept_only_as_found() {
        let odd = BittingForm { bitting: "16134".into(), ..typed() };
        assert!(odd.read().expect_err("refused")["bitting"].ends_with("Tick “as found” to keep it so."));
        assert!(BittingForm { as_found: "on".into(), ..odd }.read().is_ok());
    }

    #[test]
    fn a_make_nobody_published_is_refused() {
        let errors = BittingForm { make: "kwik".into(), ..typed() }.read().expect_err("refused");
        assert_eq!(errors["make"], "Choose a make from the list.");
    }
}
