//! Choosing the top master key and the control key: rules, and the exact optimum.

use crate::array::{ColumnRule, KeyBittingArray};
use crate::bitting::Bitting;
use crate::depth::{Chamber, Depth, DepthSet, MAX_CHAMBERS};
use crate::macs::Macs;
use crate::shape::ShapeRules;
use crate::space::{KeySpace, LimitExceeded};
use crate::spec::Reading;
use num_bigint::BigUint;

/// How a TMK stands against the maker's advice (Kaba Peaks manual, TMK section).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TopMasterReport {
    /// Some progressed chamber carries the shallowest cut of its column: no change key can be cut down to the TMK.
    pub has_shallowest_in_progressed: bool,
    /// Some chamber carries the deepest cut of its column.
    pub has_deepest: bool,
    /// Never rises from first to last chamber.
    pub declining: bool,
    /// All cuts in the shallow half.
    pub uniformly_shallow: bool,
    /// All cuts in the deep half.
    pub uniformly_deep: bool,
    /// How many change keys can be cut down to the TMK; must be 0.
    pub cut_down_change_keys: BigUint,
    /// The chamber next to the bow carries the deepest cut of the whole range.
    pub deep_at_the_bow: bool,
}

/// Checks the TMK of an array whose depths run from `lo` to `hi`; `reading` tells which end is the bow.
pub fn top_master_report(array: &KeyBittingArray, lo: Depth, hi: Depth, reading: Reading) -> TopMasterReport {
    let cuts = array.top().0;
    let cuts = cuts.reveal();
    let progressed = array.change_sets().into_iter().zip(cuts).filter(|(set, _)| !set.is_empty());
    let (mut shallowest, mut deepest) = (false, false);
    for (set, cut) in progressed {
        shallowest |= set.shallowest().is_some_and(|least| *cut < least);
        deepest |= set.deepest().is_some_and(|most| *cut > most);
    }
    let sum = u16::from(lo.number()) + u16::from(hi.number());
    let below = |d: &Depth| u16::from(d.number()) < sum / 2;
    let above = |d: &Depth| u16::from(d.number()) > sum.div_ceil(2);
    let at_bow = match reading {
        Reading::BowToTip => cuts.first(),
        Reading::TipToBow => cuts.last(),
    };
    TopMasterReport {
        has_shallowest_in_progressed: shallowest,
        has_deepest: deepest,
        declining: cuts.windows(2).all(|p| p[1] <= p[0]),
        uniformly_shallow: cuts.iter().all(below),
        uniformly_deep: cuts.iter().all(above),
        cut_down_change_keys: array.cut_down_keys(),
        deep_at_the_bow: at_bow == Some(&hi),
    }
}

/// What the search for the best TMK may choose from.
#[derive(Debug, Clone)]
pub struct TopMasterSearch {
    /// Chambers of the key.
    pub chambers: usize,
    /// Columns the TMK would have.
    pub rule: ColumnRule,
    /// MACS for the TMK and its change keys.
    pub macs: Macs,
    /// Depths the TMK has to contain.
    pub need: DepthSet,
    /// Shape rules for the TMK.
    pub shape: ShapeRules,
}

/// The exact optimum of a [`TopMasterSearch`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BestTopMaster {
    /// Usable TPP change keys under the best TMK.
    pub usable: u64,
    /// How many TMKs attain it.
    pub ties: u64,
    /// The first of them in lexicographic order.
    pub first: Bitting,
}

/// Up to here the number of change keys fits 64 bits whatever the columns are (31^12 < 2^60).
const MOST_SEARCHED: usize = 12;

/// Finds the TMK with the most usable change keys by walking every candidate, within `steps` tried cuts.
///
/// `Ok(None)` means that no candidate satisfies the rules.
pub fn best_top_master(search: &TopMasterSearch, steps: u64) -> Result<Option<BestTopMaster>, LimitExceeded> {
    let Ok(space) = KeySpace::uniform(search.chambers, search.rule.lo, search.rule.hi) else {
        return Ok(None);
    };
    if search.chambers > MOST_SEARCHED {
        return Err(LimitExceeded { limit: steps });
    }
    let depths = |d: usize| Depth::raw(d as u8);
    let columns: [DepthSet; 32] = std::array::from_fn(|d| search.rule.column(depths(d)));
    let mut walk = Walk {
        search,
        all: space.columns()[0],
        columns,
        neighbours: search.macs.table(search.chambers),
        cuts: [Depth::default(); MAX_CHAMBERS],
        ways: vec![[0; 32]; search.chambers],
        left: steps,
        best: None,
    };
    if walk.descend(0) { Ok(walk.best) } else { Err(LimitExceeded { limit: steps }) }
}

