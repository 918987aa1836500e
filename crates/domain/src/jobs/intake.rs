//! Taking a call: the one form that makes client, site, job and visit at once.

use super::{Answer, Requirements};
use crate::{
    FieldErrors,
    clients::{ClientKind, ClientMatch},
    fields::{self, Checker},
    ids::{ClientId, SiteId},
    money::{Currency, Money},
    phone::Phone,
    schedule::{NewVisit, Technician, VisitForm},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The intake form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IntakeForm {
    /// A client the shop knows; empty for a new one.
    pub client: String,
    /// A new client's name.
    pub client_name: String,
    /// A new client's kind.
    pub client_kind: String,
    /// Who calls.
    pub caller: String,
    /// Number to call back.
    pub caller_phone: String,
    /// A site the shop knows; empty for a new one, or none.
    pub site: String,
    /// A new site's address.
    pub address: String,
    /// Kind of job: a template's key.
    pub template: String,
    /// What is wanted.
    pub requested: String,
    /// Answers by the key of their question.
    pub answers: BTreeMap<String, String>,
    /// What it may cost at most.
    pub ceiling: String,
    /// The client's order number.
    pub po_number: String,
    /// Somebody waits in danger: "on" when ticked.
    pub urgent: String,
    /// Who goes; empty to decide later.
    pub technician: String,
    /// Day of the visit.
    pub date: String,
    /// Time of the visit.
    pub time: String,
    /// Length of the visit in minutes.
    pub minutes: String,
    /// This is another job than the one just taken for the same place: "on" when ticked.
    pub another: String,
}

/// For whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallFor {
    /// A client the shop knows.
    Known(ClientId),
    /// A new one.
    New {
        /// Name on papers.
        name: String,
        /// What kind.
        kind: ClientKind,
    },
}

/// Where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A site of the client.
    Known(SiteId),
    /// A new site, by its address.
    New(String),
    /// Nowhere yet, or at the counter.
    None,
}

/// A call, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// For whom.
    pub client: CallFor,
    /// Where.
    pub place: Place,
    /// Who calls; may be empty for a known client.
    pub caller: String,
    /// Number to call back.
    pub caller_phone: Option<Phone>,
    /// Kind of job: a template's key.
    pub template: String,
    /// What is wanted.
    pub requested: String,
    /// Answers by the key of their question; not yet compared with the template.
    pub answers: BTreeMap<String, String>,
    /// What it may cost at most, taxes included.
    pub ceiling: Option<Money>,
    /// The client's order number.
    pub po_number: String,
    /// Somebody waits in danger.
    pub urgent: bool,
    /// Who goes and when, where that is decided.
    pub visit: Option<NewVisit>,
    /// Whether a job just taken for the same place is another one.
    pub another: bool,
}

impl IntakeForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self, currency: Currency) -> Result<NewJob, FieldErrors> {
        fields::check(|c| NewJob {
            client: self.client(c),
            place: self.place(c),
            caller: c.optional_text("caller", &self.caller, 120).unwrap_or_default(),
            caller_phone: c.optional_phone("caller_phone", &self.caller_phone),
            template: c.text("template", &self.template, 40),
            requested: c.long_text("requested", &self.requested, 2000),
            answers: answers(c, &self.answers),
            ceiling: c.optional_money("ceiling", &self.ceiling, currency),
            po_number: c.optional_text("po_number", &self.po_number, 60).unwrap_or_default(),
            urgent: c.ticked("urgent", Some(&self.urgent)),
            visit: self.visit().optional(c),
            another: c.ticked("another", Some(&self.another)),
        })
    }

    fn client(&self, c: &mut Checker) -> CallFor {
        match c.optional_id("client", &self.client) {
            Some(known) => CallFor::Known(known),
            None if self.client.trim().is_empty() => {
                let name = if self.client_name.trim().is_empty() { &self.caller } else { &self.client_name };
                CallFor::New {
                    name: c.text("caller", name, 120),
                    kind: c.optional_choice("client_kind", &self.client_kind).unwrap_or(ClientKind::Person),
                }
            }
            None => CallFor::New { name: String::new(), kind: ClientKind::Person },
        }
    }

    fn place(&self, c: &mut Checker) -> Place {
        if let Some(address) = c.optional_text("address", &self.address, 400) {
            return Place::New(address);
        }
        c.optional_id("site", &self.site).map_or(Place::None, Place::Known)
    }

    fn visit(&self) -> VisitForm {
        VisitForm {
            technician: self.technician.clone(),
            date: self.date.clone(),
            time: self.time.clone(),
            minutes: self.minutes.clone(),
        }
    }
}

