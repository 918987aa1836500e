//! What travels with every form, whatever it is about.

use crate::FieldErrors;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Made by the server function that loads a page, for the forms on it: one id, so that a form sent twice is done once,
/// and the shop it was rendered for, so that a page left open in another shop's name is noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Fresh for each load of the page.
    pub id: String,
    /// The shop of the page; empty before anyone is signed in.
    pub shop: String,
    /// What was typed, when a form of this page was just refused and came back without script.
    pub flash: Option<Flash>,
}

/// Hidden fields of a form: `post[id]` and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Post {
    /// The ticket's id and the form's name.
    pub id: String,
    /// The shop the page was rendered for.
    pub shop: String,
    /// The page, to come back to when something is refused.
    pub back: String,
    /// The form's name on its page.
    pub form: String,
}

/// A refused form on its way back to its page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The form's name on its page.
    pub form: String,
    /// Field name as sent → what was typed. Never a password.
    pub values: BTreeMap<String, String>,
    /// Words beside fields.
    pub errors: FieldErrors,
    /// Words above the form.
    pub problem: String,
}

/// The answer to a form that was done: where its result is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// A path of ours.
    pub to: String,
}

/// What a page is loaded with: its data, and the ticket for its forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// For the forms on it.
    pub ticket: Ticket,
    /// What it shows.
    pub data: T,
}

/// What a ticked box sends.
const TICKED: &str = "on";

/// A form of a record that several people may have open at once.
pub trait Stored {
    /// Each field with its label and what stands in it, to compare two states of one record.
    fn shown(&self) -> Vec<(&'static str, &'static str, &str)>;

    /// A value as people read it, where a field holds a code.
    fn read_out(&self, _field: &str, value: &str) -> String {
        if value == TICKED { "Yes".into() } else { value.into() }
    }

    /// The version the form was opened with.
    fn version(&self) -> &str;
}
