//! The search key by key: masters first, every key cut as a progression would cut it, and tried against all locks.

use super::count::too_close;
use super::{ChartFormat, LockChart};
use crate::bitting::Bitting;
use crate::depth::{Depth, DepthSet, MAX_CHAMBERS};
use crate::macs::Macs;

/// How a search ended.
#[derive(PartialEq, Eq, Clone, Copy)]
pub(super) enum Step {
    Found,
    Exhausted,
    OutOfBudget,
}

/// Above this many keys nobody looks for the key above each: it would cost more than it saves.
const MOST_RANKED: usize = 4000;

/// A cut of the walk: the candidates left, best last, and the deepest depth in use in the chamber before it.
struct Frame {
    untried: Vec<Depth>,
    most: Option<Depth>,
}

/// What a key is to its chart: the place of a twin with the same locks, of the key above, and its own chambers.
#[derive(Clone, Copy, Default)]
struct Rank {
    twin: Option<usize>,
    above: Option<usize>,
    top: Option<usize>,
    level: usize,
    /// One bit for each chamber in which the key differs from the one above.
    own: u32,
}

/// A walk over whole keys. It is exhaustive: what it does not find does not exist.
pub(super) struct Keywise<'a> {
    chart: &'a LockChart,
    format: &'a ChartFormat,
    /// Places of keys, those with the most locks first.
    order: Vec<usize>,
    ranks: Vec<Rank>,
    /// Locks of the key at each place, ascending.
    locks_of: Vec<Vec<usize>>,
    /// Places of the keys that must not open each lock, ascending.
    strangers: Vec<Vec<usize>>,
    cuts: Vec<[Depth; MAX_CHAMBERS]>,
    accept: Vec<[DepthSet; MAX_CHAMBERS]>,
    /// Sets to put back when the key at a place is taken out.
    before: Vec<Vec<[DepthSet; MAX_CHAMBERS]>>,
    most: [Option<Depth>; MAX_CHAMBERS],
    free: bool,
    pub(super) left: u64,
}

impl<'a> Keywise<'a> {
    pub(super) fn new(chart: &'a LockChart, format: &'a ChartFormat, budget: u64) -> Self {
        let keys = chart.keys().len();
        let mut locks = vec![Vec::new(); keys];
        for lock in 0..chart.locks().len() {
            chart.keys_of(lock).iter().for_each(|key| locks[*key].push(lock));
        }
        let mut order: Vec<usize> = (0..keys).collect();
        order.sort_by_key(|key| std::cmp::Reverse(locks[*key].len()));
        let locks_of: Vec<Vec<usize>> = order.iter().map(|key| std::mem::take(&mut locks[*key])).collect();
        let strangers = (0..chart.locks().len())
            .map(|lock| (0..keys).filter(|place| locks_of[*place].binary_search(&lock).is_err()).collect())
            .collect();
        let ranks = ranks(&locks_of, format);
        Self {
            chart,
            format,
            order,
            ranks,
            locks_of,
            strangers,
            cuts: vec![[Depth::default(); MAX_CHAMBERS]; keys],
            accept: vec![[DepthSet::EMPTY; MAX_CHAMBERS]; chart.locks().len()],
            before: vec![Vec::new(); keys],
            most: [None; MAX_CHAMBERS],
            free: format.macs == Macs::Unlimited && format.min_gap.number() <= 1,
            left: budget,
        }
    }

    /// The bittings in the order of the chart's keys.
    pub(super) fn bittings(&self) -> Vec<Bitting> {
        let mut bittings = vec![Bitting::raw(&self.cuts[0][..self.format.chambers]); self.order.len()];
        for (place, key) in self.order.iter().enumerate() {
            bittings[*key] = Bitting::raw(&self.cuts[place][..self.format.chambers]);
        }
        bittings
    }

