//! What a proof file says beside the path: the entry, its payload, and for a signature its evidence. It travels in the
//! file's `extra` line, which nobody authenticates; so [`crate::verify`] checks every part of it against the entry, and the
//! entry against the checkpoint.

use crate::{
    entry::Entry,
    evidence::{Opening, Secrets},
    hash::{base64, unbase64},
};
use serde::{Deserialize, Serialize};

/// Version of this form.
const VERSION: u32 = 1;

/// What is proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The shop's key, as the shop names it; to be compared with the one the reader trusts.
    pub key: String,
    /// The entry.
    pub entry: Entry,
    /// Its payload, RFC 8785 JSON.
    pub payload: String,
    /// The evidence, where the entry is a signature's.
    pub sealed: Option<Sealed>,
}

/// The evidence of a signature, with its seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The evidence's bytes.
    pub evidence: String,
    /// Public half of the shop's evidence key.
    pub key: String,
    /// The seal in base 64.
    pub seal: String,
    /// The consent as it was shown.
    pub consent: String,
    /// Those of the personal facts that are opened to whoever has this file.
    pub opened: Secrets<Option<Opening>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    v: u32,
    key: String,
    entry: String,
    payload: String,
    sealed: Option<Sealed>,
}

impl Bundle {
    /// The bytes of the `extra` line.
    ///
    /// # Errors
    /// Only what the serializer says; there is nothing in a bundle it could refuse.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_jcs::to_vec(&Written {
            v: VERSION,
            key: self.key.clone(),
            entry: base64(&self.entry.to_bytes()),
            payload: self.payload.clone(),
            sealed: self.sealed.clone(),
        })
    }

    /// Reads them; none when they are not the one spelling of a bundle.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let written: Written = serde_json::from_slice(bytes).ok()?;
        let entry = Entry::read(&unbase64(&written.entry)?)?;
        let (version, bundle) =
            (written.v, Self { key: written.key, entry, payload: written.payload, sealed: written.sealed });
        (version == VERSION && bundle.to_bytes().ok()? == bytes).then_some(bundle)
    }
}
