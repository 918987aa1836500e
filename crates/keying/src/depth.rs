//! Depths, chambers and sets of depths: the small numbers everything else is made of.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The most chambers one bitting may have. Enough for every pin tumbler key in the catalogue.
pub const MAX_CHAMBERS: usize = 15;

/// The deepest depth number the crate can hold.
pub const MAX_DEPTH: u8 = 31;

/// A depth number (not a symbol): a larger number is always a deeper cut.
///
/// Sargent's symbol `0` is depth number 10; the catalogue's specifications carry the mapping.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Depth(u8);

/// Why a number is no depth or no chamber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// Depth numbers run from 0 to [`MAX_DEPTH`].
    #[error("a depth number is at most {MAX_DEPTH}")]
    Depth,
    /// Chambers are counted from 1 to [`MAX_CHAMBERS`].
    #[error("chambers are counted from 1 to {MAX_CHAMBERS}")]
    Chamber,
}

impl Depth {
    /// A depth by its number. Errors above [`MAX_DEPTH`].
    pub const fn new(number: u8) -> Result<Self, NumberError> {
        if number > MAX_DEPTH { Err(NumberError::Depth) } else { Ok(Self(number)) }
    }

    /// The depth number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// How many increments lie between two depths.
    pub const fn apart(self, other: Self) -> u8 {
        self.0.abs_diff(other.0)
    }

    /// True when two depths are nearer than a gap, such as the smallest master pin.
    pub const fn nearer(self, other: Self, gap: Increments) -> bool {
        self.apart(other) < gap.0
    }

    pub(crate) const fn raw(number: u8) -> Self {
        Self(number & MAX_DEPTH)
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

impl TryFrom<u8> for Depth {
    type Error = NumberError;
    fn try_from(number: u8) -> Result<Self, NumberError> {
        Self::new(number)
    }
}

impl From<Depth> for u8 {
    fn from(depth: Depth) -> u8 {
        depth.0
    }
}

impl fmt::Debug for Depth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Depth(redacted)")
    }
}

/// A height or distance in increments of the specification: stack totals, offsets, smallest pins, gaps.
///
/// Two neighbouring depths are one increment apart. `Debug` shows nothing: heights of a stack tell its cuts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Increments(u8);

impl Increments {
    /// So many increments.
    pub const fn new(number: u8) -> Self {
        Self(number)
    }

    /// How many increments.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The height as a length, for a specification with this increment.
    ///
    /// ```
    /// use keying::{Increments, Length};
    /// assert_eq!(Increments::new(10).length(Length::new(125)).to_string(), "0.1250 in (3.175 mm)"); // the lug of A2
    /// ```
    pub const fn length(self, increment: crate::length::Length) -> crate::length::Length {
        increment.times(self.0 as u32)
    }
}

impl From<u8> for Increments {
    fn from(number: u8) -> Self {
        Self(number)
    }
}

impl From<Increments> for u8 {
    fn from(increments: Increments) -> u8 {
        increments.0
    }
}

impl fmt::Debug for Increments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Increments(redacted)")
    }
}

impl fmt::Display for Increments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A chamber, counted from 1 in the reading direction of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Chamber(u8);

impl Chamber {
    /// The chamber with this number, counted from 1.
    pub const fn new(number: u8) -> Result<Self, NumberError> {
        if number == 0 || number as usize > MAX_CHAMBERS { Err(NumberError::Chamber) } else { Ok(Self(number)) }
    }

    /// The number, counted from 1.
    pub const fn number(self) -> u8 {
        self.0
    }

    pub(crate) const fn at(index: usize) -> Self {
        Self(if index < MAX_CHAMBERS { index as u8 + 1 } else { MAX_CHAMBERS as u8 })
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize - 1
    }
}

impl TryFrom<u8> for Chamber {
    type Error = NumberError;
    fn try_from(number: u8) -> Result<Self, NumberError> {
        Self::new(number)
    }
}

impl From<Chamber> for u8 {
    fn from(chamber: Chamber) -> u8 {
        chamber.0
    }
}

impl fmt::Display for Chamber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "chamber {}", self.0)
    }
}

/// A set of depths, held as one bit a depth.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DepthSet(pub(crate) u32);

impl DepthSet {
    /// The set with nothing in it.
    pub const EMPTY: Self = Self(0);

    /// Every depth from `lo` to `hi`, both included; empty when `lo > hi`.
    pub fn range(lo: Depth, hi: Depth) -> Self {
        (lo.0..=hi.0).map(Depth).collect()
    }

    /// The set with `depth` added.
    pub const fn with(self, depth: Depth) -> Self {
        Self(self.0 | 1 << depth.0)
    }

    /// The set with `depth` taken out.
    pub const fn without(self, depth: Depth) -> Self {
        Self(self.0 & !(1 << depth.0))
    }

    /// True when `depth` is in the set.
    pub const fn contains(self, depth: Depth) -> bool {
        self.0 >> depth.0 & 1 == 1
    }

    /// How many depths are in the set.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// True when nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The depths in both sets.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The depths in either set.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The shallowest depth.
    pub const fn shallowest(self) -> Option<Depth> {
        if self.0 == 0 { None } else { Some(Depth(self.0.trailing_zeros() as u8)) }
    }

    /// The deepest depth.
    pub const fn deepest(self) -> Option<Depth> {
        if self.0 == 0 { None } else { Some(Depth(31 - self.0.leading_zeros() as u8)) }
    }

    /// The depths, shallowest first.
    pub fn iter(self) -> impl Iterator<Item = Depth> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            let depth = left.trailing_zeros() as u8;
            left &= left - 1;
            Some(Depth(depth))
        })
    }
}

impl FromIterator<Depth> for DepthSet {
    fn from_iter<I: IntoIterator<Item = Depth>>(depths: I) -> Self {
        depths.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for DepthSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DepthSet({} depths, redacted)", self.len())
    }
}
