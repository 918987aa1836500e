//! The keying schedule: which keys exist and which of them are pinned into which cylinder.

use crate::accept::AcceptSets;
use crate::bitting::{Bitting, BittingError};
use crate::space::LimitExceeded;
use std::collections::HashMap;

/// The place of a key in its schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyIndex(usize);

/// A named key of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    /// The key symbol, such as `AA1`.
    pub symbol: String,
    /// Its cuts.
    pub bitting: Bitting,
}

/// A cylinder and the keys pinned into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cylinder {
    /// The cylinder's own name.
    pub id: String,
    pinned: Vec<KeyIndex>,
    accepts: AcceptSets,
}

impl Cylinder {
    /// What the cylinder accepts.
    pub fn accepts(&self) -> &AcceptSets {
        &self.accepts
    }

    /// The keys pinned into the cylinder, by their places, ascending.
    pub fn pinned(&self) -> &[KeyIndex] {
        &self.pinned
    }

    /// True when the key is pinned into the cylinder on purpose.
    pub fn intends(&self, key: KeyIndex) -> bool {
        self.pinned.binary_search(&key).is_ok()
    }
}

/// Why a key or a cylinder cannot join a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The symbol or id is taken.
    #[error("{0} is in the schedule already")]
    Taken(String),
    /// A cylinder names a key the schedule does not have.
    #[error("cylinder {cylinder} is pinned to {key}, which is not in the schedule")]
    UnknownKey {
        /// The cylinder.
        cylinder: String,
        /// The key it names.
        key: String,
    },
    /// The schedule has no key of this symbol.
    #[error("there is no key {0} in the schedule")]
    NoSuchKey(String),
    /// Cross-keying without a reason to record.
    #[error("cross-keying {0} needs a recorded reason")]
    NoReason(String),
    /// The schedule has no cylinder of this id.
    #[error("there is no cylinder {0} in the schedule")]
    NoSuchCylinder(String),
    /// A cylinder without keys.
    #[error("cylinder {0} has no key")]
    NoKeys(String),
    /// Two keys have the same cuts.
    #[error("{first} and {second} have the same bitting")]
    SameBitting {
        /// The key that was there.
        first: String,
        /// The key that was to be added.
        second: String,
    },
    /// More than the caller allowed.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// A bitting of another length.
    #[error("{key}: {why}")]
    Bitting {
        /// The key.
        key: String,
        /// What is wrong with it.
        why: BittingError,
    },
}

/// Keys and cylinders of one system, in the order they were added.
///
/// ```
/// use keying::{Bitting, KeySchedule, cross_operations};
/// let mut schedule = KeySchedule::new();
/// schedule.add_key("A", Bitting::of(&[4, 1, 8, 3, 6])?)?;
/// schedule.add_key("AA1", Bitting::of(&[0, 1, 8, 5, 4])?)?;
/// schedule.add_cylinder("AA1", &["AA1", "A"])?;
/// assert!(cross_operations(&schedule, 1000)?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct KeySchedule {
    keys: Vec<KeySet>,
    cylinders: Vec<Cylinder>,
    by_symbol: HashMap<String, KeyIndex>,
    by_bitting: HashMap<Bitting, KeyIndex>,
    by_id: HashMap<String, usize>,
}

impl KeySchedule {
    /// An empty schedule.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key. Errors when symbol or bitting is taken or the length differs from the first key's.
    pub fn add_key(&mut self, symbol: &str, bitting: Bitting) -> Result<KeyIndex, ScheduleError> {
        if let Some(first) = self.by_bitting.get(&bitting).filter(|_| !self.by_symbol.contains_key(symbol)) {
            let first = self.keys[first.0].symbol.clone();
            return Err(ScheduleError::SameBitting { first, second: symbol.to_owned() });
        }
        self.add_alike_key(symbol, bitting)
    }

