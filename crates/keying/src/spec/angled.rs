//! Keys cut at an angle (Medeco, Emhart): the angle is part of the cut.

use crate::accept::AcceptSets;
use crate::bitting::{Bitting, BittingError};
use crate::depth::{Chamber, Depth, MAX_CHAMBERS};
use num_bigint::BigUint;
use serde::{Deserialize, Serialize};

/// An angle code: its letter, the twist in degrees and the shift from the nominal position in 0.0001 inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Angle {
    /// The letter in a bitting such as `2K5B3Q`.
    pub letter: char,
    /// Twist in degrees: 20, 0 or -20.
    pub degrees: i16,
    /// Shift of the cut: fore is negative, aft positive.
    pub shift: i16,
}

/// Why a text is no angled bitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AngledError {
    /// A digit was expected.
    #[error("character {0}: a depth digit is expected here")]
    Digit(usize),
    /// The letter is none of the angle codes.
    #[error("character {0}: this is none of the angle letters")]
    Letter(usize),
    /// Empty or too long.
    #[error(transparent)]
    Bitting(#[from] BittingError),
}

/// A bitting whose cuts have an angle each. A key operates only with the angles of the cylinder.
#[derive(Clone, PartialEq, Eq)]
pub struct AngledBitting {
    bitting: Bitting,
    angles: Vec<char>,
}

impl AngledBitting {
    /// Reads pairs of digit and letter such as `2K5B3Q6M3S`.
    pub fn parse(text: &str, codes: &[Angle]) -> Result<Self, AngledError> {
        let (mut cuts, mut angles) = (Vec::new(), Vec::new());
        for (i, c) in text.chars().enumerate() {
            if i >= 2 * MAX_CHAMBERS {
                return Err(BittingError::TooLong { cuts: i / 2 + 1 }.into());
            }
            if i % 2 == 0 {
                let digit = c.to_digit(10).ok_or(AngledError::Digit(i + 1))?;
                cuts.push(Depth::raw(digit as u8));
            } else {
                let code = codes.iter().find(|code| code.letter == c).ok_or(AngledError::Letter(i + 1))?;
                angles.push(code.letter);
            }
        }
        if cuts.len() > angles.len() {
            return Err(AngledError::Letter(text.chars().count() + 1));
        }
        Ok(Self { bitting: Bitting::new(&cuts)?, angles })
    }

    /// The depths without the angles.
    pub fn depths(&self) -> &Bitting {
        &self.bitting
    }

    /// The angle letters, chamber 1 first.
    pub fn angles(&self) -> &[char] {
        &self.angles
    }

    /// The pairs as written; as secret as the key.
    pub fn reveal(&self) -> String {
        let pairs = self.bitting.reveal().iter().zip(&self.angles);
        pairs.map(|(cut, angle)| format!("{}{angle}", cut.number())).collect()
    }

    /// True when depths and angles both fit the cylinder.
    pub fn operates(&self, accepts: &AcceptSets, angles: &[char]) -> bool {
        self.angles == angles && accepts.operates(&self.bitting)
    }

    /// Chambers whose pair with the next breaks MACS, with one limit between equal and one between different angles.
    pub fn broken_pairs(&self, same: u8, different: u8) -> Vec<Chamber> {
        crate::macs::Macs::by_angle(same, different, &self.angles).broken_pairs(&self.bitting)
    }
}

impl Angle {
    /// How many angle codes `chambers` chambers have with `letters` letters each.
    pub fn codes(letters: u8, chambers: u8) -> BigUint {
        BigUint::from(letters).pow(u32::from(chambers))
    }
}

impl std::fmt::Debug for AngledBitting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AngledBitting({} cuts, redacted)", self.angles.len())
    }
}
