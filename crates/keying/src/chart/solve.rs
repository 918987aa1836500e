//! Solving a chart by backtracking: a solution, a proof that there is none, or an honest "gave up".

use super::count::too_close;
use super::keywise::{Keywise, Step};
use super::{ChartError, ChartFormat, ChartSolution, LockChart};
use crate::bitting::Bitting;
use crate::depth::{Depth, DepthSet, MAX_CHAMBERS};
use crate::macs::Macs;
use crate::verified::Verified;

/// How a search ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A solution that was checked again from scratch.
    Solved(Box<Verified<ChartSolution>>),
    /// The search was exhaustive: there is no solution.
    ProvedNone,
    /// The budget of tried cuts was used up; nothing is known.
    GaveUp,
}

/// Solves a chart, trying at most `budget` cuts. The budget counts cuts, not time, so a run can be repeated.
///
/// Keys that open the same locks are cut alike.
///
/// ```
/// use keying::{ChartFormat, Depth, LockChart, Macs, Outcome, solve};
/// let chart = LockChart::new(&[("M", vec!["1", "2"]), ("K1", vec!["1"]), ("K2", vec!["2"])])?;
/// let format = ChartFormat { chambers: 2, lo: Depth::new(0)?, hi: Depth::new(2)?, macs: Macs::Unlimited, min_gap: 1.into() };
/// assert!(matches!(solve(&chart, &format, 10_000)?, Outcome::Solved(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn solve(chart: &LockChart, format: &ChartFormat, budget: u64) -> Result<Outcome, ChartError> {
    format.check()?;
    let solved = |bittings| {
        let solution = ChartSolution::new(chart.clone(), format.clone(), bittings);
        // A solution the checker refuses is a fault of the search; it proves nothing either way.
        Verified::check(solution).map_or(Outcome::GaveUp, |s| Outcome::Solved(Box::new(s)))
    };
    // Key by key finds what a progression could make; chamber by chamber is the better proof that nothing fits.
    let mut keywise = Keywise::new(chart, format, budget.div_ceil(2));
    match keywise.run() {
        Step::Found => return Ok(solved(keywise.bittings())),
        Step::Exhausted => return Ok(Outcome::ProvedNone),
        Step::OutOfBudget => {}
    }
    let mut search = Search::new(chart, format, budget / 2);
    Ok(match search.run() {
        Step::Found => solved(search.bittings()),
        Step::Exhausted => Outcome::ProvedNone,
        Step::OutOfBudget => Outcome::GaveUp,
    })
}

enum Tried {
    Fits(Depth),
    Exhausted,
    OutOfBudget,
}

/// One cut of the walk: what is left to try, and what the locks accepted before it.
struct Frame {
    untried: DepthSet,
    before: Vec<DepthSet>,
    /// The deepest depth in use in this chamber before this cut.
    most: Option<Depth>,
}

/// One cut after another: key by key within a chamber, chamber after chamber.
struct Search<'a> {
    chart: &'a LockChart,
    format: &'a ChartFormat,
    /// Keys by falling number of locks: the masters first.
    order: Vec<usize>,
    /// For each place in `order`, an earlier place with the same locks: both keys are cut alike.
    twin: Vec<Option<usize>>,
    /// `cuts[chamber][key]`.
    cuts: Vec<Vec<Depth>>,
    /// Blocked pairs still to be kept apart before this chamber.
    open: Vec<Vec<(usize, usize)>>,
    locks_of: Vec<Vec<usize>>,
    accept: Vec<[DepthSet; MAX_CHAMBERS]>,
    left: u64,
}

impl<'a> Search<'a> {
    fn new(chart: &'a LockChart, format: &'a ChartFormat, budget: u64) -> Self {
        let keys = chart.keys().len();
        let mut locks_of = vec![Vec::new(); keys];
        for lock in 0..chart.locks().len() {
            chart.keys_of(lock).iter().for_each(|key| locks_of[*key].push(lock));
        }
        let mut order: Vec<usize> = (0..keys).collect();
        order.sort_by_key(|key| std::cmp::Reverse(locks_of[*key].len()));
        let twin_of = |place: usize| (0..place).rev().find(|p| locks_of[order[*p]] == locks_of[order[place]]);
        let twin = (0..keys).map(twin_of).collect();
        let cuts = vec![vec![Depth::default(); keys]; format.chambers];
        let accept = vec![[DepthSet::EMPTY; MAX_CHAMBERS]; chart.locks().len()];
        Self { chart, format, order, twin, cuts, open: vec![chart.blocked()], locks_of, accept, left: budget }
    }

    fn bittings(&self) -> Vec<Bitting> {
        let row = |key: usize| -> Vec<Depth> { self.cuts.iter().map(|chamber| chamber[key]).collect() };
        (0..self.chart.keys().len()).map(|key| Bitting::raw(&row(key))).collect()
    }

