//! Counting every solution of a small chart exactly.

use super::{ChartError, ChartFormat, LockChart};
use crate::depth::{DepthSet, Increments};
use crate::macs::Macs;
use crate::space::LimitExceeded;
use num_bigint::BigUint;
use std::collections::HashMap;

/// Why a chart cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CountError {
    /// The chart or its format is wrong.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// More work than allowed.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The exact count handles charts without MACS and with at most 128 blocked pairs and 64 keys.
    #[error("the exact count needs a chart without MACS and at most 64 keys and 128 pairs that must not operate")]
    NotCountable,
}

/// The most keys of a chart that is counted: the search goes one level deeper for each.
const MOST_KEYS: usize = 64;

/// The number of ways to give every key a bitting so that it opens exactly its locks; at most `steps` of work.
///
/// Chambers are independent without MACS: each contributes the set of blocked pairs it keeps apart, and a chart
/// is solved when the chambers together keep all of them apart.
pub fn count_solutions(chart: &LockChart, format: &ChartFormat, steps: u64) -> Result<BigUint, CountError> {
    format.check()?;
    let blocked = chart.blocked();
    if format.macs != Macs::Unlimited || blocked.len() > 128 || chart.keys().len() > MOST_KEYS {
        return Err(CountError::NotCountable);
    }
    let mut column = Column { chart, format, blocked: &blocked, cuts: Vec::new(), ways: HashMap::new(), left: steps };
    if !column.descend() {
        return Err(LimitExceeded { limit: steps }.into());
    }
    let mut total: HashMap<u128, BigUint> = HashMap::from([(0, BigUint::from(1u8))]);
    let mut left = steps;
    for _ in 0..format.chambers {
        let mut next: HashMap<u128, BigUint> = HashMap::new();
        for (kept, ways) in &total {
            for (more, times) in &column.ways {
                left = left.checked_sub(1).ok_or(LimitExceeded { limit: steps })?;
                *next.entry(kept | more).or_default() += ways * *times;
            }
        }
        total = next;
    }
    let all = if blocked.len() == 128 { u128::MAX } else { (1u128 << blocked.len()) - 1 };
    Ok(total.remove(&all).unwrap_or_default())
}

/// Every way to cut one chamber of all keys.
struct Column<'a> {
    chart: &'a LockChart,
    format: &'a ChartFormat,
    blocked: &'a [(usize, usize)],
    cuts: Vec<crate::depth::Depth>,
    ways: HashMap<u128, u64>,
    left: u64,
}

impl Column<'_> {
    fn descend(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        if self.cuts.len() == self.chart.keys().len() {
            self.record();
            return true;
        }
        for depth in DepthSet::range(self.format.lo, self.format.hi).iter() {
            self.cuts.push(depth);
            let whole = self.descend();
            self.cuts.pop();
            if !whole {
                return false;
            }
        }
        true
    }

    fn record(&mut self) {
        let accept = |lock: usize| -> DepthSet { self.chart.keys_of(lock).iter().map(|key| self.cuts[*key]).collect() };
        let sets: Vec<DepthSet> = (0..self.chart.locks().len()).map(accept).collect();
        if sets.iter().any(|set| too_close(*set, self.format.min_gap)) {
            return;
        }
        let apart = self.blocked.iter().enumerate().filter(|(_, (key, lock))| !sets[*lock].contains(self.cuts[*key]));
        let kept = apart.fold(0u128, |mask, (i, _)| mask | 1 << i);
        *self.ways.entry(kept).or_default() += 1;
    }
}

/// True when two depths of the set are nearer than `min_gap`.
pub(super) fn too_close(set: DepthSet, min_gap: Increments) -> bool {
    let mut below = None;
    set.iter().any(|depth| {
        let close = below.is_some_and(|b| depth.nearer(b, min_gap));
        below = Some(depth);
        close
    })
}
