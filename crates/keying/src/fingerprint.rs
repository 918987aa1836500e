//! The fingerprint of a list of bittings: two lists are the same when their fingerprints are.

use crate::bitting::Bitting;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// SHA-256 over one bitting a line, depth numbers joined by commas, a newline after every line.
///
/// A short list can be guessed back from its hash: keep the fingerprint of a few bittings like the bittings.
#[derive(Clone, Default)]
pub struct Fingerprint {
    state: Sha256,
    count: u64,
    line: String,
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fingerprint({} lines)", self.count)
    }
}

impl Fingerprint {
    /// The fingerprint of a whole list: its length and the hash in lower-case hex.
    pub fn of<'a>(list: impl IntoIterator<Item = &'a Bitting>) -> (u64, String) {
        let mut own = Self::default();
        list.into_iter().for_each(|b| own.push(b));
        own.finish()
    }

    /// Adds one line.
    pub fn push(&mut self, bitting: &Bitting) {
        self.line.clear();
        for (i, cut) in bitting.reveal().iter().enumerate() {
            if i > 0 {
                self.line.push(',');
            }
            let number = cut.number();
            if number >= 10 {
                self.line.push(char::from(b'0' + number / 10));
            }
            self.line.push(char::from(b'0' + number % 10));
        }
        self.line.push('\n');
        self.state.update(self.line.as_bytes());
        self.count += 1;
    }

    /// Number of lines and their hash in lower-case hex.
    pub fn finish(self) -> (u64, String) {
        let hex = self.state.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing into a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        (self.count, hex)
    }
}
