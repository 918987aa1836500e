//! Bitting records: what a shop knows of the cuts of a loose key. The cuts and the code are sealed; the rest may be seen.

mod cuts;
mod form;
mod pages;

pub use cuts::{Checked, Make, check, makes, same_key};
pub use form::{BittingForm, NewBitting};
pub use pages::{
    BittingEdit, BittingFilter, BittingList, BittingPage, BittingRecord, BittingRights, BittingRow, FindForm, Found,
    Wanted, fits,
};

use crate::closed_set;
use zeroize::{Zeroize, ZeroizeOnDrop};

closed_set! {
    /// From which end cuts are read: it differs by maker, and read from the wrong end they are another key.
    pub enum Reading {
        /// The cut nearest the bow first.
        BowToTip = "bow_to_tip", "Bow to tip";
        /// The cut nearest the tip first.
        TipToBow = "tip_to_bow", "Tip to bow";
    }
}

closed_set! {
    /// How the cuts came to be known.
    pub enum Source {
        /// Measured on the key.
        Decoded = "decoded", "Decoded with a gauge";
        /// Read by eye.
        SightRead = "sight_read", "Sight-read";
        /// Looked up by the code on the key.
        Code = "code", "By code";
        /// From the maker's papers.
        Factory = "factory", "From the factory";
    }
}

closed_set! {
    /// How sure whoever recorded them was.
    pub enum Confidence {
        /// Cut and tried, or from the maker.
        Sure = "sure", "Sure: cut and tried";
        /// Measured well.
        Likely = "likely", "Likely";
        /// One of several readings.
        Unsure = "unsure", "Unsure";
    }
}

/// What is sealed of a record. Has no `Serialize` and prints nothing: it leaves only by [`crate::reveal::Revealed`].
#[derive(Clone, Default, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret {
    /// The cuts, in their make's symbols; may be empty.
    pub cuts: String,
    /// The stamp or blind code; may be empty.
    pub code: String,
}

impl Secret {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cuts.is_empty() && self.code.is_empty()
    }

    /// The bytes that are sealed: the cuts, a line's end, the code. Neither can hold a line's end.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        format!("{}\n{}", self.cuts, self.code).into_bytes()
    }

    /// Reads [`Secret::to_bytes`] back; `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (cuts, code) = std::str::from_utf8(bytes).ok()?.split_once('\n')?;
        Some(Self { cuts: cuts.to_owned(), code: code.to_owned() })
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_from_its_bytes_and_prints_nothing() {
        let secret = Secret { cuts: "41836".into(), code: "A1203".into() };
        assert_eq!(Secret::from_bytes(&secret.to_bytes()), Some(secret.clone()));
        assert_eq!(format!("{secret:?}"), "Secret(redacted)");
        assert_eq!(Secret::from_bytes(b"41836"), None);
    }
}
