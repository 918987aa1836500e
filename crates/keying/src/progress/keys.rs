//! Change keys as a checked list, and the figures of a bitting list.

use super::{ProgressError, Progression};
use crate::bitting::Bitting;
use crate::space::LimitExceeded;
use crate::verified::{Check, Sealed, Verified};
use num_bigint::BigUint;
use std::collections::HashSet;

/// The five figures of a bitting list, and the keys MACS forbids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Keys the method can make.
    pub theoretical: BigUint,
    /// Keys that satisfy MACS.
    pub practical: BigUint,
    /// Keys that break MACS.
    pub forbidden: u64,
    /// Keys that break a shape rule, not taken.
    pub undesirable: u64,
    /// Keys in use or reserved.
    pub used: u64,
    /// Keys left.
    pub free: u64,
}

/// The change keys of a progression in sequence.
#[derive(Debug, Clone)]
pub struct ChangeKeys {
    progression: Progression,
    keys: Vec<Bitting>,
}

/// The most keys looked at for a list under shape rules.
const MOST_LOOKED_AT: u64 = 1 << 26;

/// What is wrong with a list of change keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeKeysFault {
    /// The array and method do not make this key, or it breaks MACS or a shape rule.
    #[error("key {0} of the list does not belong to the progression")]
    Foreign(usize),
    /// The key was in the list before.
    #[error("key {0} of the list stands in it twice")]
    Twice(usize),
    /// Without shape rules the number of keys is known exactly, and the list has another.
    #[error("the list has {found} keys, the exact count is another")]
    Count {
        /// Keys in the list.
        found: usize,
    },
}

impl ChangeKeys {
    /// The keys, first of the sequence first.
    pub fn keys(&self) -> &[Bitting] {
        &self.keys
    }
}

impl Sealed for ChangeKeys {}

impl Check for ChangeKeys {
    type Fault = ChangeKeysFault;

    fn check(&self) -> Result<(), ChangeKeysFault> {
        let mut seen = HashSet::with_capacity(self.keys.len());
        for (place, key) in (1..).zip(&self.keys) {
            if !self.progression.makes(key) || !self.progression.admits(key) {
                return Err(ChangeKeysFault::Foreign(place));
            }
            if !seen.insert(key) {
                return Err(ChangeKeysFault::Twice(place));
            }
        }
        let exact = self.progression.shape().is_off().then(|| self.progression.practical());
        match exact {
            Some(exact) if exact != BigUint::from(self.keys.len()) => {
                Err(ChangeKeysFault::Count { found: self.keys.len() })
            }
            _ => Ok(()),
        }
    }
}

impl Progression {
    /// The whole filtered list, checked key by key and against the exact count; an error when longer than `limit`.
    ///
    /// With shape rules the list is found by looking at every key within MACS, at most 2^26 of them.
    pub fn list(&self, limit: usize) -> Result<Verified<ChangeKeys>, ProgressError> {
        let most = if self.shape.is_off() { limit as u64 } else { MOST_LOOKED_AT };
        if self.practical() > BigUint::from(most) {
            return Err(LimitExceeded { limit: most }.into());
        }
        let keys: Vec<Bitting> = self.change_keys(limit.saturating_add(1)).collect();
        if keys.len() > limit {
            return Err(LimitExceeded { limit: limit as u64 }.into());
        }
        Ok(Verified::check(ChangeKeys { progression: self.clone(), keys })?)
    }

    /// Theoretical, practical, undesirable, used and free keys, as a bitting list shows them.
    ///
    /// `taken` are the keys in use or reserved. Walks at most `limit` keys.
    pub fn tally(&self, taken: &[Bitting], limit: usize) -> Result<Tally, ProgressError> {
        let taken: HashSet<&Bitting> = taken.iter().collect();
        let mut tally = Tally { theoretical: self.theoretical(), practical: self.practical(), ..Tally::default() };
        for (seen, key) in self.all_keys().enumerate() {
            if seen >= limit {
                return Err(LimitExceeded { limit: limit as u64 }.into());
            }
            if !self.macs.admits(&key) {
                tally.forbidden += 1;
            } else if taken.contains(&key) {
                tally.used += 1;
            } else if !self.shape.admits(&key) {
                tally.undesirable += 1;
            } else {
                tally.free += 1;
            }
        }
        Ok(tally)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::{ColumnRule, KeyBittingArray, TopMaster};
    use crate::depth::Depth;
    use crate::macs::Macs;
    use crate::progress::Method;

    #[test]
    fn a_list_is_checked_key_by_key_and_by_its_count() -> Result<(), Box<dyn std::error::Error>> {
        let rule = ColumnRule::two_step(Depth::new(0)?, Depth::new(9)?);
        let array = KeyBittingArray::by_rule(TopMaster(Bitting::of(&[4, 1, 8])?), rule);
        let progression = Progression::new(array, Method::TotalPosition)?.with_macs(Macs::Limit(7));
        let good: Vec<Bitting> = progression.change_keys(99).collect();
        let check = |change: &dyn Fn(&mut Vec<Bitting>)| {
            let mut keys = good.clone();
            change(&mut keys);
            ChangeKeys { progression: progression.clone(), keys }.check()
        };
        assert_eq!(check(&|_| ()), Ok(()));
        let found = good.len() - 1;
        assert_eq!(check(&|keys| keys.truncate(found)), Err(ChangeKeysFault::Count { found }));
        assert_eq!(check(&|keys| keys[5] = keys[3]), Err(ChangeKeysFault::Twice(6)));
        let foreign = [Bitting::of(&[4, 3, 6])?, Bitting::of(&[0, 9, 0])?];
        for key in foreign {
            assert_eq!(check(&|keys| keys[2] = key), Err(ChangeKeysFault::Foreign(3)));
        }
        Ok(())
    }
}
