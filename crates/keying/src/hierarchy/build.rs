//! Making the keys and cylinders of a hierarchy, and auditing them before they are handed out.

use super::{AllocationError, Hierarchy};
use crate::audit::{Operation, first_crossing};
use crate::bitting::Bitting;
use crate::depth::{Chamber, DepthSet};
use crate::macs::Macs;
use crate::schedule::{KeyIndex, KeySchedule, ScheduleError};
use crate::space::KeySpace;
use crate::symbol::{KeySymbol, Letter, Master};
use crate::verified::{Check, Sealed, Verified};
use num_bigint::BigUint;

/// A finished hierarchy: every key with its symbol, every change key with its cylinder.
#[derive(Debug, Clone)]
pub struct AllocatedSystem {
    schedule: KeySchedule,
    macs: Macs,
}

impl AllocatedSystem {
    /// Keys and cylinders.
    pub fn schedule(&self) -> &KeySchedule {
        &self.schedule
    }
}

/// What the audit of a finished hierarchy found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HierarchyFault {
    /// A key operates a cylinder it should not.
    #[error("{} operates {}, which it should not", .0.0, .0.1)]
    Cross(Operation),
    /// A key that cannot be cut.
    #[error("{0} breaks MACS")]
    Macs(String),
    /// Two keys or cylinders fell together.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
}

impl Sealed for AllocatedSystem {}

impl Check for AllocatedSystem {
    type Fault = HierarchyFault;

    fn check(&self) -> Result<(), HierarchyFault> {
        if let Some((_, key)) = self.schedule.keys().find(|(_, key)| !self.macs.admits(&key.bitting)) {
            return Err(HierarchyFault::Macs(key.symbol.clone()));
        }
        match first_crossing(&self.schedule, &[]) {
            Some(cross) => Err(HierarchyFault::Cross(cross)),
            None => Ok(()),
        }
    }
}

pub(super) fn build(
    hierarchy: &Hierarchy,
    reserved: &[Bitting],
    limit: u32,
) -> Result<Verified<AllocatedSystem>, AllocationError> {
    let mut builder = Builder { hierarchy, reserved, limit, schedule: KeySchedule::new() };
    let top = hierarchy.progression.array().top().0;
    let symbol = name(hierarchy.levels.len(), &[]);
    let index = builder.add(&symbol, top)?;
    builder.below(top, &[], &[index])?;
    let macs = hierarchy.progression.macs().clone();
    Ok(Verified::check(AllocatedSystem { schedule: builder.schedule, macs })?)
}

struct Builder<'a> {
    hierarchy: &'a Hierarchy,
    reserved: &'a [Bitting],
    limit: u32,
    schedule: KeySchedule,
}

