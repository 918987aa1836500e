//! Progression: from an array to the list of change keys, by one method a system never leaves.

mod keys;
mod odometer;

pub use keys::{ChangeKeys, ChangeKeysFault, Tally};

use odometer::{Odometer, choose};

use crate::array::KeyBittingArray;
use crate::bitting::Bitting;
use crate::depth::{Chamber, Depth, DepthSet};
use crate::macs::Macs;
use crate::shape::ShapeRules;
use crate::space::{LimitExceeded, count_columns};
use num_bigint::BigUint;
use serde::{Deserialize, Serialize};

/// How change keys are drawn from the array. One system keeps one method for life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Method {
    /// Every progressed chamber differs from the TMK (TPP; with held chambers, partial progression).
    TotalPosition,
    /// Exactly this many progressed chambers hold the TMK cut, every choice of them in turn (RCM).
    RotatingConstant(usize),
    /// As RCM, but the constants rotate only within the listed chambers (limited rotating constant).
    LimitedRotating {
        /// Chambers that hold the TMK cut at a time.
        constants: usize,
        /// The chambers they rotate in.
        within: Vec<Chamber>,
    },
}

/// Why a progression cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgressError {
    /// A chamber beyond the array.
    #[error("{0} is not in this array")]
    NoSuchChamber(Chamber),
    /// A chamber stands twice in the sequence of progression.
    #[error("{0} stands twice in the sequence of progression")]
    Twice(Chamber),
    /// A chamber is both held and progressed.
    #[error("{0} is held and progressed at once")]
    HeldAndProgressed(Chamber),
    /// A progressed chamber has no change cut.
    #[error("{0}: the column is empty, nothing to progress")]
    EmptyColumn(Chamber),
    /// More constants than chambers they could rotate in.
    #[error("{constants} constants cannot rotate in {chambers} chambers")]
    Constants {
        /// Constants asked for.
        constants: usize,
        /// Chambers available.
        chambers: usize,
    },
    /// The system is progressed by another method; keys of both would operate each other's cylinders.
    #[error("this system is progressed by another method; mixing methods makes sub-masters of its keys")]
    MethodMixed,
    /// More keys than the limit.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The finished list failed its check.
    #[error(transparent)]
    Check(#[from] ChangeKeysFault),
}

/// A progression set up over an array: counts and lists change keys.
///
/// ```
/// use keying::{Bitting, ColumnRule, Depth, KeyBittingArray, Method, Progression, TopMaster};
/// let rule = ColumnRule::two_step(Depth::new(0)?, Depth::new(9)?);
/// let array = KeyBittingArray::by_rule(TopMaster(Bitting::of(&[4, 1, 8, 3, 6])?), rule);
/// let keys = Progression::new(array, Method::TotalPosition)?;
/// assert_eq!(keys.theoretical().to_string(), "1024");
/// assert_eq!(keys.change_keys(2).last().map(|k| k.numbers()), Some(vec![0, 3, 0, 1, 2]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Progression {
    array: KeyBittingArray,
    method: Method,
    sequence: Vec<Chamber>,
    held: Vec<Depth>,
    macs: Macs,
    shape: ShapeRules,
}

impl Progression {
    /// Progresses every chamber with a column, last chamber fastest, no MACS filter.
    pub fn new(array: KeyBittingArray, method: Method) -> Result<Self, ProgressError> {
        let sequence = (0..array.chambers()).rev().map(Chamber::at).collect();
        Self::in_sequence(array, method, sequence)
    }

    /// Progresses these chambers, fastest first (SOP); chambers left out hold the TMK cut.
    pub fn in_sequence(array: KeyBittingArray, method: Method, sequence: Vec<Chamber>) -> Result<Self, ProgressError> {
        let held = array.top().0.reveal().to_vec();
        let own = Self { array, method, sequence, held, macs: Macs::Unlimited, shape: ShapeRules::NONE };
        own.checked()
    }

    /// Holds a chamber outside the sequence at a cut of its own.
    pub fn with_held(mut self, chamber: Chamber, cut: Depth) -> Result<Self, ProgressError> {
        if self.sequence.contains(&chamber) {
            return Err(ProgressError::HeldAndProgressed(chamber));
        }
        *self.held.get_mut(chamber.index()).ok_or(ProgressError::NoSuchChamber(chamber))? = cut;
        Ok(self)
    }

    /// The shape rules.
    pub fn shape(&self) -> &ShapeRules {
        &self.shape
    }

    /// True when a key breaks neither MACS nor a shape rule.
    pub fn admits(&self, key: &Bitting) -> bool {
        self.macs.admits(key) && self.shape.admits(key)
    }

    /// Leaves out keys that break MACS ("forbidden").
    #[must_use]
    pub fn with_macs(mut self, macs: Macs) -> Self {
        self.macs = macs;
        self
    }

    /// Leaves out keys that break shape rules ("undesirable").
    #[must_use]
    pub fn with_shape(mut self, shape: ShapeRules) -> Self {
        self.shape = shape;
        self
    }

