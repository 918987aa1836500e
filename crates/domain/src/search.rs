//! What the one search box finds.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A client, a site or an opening that fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Of the record.
    pub id: Uuid,
    /// What the link says: name, address, door number.
    pub words: String,
    /// Kind and telephone, whose place, where in it.
    pub note: String,
}

/// A job or an invoice that fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperHit {
    /// Of the record.
    pub id: Uuid,
    /// The shop's number.
    pub number: String,
    /// For whom.
    pub client: String,
    /// Stored text of the state.
    pub status: String,
}

/// Everything that fits, and that whoever asks may see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Clients by name, telephone, e-mail.
    pub clients: Vec<Hit>,
    /// Sites by name and address.
    pub sites: Vec<Hit>,
    /// Openings by number; the id is the site's.
    pub openings: Vec<Hit>,
    /// Jobs by number.
    pub jobs: Vec<PaperHit>,
    /// Invoices by number.
    pub invoices: Vec<PaperHit>,
}

impl Found {
    /// How many there are in all.
    pub fn count(&self) -> usize {
        self.clients.len() + self.sites.len() + self.openings.len() + self.jobs.len() + self.invoices.len()
    }
}
