//! Lengths in 0.0001 inch, never floating point.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A length in ten-thousandths of an inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Length(u32);

/// Why a text is no length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LengthError {
    /// Something other than digits and one point.
    #[error("character {0}: only digits and one decimal point make a length")]
    Character(usize),
    /// More than four digits after the point.
    #[error("a length has at most four digits after the point")]
    TooFine,
    /// Above 100,000 inches, or no digit at all.
    #[error("this is no length between 0 and 100,000 inches")]
    OutOfRange,
}

impl Length {
    /// A length from ten-thousandths of an inch.
    pub const fn new(ten_thousandths: u32) -> Self {
        Self(ten_thousandths)
    }

    /// The length in ten-thousandths of an inch.
    pub const fn ten_thousandths(self) -> u32 {
        self.0
    }

    /// Reads inches such as `.335`, `0.1562` or `1`.
    ///
    /// ```
    /// assert_eq!(keying::Length::parse_inch(".1562")?.ten_thousandths(), 1562);
    /// # Ok::<(), keying::LengthError>(())
    /// ```
    pub fn parse_inch(text: &str) -> Result<Self, LengthError> {
        let wrong = text.chars().position(|c| !c.is_ascii_digit() && c != '.');
        if let Some(at) = wrong {
            return Err(LengthError::Character(at + 1));
        }
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if let Some(second) = part.find('.') {
            return Err(LengthError::Character(whole.len() + second + 2));
        }
        if part.len() > 4 {
            return Err(LengthError::TooFine);
        }
        if whole.len() > 5 || (whole.is_empty() && part.is_empty()) {
            return Err(LengthError::OutOfRange);
        }
        let digits = format!("{whole}{part:0<4}");
        digits.parse().map(Self).map_err(|_| LengthError::OutOfRange)
    }

    /// The length as inches with four decimals, such as `0.3350`.
    pub fn inch(self) -> String {
        format!("{}.{:04}", self.0 / 10_000, self.0 % 10_000)
    }

    /// The length as millimetres rounded to three decimals, such as `8.509`.
    pub fn mm(self) -> String {
        // One ten-thousandth of an inch is 2.54 micrometres exactly.
        let micrometres = (u64::from(self.0) * 254 + 50) / 100;
        format!("{}.{:03}", micrometres / 1000, micrometres % 1000)
    }

    /// The sum; saturates at the largest length.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference; zero when `other` is longer.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The length taken `n` times; saturates at the largest length.
    #[must_use]
    pub const fn times(self, n: u32) -> Self {
        Self(self.0.saturating_mul(n))
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in ({} mm)", self.inch(), self.mm())
    }
}
