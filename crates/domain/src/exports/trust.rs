//! The shop's own view of how its records are kept.

use crate::audit::Stamp;
use serde::{Deserialize, Serialize};

/// Facts, each from where it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopTrust {
    /// When every entry was last read again; empty before the first time.
    pub verified: String,
    /// When the newest entries were last looked at; empty before the first time.
    pub looked_at: String,
    /// What is wrong with the chain; none while it holds.
    pub broken: Option<String>,
    /// The newest checkpoint.
    pub stamp: Option<Stamp>,
    /// Exports and case files of the last ninety days.
    pub exports: i64,
    /// Secrets revealed, printed and looked for in the last ninety days.
    pub openings: i64,
    /// Who may reveal what is sealed: name and role.
    pub may_reveal: Vec<(String, String)>,
    /// Who may export: name and role.
    pub may_export: Vec<(String, String)>,
}
