//! A bitting: the cuts of one key. As secret as the key itself.

use crate::depth::{Chamber, Depth, MAX_CHAMBERS, MAX_DEPTH};
use std::fmt;

/// The cuts of one key, chamber 1 first in the reading direction of its specification.
///
/// `Debug` prints no cut and there is no `Display`: use [`Bitting::reveal`] where a cut has to be seen.
///
/// ```
/// use keying::Bitting;
/// let key = Bitting::of(&[4, 1, 8, 3, 6])?;
/// assert_eq!(format!("{key:?}"), "Bitting(5 cuts, redacted)");
/// assert_eq!(key.numbers(), [4, 1, 8, 3, 6]);
/// # Ok::<(), keying::BittingError>(())
/// ```
///
/// ```compile_fail,E0277
/// # let key = keying::Bitting::of(&[4, 1, 8, 3, 6]).unwrap();
/// println!("{key}");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bitting {
    cuts: [Depth; MAX_CHAMBERS],
    len: u8,
}

/// Why a row of numbers is no bitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BittingError {
    /// No cut at all.
    #[error("a bitting needs at least one cut")]
    Empty,
    /// More cuts than [`MAX_CHAMBERS`].
    #[error("a bitting has at most {MAX_CHAMBERS} cuts, this one has {cuts}")]
    TooLong {
        /// Number of cuts given.
        cuts: usize,
    },
    /// A number above [`MAX_DEPTH`].
    #[error("{chamber}: the depth number is above {MAX_DEPTH}")]
    Depth {
        /// The chamber of the wrong cut.
        chamber: Chamber,
    },
    /// A symbol the specification does not know.
    #[error("character {position}: this specification has no such depth symbol")]
    Symbol {
        /// Position in the text, counted in characters from 1.
        position: usize,
    },
    /// Two bittings that must have the same number of cuts do not.
    #[error("{expected} cuts expected, {found} found")]
    Length {
        /// Cuts the system has.
        expected: usize,
        /// Cuts this bitting has.
        found: usize,
    },
}

impl Bitting {
    /// A bitting from depths, chamber 1 first. Errors when empty or too long.
    pub fn new(cuts: &[Depth]) -> Result<Self, BittingError> {
        if cuts.is_empty() {
            return Err(BittingError::Empty);
        }
        if cuts.len() > MAX_CHAMBERS {
            return Err(BittingError::TooLong { cuts: cuts.len() });
        }
        Ok(Self::raw(cuts))
    }

    /// A bitting from depth numbers, chamber 1 first. Errors when empty, too long or too deep.
    pub fn of(numbers: &[u8]) -> Result<Self, BittingError> {
        if numbers.len() > MAX_CHAMBERS {
            return Err(BittingError::TooLong { cuts: numbers.len() });
        }
        let mut cuts = [Depth::default(); MAX_CHAMBERS];
        for (i, &number) in numbers.iter().enumerate() {
            cuts[i] = Depth::new(number).map_err(|_| BittingError::Depth { chamber: Chamber::at(i) })?;
        }
        Self::new(&cuts[..numbers.len()])
    }

    /// For cuts already known to be between 1 and [`MAX_CHAMBERS`] long.
    pub(crate) fn raw(cuts: &[Depth]) -> Self {
        let mut own = [Depth::default(); MAX_CHAMBERS];
        own[..cuts.len()].copy_from_slice(cuts);
        Self { cuts: own, len: cuts.len() as u8 }
    }

    /// The cuts themselves, chamber 1 first. What this returns must not reach a log, a message or a link.
    pub fn reveal(&self) -> &[Depth] {
        &self.cuts[..self.len as usize]
    }

    /// The cuts as plain numbers, chamber 1 first; as secret as [`Bitting::reveal`].
    pub fn numbers(&self) -> Vec<u8> {
        self.reveal().iter().map(|d| d.number()).collect()
    }

    /// The cut of one chamber, `None` beyond the last.
    pub fn cut(&self, chamber: Chamber) -> Option<Depth> {
        self.reveal().get(chamber.index()).copied()
    }

    /// Number of chambers.
    pub fn chambers(&self) -> usize {
        self.len as usize
    }

    /// The bitting with one cut changed; unchanged when the chamber lies beyond the last.
    #[must_use]
    pub fn with_cut(mut self, chamber: Chamber, depth: Depth) -> Self {
        if chamber.index() < self.chambers() {
            self.cuts[chamber.index()] = depth;
        }
        self
    }

    /// True when this key can be cut deeper into `other`, and is not `other` already.
    pub fn deepens_into(&self, other: &Bitting) -> bool {
        self != other && self.len == other.len && self.reveal().iter().zip(other.reveal()).all(|(a, b)| a <= b)
    }

    pub(crate) fn same_length(&self, chambers: usize) -> Result<(), BittingError> {
        if self.chambers() == chambers {
            Ok(())
        } else {
            Err(BittingError::Length { expected: chambers, found: self.chambers() })
        }
    }
}

impl fmt::Debug for Bitting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bitting({} cuts, redacted)", self.len)
    }
}
