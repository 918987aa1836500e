//! How bad a loss is: a figure to sort losses by, made of what the shop knows of doors and keys.

use crate::lost::LostKey;

/// The three things that make a loss bad. Each runs from 1 (little) to 3 (much); the shop sets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LossRisk {
    /// The worst door the key operates.
    pub door: u8,
    /// How easily a finder learns what the key is for: a tag or a symbol stamped on plug and bow.
    pub identifiability: u8,
    /// How high the key stands: change key, master, above.
    pub level: u8,
}

impl LossRisk {
    /// The risk of a loss; `door` rates each affected cylinder. Ratings outside 1 to 3 count as the nearest.
    ///
    /// A key that operates nothing still counts as the mildest door.
    pub fn of(reach: &LostKey, door: impl Fn(&str) -> u8, identifiability: u8, level: u8) -> Self {
        let rated = |rating: u8| rating.clamp(1, 3);
        let worst = reach.affected.iter().map(|cylinder| door(cylinder)).max().unwrap_or(1);
        Self { door: rated(worst), identifiability: rated(identifiability), level: rated(level) }
    }

    /// The product of the three, from 1 to 27.
    pub fn class(self) -> u8 {
        self.door * self.identifiability * self.level
    }
}
