//! The seal under evidence: Ed25519 by the shop's evidence key, at the moment of signing.

use crate::{
    evidence::Evidence,
    hash::{Hash, sha256},
    key::{Key, Signer},
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

    /// What the entry of the signature holds of these bytes.
    #[must_use]
    pub fn hash(text: &str) -> Hash {
        sha256(&[text.as_bytes()])
    }

    /// The seal under the bytes.
    #[must_use]
    pub fn seal(text: &str, signer: &Signer) -> [u8; 64] {
        signer.sign(&[PREFIX, text.as_bytes()].concat())
    }

    /// Whether this is the seal of the key that the evidence names.
    #[must_use]
    pub fn sealed(&self, text: &str, seal: &[u8]) -> bool {
        let key = self.key.parse::<Key>();
        key.is_ok_and(|key| key.signed(&[PREFIX, text.as_bytes()].concat(), seal))
    }
}
