//! The audit trail as people read it.

pub mod changes;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One entry on a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// Position on the shop's chain, from 1.
    pub seq: i64,
    /// When, in the shop's zone.
    pub at: String,
    /// Who.
    pub who: String,
    /// Whether the actor came by a portal link.
    pub by_client: bool,
    /// What, to follow the name.
    pub sentence: String,
    /// Whether it was tried and refused.
    pub refused: bool,
    /// The record it is about.
    pub entity: Uuid,
    /// Whether its facts are about somebody who was forgotten, and so can be read by nobody.
    pub erased: bool,
    /// Facts beside the chain (JSON): address, user agent, values. Empty where erased.
    pub facts: String,
    /// What was changed, field by field, for those who may see it.
    pub changes: Vec<changes::FieldChange>,
    /// The reason given; may be empty.
    pub reason: String,
}

/// Somebody who opened a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// When, in the shop's zone.
    pub at: String,
    /// Who.
    pub who: String,
    /// Whether it was the client.
    pub by_client: bool,
}

/// Which part of the chain to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditFilter {
    /// Only entries before this position.
    pub before: Option<i64>,
    /// Only about this record.
    pub subject: Option<Uuid>,
    /// Only by this person.
    pub actor: Option<Uuid>,
    /// Only of this kind: an event's code.
    pub action: Option<i16>,
}

/// A checkpoint as it is printed at the foot of papers: whoever keeps the paper is a witness of the shop's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Number of entries.
    pub size: i64,
    /// Root of the tree over them, in base 64.
    pub root: String,
    /// Fingerprint of the shop's key: 32 hexadecimal digits in groups of four.
    pub fingerprint: String,
    /// When, in the shop's zone.
    pub at: String,
}