    /// Adds a key that may be cut like another one: for another section of the keyway, or under a second name.
    pub fn add_alike_key(&mut self, symbol: &str, bitting: Bitting) -> Result<KeyIndex, ScheduleError> {
        if self.by_symbol.contains_key(symbol) {
            return Err(ScheduleError::Taken(symbol.to_owned()));
        }
        if let Some(first) = self.keys.first() {
            let same = bitting.same_length(first.bitting.chambers());
            same.map_err(|why| ScheduleError::Bitting { key: symbol.to_owned(), why })?;
        }
        let index = KeyIndex(self.keys.len());
        self.keys.push(KeySet { symbol: symbol.to_owned(), bitting });
        self.by_symbol.insert(symbol.to_owned(), index);
        self.by_bitting.entry(bitting).or_insert(index);
        Ok(index)
    }

    /// Adds a cylinder pinned to the keys with these symbols; a symbol named twice counts once.
    pub fn add_cylinder(&mut self, id: &str, symbols: &[&str]) -> Result<(), ScheduleError> {
        let unknown = |key: &str| ScheduleError::UnknownKey { cylinder: id.to_owned(), key: key.to_owned() };
        let keys: Result<Vec<KeyIndex>, _> =
            symbols.iter().map(|s| self.by_symbol.get(*s).copied().ok_or_else(|| unknown(s))).collect();
        self.add_cylinder_of(id, &keys?)
    }

    /// Adds a cylinder pinned to keys already looked up.
    pub fn add_cylinder_of(&mut self, id: &str, keys: &[KeyIndex]) -> Result<(), ScheduleError> {
        if self.by_id.contains_key(id) {
            return Err(ScheduleError::Taken(id.to_owned()));
        }
        let mut pinned = keys.to_vec();
        pinned.sort_unstable();
        pinned.dedup();
        let foreign = pinned.iter().find(|k| k.0 >= self.keys.len());
        if let Some(key) = foreign {
            return Err(ScheduleError::NoSuchKey(format!("number {}", key.0)));
        }
        let bittings = pinned.iter().map(|k| &self.keys[k.0].bitting);
        let accepts = AcceptSets::of(bittings).map_err(|_| ScheduleError::NoKeys(id.to_owned()))?;
        self.by_id.insert(id.to_owned(), self.cylinders.len());
        self.cylinders.push(Cylinder { id: id.to_owned(), pinned, accepts });
        Ok(())
    }

    /// The keys with their places, in the order they were added.
    pub fn keys(&self) -> impl Iterator<Item = (KeyIndex, &KeySet)> {
        self.keys.iter().enumerate().map(|(i, key)| (KeyIndex(i), key))
    }

    /// Number of keys.
    pub fn key_count(&self) -> usize {
        self.keys.len()
    }

    /// The cylinders in the order they were added.
    pub fn cylinders(&self) -> &[Cylinder] {
        &self.cylinders
    }

    /// One cylinder by its id.
    pub fn cylinder(&self, id: &str) -> Option<&Cylinder> {
        self.by_id.get(id).map(|i| &self.cylinders[*i])
    }

    /// The place of the key with this symbol.
    pub fn find(&self, symbol: &str) -> Result<KeyIndex, ScheduleError> {
        self.by_symbol.get(symbol).copied().ok_or_else(|| ScheduleError::NoSuchKey(symbol.to_owned()))
    }

    /// The key that has this bitting; the first of several.
    pub fn key_with(&self, bitting: &Bitting) -> Option<KeyIndex> {
        self.by_bitting.get(bitting).copied()
    }

    /// A key by its place; `None` for a place of another schedule.
    pub fn key(&self, index: KeyIndex) -> Option<&KeySet> {
        self.keys.get(index.0)
    }

    /// The keys pinned into a cylinder of this schedule.
    pub fn keys_of<'a>(&'a self, cylinder: &'a Cylinder) -> impl Iterator<Item = &'a KeySet> {
        cylinder.pinned.iter().filter_map(|k| self.keys.get(k.0))
    }

    /// Number of chambers, `None` while there is no key.
    pub fn chambers(&self) -> Option<usize> {
        self.keys.first().map(|k| k.bitting.chambers())
    }
}
