//! The job templates a new shop starts with. They are copied into the shop, which may then change them.

use super::{Answer, Check, JobField, Question, Requirements, SignerRole};
use crate::closed_set;
use crate::lines::LineKind;
use crate::money::{Money, Quantity};
use serde::{Deserialize, Serialize};

closed_set! {
    /// The kinds of job a locksmith shop does.
    pub enum JobKind {
        /// Somebody cannot get into a home.
        LockoutHouse = "lockout_house", "House lockout";
        /// New keys for the same cylinders.
        Rekey = "rekey", "Rekey";
        /// A lock is replaced.
        LockChange = "lock_change", "Lock change";
        /// A vehicle key is cut or programmed.
        AutoKey = "auto_key", "Auto key";
        /// Doors and hardware of a business.
        CommercialService = "commercial_service", "Commercial service";
        /// A master key system is made or extended.
        MasterSystem = "master_system", "Master key system";
        /// A safe is opened, serviced or moved.
        Safe = "safe", "Safe";
        /// Keys cut to order.
        KeyOrder = "key_order", "Key order";
    }
}

/// A line that a template puts on each new job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultLine {
    /// What it charges for.
    pub kind: LineKind,
    /// The words on the invoice.
    pub description: String,
    /// How many.
    pub quantity: Quantity,
    /// The price of one, in the shop's currency.
    pub unit_price: Money,
}

/// A template as a new shop gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Starter {
    /// The kind of job.
    pub kind: JobKind,
    /// What a job of it demands.
    pub requirements: Requirements,
    /// The lines it starts with.
    pub lines: Vec<DefaultLine>,
}

impl JobKind {
    /// The template a new shop starts with. Prices are the middle of the market's range, in minor units.
    pub fn starter(self) -> Starter {
        let (requirements, lines) = match self {
            JobKind::LockoutHouse => lockout_house(),
            JobKind::Rekey => rekey(),
            JobKind::LockChange => lock_change(),
            JobKind::AutoKey => auto_key(),
            JobKind::CommercialService => commercial_service(),
            JobKind::MasterSystem => master_system(),
            JobKind::Safe => safe(),
            JobKind::KeyOrder => key_order(),
        };
        Starter { kind: self, requirements, lines }
    }
}

type Parts = (Requirements, Vec<DefaultLine>);

fn lockout_house() -> Parts {
    let requirements = Requirements {
        questions: vec![
            must_ask("inside", "Is a child, a pet or a stove in danger inside?", Answer::YesNo),
            must_ask("relation", "What is the caller to the place?", Answer::Text),
            must_ask(
                "entry",
                "How was it opened?",
                one_of(&["Bypassed", "Picked", "Impressioned", "Drilled", "Found open"]),
            ),
            may_ask("keys_inside", "Are the keys inside?", Answer::YesNo),
        ],
        fields: vec![JobField::Site, JobField::Ceiling, JobField::Performed, JobField::Lines],
        checks: vec![
            check("door_works", "Door opens, closes and locks after the work"),
            check("damage_noted", "Damage looked for and noted, or none"),
        ],
        photos: Vec::new(),
        signatures: vec![SignerRole::Client],
        authority: true,
    };
    (requirements, vec![fee("Service call", 8_500), labour("Lockout, daytime", 12_000)])
}

fn rekey() -> Parts {
    let requirements = Requirements {
        questions: vec![
            must_ask("cylinders", "How many cylinders?", Answer::Text),
            must_ask("keyed", "Keyed alike or different?", one_of(&["Alike", "Different", "To an existing key"])),
        ],
        fields: vec![JobField::Site, JobField::Performed, JobField::Lines],
        checks: vec![
            check("keys_tried", "Every new key tried in its cylinder"),
            check("old_keys_fail", "Old keys no longer turn"),
        ],
        photos: Vec::new(),
        signatures: vec![SignerRole::Client],
        authority: true,
    };
    let lines = vec![fee("Service call", 8_500), labour("Rekey, per cylinder", 2_400), part("Cut key", 450)];
    (requirements, lines)
}

fn lock_change() -> Parts {
    let requirements = Requirements {
        questions: vec![
            must_ask("why", "Why is it changed?", Answer::Text),
            may_ask("door", "Which door, and what is it made of?", Answer::Text),
        ],
        fields: vec![JobField::Site, JobField::Performed, JobField::Lines],
        checks: vec![
            check("door_works", "Door opens, closes and locks after the work"),
            check("keys_handed", "All keys handed over and counted"),
        ],
        photos: Vec::new(),
        signatures: vec![SignerRole::Client],
        authority: true,
    };
    (requirements, vec![fee("Service call", 8_500), labour("Deadbolt, fitted", 9_500)])
}

