//! Webhooks: receivers to which entries of the audit trail are sent, and what each of them is sent.

mod address;

pub use address::{Address, Reachable, is_inside};

use crate::{
    FieldErrors, closed_set,
    fields::{self, Checker},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many receivers a shop may have.
pub const MOST: usize = 10;

closed_set! {
    /// Which entries a receiver is sent.
    pub enum Group {
        /// Every entry, as a SIEM wants them.
        All = "all", "Everything (for a SIEM)";
        /// Clients, contacts, sites, openings.
        Clients = "clients", "Clients, sites and openings";
        /// Jobs, visits, signatures.
        Jobs = "jobs", "Jobs, visits and signatures";
        /// Invoices and payments.
        Money = "money", "Invoices and payments";
        /// What clients do on their links.
        Portal = "portal", "Client links";
        /// Sign-ins, members, keys, settings.
        Security = "security", "Sign-ins, members, keys and settings";
    }
}

impl Group {
    /// The group of an event's code. What nobody thought of is security: there it is seen.
    #[must_use]
    pub const fn of(code: i16) -> Self {
        match code {
            20..=39 => Self::Clients,
            40..=69 => Self::Jobs,
            70..=79 => Self::Money,
            80..=89 => Self::Portal,
            _ => Self::Security,
        }
    }
}

/// Whether a receiver of these groups is sent entries of that code.
#[must_use]
pub fn wanted(groups: &[Group], code: i16) -> bool {
    groups.contains(&Group::All) || groups.contains(&Group::of(code))
}

closed_set! {
    /// Whether a receiver is sent anything.
    pub enum Standing {
        /// It is.
        On = "on", "On";
        /// The shop paused it; entries wait.
        Paused = "paused", "Paused";
        /// It answered that it is gone, and was paused for it.
        Gone = "gone", "Gone";
    }
}

closed_set! {
    /// What was done to a receiver, as the audit trail has it.
    pub enum ReceiverChange {
        /// Entries wait from now on.
        Paused = "paused", "paused";
        /// Entries go again.
        Resumed = "resumed", "resumed";
        /// From another entry on.
        Restarted = "restarted", "started again";
        /// What had been given up.
        SentAgain = "sent_again", "sent again to";
        /// A test.
        Tested = "tested", "tested";
    }
}

/// A receiver as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct ReceiverForm {
    /// What it is: "Our SIEM".
    pub name: String,
    /// Its address.
    pub url: String,
    pub all: String,
    pub clients: String,
    pub jobs: String,
    pub money: String,
    pub portal: String,
    pub security: String,
}

/// A receiver about to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReceiver {
    /// What it is.
    pub name: String,
    /// Its address.
    pub url: String,
    /// What it is sent.
    pub groups: Vec<Group>,
}

impl ReceiverForm {
    /// Reads the form. `reachable` is what the operator lets webhooks reach.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self, reachable: &Reachable) -> Result<NewReceiver, FieldErrors> {
        fields::check(|c| {
            let name = c.text("name", &self.name, 80);
            let url = c.text("url", &self.url, 500);
            if !c.refused("url")
                && let Err(words) = Address::read(&url).and_then(|address| reachable.may_be_named(&address))
            {
                c.refuse("url", words);
            }
            NewReceiver { name, url, groups: self.groups(c) }
        })
    }

    fn groups(&self, c: &mut Checker) -> Vec<Group> {
        let ticked = [
            (Group::All, &self.all),
            (Group::Clients, &self.clients),
            (Group::Jobs, &self.jobs),
            (Group::Money, &self.money),
            (Group::Portal, &self.portal),
            (Group::Security, &self.security),
        ];
        let groups: Vec<_> = ticked
            .into_iter()
            .filter_map(|(group, value)| c.ticked(group.as_str(), Some(value)).then_some(group))
            .collect();
        if groups.is_empty() {
            c.refuse("all", "Tick at least one thing this receiver is told.");
        }
        if groups.contains(&Group::All) { vec![Group::All] } else { groups }
    }
}

