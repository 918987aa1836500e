//! The key bitting array (KBA): under the top master key, the cuts a change key may take in each chamber.

use crate::bitting::{Bitting, BittingError};
use crate::depth::{Chamber, Depth, DepthSet, Increments};
use num_bigint::BigUint;

/// The top master key (TMK) of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TopMaster(pub Bitting);

/// Which depths a chamber offers beside the TMK cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnRule {
    /// Shallowest depth in use.
    pub lo: Depth,
    /// Deepest depth in use.
    pub hi: Depth,
    /// Progression step in depths: 2 keeps the parity of the TMK cut, 1 takes every depth.
    pub step: u8,
    /// Smallest distance to the TMK cut, in depths: 2 where no #1 master pin exists.
    pub min_gap: Increments,
}

impl ColumnRule {
    /// Two-step progression over the depths `lo..=hi`.
    pub fn two_step(lo: Depth, hi: Depth) -> Self {
        Self { lo, hi, step: 2, min_gap: Increments::new(1) }
    }

    /// One-step progression over the depths `lo..=hi`.
    pub fn one_step(lo: Depth, hi: Depth) -> Self {
        Self { lo, hi, step: 1, min_gap: Increments::new(1) }
    }

    /// The column under one TMK cut, shallowest first.
    pub fn column(&self, top: Depth) -> DepthSet {
        let step = self.step.max(1);
        let fits = |d: &Depth| *d != top && d.apart(top).is_multiple_of(step) && !d.nearer(top, self.min_gap);
        DepthSet::range(self.lo, self.hi).iter().filter(fits).collect()
    }
}

/// Why columns and a TMK make no array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArrayError {
    /// The number of columns is not the number of TMK cuts.
    #[error(transparent)]
    Length(#[from] BittingError),
    /// A column names the cut of the top master: such a key would not differ from it there.
    #[error("{0}: the column contains the cut of the top master")]
    ContainsTop(Chamber),
    /// A column names one depth twice.
    #[error("{0}: the column names a depth twice")]
    Twice(Chamber),
    /// The column is needed but has no cut left.
    #[error("{0}: the column is empty, no change key can be made here")]
    Empty(Chamber),
}

/// The array of a system: TMK on top, one column of change cuts under each of its cuts.
///
/// ```
/// use keying::{Bitting, ColumnRule, Depth, KeyBittingArray, TopMaster};
/// let rule = ColumnRule::two_step(Depth::new(0)?, Depth::new(9)?);
/// let array = KeyBittingArray::by_rule(TopMaster(Bitting::of(&[6, 3, 4, 0, 5])?), rule);
/// let first: Vec<u8> = array.columns().map(|c| c[0].number()).collect();
/// assert_eq!(first, [0, 1, 0, 2, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct KeyBittingArray {
    top: Bitting,
    columns: Vec<Vec<Depth>>,
}

impl KeyBittingArray {
    /// The array a rule gives, columns ascending.
    pub fn by_rule(top: TopMaster, rule: ColumnRule) -> Self {
        let columns = top.0.reveal().iter().map(|cut| rule.column(*cut).iter().collect()).collect();
        Self { top: top.0, columns }
    }

    /// An array with its own columns in their own order (a maker's chart, 0-3-6-9, skipped depths).
    pub fn with_columns(top: TopMaster, columns: Vec<Vec<Depth>>) -> Result<Self, ArrayError> {
        top.0.same_length(columns.len())?;
        for (i, column) in columns.iter().enumerate() {
            let set: DepthSet = column.iter().copied().collect();
            if set.len() != column.len() {
                return Err(ArrayError::Twice(Chamber::at(i)));
            }
            if set.contains(top.0.reveal()[i]) {
                return Err(ArrayError::ContainsTop(Chamber::at(i)));
            }
        }
        Ok(Self { top: top.0, columns })
    }

    /// The array without these depths in its columns: depths a shop keeps for master work (Schlage 0 and 1).
    #[must_use]
    pub fn without_change_cuts(mut self, kept: DepthSet) -> Self {
        self.columns.iter_mut().for_each(|column| column.retain(|cut| !kept.contains(*cut)));
        self
    }

    /// The top master key.
    pub fn top(&self) -> TopMaster {
        TopMaster(self.top)
    }

    /// Number of chambers.
    pub fn chambers(&self) -> usize {
        self.columns.len()
    }

    /// The columns in their own order, chamber 1 first; as secret as the TMK.
    pub fn columns(&self) -> impl Iterator<Item = &[Depth]> {
        self.columns.iter().map(Vec::as_slice)
    }

    /// The column of one chamber; empty beyond the last.
    pub fn column(&self, chamber: Chamber) -> &[Depth] {
        self.columns.get(chamber.index()).map_or(&[], Vec::as_slice)
    }

    /// The change cuts of each chamber as sets.
    pub fn change_sets(&self) -> Vec<DepthSet> {
        self.columns.iter().map(|c| c.iter().copied().collect()).collect()
    }

    /// Change cuts and TMK cut of each chamber: what a full system of cylinders accepts.
    pub fn all_sets(&self) -> Vec<DepthSet> {
        let tops = self.top.reveal();
        self.change_sets().into_iter().zip(tops).map(|(set, cut)| set.with(*cut)).collect()
    }

    /// How many change keys can be cut down (deepened) into the TMK: the product of the shallower cuts of each column.
    pub fn cut_down_keys(&self) -> BigUint {
        let shallower = |(column, top): (&Vec<Depth>, &Depth)| column.iter().filter(|d| *d < top).count();
        self.columns.iter().zip(self.top.reveal()).map(shallower).map(BigUint::from).product()
    }
}

impl std::fmt::Debug for KeyBittingArray {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyBittingArray({} chambers, redacted)", self.columns.len())
    }
}