    /// Walks with a stack of its own: charts may be deeper than a call stack. Cut `at` is the key at place
    /// `at % keys` of the order in chamber `at / keys`.
    fn run(&mut self) -> Step {
        let keys = self.order.len();
        let mut frames = vec![self.frame(None)];
        while let Some(frame) = frames.last_mut() {
            let (mut untried, before) = (frame.untried, std::mem::take(&mut frame.before));
            let most = frame.most;
            let at = frames.len() - 1;
            let (chamber, place) = (at / keys, at % keys);
            self.take_back(chamber, self.order[place], &before);
            let depth = match self.next_fit(chamber, place, &mut untried) {
                Tried::Fits(depth) => depth,
                Tried::OutOfBudget => return Step::OutOfBudget,
                Tried::Exhausted => {
                    if place == 0 && at > 0 {
                        self.open.pop();
                    }
                    frames.pop();
                    continue;
                }
            };
            let before = self.put(chamber, self.order[place], depth);
            frames[at] = Frame { untried, before, most };
            let most = most.map_or(depth, |most| most.max(depth));
            if place + 1 == keys && !self.close_chamber(chamber) {
                continue;
            }
            if at + 1 == keys * self.format.chambers {
                return Step::Found;
            }
            frames.push(self.frame(if place + 1 == keys { None } else { Some(most) }));
        }
        Step::Exhausted
    }

    fn frame(&self, most: Option<Depth>) -> Frame {
        Frame { untried: self.candidates(most), before: Vec::new(), most }
    }

    /// The next depth that fits; takes tried ones out of `untried`.
    fn next_fit(&mut self, chamber: usize, place: usize, untried: &mut DepthSet) -> Tried {
        while let Some(depth) = untried.shallowest() {
            let Some(left) = self.left.checked_sub(1) else {
                return Tried::OutOfBudget;
            };
            self.left = left;
            *untried = untried.without(depth);
            if self.fits(chamber, place, self.order[place], depth) {
                return Tried::Fits(depth);
            }
        }
        Tried::Exhausted
    }

    /// Cuts one key in one chamber; returns what its locks accepted there before.
    fn put(&mut self, chamber: usize, key: usize, depth: Depth) -> Vec<DepthSet> {
        self.cuts[chamber][key] = depth;
        let accept = &mut self.accept;
        let widen = |lock: &usize| {
            let set = accept[*lock][chamber];
            accept[*lock][chamber] = set.with(depth);
            set
        };
        self.locks_of[key].iter().map(widen).collect()
    }

    fn take_back(&mut self, chamber: usize, key: usize, before: &[DepthSet]) {
        for (lock, set) in self.locks_of[key].iter().zip(before) {
            self.accept[*lock][chamber] = *set;
        }
    }

    /// Depths worth trying after `most`, the deepest in use in this chamber. Without MACS and gap rule depths can
    /// be renamed, so only one new depth is tried.
    fn candidates(&self, most: Option<Depth>) -> DepthSet {
        let ChartFormat { lo, hi, min_gap, ref macs, .. } = *self.format;
        if *macs != Macs::Unlimited || min_gap.number() > 1 {
            return DepthSet::range(lo, hi);
        }
        let next = most.map_or(lo.number(), |most| most.number() + 1);
        DepthSet::range(lo, Depth::raw(next.min(hi.number())))
    }

    /// MACS to the chamber before, gap within every lock of the key, and equal cuts for keys to equal locks.
    fn fits(&self, chamber: usize, place: usize, key: usize, depth: Depth) -> bool {
        if chamber > 0 && !self.format.macs.neighbours(chamber - 1, self.cuts[chamber - 1][key]).contains(depth) {
            return false;
        }
        let thin = |lock: &usize| too_close(self.accept[*lock][chamber].with(depth), self.format.min_gap);
        if self.format.min_gap.number() > 1 && self.locks_of[key].iter().any(thin) {
            return false;
        }
        if chamber + 1 == self.format.chambers && self.lets_through(chamber, place, key, depth) {
            return false;
        }
        // A second key to the same locks may be cut like the first: that only takes cuts out of the locks.
        self.twin[place].is_none_or(|twin| self.cuts[chamber][self.order[twin]] == depth)
    }

    /// In the last chamber: true when this cut makes a pair operate that nothing has kept apart.
    fn lets_through(&self, chamber: usize, place: usize, key: usize, depth: Depth) -> bool {
        let Some(open) = self.open.last() else {
            return false;
        };
        let earlier = |other: usize| self.order[..place].contains(&other);
        open.iter().any(|(k, l)| {
            let own = *k == key && self.accept[*l][chamber].contains(depth);
            let theirs = self.locks_of[key].contains(l) && self.cuts[chamber][*k] == depth && earlier(*k);
            own || theirs
        })
    }

    /// Without MACS chambers can be exchanged: keep their columns in lexicographic order.
    fn in_order(&self, chamber: usize) -> bool {
        if chamber == 0 || self.format.macs != Macs::Unlimited {
            return true;
        }
        let row = |c: usize| self.order.iter().map(move |key| self.cuts[c][*key]);
        row(chamber - 1).le(row(chamber))
    }

    /// Keeps what is still open after a chamber; false when the chambers left cannot keep it apart.
    fn close_chamber(&mut self, chamber: usize) -> bool {
        if !self.in_order(chamber) {
            return false;
        }
        let Some(open) = self.open.last() else {
            return false;
        };
        let meets = |(key, lock): &&(usize, usize)| self.accept[*lock][chamber].contains(self.cuts[chamber][*key]);
        let still: Vec<(usize, usize)> = open.iter().filter(meets).copied().collect();
        if chamber + 1 == self.format.chambers && !still.is_empty() {
            return false;
        }
        self.open.push(still);
        true
    }
}
