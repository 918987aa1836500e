//! MACS, the maximum adjacent cut specification: which cuts may stand beside each other.

use crate::bitting::Bitting;
use crate::depth::{Chamber, Depth, DepthSet, MAX_DEPTH};
use serde::{Deserialize, Serialize};

/// Which pairs of neighbouring cuts a key can carry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Macs {
    /// Every pair is allowed.
    #[default]
    Unlimited,
    /// Neighbours differ by at most this many depths.
    Limit(u8),
    /// Row `left`, entry `right`: true when `right` may follow `left`. Missing entries are forbidden.
    Matrix(Vec<Vec<bool>>),
    /// One rule for each pair of chambers, pair (1,2) first; pairs beyond the list are free.
    PerPair(Vec<Macs>),
}

impl Macs {
    /// True when `right` may follow `left` at the pair that starts at `left_chamber`.
    pub fn allows(&self, left_chamber: Chamber, left: Depth, right: Depth) -> bool {
        self.neighbours(left_chamber.index(), left).contains(right)
    }

    /// The depths that may follow `left` at pair `index` (counted from 0).
    pub(crate) fn neighbours(&self, index: usize, left: Depth) -> DepthSet {
        let everything = DepthSet(u32::MAX);
        match self {
            Self::Unlimited => everything,
            Self::Limit(limit) => {
                let lo = left.number().saturating_sub(*limit);
                let hi = left.number().saturating_add(*limit).min(MAX_DEPTH);
                DepthSet::range(Depth::raw(lo), Depth::raw(hi))
            }
            Self::Matrix(rows) => {
                let row = rows.get(left.index()).map_or(&[][..], Vec::as_slice);
                let allowed = row.iter().take(MAX_DEPTH as usize + 1).enumerate();
                allowed.filter(|(_, yes)| **yes).map(|(d, _)| Depth::raw(d as u8)).collect()
            }
            Self::PerPair(pairs) => match pairs.get(index) {
                // One level only: a list inside a list means nothing, so it does not restrict.
                Some(Self::PerPair(_)) | None => everything,
                Some(rule) => rule.neighbours(index, left),
            },
        }
    }

    /// The neighbours of every depth, for each pair of so many chambers.
    pub(crate) fn table(&self, chambers: usize) -> Vec<[DepthSet; 32]> {
        let row = |pair| std::array::from_fn(|d| self.neighbours(pair, Depth::raw(d as u8)));
        (0..chambers.saturating_sub(1)).map(row).collect()
    }

    /// The first chamber of every pair that breaks the rule.
    pub fn broken_pairs(&self, bitting: &Bitting) -> Vec<Chamber> {
        let pairs = bitting.reveal().windows(2).enumerate();
        pairs.filter(|(i, p)| !self.neighbours(*i, p[0]).contains(p[1])).map(|(i, _)| Chamber::at(i)).collect()
    }

    /// True when no pair breaks the rule; the same answer as an empty [`Macs::broken_pairs`].
    pub fn admits(&self, bitting: &Bitting) -> bool {
        let mut pairs = bitting.reveal().windows(2).enumerate();
        match self {
            Self::Unlimited => true,
            Self::Limit(limit) => pairs.all(|(_, p)| p[0].apart(p[1]) <= *limit),
            _ => pairs.all(|(i, p)| self.neighbours(i, p[0]).contains(p[1])),
        }
    }

    /// A rule for keys cut at angles: `same` between equal angles, `different` otherwise (Emhart: 4 and 3).
    pub fn by_angle(same: u8, different: u8, angles: &[char]) -> Self {
        let pairs = angles.windows(2).map(|p| Self::Limit(if p[0] == p[1] { same } else { different }));
        Self::PerPair(pairs.collect())
    }
}
