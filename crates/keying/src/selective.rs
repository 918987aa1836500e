//! Selective masters: a key for chosen cylinders across all groups, by a chamber held for it.

use crate::bitting::Bitting;
use crate::depth::{Chamber, Depth};
use crate::progress::Progression;

/// Why there is no such selective master. Chambers are named, cuts never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SelectiveFault {
    /// A chamber beyond the array.
    #[error("{0} is not in this array")]
    NoSuchChamber(Chamber),
    /// The chamber is progressed: its cuts belong to change keys, and the key would float freely among them.
    #[error("{0} is progressed; a selective master needs a chamber held for it")]
    Progressed(Chamber),
    /// Every cylinder of the system accepts this cut in the held chamber.
    #[error("{0}: every cylinder of the system accepts this cut")]
    Ordinary(Chamber),
    /// The key cannot be cut.
    #[error("the selective master breaks MACS")]
    Macs,
}

impl Progression {
    /// A selective master: the TMK everywhere but in one held chamber, where it has a cut no other key has.
    ///
    /// Pinned into a cylinder it adds one cut in that chamber; a cylinder without that cut it never operates.
    ///
    /// ```
    /// use keying::*;
    /// let rule = ColumnRule::two_step(Depth::new(0)?, Depth::new(9)?);
    /// let array = KeyBittingArray::by_rule(TopMaster(Bitting::of(&[4, 1, 8, 3, 6])?), rule);
    /// let sequence = [5, 4, 3, 2].map(|n| Chamber::new(n)).into_iter().collect::<Result<_, _>>()?;
    /// let keys = Progression::in_sequence(array, Method::TotalPosition, sequence)?;
    /// let cleaner = keys.selective_master(Chamber::new(1)?, Depth::new(2)?)?;
    /// assert_eq!(cleaner.numbers(), [2, 1, 8, 3, 6]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn selective_master(&self, held: Chamber, cut: Depth) -> Result<Bitting, SelectiveFault> {
        let top = self.array().top().0;
        let own = top.cut(held).ok_or(SelectiveFault::NoSuchChamber(held))?;
        if self.sequence().contains(&held) {
            return Err(SelectiveFault::Progressed(held));
        }
        if cut == own || self.held_cut(held) == Some(cut) {
            return Err(SelectiveFault::Ordinary(held));
        }
        let key = top.with_cut(held, cut);
        if self.macs().admits(&key) { Ok(key) } else { Err(SelectiveFault::Macs) }
    }
}