/// The name of the field that takes the answer to a question: `answers][pets` is sent as `form[answers][pets]`.
#[must_use]
pub fn answer_field(key: &str) -> String {
    format!("answers][{key}")
}

/// Answers as typed: lines of text, the empty ones dropped.
pub(super) fn answers(c: &mut Checker, typed: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    typed
        .iter()
        .take(Requirements::MAX_ITEMS)
        .filter_map(|(key, text)| Some((key.clone(), c.optional_text(&answer_field(key), text, 300)?)))
        .collect()
}

impl Requirements {
    /// The answers that fit their questions; what was sent for a question the template does not ask is dropped.
    ///
    /// # Errors
    /// Words beside the fields of [`answer_field`].
    pub fn fitting(&self, given: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, FieldErrors> {
        fields::check(|c| {
            let asked = self.questions.iter().filter_map(|question| Some((question, given.get(&question.key)?)));
            asked
                .map(|(question, answer)| {
                    let fits = match &question.answer {
                        Answer::Text => true,
                        Answer::YesNo => matches!(answer.as_str(), "yes" | "no"),
                        Answer::OneOf(options) => options.contains(answer),
                    };
                    if !fits {
                        c.refuse(&answer_field(&question.key), "Choose one of the answers offered.");
                    }
                    (question.key.clone(), answer.clone())
                })
                .collect()
        })
    }
}

/// A kind of job one can choose, with what it asks on the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateChoice {
    /// Its stable name in the shop.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it demands.
    pub requirements: Requirements,
}

/// What the intake page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// Kinds of job, by name.
    pub templates: Vec<TemplateChoice>,
    /// Who may be sent.
    pub technicians: Vec<Technician>,
    /// Today, for the date field.
    pub today: String,
    /// The next full half hour, for the time field.
    pub soon: String,
    /// Clients that fit what was searched for.
    pub matches: Vec<ClientMatch>,
    /// The client that was chosen by its address.
    pub chosen: Option<ClientMatch>,
    /// Whether whoever takes the call may send somebody.
    pub may_schedule: bool,
    /// The shop's currency.
    pub currency: Currency,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> IntakeForm {
        IntakeForm {
            caller: "Ana Ruiz".into(),
            caller_phone: "416 555 0132".into(),
            template: "rekey".into(),
            requested: "Locked out".into(),
            ..IntakeForm::default()
        }
    }

    #[test]
    fn a_new_caller_becomes_the_client() {
        let job = typed().read(Currency::Usd).expect("read");
        assert_eq!(job.client, CallFor::New { name: "Ana Ruiz".into(), kind: ClientKind::Person });
        assert_eq!((job.place, job.visit, job.ceiling), (Place::None, None, None));
    }

    #[test]
    fn a_typed_address_wins_over_a_chosen_site() {
        let form =
            IntakeForm { site: "0198c1a2-0000-7000-8000-00000000000b".into(), address: "12 Elm St".into(), ..typed() };
        assert_eq!(form.read(Currency::Usd).map(|job| job.place), Ok(Place::New("12 Elm St".into())));
    }

    #[test]
    fn answers_must_be_among_those_offered() {
        let lockout = super::super::JobKind::LockoutHouse.starter().requirements;
        let given = BTreeMap::from([
            ("inside".into(), "yes".into()),
            ("entry".into(), "Picked".into()),
            ("not_asked".into(), "x".into()),
        ]);
        assert_eq!(
            lockout.fitting(&given).map(|kept| kept.into_keys().collect::<Vec<_>>()),
            Ok(vec!["entry".to_owned(), "inside".into()])
        );
        let odd = BTreeMap::from([("inside".into(), "perhaps".into())]);
        assert_eq!(lockout.fitting(&odd).expect_err("refused").into_keys().collect::<Vec<_>>(), ["answers][inside"]);
    }

    #[test]
    fn what_is_wrong_stands_beside_its_field() {
        let form = IntakeForm {
            client: "x".into(),
            ceiling: "lots".into(),
            technician: "0198c1a2-0000-7000-8000-00000000000c".into(),
            requested: "\0".into(),
            answers: BTreeMap::from([("pets".into(), "a\0".into()), ("keys".into(), " ".into())]),
            ..typed()
        };
        let errors = form.read(Currency::Usd).expect_err("refused");
        assert_eq!(
            errors.keys().map(String::as_str).collect::<Vec<_>>(),
            ["answers][pets", "ceiling", "client", "date", "minutes", "requested", "time"]
        );
    }
}
