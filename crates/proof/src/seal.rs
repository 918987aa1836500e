//! The seal under evidence: Ed25519 by the shop's evidence key, at the moment of signing.

use crate::{
    evidence::Evidence,
    hash::{Hash, sha256, unbase64},
    key::Key,
};

/// What is signed begins with this, so that no seal is ever a checkpoint's signature or the other way round.
const PREFIX: &[u8] = b"shearline-evidence-v1\n";

impl Evidence {
    /// Its bytes.
    ///
    /// # Errors
    /// Only what the serializer says; there is nothing in evidence it could refuse.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_jcs::to_string(self)
    }

    /// Reads the bytes; none when they are not the one spelling of some evidence.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let read: Self = serde_json::from_str(text).ok()?;
        (read.to_text().ok()? == text).then_some(read)
    }

    /// What the evidence key signs for these bytes.
    #[must_use]
    pub fn message(text: &str) -> Vec<u8> {
        [PREFIX, text.as_bytes()].concat()
    }

    /// What the entry of the signature holds: the bytes, the key that sealed them and the seal in base 64, as one hash.
    #[must_use]
    pub fn hash(text: &str, key: &str, seal: &str) -> Hash {
        sha256(&[text.as_bytes(), b"\n", key.as_bytes(), b"\n", seal.as_bytes()])
    }

    /// Whether this key sealed these bytes.
    #[must_use]
    pub fn sealed(text: &str, key: &Key, seal: &str) -> bool {
        unbase64(seal).is_some_and(|seal| key.signed(&Self::message(text), &seal))
    }
}
