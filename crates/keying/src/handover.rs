//! The hand-over format: a whole key system as versioned JSON, readable without this crate.
//!
//! ```text
//! {
//!   "format": "keying-handover",       always this word
//!   "version": 1,                      this description
//!   "name": text,                      name of the key system
//!   "spec": { ... },                   the specification as in `KeySpec`; lengths in 0.0001 inch
//!   "design": {                        may be missing when the array is not known
//!     "top": [symbol, ...],            cuts of the top master key
//!     "columns": [[symbol, ...], ...], change cuts of each chamber in their own order
//!     "method": "total_position" | {"rotating_constant": k}
//!               | {"limited_rotating": {"constants": k, "within": [chamber, ...]}},
//!     "sequence": [chamber, ...],      fastest chamber first
//!     "held": {"chamber": symbol}      chambers outside the sequence held at another cut than the TMK's
//!   },
//!   "control": {"symbol": text, "bitting": [symbol, ...]},        may be missing
//!   "keys": [{"symbol": text, "bitting": [symbol, ...],
//!             "status": "free" | "used" | "reserved" | "blocked"}],
//!   "cylinders": [{"id": text, "keys": [key symbol, ...]}],
//!   "aliases": [{"alias": text, "symbol": key symbol}]            may be missing
//! }
//! ```
//!
//! A bitting is a list of depth *symbols* of the specification, chamber 1 first in its reading direction; a chamber
//! is a number counted from 1. Unknown members are refused, so that nothing is lost in silence. The file holds
//! every key of the system and is to be kept like the keys.

mod read;
mod write;

pub use read::HandoverError;

use crate::progress::Method;
use crate::spec::KeySpec;
use crate::system::{KeyStatus, KeySystem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The word every file starts with.
pub const HANDOVER_FORMAT: &str = "keying-handover";

/// The version written by this crate and the only one it reads.
pub const HANDOVER_VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    version: u32,
    name: String,
    spec: KeySpec,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    design: Option<DesignPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    control: Option<ControlPart>,
    keys: Vec<KeyPart>,
    cylinders: Vec<CylinderPart>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<AliasPart>,
}

type Cuts = Vec<String>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DesignPart {
    top: Cuts,
    columns: Vec<Cuts>,
    method: Method,
    sequence: Vec<u8>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    held: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlPart {
    symbol: String,
    bitting: Cuts,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyPart {
    symbol: String,
    bitting: Cuts,
    #[serde(default)]
    status: KeyStatus,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CylinderPart {
    id: String,
    keys: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AliasPart {
    alias: String,
    symbol: String,
}

impl KeySystem {
    /// Writes the system as hand-over JSON. The text holds every bitting.
    ///
    /// ```
    /// use keying::{Bitting, KeyStatus, KeySystem, published};
    /// let mut system = KeySystem::new("Town hall", published("schlage_classic").ok_or("unknown")?)?;
    /// system.add_key("AA", Bitting::of(&[4, 1, 8, 3, 6])?, KeyStatus::Used)?;
    /// system.add_cylinder("front door", &["AA"])?;
    /// let text = system.to_handover()?;
    /// assert_eq!(KeySystem::from_handover(&text, 100_000)?.to_handover()?, text);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_handover(&self) -> Result<String, HandoverError> {
        write::write(self)
    }

    /// Reads hand-over JSON of at most `limit` bytes, checking every part as if it were typed in.
    pub fn from_handover(text: &str, limit: usize) -> Result<Self, HandoverError> {
        read::read(text, limit)
    }
}
