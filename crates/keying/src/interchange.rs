//! Keys of one system in cylinders of another, and what two methods in one system do to each other.

use crate::array::KeyBittingArray;
use crate::bitting::{Bitting, BittingError};
use crate::depth::{Depth, DepthSet};
use crate::exposure::changes;
use crate::macs::Macs;
use crate::space::{LimitExceeded, Parity, count_columns};
use crate::top_master::chambers_apart;
use num_bigint::BigUint;

/// What two systems on one keyway share.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interchange {
    /// Change keys that belong to both arrays.
    pub common_change_keys: BigUint,
    /// Change keys of the first system that operate at least one cylinder of a full second system.
    pub first_operating_second: BigUint,
}

/// Counts the interchange of two arrays of total position progression; keys are filtered by `macs`.
pub fn interchange(
    first: &KeyBittingArray,
    second: &KeyBittingArray,
    macs: &Macs,
) -> Result<Interchange, BittingError> {
    second.top().0.same_length(first.chambers())?;
    let both = |theirs: Vec<DepthSet>| -> Vec<DepthSet> {
        first.change_sets().into_iter().zip(theirs).map(|(ours, theirs)| ours.and(theirs)).collect()
    };
    Ok(Interchange {
        common_change_keys: count_columns(&both(second.change_sets()), macs),
        first_operating_second: count_columns(&both(second.all_sets()), macs),
    })
}

/// A system registered for a keyway.
#[derive(Debug, Clone)]
pub struct RegisteredSystem {
    /// Its name.
    pub name: String,
    /// Its array.
    pub array: KeyBittingArray,
}

/// What a new array would share with the systems registered for its keyway.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RegisterReport {
    /// Systems whose cylinders some new change key would operate, with the figures.
    pub shared: Vec<(String, Interchange)>,
    /// Systems whose TMK differs from the new one in fewer chambers than all but two (Kaba's advice).
    pub near_top: Vec<String>,
}

/// Compares a new array with every registered system of as many chambers; others cannot share a key.
///
/// One-step systems have no parity to keep them apart, so this is the only protection they have.
pub fn register_report(new: &KeyBittingArray, register: &[RegisteredSystem], macs: &Macs) -> RegisterReport {
    let mut report = RegisterReport::default();
    for system in register {
        let Ok(shared) = interchange(new, &system.array, macs) else {
            continue;
        };
        if shared.first_operating_second != BigUint::from(0u8) {
            report.shared.push((system.name.clone(), shared));
        }
        if chambers_apart(&new.top().0, &system.array.top().0) + 2 < new.chambers() {
            report.near_top.push(system.name.clone());
        }
    }
    report
}

/// What adding keys with one rotating constant to a full TPP system would do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MixedMethods {
    /// Keys the rotating constant adds.
    pub rcm_keys: BigUint,
    /// Their operations on TPP cylinders: every such key is a sub-master.
    pub cross_operations: BigUint,
}

/// Figures for the refusal to mix methods: one rotating constant into total position progression.
pub fn mixed_methods(array: &KeyBittingArray) -> MixedMethods {
    let sizes: Vec<BigUint> = array.columns().map(|c| BigUint::from(c.len())).collect();
    let others =
        |skip: usize| -> BigUint { sizes.iter().enumerate().filter(|(i, _)| *i != skip).map(|(_, n)| n).product() };
    let rcm_keys = (0..sizes.len()).map(others).sum();
    // A key with the TMK cut in one chamber operates one TPP cylinder for each change cut of that chamber.
    let cross_operations = (0..sizes.len()).map(|i| others(i) * &sizes[i]).sum();
    MixedMethods { rcm_keys, cross_operations }
}

/// The parity pattern of a key, chamber 1 first: two-step systems of different patterns never interchange.
pub fn parity_pattern(bitting: &Bitting) -> Vec<Parity> {
    bitting.reveal().iter().map(|cut| Parity::of(*cut)).collect()
}

/// Number of parity patterns of a key with this many chambers.
///
/// Errors above [`crate::MOST_CHAMBERS`] chambers.
pub fn parity_patterns(chambers: u32) -> Result<BigUint, LimitExceeded> {
    changes(2, chambers)
}

/// The parity patterns no registered top master of the keyway uses yet, at most `limit` of them.
pub fn unused_patterns(chambers: usize, registered: &[Bitting], limit: usize) -> Vec<Vec<Parity>> {
    let used: std::collections::HashSet<Vec<Parity>> = registered.iter().map(parity_pattern).collect();
    let chambers = chambers.min(crate::depth::MAX_CHAMBERS);
    let pattern =
        |bits: u32| -> Vec<Parity> { (0..chambers).map(|i| Parity::of(Depth::raw((bits >> i & 1) as u8))).collect() };
    (0..1u32 << chambers).map(pattern).filter(|p| !used.contains(p)).take(limit).collect()
}

/// Which keyway sections a blank enters: keys of a multiplex keyway may repeat across sections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeywaySections {
    enters: std::collections::BTreeSet<(String, String)>,
}

impl KeywaySections {
    /// Records that `blank` enters `keyway`.
    pub fn allow(&mut self, blank: &str, keyway: &str) {
        self.enters.insert((blank.to_owned(), keyway.to_owned()));
    }

    /// True when the blank enters the keyway; a blank always enters the keyway of its own name.
    pub fn enters(&self, blank: &str, keyway: &str) -> bool {
        blank == keyway || self.enters.contains(&(blank.to_owned(), keyway.to_owned()))
    }
}
