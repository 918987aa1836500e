//! What a signature consists of, as hashes: the document, the consent, the strokes, and commitments to what is personal.
//!
//! The entry of the signature holds the SHA-256 of these bytes, so a file that proves the entry proves them. What is
//! personal stands here only as a commitment under a salt of its own; each may be opened to somebody, or forgotten.

use crate::hash::{base64, hex, sha256, unbase64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The evidence of one signature. Its bytes are the RFC 8785 spelling of this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The signature.
    pub signature: Uuid,
    /// The document under which it stands.
    pub document: Uuid,
    /// Which version of it.
    pub document_version: i32,
    /// SHA-256 of the bytes that were shown and signed.
    pub document_sha256: String,
    /// As what the signer signed.
    pub role: String,
    /// `drawn` or `typed`.
    pub method: String,
    /// Version of the consent.
    pub consent_version: i32,
    /// SHA-256 of its text.
    pub consent_sha256: String,
    /// Whether the signer affirmed that the document could be opened and read there; not asked of the first signatures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub could_read: Option<bool>,
    /// SHA-256 of the strokes; none for a typed name.
    pub strokes_sha256: Option<String>,
    /// Hashes of what is personal, each under its salt.
    pub committed: Committed,
}

/// Something for each of the personal facts of a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets<T> {
    /// The name that was signed with.
    pub signer: T,
    /// Where from.
    pub ip: T,
    /// By what browser.
    pub user_agent: T,
    /// What the signer's clock said.
    pub device_time: T,
    /// Who of the shop stood beside.
    pub witness: T,
}

/// The commitments, in hexadecimal digits.
pub type Committed = Secrets<String>;

/// One fact with the salt that shows that it is the one committed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Thirty-two bytes in base 64.
    pub salt: String,
    /// The fact.
    pub value: String,
}

impl Opening {
    /// The opening of one fact: its salt follows from the signature's salt and the fact's name, so that one fact can be
    /// opened without the others.
    #[must_use]
    pub fn new(salt: &[u8; 32], name: &str, value: &str) -> Self {
        Self { salt: base64(&sha256(&[b"shearline-opening-v1", salt, name.as_bytes()])), value: value.into() }
    }

    /// What is committed to.
    #[must_use]
    pub fn commitment(&self) -> String {
        let salt = unbase64(&self.salt).unwrap_or_default();
        hex(&sha256(&[b"shearline-commitment-v1", &salt, self.value.as_bytes()]))
    }
}

impl<T> Secrets<T> {
    /// The same for each, made anew.
    pub fn map<U>(self, mut make: impl FnMut(&'static str, T) -> U) -> Secrets<U> {
        Secrets {
            signer: make("signer", self.signer),
            ip: make("ip", self.ip),
            user_agent: make("user_agent", self.user_agent),
            device_time: make("device_time", self.device_time),
            witness: make("witness", self.witness),
        }
    }
}

impl Secrets<String> {
    /// Opens all these facts under a signature's salt.
    #[must_use]
    pub fn openings(self, salt: &[u8; 32]) -> Secrets<Opening> {
        self.map(|name, value| Opening::new(salt, name, &value))
    }
}

impl Secrets<Opening> {
    /// The commitments to all of them.
    #[must_use]
    pub fn committed(&self) -> Committed {
        self.clone().map(|_, opening| opening.commitment())
    }
}
