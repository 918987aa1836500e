//! A hierarchy of masters under the top master: chambers given to levels, keys given to people.

mod build;

pub use build::{AllocatedSystem, HierarchyFault};

use crate::bitting::Bitting;
use crate::depth::Chamber;
use crate::progress::{Method, Progression};

/// One level below the top master, highest first; the last level is the change keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// What the level is called, such as `GMK`, `MK`, `CK`.
    pub name: String,
    /// Keys of this level needed under one key of the level above.
    pub keys: u32,
}

/// A level with the chambers it progresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelChambers {
    /// The level.
    pub level: Level,
    /// Its chambers, fastest first.
    pub chambers: Vec<Chamber>,
    /// Keys these chambers can make under one key of the level above.
    pub capacity: u64,
}

impl LevelChambers {
    /// Keys left under one key of the level above once all wanted are made.
    pub fn spare(&self) -> u64 {
        self.capacity.saturating_sub(u64::from(self.level.keys))
    }
}

/// Why levels cannot be given chambers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AllocationError {
    /// No level at all.
    #[error("a hierarchy needs at least the level of change keys")]
    NoLevels,
    /// A level that wants no key.
    #[error("level {0} wants no keys")]
    NoKeys(String),
    /// The chambers left cannot hold the level with its reserve.
    #[error("level {level} needs room for {needed} keys with its reserve; the chambers left hold {available}")]
    TooManyKeys {
        /// The level.
        level: String,
        /// Keys wanted with the reserve.
        needed: u64,
        /// Keys the chambers left can make.
        available: u64,
    },
    /// Rotating constants leave no chamber a level could hold.
    #[error("rotating constants leave level {0} no chamber of its own; use total position or limited rotation")]
    Rotating(String),
    /// Fewer usable keys than wanted, once MACS, shape and reserved keys are taken out.
    #[error("{parent} has only {found} usable keys of level {level}, {wanted} are wanted")]
    TooFewUsable {
        /// The key above.
        parent: String,
        /// The level.
        level: String,
        /// Usable keys found.
        found: u32,
        /// Keys wanted.
        wanted: u32,
    },
    /// More keys in all than the limit.
    #[error("the hierarchy has more than {0} keys")]
    TooLarge(u32),
    /// The finished system failed its audit.
    #[error(transparent)]
    Audit(#[from] HierarchyFault),
}

/// Chambers given to levels: the highest level has the slowest chambers.
///
/// ```
/// use keying::*;
/// let rule = ColumnRule::two_step(Depth::new(0)?, Depth::new(9)?);
/// let array = KeyBittingArray::by_rule(TopMaster(Bitting::of(&[4, 1, 8, 3, 6, 5])?), rule);
/// let keys = Progression::new(array, Method::TotalPosition)?.with_macs(Macs::Limit(7));
/// let levels = [Level { name: "MK".into(), keys: 3 }, Level { name: "CK".into(), keys: 40 }];
/// let system = Hierarchy::allocate(keys, &levels, 30)?.build(&[], 1000)?;
/// assert_eq!(system.schedule().key_count(), 1 + 3 + 3 * 40);
/// assert!(cross_operations(system.schedule(), 1000)?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Hierarchy {
    progression: Progression,
    levels: Vec<LevelChambers>,
}

impl Hierarchy {
    /// Gives every level the fewest slow chambers that hold its keys and `reserve` percent more.
    ///
    /// Thirty percent is the trade's advice. Refuses with the level and the numbers when the chambers do not suffice.
    pub fn allocate(progression: Progression, levels: &[Level], reserve: u32) -> Result<Self, AllocationError> {
        let (last, above) = levels.split_last().ok_or(AllocationError::NoLevels)?;
        if let Some(level) = levels.iter().find(|level| level.keys == 0) {
            return Err(AllocationError::NoKeys(level.name.clone()));
        }
        let rotating = |chamber: &Chamber| match progression.method() {
            Method::TotalPosition => false,
            Method::RotatingConstant(k) => *k > 0,
            Method::LimitedRotating { within, constants } => *constants > 0 && within.contains(chamber),
        };
        let mut left = progression.sequence().to_vec();
        let size = |chambers: &[Chamber]| -> u64 {
            chambers.iter().fold(1, |n, c| n.saturating_mul(progression.array().column(*c).len() as u64))
        };
        let mut given = Vec::new();
        for level in above {
            let needed = with_reserve(level.keys, reserve);
            let mut chambers = Vec::new();
            while size(&chambers) < needed {
                let Some(at) = left.iter().rposition(|c| !rotating(c)) else {
                    let blocked = AllocationError::Rotating(level.name.clone());
                    let short = too_many(level, needed, size(&chambers));
                    return Err(if left.is_empty() { short } else { blocked });
                };
                chambers.insert(0, left.remove(at));
            }
            given.push(LevelChambers { level: level.clone(), capacity: size(&chambers), chambers });
        }
        let mut own = Self { levels: given, progression };
        let capacity = own.change_capacity(&left);
        let needed = with_reserve(last.keys, reserve);
        if left.is_empty() || capacity < needed {
            return Err(too_many(last, needed, if left.is_empty() { 0 } else { capacity }));
        }
        own.levels.push(LevelChambers { level: last.clone(), chambers: left, capacity });
        Ok(own)
    }

    /// Change keys under one master: the rows of its own chambers, with the constants of a limited rotation.
    fn change_capacity(&self, chambers: &[Chamber]) -> u64 {
        let count = |held: &[Chamber]| {
            let moving = chambers.iter().filter(|c| !held.contains(c));
            moving.fold(1u64, |n, c| n.saturating_mul(self.progression.array().column(*c).len() as u64))
        };
        self.progression.constant_sets().iter().fold(0u64, |n, held| n.saturating_add(count(held)))
    }

    /// The levels with their chambers, highest first.
    pub fn levels(&self) -> &[LevelChambers] {
        &self.levels
    }

    /// The progression the hierarchy stands on.
    pub fn progression(&self) -> &Progression {
        &self.progression
    }

    /// Makes the keys: the first usable ones of each level, none of `reserved`, at most `limit` in all.
    ///
    /// Each change key gets a cylinder pinned to itself and every key above it; the whole is audited.
    pub fn build(
        &self,
        reserved: &[Bitting],
        limit: u32,
    ) -> Result<crate::verified::Verified<AllocatedSystem>, AllocationError> {
        build::build(self, reserved, limit)
    }
}

fn with_reserve(keys: u32, reserve: u32) -> u64 {
    (u64::from(keys) * (100 + u64::from(reserve))).div_ceil(100)
}

fn too_many(level: &Level, needed: u64, available: u64) -> AllocationError {
    AllocationError::TooManyKeys { level: level.name.clone(), needed, available }
}
