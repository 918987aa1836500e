//! The list of clients, and what its address can ask for.

use crate::money::Currency;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the list's address asks for; anything it does not know counts as nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientFilter {
    /// Beginning of a name, digits of a telephone number, part of an e-mail address.
    pub q: String,
    /// Stored text of a kind.
    pub kind: String,
    /// "archived" for those out of use, anything else for those in use.
    pub state: String,
    /// "newest", or by name.
    pub sort: String,
    /// Only what follows this client.
    pub after: String,
    /// Only what precedes this client.
    pub before: String,
}

impl ClientFilter {
    /// Whether the archived are asked for.
    pub fn archived(&self) -> bool {
        self.state == "archived"
    }

    /// Whether the newest come first.
    pub fn newest(&self) -> bool {
        self.sort == "newest"
    }

    /// Whether it narrows the list at all.
    pub fn narrows(&self) -> bool {
        !self.q.trim().is_empty() || !self.kind.is_empty() || self.archived()
    }
}

/// A client as a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSummary {
    /// Of the client.
    pub id: Uuid,
    /// As written on papers.
    pub name: String,
    /// Words of the kind.
    pub kind: String,
    /// Main telephone number as people read it; may be empty.
    pub phone: String,
    /// Places in use.
    pub sites: i64,
    /// Standing alert; may be empty.
    pub alert: String,
    /// Out of use.
    pub archived: bool,
    /// Open on issued invoices, in minor units; 0 also for those who do not see money.
    pub owed_minor: i64,
}

/// One page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientList {
    /// At most fifty.
    pub rows: Vec<ClientSummary>,
    /// The first row, when there are others before it.
    pub before: Option<Uuid>,
    /// The last row, when there are others after it.
    pub after: Option<Uuid>,
    /// Whether whoever asks sees what is owed.
    pub sees_money: bool,
    /// Whether whoever asks may add a client.
    pub may_edit: bool,
    /// Of the amounts.
    pub currency: Currency,
}
