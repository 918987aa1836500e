//! Shape rules: what makes a bitting a poor one although it can be cut.

use crate::bitting::Bitting;
use crate::depth::{Depth, DepthSet};
use num_bigint::BigUint;
use serde::{Deserialize, Serialize};

/// Limits on the shape of a bitting. A rule that is `None` (or `false`) is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ShapeRules {
    /// At most this many equal cuts side by side.
    pub max_same_run: Option<u8>,
    /// At most this many uses of one depth in the whole key.
    pub max_same: Option<u8>,
    /// Reject keys that never rise or never fall from first to last chamber.
    pub forbid_monotone: bool,
    /// Deepest minus shallowest cut, at least.
    pub min_span: Option<u8>,
    /// Sum of the steps between neighbours, at least.
    pub min_variation: Option<u16>,
    /// Number of different depths, at least.
    pub min_distinct: Option<u8>,
}

/// One broken shape rule. It names how much, never which depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ShapeFault {
    /// The longest run of equal cuts.
    #[error("{0} equal cuts stand side by side")]
    Run(u8),
    /// The most uses of one depth.
    #[error("one depth is used {0} times")]
    Same(u8),
    /// The cuts never rise or never fall.
    #[error("the cuts never rise or never fall")]
    Monotone,
    /// The span is only this.
    #[error("deepest and shallowest cut are only {0} apart")]
    Span(u8),
    /// The steps between neighbours add up to only this.
    #[error("the steps between neighbours add up to only {0}")]
    Variation(u16),
    /// Only this many different depths.
    #[error("only {0} different depths are used")]
    Distinct(u8),
}

/// What the shape rules measure on one bitting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    run: u8,
    same: u8,
    monotone: bool,
    span: u8,
    variation: u16,
    distinct: u8,
}

impl Shape {
    pub(crate) fn of(cuts: &[Depth]) -> Self {
        let mut uses = [0u8; 32];
        let (mut run, mut longest) = (0u8, 0u8);
        let (mut rises, mut falls, mut variation) = (false, false, 0u16);
        for (i, cut) in cuts.iter().enumerate() {
            uses[cut.index()] += 1;
            let before = if i == 0 { None } else { Some(cuts[i - 1]) };
            run = if before == Some(*cut) { run + 1 } else { 1 };
            longest = longest.max(run);
            if let Some(before) = before {
                rises |= *cut > before;
                falls |= *cut < before;
                variation += u16::from(cut.apart(before));
            }
        }
        let deepest = cuts.iter().max().map_or(0, |d| d.number());
        let shallowest = cuts.iter().min().map_or(0, |d| d.number());
        Self {
            run: longest,
            same: uses.iter().copied().max().unwrap_or(0),
            monotone: !(rises && falls),
            span: deepest - shallowest,
            variation,
            distinct: uses.iter().filter(|n| **n > 0).count() as u8,
        }
    }
}

impl ShapeRules {
    /// Every rule switched off.
    pub const NONE: Self = Self {
        max_same_run: None,
        max_same: None,
        forbid_monotone: false,
        min_span: None,
        min_variation: None,
        min_distinct: None,
    };

    /// The published UNION rules: at most 2 alike in a row, at most 4 alike (source: UNION masterkeying rules).
    pub const UNION: Self = Self { max_same_run: Some(2), max_same: Some(4), ..Self::NONE };

    /// The key-related coding rule of an EN 1303 grade (digit 7) for a key of `chambers` chambers.
    ///
    /// Source: a vendor's lexicon, not the standard; the limit is the share rounded down. `None` for a grade other than 1-6.
    pub fn en1303(grade: u8, chambers: usize) -> Option<Self> {
        let share = match grade {
            1 => return Some(Self::NONE),
            2 => 70,
            3..=5 => 60,
            6 => 50,
            _ => return None,
        };
        let max_same = u8::try_from(chambers * share / 100).ok();
        Some(Self { max_same, max_same_run: Some(2), ..Self::NONE })
    }

    /// True when every rule is switched off.
    pub fn is_off(&self) -> bool {
        *self == Self::NONE
    }

