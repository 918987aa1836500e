//! Forgetting somebody: what goes, what stays and why, and what must be settled before.

use crate::{FieldErrors, fields};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the page says before somebody is forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgetting {
    /// Who: a client, a contact or a member.
    pub id: Uuid,
    /// The client it is about; of a contact, whose person it is. Nil for a member.
    pub client: Uuid,
    /// The name, to be typed once more.
    pub name: String,
    /// Whether that was done already.
    pub forgotten: bool,
    /// Why nothing of the client may be forgotten; empty without a legal hold.
    pub held: String,
    /// What must be settled first, a sentence each.
    pub obstacles: Vec<String>,
    /// What goes, a line each.
    pub goes: Vec<String>,
    /// What stays, and why, a line each.
    pub stays: Vec<String>,
}

/// The form that forgets somebody, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ForgetForm {
    /// The name once more.
    pub typed: String,
    /// Why.
    pub reason: String,
}

impl ForgetForm {
    /// Reads the form: the reason.
    ///
    /// # Errors
    /// Words beside fields: another name than `name`, no reason, a reason that names whom it is about to forget.
    pub fn read(&self, name: &str) -> Result<String, FieldErrors> {
        fields::check(|c| {
            if self.typed.trim().to_lowercase() != name.trim().to_lowercase() {
                c.refuse("typed", format!("Type the name as it stands here: {name}"));
            }
            if name.chars().count() > 2 && self.reason.to_lowercase().contains(&name.trim().to_lowercase()) {
                c.refuse("reason", "The reason stays on the audit trail, so leave the name out of it.");
            }
            c.text("reason", &self.reason, 400)
        })
    }
}

/// The form of a legal hold, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoldForm {
    /// Why nothing may be forgotten; empty lifts the hold.
    pub reason: String,
}

impl HoldForm {
    /// Reads the form: the reason, empty to lift the hold.
    ///
    /// # Errors
    /// Words beside the field.
    pub fn read(&self) -> Result<String, FieldErrors> {
        fields::check(|c| c.optional_text("reason", &self.reason, 400).unwrap_or_default())
    }
}

/// "no photos" is left out, "one photo", "3 photos".
#[must_use]
pub fn counted(count: i64, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("One {one}")),
        more => Some(format!("{more} {many}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_typed_and_the_reason_names_nobody() {
        let form = |typed: &str, reason: &str| {
            let form = ForgetForm { typed: typed.into(), reason: reason.into() };
            form.read("Ana Reyes").map_err(|errors| errors.into_keys().collect::<Vec<_>>())
        };
        assert_eq!(form(" ana reyes ", "Asked by letter"), Ok("Asked by letter".into()));
        assert_eq!(form("Ana", "Asked by letter"), Err(vec!["typed".into()]));
        assert_eq!(form("", ""), Err(vec!["reason".into(), "typed".into()]));
        assert_eq!(form("Ana Reyes", "ana reyes asked"), Err(vec!["reason".into()]));
    }

    #[test]
    fn a_hold_without_a_reason_is_lifted() {
        assert_eq!(HoldForm { reason: "  ".into() }.read(), Ok(String::new()));
    }
}