/// One depth-first walk; `ways[i][d]` counts change-key prefixes that end in depth `d` at chamber `i`.
struct Walk<'a> {
    search: &'a TopMasterSearch,
    all: DepthSet,
    columns: [DepthSet; 32],
    neighbours: Vec<[DepthSet; 32]>,
    cuts: [Depth; MAX_CHAMBERS],
    ways: Vec<[u64; 32]>,
    left: u64,
    best: Option<BestTopMaster>,
}

impl Walk<'_> {
    /// False when the steps ran out.
    fn descend(&mut self, level: usize) -> bool {
        if level == self.search.chambers {
            self.weigh();
            return true;
        }
        let allowed = match level.checked_sub(1) {
            Some(pair) => self.all.and(self.neighbours[pair][self.cuts[pair].index()]),
            None => self.all,
        };
        for cut in allowed.iter() {
            if self.left == 0 {
                return false;
            }
            self.left -= 1;
            if !self.search.shape.admits_next(&self.cuts[..level], cut) {
                continue;
            }
            self.cuts[level] = cut;
            self.count_prefixes(level);
            if !self.descend(level + 1) {
                return false;
            }
        }
        true
    }

    fn count_prefixes(&mut self, level: usize) {
        let column = self.columns[self.cuts[level].index()];
        let mut here = [0u64; 32];
        match level.checked_sub(1) {
            None => column.iter().for_each(|depth| here[depth.index()] = 1),
            Some(pair) => {
                for left in self.columns[self.cuts[pair].index()].iter() {
                    let ways = self.ways[pair][left.index()];
                    let fits = column.and(self.neighbours[pair][left.index()]);
                    fits.iter().for_each(|depth| here[depth.index()] += ways);
                }
            }
        }
        self.ways[level] = here;
    }

    fn weigh(&mut self) {
        let last = self.search.chambers - 1;
        let usable: u64 = self.ways[last].iter().sum();
        if self.best.as_ref().is_some_and(|best| usable < best.usable) {
            return;
        }
        let cuts = &self.cuts[..=last];
        let used: DepthSet = cuts.iter().copied().collect();
        let complete = used.and(self.search.need) == self.search.need;
        if !complete || !self.search.shape.admits_cuts(cuts) {
            return;
        }
        match &mut self.best {
            Some(best) if best.usable == usable => best.ties += 1,
            _ => self.best = Some(BestTopMaster { usable, ties: 1, first: Bitting::raw(cuts) }),
        }
    }
}

/// The control key of an interchangeable core system: it draws cores and is never issued as an operating key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ControlKey(pub Bitting);

/// What is wrong with a control key beside a TMK and an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ControlFault {
    /// The control key has another number of cuts.
    #[error("the control key has another number of cuts than the top master")]
    Length,
    /// The control key shares a cut with the TMK.
    #[error("{0}: the control key has the cut of the top master")]
    SharesTop(Chamber),
    /// It can be issued as a change key: it must be reserved.
    #[error("the control key is a change key of the array and must be reserved")]
    ChangeKey,
}

/// Checks a control key: it differs from the TMK in every chamber, and is reserved when it lies in the array.
///
/// Both schools are supported: a change key set aside (`reserved`) and a bitting outside the array.
pub fn control_faults(array: &KeyBittingArray, control: &ControlKey, reserved: bool) -> Vec<ControlFault> {
    let control = &control.0;
    let top = array.top().0;
    if top.chambers() != control.chambers() {
        return vec![ControlFault::Length];
    }
    let pairs = top.reveal().iter().zip(control.reveal()).enumerate();
    let mut faults: Vec<ControlFault> =
        pairs.filter(|(_, (a, b))| a == b).map(|(i, _)| ControlFault::SharesTop(Chamber::at(i))).collect();
    let inside = array.columns().zip(control.reveal()).all(|(column, cut)| column.contains(cut));
    if inside && !reserved {
        faults.push(ControlFault::ChangeKey);
    }
    faults
}

/// In how many chambers a new TMK differs from a registered one; advice is at least chambers - 2 for each.
pub fn chambers_apart(a: &Bitting, b: &Bitting) -> usize {
    a.reveal().iter().zip(b.reveal()).filter(|(x, y)| x != y).count()
}
