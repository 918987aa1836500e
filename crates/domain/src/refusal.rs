//! The expected "no": what a person can put right, or must be told.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// Words beside fields: field name → sentence.
pub type FieldErrors = BTreeMap<String, String>;

/// Why an act was not done, in words for the person who tried.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Something typed needs another look; a sentence beside each field.
    #[error("Some fields need another look.")]
    Invalid(FieldErrors),
    /// Somebody changed the record meanwhile; the sentence says who or what.
    #[error("{0}")]
    Conflict(String),
    /// There is no such thing, or it is not for this person to know of.
    #[error("There is nothing here.")]
    NotFound,
    /// The thing may be seen but not done; the sentence says who may.
    #[error("{0}")]
    Forbidden(String),
    /// So much in so short a time is not done; the sentence says until when.
    #[error("{0}")]
    TooMany(String),
    /// What it needs does not answer at the moment; the sentence says what still works.
    #[error("{0}")]
    Away(String),
}

impl Refusal {
    /// One field, one sentence.
    #[must_use]
    pub fn field(name: &str, sentence: impl Into<String>) -> Self {
        Self::Invalid(BTreeMap::from([(name.to_owned(), sentence.into())]))
    }

    /// The record was changed since this page was opened.
    #[must_use]
    pub fn stale(noun: &str) -> Self {
        Self::Conflict(format!(
            "This {noun} was changed by somebody else while you had it open. What you typed is kept below; the saved values stand beside it."
        ))
    }
}

impl From<FieldErrors> for Refusal {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