    /// All broken rules of one bitting.
    pub fn faults(&self, bitting: &Bitting) -> Vec<ShapeFault> {
        let shape = Shape::of(bitting.reveal());
        let over = |limit: Option<u8>, value: u8| limit.is_some_and(|limit| value > limit);
        let under = |limit: Option<u8>, value: u8| limit.is_some_and(|limit| value < limit);
        let found = [
            over(self.max_same_run, shape.run).then_some(ShapeFault::Run(shape.run)),
            over(self.max_same, shape.same).then_some(ShapeFault::Same(shape.same)),
            (self.forbid_monotone && shape.monotone).then_some(ShapeFault::Monotone),
            under(self.min_span, shape.span).then_some(ShapeFault::Span(shape.span)),
            self.min_variation.filter(|least| shape.variation < *least).map(|_| ShapeFault::Variation(shape.variation)),
            under(self.min_distinct, shape.distinct).then_some(ShapeFault::Distinct(shape.distinct)),
        ];
        found.into_iter().flatten().collect()
    }

    /// True when the bitting breaks none of the rules.
    pub fn admits(&self, bitting: &Bitting) -> bool {
        self.is_off() || self.admits_cuts(bitting.reveal())
    }

    pub(crate) fn admits_cuts(&self, cuts: &[Depth]) -> bool {
        let shape = Shape::of(cuts);
        self.max_same_run.is_none_or(|most| shape.run <= most)
            && self.max_same.is_none_or(|most| shape.same <= most)
            && self.admits_whole(cuts)
    }

    /// The rules only a whole key can break; runs and uses are [`ShapeRules::admits_next`]'s, cut by cut.
    pub(crate) fn admits_whole(&self, cuts: &[Depth]) -> bool {
        if self.forbid_monotone {
            let rises = cuts.windows(2).any(|p| p[1] > p[0]);
            if !rises || !cuts.windows(2).any(|p| p[1] < p[0]) {
                return false;
            }
        }
        if let Some(least) = self.min_span {
            let used = cuts.iter().fold(DepthSet::EMPTY, |set, cut| set.with(*cut));
            let ends = used.deepest().zip(used.shallowest());
            if ends.is_none_or(|(deepest, shallowest)| deepest.apart(shallowest) < least) {
                return false;
            }
        }
        if self.min_variation.is_none() && self.min_distinct.is_none() {
            return true;
        }
        let shape = Shape::of(cuts);
        self.min_variation.is_none_or(|least| shape.variation >= least)
            && self.min_distinct.is_none_or(|least| shape.distinct >= least)
    }

    /// False as soon as `next` after `cuts` breaks a rule that later cuts cannot mend.
    pub(crate) fn admits_next(&self, cuts: &[Depth], next: Depth) -> bool {
        if let Some(most) = self.max_same_run {
            let most = usize::from(most);
            let full = cuts.len() >= most && cuts[cuts.len() - most..].iter().all(|cut| *cut == next);
            if full {
                return false;
            }
        }
        self.max_same.is_none_or(|most| cuts.iter().filter(|cut| **cut == next).count() < usize::from(most))
    }
}

/// What EN 1303 asks of a grade beside the coding rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct En1303Grade {
    /// Differs the series must offer.
    pub differs: u32,
    /// Movable detainers (chambers), at least.
    pub detainers: u8,
}

impl En1303Grade {
    /// The table row of a grade 1-6 (source: a vendor's lexicon, not the standard itself).
    pub fn of(grade: u8) -> Option<Self> {
        let (differs, detainers) = match grade {
            1 => (100, 2),
            2 => (300, 3),
            3 => (15_000, 5),
            4 => (30_000, 5),
            5 => (30_000, 6),
            6 => (100_000, 6),
            _ => return None,
        };
        Some(Self { differs, detainers })
    }

    /// True when a series of so many differs with so many chambers meets the grade; the coding rule comes on top.
    pub fn met_by(self, differs: &BigUint, chambers: usize) -> bool {
        *differs >= BigUint::from(self.differs) && chambers >= usize::from(self.detainers)
    }
}