fn auto_key() -> Parts {
    let requirements = Requirements {
        questions: vec![
            must_ask("vehicle", "Make, model and year?", Answer::Text),
            must_ask("plate", "Plate?", Answer::Text),
            must_ask("lost", "Are all keys lost?", Answer::YesNo),
        ],
        fields: vec![JobField::Performed, JobField::Lines],
        checks: vec![
            check("starts", "Engine starts with each new key"),
            check("keeper_matches", "Registration matches the person's document"),
        ],
        photos: Vec::new(),
        signatures: vec![SignerRole::Client],
        authority: true,
    };
    (requirements, vec![fee("Service call", 8_500), labour("Key cutting and programming, per hour", 9_000)])
}

fn commercial_service() -> Parts {
    let requirements = Requirements {
        questions: vec![
            must_ask("complaint", "What is wrong, and at which door?", Answer::Text),
            may_ask("order_number", "Purchase order number?", Answer::Text),
        ],
        fields: vec![JobField::Site, JobField::Performed, JobField::Lines],
        checks: vec![
            check("egress_free", "Way out is free and opens without a key"),
            check("door_works", "Door opens, closes and locks after the work"),
        ],
        photos: Vec::new(),
        signatures: vec![SignerRole::Client],
        authority: false,
    };
    (requirements, vec![fee("Service call", 8_500), labour("Labour, per hour", 9_000)])
}

fn master_system() -> Parts {
    let requirements = Requirements {
        questions: vec![
            must_ask("levels", "How many levels of keys?", one_of(&["Two", "Three", "Four"])),
            must_ask("changes", "How many different keys now and in ten years?", Answer::Text),
        ],
        fields: vec![JobField::Site, JobField::Performed, JobField::Lines],
        checks: vec![
            check("masters_tried", "Each master tried in every cylinder below it"),
            check("changes_tried", "Each change key tried in its own and in a foreign cylinder"),
        ],
        photos: Vec::new(),
        signatures: vec![SignerRole::Client, SignerRole::Technician],
        authority: true,
    };
    let lines =
        vec![labour("Rekey, per cylinder", 2_400), labour("Master keying, per cylinder", 800), part("Cut key", 450)];
    (requirements, lines)
}

fn safe() -> Parts {
    let requirements = Requirements {
        questions: vec![
            must_ask("make", "Make and model of the safe?", Answer::Text),
            must_ask("work", "What is to be done?", one_of(&["Open", "Service", "Change combination", "Move"])),
        ],
        fields: vec![JobField::Site, JobField::Performed, JobField::Lines],
        checks: vec![
            check("contents_seen", "Contents left to the client, unseen or in their presence"),
            check("locks_again", "Safe locks and opens three times after the work"),
        ],
        photos: Vec::new(),
        signatures: vec![SignerRole::Client],
        authority: true,
    };
    (requirements, vec![fee("Service call", 8_500), labour("Safe work, per hour", 9_000)])
}

fn key_order() -> Parts {
    let requirements = Requirements {
        questions: vec![
            must_ask("stamp", "What is stamped on the key?", Answer::Text),
            must_ask("count", "How many?", Answer::Text),
        ],
        fields: vec![JobField::Lines],
        checks: vec![check("signatory_valid", "Authorised signatory looked up and valid")],
        photos: Vec::new(),
        signatures: vec![SignerRole::Client],
        authority: true,
    };
    (requirements, vec![part("Restricted key", 2_200)])
}

fn must_ask(key: &str, label: &str, answer: Answer) -> Question {
    Question { key: key.into(), label: label.into(), required: true, answer }
}

fn may_ask(key: &str, label: &str, answer: Answer) -> Question {
    Question { required: false, ..must_ask(key, label, answer) }
}

fn one_of(options: &[&str]) -> Answer {
    Answer::OneOf(options.iter().map(|&option| option.to_owned()).collect())
}

fn check(key: &str, label: &str) -> Check {
    Check { key: key.into(), label: label.into() }
}

fn line(kind: LineKind, description: &str, minor: i64) -> DefaultLine {
    DefaultLine { kind, description: description.into(), quantity: Quantity::ONE, unit_price: Money::from_minor(minor) }
}

fn labour(description: &str, minor: i64) -> DefaultLine {
    line(LineKind::Labour, description, minor)
}

fn part(description: &str, minor: i64) -> DefaultLine {
    line(LineKind::Part, description, minor)
}

fn fee(description: &str, minor: i64) -> DefaultLine {
    line(LineKind::Fee, description, minor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Choice;

    #[test]
    fn every_starter_can_be_kept() {
        for &kind in JobKind::ALL {
            let starter = kind.starter();
            assert_eq!(starter.requirements.well_formed(), Ok(()), "{kind:?}");
            assert!(!starter.lines.is_empty() && !starter.requirements.signatures.is_empty(), "{kind:?}");
        }
    }

    #[test]
    fn entry_to_homes_vehicles_and_safes_needs_authority() {
        for kind in [JobKind::LockoutHouse, JobKind::AutoKey, JobKind::Safe, JobKind::KeyOrder] {
            assert!(kind.starter().requirements.authority, "{kind:?}");
        }
    }
}
