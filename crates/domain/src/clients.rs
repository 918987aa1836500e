//! Clients: who the shop works for, how to reach them, who may speak for them.

pub mod contact;
pub mod form;
pub mod list;
pub mod page;

use crate::closed_set;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// What a client is; decides nothing but words and filters.
    pub enum ClientKind {
        /// Somebody with a door or a car.
        Person = "person", "Person";
        /// A business with its own doors.
        Company = "company", "Company";
        /// Looks after buildings of others.
        PropertyManager = "property_manager", "Property manager";
        /// Vehicles.
        Fleet = "fleet", "Fleet";
        /// Calls on behalf of others: insurer, motor club, bailiff.
        Agency = "agency", "Agency";
    }
}

/// A client found while the telephone rings, with what the intake form offers next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientMatch {
    /// Of the client.
    pub id: Uuid,
    /// As written on papers.
    pub name: String,
    /// Words of the kind: "Property manager".
    pub kind: String,
    /// Standing alert; empty when there is none.
    pub alert: String,
    /// Main telephone number, as people read it; may be empty.
    pub phone: String,
    /// Places in use.
    pub sites: Vec<SiteOption>,
    /// People in use: id and name.
    pub contacts: Vec<(Uuid, String)>,
    /// What is open on issued invoices, in minor units; `None` for those who do not see money.
    pub open_balance_minor: Option<i64>,
}

/// A place as an offer in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteOption {
    /// Of the site.
    pub id: Uuid,
    /// Name and address: "North tower, 12 King St".
    pub label: String,
}

impl SiteOption {
    /// From the stored name, which may be empty, and address; line ends become commas.
    pub fn new(id: Uuid, name: &str, address: &str) -> Self {
        Self { id, label: one_line(name, address) }
    }
}

/// Name and address on one line.
pub fn one_line(name: &str, address: &str) -> String {
    let lines = std::iter::once(name).chain(address.lines());
    lines.map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_on_one_line() {
        assert_eq!(one_line("", "12 King St\nToronto\n"), "12 King St, Toronto");
        assert_eq!(one_line("North tower", "12 King St"), "North tower, 12 King St");
    }
}
