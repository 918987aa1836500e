//! What a version of a job template demands. Stored as JSON with the version, and kept by each job made from it.

use crate::closed_set;
use crate::fields::FieldErrors;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Everything that must be there before a job of this template may be completed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Requirements {
    /// Asked at intake and on site.
    pub questions: Vec<Question>,
    /// Fields of the job itself that must be filled.
    pub fields: Vec<JobField>,
    /// Ticked by the technician on site.
    pub checks: Vec<Check>,
    /// Photos that must be added.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Check>,
    /// Who must sign the work order.
    pub signatures: Vec<SignerRole>,
    /// Whether the right to have this done must be checked first.
    pub authority: bool,
}

/// A question of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Stable name within the template: small letters, digits and underscores.
    pub key: String,
    /// The words asked.
    pub label: String,
    /// Whether the job cannot be completed without an answer.
    pub required: bool,
    /// The kind of answer.
    #[serde(default)]
    pub answer: Answer,
}

/// The kind of answer a question takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A line of text.
    #[default]
    Text,
    /// Yes or no.
    YesNo,
    /// One of these.
    OneOf(Vec<String>),
}

/// A check the technician ticks, or a photo that is demanded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Stable name within the template: small letters, digits and underscores.
    pub key: String,
    /// What is confirmed by ticking it.
    pub label: String,
}

closed_set! {
    /// Who signs a work order.
    pub enum SignerRole {
        /// The client or whoever acts for them on site.
        Client = "client", "Client";
        /// The technician.
        Technician = "technician", "Technician";
        /// A witness, such as a superintendent.
        Witness = "witness", "Witness";
    }
}

closed_set! {
    /// A field of the job that a template can demand.
    pub enum JobField {
        /// Where the work is done.
        Site = "site", "Site";
        /// Which door or thing with a cylinder.
        Opening = "opening", "Opening";
        /// The price ceiling agreed.
        Ceiling = "ceiling", "Price ceiling";
        /// What was done, in words.
        Performed = "performed", "Work performed";
        /// At least one line to charge.
        Lines = "lines", "Lines";
    }
}

impl Requirements {
    /// The longest label, in characters.
    pub const MAX_LABEL: usize = 200;
    /// The most questions, and the most checks, of one template.
    pub const MAX_ITEMS: usize = 40;

    /// Whether the template can be kept: keys well formed and used once, labels there and not too long. The errors
    /// are by field: `questions[0].key`, `checks[2].label`.
    pub fn well_formed(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::new();
        let questions = self.questions.iter().map(|q| (q.key.as_str(), q.label.as_str()));
        check_items("questions", questions, &mut errors);
        let checks = self.checks.iter().map(|c| (c.key.as_str(), c.label.as_str()));
        check_items("checks", checks, &mut errors);
        let photos = self.photos.iter().map(|photo| (photo.key.as_str(), photo.label.as_str()));
        check_items("photos", photos, &mut errors);
        for (at, question) in self.questions.iter().enumerate() {
            if matches!(&question.answer, Answer::OneOf(options) if options.len() < 2) {
                add(&mut errors, format!("questions[{at}].answer"), "Give at least two answers to choose from.");
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

fn check_items<'i>(list: &str, items: impl Iterator<Item = (&'i str, &'i str)>, errors: &mut FieldErrors) {
    let mut seen = BTreeSet::new();
    for (at, (key, label)) in items.enumerate() {
        if at == Requirements::MAX_ITEMS {
            return add(errors, list.to_owned(), format!("Keep it to {} of these.", Requirements::MAX_ITEMS));
        }
        if !is_key(key) {
            add(errors, format!("{list}[{at}].key"), "Use small letters, digits and underscores, 40 at most.");
        } else if !seen.insert(key) {
            add(errors, format!("{list}[{at}].key"), "This name is used twice.");
        }
        let length = label.trim().chars().count();
        if length == 0 || length > Requirements::MAX_LABEL || label.chars().any(char::is_control) {
            add(errors, format!("{list}[{at}].label"), "Enter one line of words, 200 characters at most.");
        }
    }
}

fn add(errors: &mut FieldErrors, field: String, words: impl Into<String>) {
    errors.entry(field).or_insert_with(|| words.into());
}

fn is_key(key: &str) -> bool {
    (1..=40).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, label: &str) -> Check {
        Check { key: key.into(), label: label.into() }
    }

    #[test]
    fn templates_that_cannot_be_kept() {
        let long = "x".repeat(201);
        let table = [
            (vec![check("a", "A"), check("a", "B")], "checks[1].key"),
            (vec![check("No Spaces", "A")], "checks[0].key"),
            (vec![check("", "A")], "checks[0].key"),
            (vec![check("a", " ")], "checks[0].label"),
            (vec![check("a", "b\0")], "checks[0].label"),
            (vec![check("a", &long)], "checks[0].label"),
            ((0..41).map(|n| check(&format!("k{n}"), "A")).collect(), "checks"),
        ];
        for (checks, field) in table {
            let errors = Requirements { checks, ..Requirements::default() }.well_formed().expect_err(field);
            assert_eq!(errors.keys().map(String::as_str).collect::<Vec<_>>(), [field]);
        }
    }

    #[test]
    fn stored_json_is_stable() -> serde_json::Result<()> {
        let stored = r#"{"questions":[{"key":"pets","label":"Is a child or a pet inside?","required":true,"answer":"yes_no"}],"fields":["site"],"checks":[],"signatures":["client"],"authority":true}"#;
        let read: Requirements = serde_json::from_str(stored)?;
        assert_eq!(serde_json::to_string(&read)?, stored);
        assert!(read.well_formed().is_ok());
        assert_eq!(serde_json::from_str::<Requirements>("{}")?, Requirements::default());
        Ok(())
    }
}
