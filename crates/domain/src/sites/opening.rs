//! Openings: doors, padlocks, cams, anything with a cylinder.

use crate::{FieldErrors, attachments::Photo, clients::form::version, closed_set, fields, fold::fold, forms::Stored};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// The hand of a door, seen from outside. Reverse: it opens towards the outside.
    pub enum Hand {
        /// Hinges at the left, opens inwards.
        Left = "LH", "LH – left";
        /// Hinges at the right, opens inwards.
        Right = "RH", "RH – right";
        /// Hinges at the left, opens outwards.
        LeftReverse = "LHR", "LHR – left reverse";
        /// Hinges at the right, opens outwards.
        RightReverse = "RHR", "RHR – right reverse";
    }
}

/// Lock functions offered while typing: ANSI/BHMA A156.2 (bored, F7x to F9x) and A156.13 (mortise, F0x to F2x) numbers
/// with their usual names. Any other text is kept as it is.
pub const FUNCTIONS: &[&str] = &[
    "F75 passage",
    "F76 privacy",
    "F81 office",
    "F82 office",
    "F84 classroom",
    "F86 storeroom",
    "F88 classroom security",
    "F90 corridor",
    "F93 hotel",
    "F01 passage (mortise)",
    "F04 office (mortise)",
    "F05 classroom (mortise)",
    "F07 storeroom (mortise)",
    "F13 dormitory (mortise)",
    "F17 deadbolt (mortise)",
    "F19 privacy (mortise)",
];

/// An opening as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct OpeningForm {
    pub number: String,
    pub location: String,
    pub hand: String,
    pub function: String,
    pub hardware: String,
    /// Ticked when the door is gone.
    pub archived: String,
    pub version: String,
}

/// An opening about to be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewOpening {
    /// What is written on the door or its schedule.
    pub number: String,
    /// The number as search knows it.
    #[serde(skip)]
    pub folded: String,
    /// Where in the building.
    pub location: String,
    /// `None` for what has no hand: a padlock.
    pub hand: Option<Hand>,
    /// Lock function.
    pub function: String,
    /// What is fitted.
    pub hardware: String,
    /// Out of use.
    pub archived: bool,
    /// The version being changed; 0 for a new opening.
    #[serde(skip)]
    pub version: i32,
}

impl OpeningForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<NewOpening, FieldErrors> {
        fields::check(|c| {
            let number = c.text("number", &self.number, 40);
            NewOpening {
                folded: fold(&number),
                number,
                location: c.optional_text("location", &self.location, 160).unwrap_or_default(),
                hand: c.optional_choice("hand", &self.hand),
                function: c.optional_text("function", &self.function, 40).unwrap_or_default(),
                hardware: c.optional_long_text("hardware", &self.hardware, 400).unwrap_or_default(),
                archived: c.ticked("archived", Some(&self.archived)),
                version: version(c, &self.version),
            }
        })
    }
}

impl Stored for OpeningForm {
    fn shown(&self) -> Vec<(&'static str, &'static str, &str)> {
        vec![
            ("number", "Number", &self.number),
            ("location", "Location", &self.location),
            ("hand", "Hand", &self.hand),
            ("function", "Function", &self.function),
            ("hardware", "Hardware", &self.hardware),
            ("archived", "Out of use", &self.archived),
        ]
    }

    fn read_out(&self, field: &str, value: &str) -> String {
        match field {
            "hand" => Hand::parse(value).map_or_else(|| value.into(), |hand| hand.words().into()),
            "archived" => "Yes".into(),
            _ => value.into(),
        }
    }

    fn version(&self) -> &str {
        &self.version
    }
}

/// An opening as a row of its site's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Of the opening.
    pub id: Uuid,
    /// What is written on the door or its schedule.
    pub number: String,
    /// Where in the building; may be empty.
    pub location: String,
    /// Stored text of the hand; may be empty.
    pub hand: String,
    /// Lock function; may be empty.
    pub function: String,
    /// What is fitted; may be empty.
    pub hardware: String,
    /// Out of use.
    pub archived: bool,
}

/// An opening's form with the place it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningEdit {
    /// The site's id.
    pub site: Uuid,
    /// The site on one line.
    pub place: String,
    /// What stands in the form.
    pub form: OpeningForm,
    /// Photos of it; none of one that is yet to be added.
    pub photos: Vec<Photo>,
    /// Whether whoever looks may add some.
    pub may_add_photos: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_offered_can_be_kept() {
        for function in FUNCTIONS {
            let form = OpeningForm { number: "1A".into(), function: (*function).into(), ..OpeningForm::default() };
            assert_eq!(form.read().map(|new| new.function), Ok((*function).to_owned()));
        }
    }

    #[test]
    fn a_hand_is_one_of_four_or_none() {
        let read = |hand: &str| {
            OpeningForm { number: "1A".into(), hand: hand.into(), ..OpeningForm::default() }.read().map(|new| new.hand)
        };
        assert_eq!(read("LHR"), Ok(Some(Hand::LeftReverse)));
        assert_eq!(read(""), Ok(None));
        assert!(read("left").is_err());
    }
}
