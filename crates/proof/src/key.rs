//! Keys of shops: Ed25519, written as C2SP signed-note verifier keys, `name+id+base64`.

use crate::{
    hash::{base64, hex, sha256, unbase64},
    unreadable::Unreadable,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Ed25519, in the notation of signed notes.
const ED25519: u8 = 1;

/// What every shop's record is called: this and the shop's id.
const ORIGIN: &str = "shearline/";

/// The name of a shop's record, and of the key its checkpoints are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin(pub Uuid);

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ORIGIN}{}", self.0.hyphenated())
    }
}

impl FromStr for Origin {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let id = text.strip_prefix(ORIGIN).and_then(|id| Uuid::try_parse(id).ok()).map(Self);
        id.filter(|origin| origin.to_string() == text).ok_or(Unreadable::Key)
    }
}

/// A public key with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    origin: Origin,
    public: VerifyingKey,
}

impl Key {
    /// The key of these 32 bytes; none when they are no point of the curve.
    #[must_use]
    pub fn new(origin: Origin, public: &[u8; 32]) -> Option<Self> {
        Some(Self { origin, public: VerifyingKey::from_bytes(public).ok()? })
    }

    /// Whose record it signs.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// The first four bytes of signatures by it.
    pub(crate) fn id(&self) -> [u8; 4] {
        id(&self.origin.to_string(), &self.public)
    }

    /// Thirty-two hexadecimal digits in groups of four: short enough to be printed on paper and compared by eye.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digits = hex(&sha256(&[self.to_string().as_bytes()])[..16]);
        digits.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(" ")
    }

    /// Whether this is its signature of the message; malleable signatures and weak keys are refused.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|it| self.public.verify_strict(message, &it).is_ok())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend_from_slice(self.public.as_bytes());
        write!(f, "{}+{}+{}", self.origin, hex(&self.id()), base64(&key))
    }
}

impl FromStr for Key {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Unreadable::Key);
        };
        let bytes = unbase64(key).ok_or(Unreadable::Key)?;
        let public = bytes.strip_prefix(&[ED25519]).and_then(|rest| <&[u8; 32]>::try_from(rest).ok());
        let public = public.and_then(|bytes| VerifyingKey::from_bytes(bytes).ok()).ok_or(Unreadable::Key)?;
        let key = Self { origin: name.parse()?, public };
        // The id is worked out: a text that names another is not this key's.
        if key.to_string() == text { Ok(key) } else { Err(Unreadable::Key) }
    }
}

fn id(name: &str, public: &VerifyingKey) -> [u8; 4] {
    let [a, b, c, d, ..] = sha256(&[name.as_bytes(), b"\n", &[ED25519], public.as_bytes()]);
    [a, b, c, d]
}

/// A private key with its name. Its seed is wiped when it is dropped.
pub struct Signer {
    origin: Origin,
    secret: SigningKey,
}

impl Signer {
    /// The key of this seed.
    #[must_use]
    pub fn new(origin: Origin, seed: &[u8; 32]) -> Self {
        Self { origin, secret: SigningKey::from_bytes(seed) }
    }

    /// The public half.
    #[must_use]
    pub fn key(&self) -> Key {
        Key { origin: self.origin, public: self.secret.verifying_key() }
    }

    /// Its signature of a message, which says itself what it is: a checkpoint's text or [`crate::Evidence::message`].
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("origin", &self.origin).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the signed-note format: key, text and signature made by others.
    #[test]
    fn keys_and_signatures_are_those_of_the_format() {
        let key = unbase64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
        let public = VerifyingKey::from_bytes(key[1..].try_into().unwrap()).unwrap();
        assert_eq!(hex(&id("PeterNeumann", &public)), "c74f20a3");
        let text =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
        let line = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
        let signature = unbase64(line).unwrap();
        let key = Key { origin: Origin(Uuid::nil()), public };
        assert_eq!(hex(&signature[..4]), "c74f20a3");
        assert!(key.signed(text.as_bytes(), &signature[4..]));
        assert!(!key.signed(b"another text", &signature[4..]));
    }
}
