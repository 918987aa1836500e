//! What a client sees, and the link that lets him.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A portal link, as the shop sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalLink {
    /// Which.
    pub id: Uuid,
    /// For whom.
    pub contact_name: String,
    /// Made, in the shop's zone.
    pub created: String,
    /// Last day, in the shop's zone.
    pub expires: String,
    /// Last used, in the shop's zone.
    pub last_used: Option<String>,
    /// Neither revoked nor expired.
    pub live: bool,
}