    fn checked(self) -> Result<Self, ProgressError> {
        for (i, chamber) in self.sequence.iter().enumerate() {
            if chamber.index() >= self.array.chambers() {
                return Err(ProgressError::NoSuchChamber(*chamber));
            }
            if self.sequence[..i].contains(chamber) {
                return Err(ProgressError::Twice(*chamber));
            }
        }
        let (constants, rotating) = self.constants();
        if constants > rotating.len() {
            return Err(ProgressError::Constants { constants, chambers: rotating.len() });
        }
        let empty = |c: &&Chamber| self.array.column(**c).is_empty() && (constants == 0 || !rotating.contains(c));
        match self.sequence.iter().find(empty) {
            Some(chamber) => Err(ProgressError::EmptyColumn(*chamber)),
            None => Ok(self),
        }
    }

    /// Number of constants and the chambers they rotate in, ascending.
    fn constants(&self) -> (usize, Vec<Chamber>) {
        let (constants, mut rotating) = match &self.method {
            Method::TotalPosition => (0, Vec::new()),
            Method::RotatingConstant(k) => (*k, self.sequence.clone()),
            Method::LimitedRotating { constants, within } => {
                (*constants, self.sequence.iter().copied().filter(|c| within.contains(c)).collect())
            }
        };
        rotating.sort_unstable();
        (constants, rotating)
    }

    /// The array under progression.
    pub fn array(&self) -> &KeyBittingArray {
        &self.array
    }

    /// The method of this system.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The sequence of progression, fastest first.
    pub fn sequence(&self) -> &[Chamber] {
        &self.sequence
    }

    /// The cut change keys hold in a chamber outside the sequence; `None` where they progress.
    pub fn held_cut(&self, chamber: Chamber) -> Option<Depth> {
        let held = self.held.get(chamber.index()).copied();
        held.filter(|_| !self.sequence.contains(&chamber))
    }

    /// The MACS filter.
    pub fn macs(&self) -> &Macs {
        &self.macs
    }

    /// Refuses a method other than the system's own.
    pub fn same_method(&self, other: &Method) -> Result<(), ProgressError> {
        if self.method == *other { Ok(()) } else { Err(ProgressError::MethodMixed) }
    }

    /// The sets of chambers that hold the TMK cut together, in lexicographic order of chamber numbers.
    pub fn constant_sets(&self) -> Vec<Vec<Chamber>> {
        let (constants, rotating) = self.constants();
        let mut sets = Vec::new();
        // At most 2^15 sets exist, so the whole list is small.
        choose(&rotating, constants, &mut Vec::new(), &mut sets);
        sets
    }

    /// The cuts each chamber can take while `constant` chambers hold the TMK cut.
    fn columns_with(&self, constant: &[Chamber]) -> Vec<DepthSet> {
        let mut columns: Vec<DepthSet> = self.held.iter().map(|d| DepthSet::EMPTY.with(*d)).collect();
        for chamber in self.sequence.iter().filter(|c| !constant.contains(c)) {
            columns[chamber.index()] = self.array.column(*chamber).iter().copied().collect();
        }
        columns
    }

    fn count_with(&self, macs: &Macs) -> BigUint {
        self.constant_sets().iter().map(|set| count_columns(&self.columns_with(set), macs)).sum()
    }

    /// Number of change keys before any filter.
    pub fn theoretical(&self) -> BigUint {
        self.count_with(&Macs::Unlimited)
    }

    /// Number of change keys that satisfy MACS; shape rules left aside.
    pub fn practical(&self) -> BigUint {
        self.count_with(&self.macs)
    }

    /// The change keys in sequence, at most `limit` of them, filtered by MACS and shape rules.
    ///
    /// Keys that break MACS cost nothing; shape rules that refuse nearly everything are walked through key by key,
    /// which [`Progression::list`] bounds.
    pub fn change_keys(&self, limit: usize) -> impl Iterator<Item = Bitting> {
        self.walk(&self.macs).filter(|key| self.shape.admits(key)).take(limit)
    }

    /// Every key of the progression in sequence, nothing filtered.
    pub(crate) fn all_keys(&self) -> impl Iterator<Item = Bitting> {
        self.walk(&Macs::Unlimited)
    }

    fn walk(&self, macs: &Macs) -> impl Iterator<Item = Bitting> {
        self.constant_sets().into_iter().flat_map(move |set| {
            let moving = self.sequence.iter().copied().filter(|c| !set.contains(c)).collect();
            Odometer::new(self, moving, macs)
        })
    }

    /// True when the array, method and held cuts can make this key; filters left aside.
    pub fn makes(&self, key: &Bitting) -> bool {
        if key.chambers() != self.array.chambers() {
            return false;
        }
        let (constants, rotating) = self.constants();
        let top = self.array.top().0;
        let mut held = 0;
        for (i, cut) in key.reveal().iter().enumerate() {
            let chamber = Chamber::at(i);
            let fits = if !self.sequence.contains(&chamber) {
                *cut == self.held[i]
            } else if *cut == top.reveal()[i] && rotating.contains(&chamber) {
                held += 1;
                true
            } else {
                self.array.column(chamber).contains(cut)
            };
            if !fits {
                return false;
            }
        }
        held == constants
    }
}
