//! Lock charts: an arbitrary matrix of keys and locks, solved, counted or proved impossible.

mod count;
mod keywise;
mod solution;
mod solve;

pub use count::{CountError, count_solutions};
pub use solution::{ChartSolution, SolutionFault};
pub use solve::{Outcome, solve};

use crate::depth::{Depth, Increments};
use crate::macs::Macs;
use std::collections::HashMap;

/// The most keys times locks a chart may have.
pub const MAX_PAIRS: usize = 1 << 22;

/// Which key opens which lock, by name. Every pair not named must not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockChart {
    keys: Vec<String>,
    locks: Vec<String>,
    /// The keys of each lock, by place, ascending.
    opened_by: Vec<Vec<usize>>,
}

/// Why a chart cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// No key.
    #[error("the chart has no key")]
    NoKeys,
    /// A key is named twice.
    #[error("key {0} is named twice")]
    Twice(String),
    /// More keys times locks than [`MAX_PAIRS`].
    #[error("a chart has at most {MAX_PAIRS} pairs of key and lock")]
    TooLarge,
    /// No chamber, too many, or no depth.
    #[error("the locks need between 1 and 15 chambers and at least one depth")]
    Format,
}

/// What keys and locks of a chart are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartFormat {
    /// Chambers of every key.
    pub chambers: usize,
    /// Shallowest depth.
    pub lo: Depth,
    /// Deepest depth.
    pub hi: Depth,
    /// Which cuts may stand side by side.
    pub macs: Macs,
    /// Smallest distance of two cuts in one chamber of one lock, in depths; 1 allows every distance.
    pub min_gap: Increments,
}

impl ChartFormat {
    pub(crate) fn check(&self) -> Result<(), ChartError> {
        let fits = (1..=crate::depth::MAX_CHAMBERS).contains(&self.chambers) && self.lo <= self.hi;
        if fits { Ok(()) } else { Err(ChartError::Format) }
    }
}

impl LockChart {
    /// A chart from every key and the locks it opens. Locks are the names that occur, in order of appearance.
    pub fn new(key_opens: &[(&str, Vec<&str>)]) -> Result<Self, ChartError> {
        if key_opens.is_empty() {
            return Err(ChartError::NoKeys);
        }
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut own = Self { keys: Vec::new(), locks: Vec::new(), opened_by: Vec::new() };
        let mut named = std::collections::HashSet::new();
        for (key, opens) in key_opens {
            if !named.insert(*key) {
                return Err(ChartError::Twice((*key).to_owned()));
            }
            let place = own.keys.len();
            own.keys.push((*key).to_owned());
            for lock in opens {
                let at = *places.entry(lock).or_insert_with(|| {
                    own.locks.push((*lock).to_owned());
                    own.opened_by.push(Vec::new());
                    own.locks.len() - 1
                });
                if own.opened_by[at].last() != Some(&place) {
                    own.opened_by[at].push(place);
                }
            }
        }
        let pairs = own.keys.len().checked_mul(own.locks.len());
        if pairs.is_none_or(|n| n > MAX_PAIRS) { Err(ChartError::TooLarge) } else { Ok(own) }
    }

    /// The keys in the order given.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The locks in order of appearance.
    pub fn locks(&self) -> &[String] {
        &self.locks
    }

    /// The keys of a lock by their place in [`LockChart::keys`].
    pub fn keys_of(&self, lock: usize) -> &[usize] {
        self.opened_by.get(lock).map_or(&[], Vec::as_slice)
    }

    /// Every pair of key and lock that must not operate, by place.
    pub(crate) fn blocked(&self) -> Vec<(usize, usize)> {
        let pairs = (0..self.keys.len()).flat_map(|key| (0..self.locks.len()).map(move |lock| (key, lock)));
        pairs.filter(|(key, lock)| self.opened_by[*lock].binary_search(key).is_err()).collect()
    }
}
