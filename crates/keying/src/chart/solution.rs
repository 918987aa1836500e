//! A claimed solution of a chart, and the check that trusts nothing of how it was found.

use super::count::too_close;
use super::{ChartFormat, LockChart};
use crate::accept::AcceptSets;
use crate::bitting::Bitting;
use crate::depth::DepthSet;
use crate::verified::{Check, Sealed};

/// A bitting for every key of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartSolution {
    chart: LockChart,
    format: ChartFormat,
    bittings: Vec<Bitting>,
}

impl ChartSolution {
    /// Puts a solution together so that it can be checked.
    pub fn new(chart: LockChart, format: ChartFormat, bittings: Vec<Bitting>) -> Self {
        Self { chart, format, bittings }
    }

    /// The bittings in the order of the chart's keys.
    pub fn bittings(&self) -> &[Bitting] {
        &self.bittings
    }

    /// The chart it solves.
    pub fn chart(&self) -> &LockChart {
        &self.chart
    }
}

/// What is wrong with a claimed solution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SolutionFault {
    /// Not one bitting of the right length for each key.
    #[error("every key needs one bitting of the chart's length")]
    Bittings,
    /// A bitting outside depths or MACS.
    #[error("key {0}: the bitting breaks depths or MACS")]
    Key(String),
    /// A key and a lock that do the opposite of what the chart says.
    #[error("key {key} and lock {lock} do the opposite of what the chart says")]
    Access {
        /// The key.
        key: String,
        /// The lock.
        lock: String,
    },
    /// A lock that would need a master pin that is too thin.
    #[error("lock {0} would need a master pin that is too thin")]
    Gap(String),
}

impl Sealed for ChartSolution {}

impl Check for ChartSolution {
    type Fault = SolutionFault;

    fn check(&self) -> Result<(), SolutionFault> {
        let keys = self.chart.keys();
        if self.bittings.len() != keys.len() || self.bittings.iter().any(|b| b.chambers() != self.format.chambers) {
            return Err(SolutionFault::Bittings);
        }
        let depths = DepthSet::range(self.format.lo, self.format.hi);
        for (key, bitting) in keys.iter().zip(&self.bittings) {
            if !bitting.reveal().iter().all(|cut| depths.contains(*cut)) || !self.format.macs.admits(bitting) {
                return Err(SolutionFault::Key(key.clone()));
            }
        }
        for (l, lock) in self.chart.locks().iter().enumerate() {
            let pinned = self.chart.keys_of(l);
            let sets =
                AcceptSets::of(pinned.iter().map(|k| &self.bittings[*k])).map_err(|_| SolutionFault::Bittings)?;
            if sets.reveal().iter().any(|set| too_close(*set, self.format.min_gap)) {
                return Err(SolutionFault::Gap(lock.clone()));
            }
            for (k, key) in keys.iter().enumerate() {
                if sets.operates(&self.bittings[k]) != pinned.binary_search(&k).is_ok() {
                    return Err(SolutionFault::Access { key: key.clone(), lock: lock.clone() });
                }
            }
        }
        Ok(())
    }
}