impl Builder<'_> {
    fn add(&mut self, symbol: &str, key: Bitting) -> Result<KeyIndex, AllocationError> {
        if self.schedule.key_count() >= self.limit as usize {
            return Err(AllocationError::TooLarge(self.limit));
        }
        Ok(self.schedule.add_key(symbol, key).map_err(HierarchyFault::from)?)
    }

    /// Makes the keys below `parent`; `path` holds the place of each key on the way, counted from 1.
    fn below(&mut self, parent: Bitting, path: &[u32], above: &[KeyIndex]) -> Result<(), AllocationError> {
        let depth = path.len();
        let Some(level) = self.hierarchy.levels.get(depth) else {
            return Ok(());
        };
        let last = depth + 1 == self.hierarchy.levels.len();
        let keys = if last { self.change_keys(parent, level.level.keys) } else { self.masters(parent, depth) };
        let found = keys.len() as u32;
        if found < level.level.keys {
            let parent = name(self.hierarchy.levels.len(), path);
            let (level, wanted) = (level.level.name.clone(), level.level.keys);
            return Err(AllocationError::TooFewUsable { parent, level, found, wanted });
        }
        for (place, key) in (1u32..).zip(keys) {
            let path: Vec<u32> = path.iter().copied().chain([place]).collect();
            let symbol = name(self.hierarchy.levels.len(), &path);
            let index = self.add(&symbol, key)?;
            let pinned: Vec<KeyIndex> = above.iter().copied().chain([index]).collect();
            if last {
                self.schedule.add_cylinder_of(&symbol, &pinned).map_err(HierarchyFault::from)?;
            } else {
                self.below(key, &path, &pinned)?;
            }
        }
        Ok(())
    }

    fn usable(&self, key: &Bitting) -> bool {
        self.hierarchy.progression.admits(key) && !self.reserved.contains(key)
    }

    /// The first usable masters of a level under `parent`: its own chambers progress, lower chambers hold the TMK.
    fn masters(&self, parent: Bitting, depth: usize) -> Vec<Bitting> {
        let level = &self.hierarchy.levels[depth];
        let rows = rows(self.hierarchy, parent, &level.chambers, &[]);
        let lower = &self.hierarchy.levels[depth + 1..];
        let fertile = |key: &Bitting| self.room_below(key, lower.iter().flat_map(|l| &l.chambers));
        rows.filter(|key| self.usable(key) && fertile(key)).take(level.level.keys as usize).collect()
    }

    /// True when MACS leaves at least one change key under a master.
    fn room_below<'c>(&self, master: &Bitting, open: impl Iterator<Item = &'c Chamber>) -> bool {
        let mut columns: Vec<DepthSet> = master.reveal().iter().map(|cut| DepthSet::EMPTY.with(*cut)).collect();
        for chamber in open {
            columns[chamber.index()] = self.hierarchy.progression.array().column(*chamber).iter().copied().collect();
        }
        let space = KeySpace::new(columns).map(|space| space.with_macs(self.hierarchy.progression.macs().clone()));
        space.is_ok_and(|space| space.count() != BigUint::from(0u8))
    }

    fn change_keys(&self, parent: Bitting, wanted: u32) -> Vec<Bitting> {
        let Some(level) = self.hierarchy.levels.last() else {
            return Vec::new();
        };
        let sets = self.hierarchy.progression.constant_sets();
        let all = sets.iter().flat_map(|held| rows(self.hierarchy, parent, &level.chambers, held));
        all.filter(|key| self.usable(key)).take(wanted as usize).collect()
    }
}

/// Every row of some chambers over `base`, fastest chamber first; `held` chambers stay as they are.
fn rows<'a>(
    hierarchy: &'a Hierarchy,
    base: Bitting,
    chambers: &'a [Chamber],
    held: &'a [Chamber],
) -> impl Iterator<Item = Bitting> + 'a {
    let column = |c: &Chamber| hierarchy.progression.array().column(*c);
    let moving: Vec<Chamber> = chambers.iter().copied().filter(|c| !held.contains(c)).collect();
    let count = moving.iter().fold(1u64, |n, c| n.saturating_mul(column(c).len() as u64));
    (0..count).map(move |row| {
        let mut rest = row;
        moving.iter().fold(base, |key, chamber| {
            let column = column(chamber);
            let cut = column[(rest % column.len() as u64) as usize];
            rest /= column.len() as u64;
            key.with_cut(*chamber, cut)
        })
    })
}

/// The symbol of a key by its path; plain numbers below the standard's four levels.
fn name(levels: usize, path: &[u32]) -> String {
    let place = |i: usize| path.get(i).copied().unwrap_or(1);
    let grand = |n: u32| KeySymbol::grands(23).nth(n as usize - 1);
    let fixed = |n: u32| Letter::grand('A').and_then(|a| Master::nth(a, n));
    let standard = match (levels, path.len()) {
        (1, 0) => fixed(1).map(KeySymbol::Master),
        (1, 1) => Some(KeySymbol::ChangeTwoLevel(place(0), 'A', false)),
        (2, 0) => grand(1).map(KeySymbol::Grand),
        (2, 1) => fixed(place(0)).map(KeySymbol::Master),
        (2, 2) => fixed(place(0)).map(|master| KeySymbol::Change(master, place(1), false)),
        (3, 0) => Some(KeySymbol::GreatGrand),
        (3, 1) => grand(place(0)).map(KeySymbol::Grand),
        (3, 2) => grand(place(0)).and_then(|g| Master::nth(g, place(1))).map(KeySymbol::Master),
        (3, 3) => {
            let master = grand(place(0)).and_then(|g| Master::nth(g, place(1)));
            master.map(|master| KeySymbol::Change(master, place(2), false))
        }
        _ => None,
    };
    let path: Vec<String> = path.iter().map(ToString::to_string).collect();
    standard
        .map_or_else(|| format!("TMK{}{}", if path.is_empty() { "" } else { "." }, path.join(".")), |s| s.to_string())
}
