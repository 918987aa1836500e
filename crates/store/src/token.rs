//! Tokens a browser holds, and what the database is shown in their stead.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;

/// 256 random bits in a cookie or a link. Never stored, never logged.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl Token {
    /// A fresh token from the system's randomness.
    #[must_use]
    pub fn fresh() -> Self {
        Self(rand::random())
    }

    /// Reads a token back from a cookie or path; `None` for anything but 43 characters of base64url.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The text for the cookie or link.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database is shown: HMAC(token, "db"), so that a statement log or an injected `current_setting` never
    /// holds a usable session.
    #[must_use]
    pub fn cap(&self) -> Cap {
        Cap(self.mac("db"))
    }

    fn mac(&self, of: &str) -> String {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(of.as_bytes());
        let mut hex = String::with_capacity(64);
        for byte in mac.finalize().into_bytes() {
            use fmt::Write;
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// 64 hexadecimal digits that only a holder of this token can make for that text.
    #[must_use]
    pub fn proof(&self, of: &str) -> String {
        self.mac(of)
    }

    /// SHA-256 of the token, for tokens that are looked up but never presented as a capability (invites, links, flash).
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// 64 hexadecimal digits that name a capability to the database.
#[derive(Clone, PartialEq, Eq)]
pub struct Cap(String);

impl Cap {
    /// The digits. They are checked by construction, which is why they may stand inside a statement.
    pub(crate) fn digits(&self) -> &str {
        &self.0
    }

    /// What `auth.capabilities` keeps: SHA-256 of the digits.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(&self.0).to_vec()
    }
}

impl fmt::Debug for Cap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cap(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_other_texts_do_not() {
        let token = Token::fresh();
        assert_eq!(Token::parse(&token.reveal()).map(|t| t.0), Some(token.0));
        for text in ["", "a", "' or 1=1 --", &"A".repeat(44)] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_the_database_sees_is_hexadecimal_and_tells_nothing_of_the_token() {
        let token = Token::fresh();
        assert!(token.cap().digits().len() == 64 && token.cap().digits().bytes().all(|b| b.is_ascii_hexdigit()));
        assert!(!format!("{token:?}{:?}", token.cap()).contains(&token.reveal()));
    }
}