/// Where to start again, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RestartForm {
    /// Number of the first entry to be sent.
    pub entry: String,
}

impl RestartForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside the field.
    pub fn read(&self) -> Result<i64, FieldErrors> {
        fields::check(|c| c.integer("entry", &self.entry, 1..=1_000_000_000_000))
    }
}

/// A receiver in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiverRow {
    /// Which.
    pub id: Uuid,
    /// What it is.
    pub name: String,
    /// Its address.
    pub url: String,
    /// What it is sent, in words.
    pub groups: String,
    /// Whether it is sent anything.
    pub standing: Standing,
    /// Entries that wait for it.
    pub behind: i64,
    /// Deliveries that were given up.
    pub dead: i64,
    /// Whether its last delivery failed, and is tried again.
    pub failing: bool,
}

/// A receiver on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiverPage {
    /// The same as in the list.
    pub row: ReceiverRow,
    /// Number of the last entry that it accepted, or that was given up.
    pub cursor: i64,
    /// Number of the newest entry.
    pub newest: i64,
    /// When it was registered.
    pub made: String,
    /// Until when the secret before this one signs as well.
    pub old_secret_until: Option<String>,
    /// When the delivery that failed is tried again.
    pub next_try: Option<String>,
    /// Deliveries that were given up, the oldest first.
    pub dead: Vec<DeadRow>,
    /// What was tried, the newest first.
    pub tries: Vec<TryRow>,
}

/// A delivery that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadRow {
    /// Which.
    pub id: Uuid,
    /// First and last entry.
    pub range: (i64, i64),
    /// What was answered last, in words.
    pub outcome: String,
    /// When it was tried last.
    pub at: String,
    /// Whether it is on its way again.
    pub again: bool,
}

/// An attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TryRow {
    /// When.
    pub at: String,
    /// "Entries 3 to 9", "Test".
    pub what: String,
    /// What was answered, in words.
    pub outcome: String,
    /// Whether it was accepted.
    pub accepted: bool,
    /// How long it took.
    pub millis: i32,
}

/// Entries of a range, in words.
#[must_use]
pub fn range_words(first: i64, last: i64) -> String {
    match (first, last) {
        (0, 0) => "Test".into(),
        (first, last) if first == last => format!("Entry {first}"),
        (first, last) => format!("Entries {first} to {last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;

    #[test]
    fn every_event_has_its_group() {
        for (name, group) in [
            ("ClientCreated", Group::Clients),
            ("SiteChanged", Group::Clients),
            ("JobCreated", Group::Jobs),
            ("DocumentSigned", Group::Jobs),
            ("InvoiceSent", Group::Money),
            ("PortalLinkRevoked", Group::Portal),
            ("SignInLocked", Group::Security),
            ("ApiKeyMade", Group::Security),
            ("MemberLeft", Group::Security),
        ] {
            let code = Event::CODES.iter().find(|(_, found)| *found == name).expect("an event").0;
            assert_eq!(Group::of(code), group, "{name}");
            assert!(wanted(&[Group::All], code) && wanted(&[Group::Clients, group], code));
            assert!(!wanted(&[], code));
        }
    }

    #[test]
    fn a_receiver_is_told_something() {
        let nowhere = Reachable::default();
        let form =
            ReceiverForm { name: "SIEM".into(), url: "https://siem.example.com/in".into(), ..ReceiverForm::default() };
        assert!(form.read(&nowhere).is_err_and(|errors| errors.contains_key("all")));
        let all = ReceiverForm { all: "on".into(), jobs: "on".into(), ..form.clone() };
        assert_eq!(all.read(&nowhere).expect("reads").groups, [Group::All]);
        let inside = ReceiverForm { url: "https://10.0.0.9/".into(), ..all };
        assert!(inside.read(&nowhere).is_err_and(|errors| errors["url"].contains("inside")));
    }
}
