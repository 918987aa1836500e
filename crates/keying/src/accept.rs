//! What one cylinder accepts: the union of the cuts of the keys pinned into it, chamber by chamber.

use crate::bitting::{Bitting, BittingError};
use crate::depth::{Depth, DepthSet, MAX_CHAMBERS};
use crate::macs::Macs;
use crate::space::{KeySpace, count_columns};
use num_bigint::BigUint;

/// The accept sets of a cylinder. A key operates it when every cut is accepted in its chamber; nothing else counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AcceptSets {
    sets: [DepthSet; MAX_CHAMBERS],
    len: u8,
}

impl AcceptSets {
    /// The sets of a cylinder pinned to these keys. Errors without a key or with keys of unequal length.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a Bitting>) -> Result<Self, BittingError> {
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or(BittingError::Empty)?;
        let mut own = Self { sets: [DepthSet::EMPTY; MAX_CHAMBERS], len: first.chambers() as u8 };
        own.add(first)?;
        keys.try_for_each(|key| own.add(key))?;
        Ok(own)
    }

    /// Sets given outright, chamber 1 first. Errors when empty, too long, or a chamber accepts nothing.
    pub fn from_sets(sets: &[DepthSet]) -> Result<Self, BittingError> {
        if sets.is_empty() || sets.iter().any(|set| set.is_empty()) {
            return Err(BittingError::Empty);
        }
        if sets.len() > MAX_CHAMBERS {
            return Err(BittingError::TooLong { cuts: sets.len() });
        }
        let mut own = Self { sets: [DepthSet::EMPTY; MAX_CHAMBERS], len: sets.len() as u8 };
        own.sets[..sets.len()].copy_from_slice(sets);
        Ok(own)
    }

    /// Accepts one more key.
    pub fn add(&mut self, key: &Bitting) -> Result<(), BittingError> {
        key.same_length(self.len as usize)?;
        for (set, cut) in self.sets.iter_mut().zip(key.reveal()) {
            *set = set.with(*cut);
        }
        Ok(())
    }

    /// The accepted depths, chamber 1 first; as secret as a bitting.
    pub fn reveal(&self) -> &[DepthSet] {
        &self.sets[..self.len as usize]
    }

    /// Number of chambers.
    pub fn chambers(&self) -> usize {
        self.len as usize
    }

    /// True when this key turns the cylinder.
    pub fn operates(&self, key: &Bitting) -> bool {
        self.len as usize == key.chambers()
            && self.reveal().iter().zip(key.reveal()).all(|(set, cut)| set.contains(*cut))
    }

    /// True when this key may turn the cylinder if every chamber forgives `forgiven` increments.
    pub fn may_operate(&self, key: &Bitting, forgiven: u8) -> bool {
        let near = |set: &DepthSet, cut: &Depth| set.iter().any(|d| d.apart(*cut) <= forgiven);
        self.len as usize == key.chambers() && self.reveal().iter().zip(key.reveal()).all(|(set, cut)| near(set, cut))
    }

    /// True when this key, cut deeper where needed, turns the cylinder.
    pub fn cut_down_operates(&self, key: &Bitting) -> bool {
        let reaches = |set: &DepthSet, cut: &Depth| set.deepest().is_some_and(|deepest| deepest >= *cut);
        self.len as usize == key.chambers() && self.reveal().iter().zip(key.reveal()).all(|(s, c)| reaches(s, c))
    }

    /// Exactly how many bittings within MACS turn the cylinder.
    pub fn operating_count(&self, macs: &Macs) -> BigUint {
        count_columns(self.reveal(), macs)
    }

    /// Those bittings as a space that can be enumerated with a limit.
    pub fn operating_space(&self, macs: &Macs) -> Result<KeySpace, BittingError> {
        Ok(KeySpace::new(self.reveal().to_vec())?.with_macs(macs.clone()))
    }
}

impl std::fmt::Debug for AcceptSets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AcceptSets({} chambers, redacted)", self.len)
    }
}