    /// Walks with a stack of its own: cut `at` is chamber `at % chambers` of the key at place `at / chambers`.
    pub(super) fn run(&mut self) -> Step {
        let n = self.format.chambers;
        let mut frames = vec![self.frame(0, 0)];
        while let Some(frame) = frames.last_mut() {
            let (next, most) = (frame.untried.pop(), frame.most);
            let at = frames.len() - 1;
            let (place, chamber) = (at / n, at % n);
            self.most[chamber] = most;
            if chamber + 1 == n {
                self.take_out(place);
            }
            let Some(depth) = next else {
                frames.pop();
                continue;
            };
            let Some(left) = self.left.checked_sub(1) else {
                return Step::OutOfBudget;
            };
            self.left = left;
            self.cuts[place][chamber] = depth;
            self.most[chamber] = Some(most.map_or(depth, |most| most.max(depth)));
            if chamber + 1 == n && !self.put_in(place) {
                continue;
            }
            if at + 1 == n * self.order.len() {
                return Step::Found;
            }
            let following = self.frame((at + 1) / n, (at + 1) % n);
            frames.push(following);
        }
        Step::Exhausted
    }

    fn frame(&self, place: usize, chamber: usize) -> Frame {
        Frame { untried: self.candidates(place, chamber), most: self.most[chamber] }
    }

    /// The depths worth trying, the best last.
    fn candidates(&self, place: usize, chamber: usize) -> Vec<Depth> {
        let rank = self.ranks[place];
        if let Some(twin) = rank.twin {
            // A second key to the same locks may be cut like the first: that only takes cuts out of the locks.
            return vec![self.cuts[twin][chamber]];
        }
        let mut fit = self.allowed(place, chamber);
        let gap = self.format.min_gap;
        let thin = |depth: Depth| {
            self.locks_of[place].iter().any(|lock| too_close(self.accept[*lock][chamber].with(depth), gap))
        };
        if gap.number() > 1 {
            fit = fit.iter().filter(|depth| !thin(*depth)).collect();
        }
        let mut list: Vec<Depth> = fit.iter().collect();
        let middle = i16::from(self.format.lo.number()) + i16::from(self.format.hi.number());
        let cut_of = |place: Option<usize>| place.map(|place| self.cuts[place][chamber]);
        let (above, top) = (cut_of(rank.above), cut_of(rank.top));
        let own = rank.own >> chamber & 1 == 1;
        let cost = |depth: &Depth| match (above, top) {
            // The first key stands in the middle, so that MACS leaves room on both sides.
            (None, None) if self.free => i16::from(depth.number()),
            (None, None) => (2 * i16::from(depth.number()) - middle).abs(),
            (_, Some(top)) if own => i16::from(*depth == top) * 64 + i16::from(depth.number()),
            (above, _) => i16::from(above != Some(*depth)) * 64 + i16::from(depth.number()),
        };
        list.sort_by_key(|depth| std::cmp::Reverse(cost(depth)));
        list
    }

    /// MACS to the chamber before. Without MACS and gap depths can be renamed, so only one new depth is tried, and
    /// without MACS chambers can be exchanged, so their columns are kept in lexicographic order.
    fn allowed(&self, place: usize, chamber: usize) -> DepthSet {
        let ChartFormat { lo, hi, ref macs, .. } = *self.format;
        let next = self.most[chamber].map_or(lo.number(), |most| most.number() + 1);
        let mut fit =
            if self.free { DepthSet::range(lo, Depth::raw(next.min(hi.number()))) } else { DepthSet::range(lo, hi) };
        if chamber == 0 {
            return fit;
        }
        fit = fit.and(macs.neighbours(chamber - 1, self.cuts[place][chamber - 1]));
        let alike = |cuts: &[Depth; MAX_CHAMBERS]| cuts[chamber - 1] == cuts[chamber];
        if *macs == Macs::Unlimited && self.cuts[..place].iter().all(alike) {
            let least = self.cuts[place][chamber - 1];
            fit = fit.iter().filter(|depth| *depth >= least).collect();
        }
        fit
    }

