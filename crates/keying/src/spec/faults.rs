//! The validator of specifications: what a user entered and cannot be right.

use super::KeySpec;
use crate::depth::{Chamber, Depth, MAX_CHAMBERS};
use crate::length::Length;
use crate::macs::Macs;

/// How far root plus bottom pin may differ between depths: .002 inch.
const PLUG_TOLERANCE: u32 = 20;

/// One thing wrong with a specification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecFault {
    /// No id.
    #[error("the specification needs a short name")]
    NoId,
    /// No depths at all.
    #[error("the specification has no depths")]
    NoDepths,
    /// A symbol is empty or used twice.
    #[error("depth {place}: the symbol is empty or stands for another depth already")]
    Symbol {
        /// Place in the list, counted from 1.
        place: usize,
    },
    /// Depth numbers must rise.
    #[error("depth {place}: numbers must rise, shallowest first")]
    Order {
        /// Place in the list, counted from 1.
        place: usize,
    },
    /// The root does not fall from the depth before.
    #[error("depth {place}: a deeper cut must leave a lower root")]
    Root {
        /// Place in the list, counted from 1.
        place: usize,
    },
    /// The root does not follow from increment and shallowest root.
    #[error("depth {place}: the root is off by more than .002 in. from the increment")]
    Increment {
        /// Place in the list, counted from 1.
        place: usize,
    },
    /// Root plus bottom pin is not the plug diameter.
    #[error("bottom pin {number}: root and pin together are not the plug diameter within .002 in.")]
    Plug {
        /// Number of the bottom pin.
        number: u8,
    },
    /// A bottom pin for a depth the specification does not have.
    #[error("bottom pin {number}: there is no such depth")]
    StrayPin {
        /// Number of the bottom pin.
        number: u8,
    },
    /// A master pin that is not its number times the increment within .002 inch.
    #[error("master pin {number}: its length is not that many increments")]
    MasterPin {
        /// Number of the master pin.
        number: u8,
    },
    /// A number of chambers nobody can handle.
    #[error("{0} chambers are not between 1 and {MAX_CHAMBERS}")]
    Chambers(u8),
    /// No number of chambers.
    #[error("the specification names no number of chambers")]
    NoChambers,
    /// A step of zero.
    #[error("a progression step is at least 1")]
    Step,
    /// The MACS matrix does not have a row and an entry for every depth.
    #[error("the MACS matrix is too small for the deepest depth")]
    MacsMatrix,
    /// A limit forbids every depth of a chamber.
    #[error("{0}: every depth is forbidden")]
    NothingLeft(Chamber),
    /// The control line cannot be: stack not above offset.
    #[error("the control line needs a stack total above its offset")]
    ControlLine,
    /// Two cuts nearer than a cut is wide, or none.
    #[error("the spacing cannot be zero")]
    Spacing,
    /// No source for the numbers.
    #[error("a specification names at least one source")]
    NoSource,
}

impl KeySpec {
    /// Everything that cannot be right in this specification. Empty for one that can be used.
    pub fn faults(&self) -> Vec<SpecFault> {
        let mut faults = Vec::new();
        let mut note = |wrong: bool, fault: SpecFault| {
            if wrong {
                faults.push(fault);
            }
        };
        note(self.id.trim().is_empty(), SpecFault::NoId);
        note(self.depths.is_empty(), SpecFault::NoDepths);
        note(self.sources.is_empty(), SpecFault::NoSource);
        note(self.chambers_allowed.is_empty(), SpecFault::NoChambers);
        for &n in &self.chambers_allowed {
            note(n == 0 || usize::from(n) > MAX_CHAMBERS, SpecFault::Chambers(n));
        }
        note(self.step == Some(0), SpecFault::Step);
        note(self.spacing == Some(Length::new(0)), SpecFault::Spacing);
        note(self.matrix_too_small(&self.macs), SpecFault::MacsMatrix);
        let line = self.control.as_ref();
        note(line.is_some_and(|line| line.stack <= line.offset), SpecFault::ControlLine);
        for limit in &self.chamber_limits {
            let left = limit.forbidden.iter().fold(self.depth_set(), |set, depth| set.without(*depth));
            note(left.is_empty() && !self.depths.is_empty(), SpecFault::NothingLeft(limit.chamber));
        }
        faults.extend(self.depth_faults());
        faults.extend(self.pin_faults());
        faults
    }

    fn matrix_too_small(&self, macs: &Macs) -> bool {
        let needed = self.deepest().map_or(0, |d| d.index() + 1);
        match macs {
            Macs::Matrix(rows) => rows.len() < needed || rows.iter().any(|row| row.len() < needed),
            Macs::PerPair(pairs) => pairs.iter().any(|pair| self.matrix_too_small(pair)),
            Macs::Unlimited | Macs::Limit(_) => false,
        }
    }

    fn depth_faults(&self) -> Vec<SpecFault> {
        let mut faults = Vec::new();
        for (i, entry) in self.depths.iter().enumerate() {
            let place = i + 1;
            let earlier = &self.depths[..i];
            if entry.symbol.is_empty() || earlier.iter().any(|e| e.symbol == entry.symbol) {
                faults.push(SpecFault::Symbol { place });
            }
            let Some(before) = earlier.last() else {
                continue;
            };
            if entry.depth <= before.depth {
                faults.push(SpecFault::Order { place });
                continue;
            }
            let Some((root, above)) = entry.root.zip(before.root) else {
                continue;
            };
            if root >= above {
                faults.push(SpecFault::Root { place });
            } else if self.off_increment(entry.depth, root) {
                faults.push(SpecFault::Increment { place });
            }
        }
        faults
    }

    fn off_increment(&self, depth: Depth, root: Length) -> bool {
        let Some(first) = self.depths.first() else {
            return false;
        };
        let Some((top, step)) = first.root.zip(self.increment) else {
            return false;
        };
        let expected = top.minus(step.times(u32::from(depth.apart(first.depth))));
        expected.ten_thousandths().abs_diff(root.ten_thousandths()) > PLUG_TOLERANCE
    }

    fn pin_faults(&self) -> Vec<SpecFault> {
        let mut faults = Vec::new();
        let mut sums = Vec::new();
        for pin in &self.bottom_pins {
            match self.depths.iter().find(|entry| entry.depth.number() == pin.number) {
                None => faults.push(SpecFault::StrayPin { number: pin.number }),
                Some(entry) => {
                    sums.extend(entry.root.map(|root| (pin.number, root.plus(pin.length).ten_thousandths())))
                }
            }
        }
        let plug = self.plug_diameter.map(Length::ten_thousandths).or(sums.first().map(|(_, sum)| *sum));
        let off = |sum: u32| plug.is_some_and(|plug| sum.abs_diff(plug) > PLUG_TOLERANCE);
        faults.extend(sums.iter().filter(|(_, sum)| off(*sum)).map(|(number, _)| SpecFault::Plug { number: *number }));
        if let Some(step) = self.increment {
            for pin in &self.master_pins {
                let expected = step.times(u32::from(pin.number)).ten_thousandths();
                if expected.abs_diff(pin.length.ten_thousandths()) > PLUG_TOLERANCE {
                    faults.push(SpecFault::MasterPin { number: pin.number });
                }
            }
        }
        faults
    }
}