    /// Pins a whole key into its locks; false when it opens another lock, or lets another key into its own.
    fn put_in(&mut self, place: usize) -> bool {
        let n = self.format.chambers;
        if self.ranks[place].twin.is_some() {
            return true;
        }
        let key = self.cuts[place];
        let own = &self.locks_of[place];
        let opens = |sets: &[DepthSet; MAX_CHAMBERS], key: &[Depth; MAX_CHAMBERS]| {
            sets[..n].iter().zip(key).all(|(set, cut)| set.contains(*cut))
        };
        let foreign = (0..self.chart.locks().len()).filter(|lock| own.binary_search(lock).is_err());
        if foreign.into_iter().any(|lock| opens(&self.accept[lock], &key)) {
            return false;
        }
        self.before[place] = own.iter().map(|lock| self.accept[*lock]).collect();
        for lock in own {
            let sets = self.accept[*lock][..n].iter_mut().zip(&key);
            sets.for_each(|(set, cut)| *set = set.with(*cut));
        }
        let cuts = &self.cuts;
        let accept = &self.accept;
        let strangers = |lock: &usize| self.strangers[*lock].iter().take_while(|other| **other < place);
        !own.iter().any(|lock| strangers(lock).any(|other| opens(&accept[*lock], &cuts[*other])))
    }

    fn take_out(&mut self, place: usize) {
        for (lock, sets) in self.locks_of[place].iter().zip(std::mem::take(&mut self.before[place])) {
            self.accept[*lock] = sets;
        }
    }
}

fn ranks(locks_of: &[Vec<usize>], format: &ChartFormat) -> Vec<Rank> {
    let mut ranks: Vec<Rank> = vec![Rank::default(); locks_of.len()];
    let mut first = std::collections::HashMap::new();
    for (place, locks) in locks_of.iter().enumerate() {
        let twin = *first.entry(locks).or_insert(place);
        ranks[place].twin = (twin != place).then_some(twin);
    }
    let mut below = vec![0u64; locks_of.len()];
    for place in 0..locks_of.len() {
        if ranks[place].twin.is_some() || locks_of.len() > MOST_RANKED {
            continue;
        }
        let holds = |other: &usize| {
            let theirs = &locks_of[*other];
            theirs.len() > locks_of[place].len() && locks_of[place].iter().all(|l| theirs.binary_search(l).is_ok())
        };
        let above = (0..place).rev().filter(|other| ranks[*other].twin.is_none()).find(holds);
        if let Some(above) = above {
            below[above] += 1;
            let top = ranks[above].top.or(Some(above));
            ranks[place] = Rank { above: Some(above), top, level: ranks[above].level + 1, ..ranks[place] };
        }
    }
    let levels = ranks.iter().map(|rank| rank.level).max().unwrap_or(0);
    let widest = |level: usize| {
        let of_level = ranks.iter().zip(&below).filter(|(rank, _)| rank.level + 1 == level);
        of_level.map(|(_, children)| *children).max().unwrap_or(0)
    };
    let wanted: Vec<u64> = (1..=levels).map(widest).collect();
    let own = chambers_of(&wanted, format);
    ranks.iter_mut().for_each(|rank| rank.own = rank.level.checked_sub(1).map_or(u32::MAX, |level| own[level]));
    ranks
}

/// The chambers of each level below the top: the highest level has the last ones, and no more than it needs.
fn chambers_of(wanted: &[u64], format: &ChartFormat) -> Vec<u32> {
    let depths = u64::from(format.hi.number() - format.lo.number()) + 1;
    let lost = 2 * u64::from(format.min_gap.number().saturating_sub(1)) + 1;
    let each = depths.saturating_sub(lost).max(1);
    let mut left = format.chambers;
    let mut masks = Vec::with_capacity(wanted.len());
    for (level, keys) in wanted.iter().enumerate() {
        let lower = wanted.len() - level - 1;
        let (mut taken, mut room) = (0, 1u64);
        while left > lower && (taken == 0 || room < *keys || lower == 0) {
            left -= 1;
            taken += 1;
            room = room.saturating_mul(each);
        }
        masks.push(if taken == 0 { u32::MAX } else { ((1u32 << taken) - 1) << left });
    }
    masks
}
