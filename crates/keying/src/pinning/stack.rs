//! Pins in a chamber, and all the pins of a cylinder.

use super::simulated::{SimulatedLock, SimulationFault};
use super::system::{ControlLine, PinSystem};
use crate::bitting::Bitting;
use crate::depth::{Chamber, DepthSet, Increments, MAX_CHAMBERS};
use crate::verified::{Check, Sealed};

/// The most master pins a chamber can hold here.
pub(super) const MAX_MASTERS: usize = 11;

/// The pins of one chamber by number, in increments.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct ChamberStack {
    pub(super) bottom: u8,
    pub(super) masters: [u8; MAX_MASTERS],
    pub(super) master_count: u8,
    pub(super) control: Option<u8>,
    pub(super) top: Option<u8>,
}

impl ChamberStack {
    /// The bottom pin: the number of the shallowest operating cut.
    pub fn bottom(&self) -> u8 {
        self.bottom
    }

    /// The master pins from the bottom up.
    pub fn masters(&self) -> &[u8] {
        &self.masters[..self.master_count as usize]
    }

    /// The build-up (control) pin, where there is a control line.
    pub fn control(&self) -> Option<u8> {
        self.control
    }

    /// The top pin, where a rule gives one.
    pub fn top(&self) -> Option<u8> {
        self.top
    }

    /// Bottom and master pins together.
    pub fn plug_total(&self) -> Increments {
        Increments::new(self.masters().iter().fold(self.bottom, |sum, pin| sum.saturating_add(*pin)))
    }

    /// Every pin from the bottom up, the top pin last.
    pub fn pins(&self) -> Vec<u8> {
        let below = std::iter::once(self.bottom).chain(self.masters().iter().copied());
        below.chain(self.control).chain(self.top).collect()
    }
}

impl std::fmt::Debug for ChamberStack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChamberStack({} master pins, redacted)", self.master_count)
    }
}

/// The pins of a whole cylinder, with what they are meant to do. As secret as the keys.
#[derive(Clone, PartialEq, Eq)]
pub struct PinnedCylinder {
    pub(super) stacks: [ChamberStack; MAX_CHAMBERS],
    pub(super) wanted: [DepthSet; MAX_CHAMBERS],
    pub(super) chambers: u8,
    pub(super) control: Option<Bitting>,
    pub(super) line: Option<ControlLine>,
    pub(super) depths: DepthSet,
}

impl PinnedCylinder {
    /// The stacks, chamber 1 first.
    pub fn stacks(&self) -> &[ChamberStack] {
        &self.stacks[..self.chambers as usize]
    }

    /// The operating cuts the cylinder is meant to accept, chamber 1 first.
    pub fn wanted(&self) -> &[DepthSet] {
        &self.wanted[..self.chambers as usize]
    }

    /// The lock these pins make; it sees the pins and nothing else.
    pub fn simulate(&self) -> SimulatedLock {
        SimulatedLock::new(self.stacks(), self.line.as_ref(), self.depths)
    }

    /// Chambers with more than `most` master pins: pinners advise against more than three.
    pub fn crowded(&self, most: usize) -> Vec<Chamber> {
        let stacks = self.stacks().iter().enumerate();
        stacks.filter(|(_, stack)| stack.masters().len() > most).map(|(i, _)| Chamber::at(i)).collect()
    }

    /// How often each pin number is needed: (bottoms, masters, build-ups, tops) by number.
    pub fn count_pins(&self) -> PinCounts {
        let mut counts = PinCounts::default();
        for stack in self.stacks() {
            *counts.bottom.entry(stack.bottom).or_default() += 1;
            stack.masters().iter().for_each(|pin| *counts.master.entry(*pin).or_default() += 1);
            stack.control.iter().for_each(|pin| *counts.control.entry(*pin).or_default() += 1);
            stack.top.iter().for_each(|pin| *counts.top.entry(*pin).or_default() += 1);
        }
        counts
    }

    pub(super) fn empty(system: &PinSystem, chambers: usize, control: Option<&Bitting>) -> Self {
        Self {
            stacks: [ChamberStack::default(); MAX_CHAMBERS],
            wanted: [DepthSet::EMPTY; MAX_CHAMBERS],
            chambers: chambers as u8,
            control: control.copied(),
            line: system.control.clone(),
            depths: DepthSet::range(system.lo, system.hi),
        }
    }
}

/// Pins needed, by number, for each kind of pin.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PinCounts {
    /// Bottom pins.
    pub bottom: std::collections::BTreeMap<u8, u32>,
    /// Master pins.
    pub master: std::collections::BTreeMap<u8, u32>,
    /// Build-up (control) pins.
    pub control: std::collections::BTreeMap<u8, u32>,
    /// Top pins.
    pub top: std::collections::BTreeMap<u8, u32>,
}

impl std::fmt::Debug for PinCounts {
    /// Of a single cylinder the counts are nearly its pins.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kinds = [&self.bottom, &self.master, &self.control, &self.top];
        write!(f, "PinCounts({} pins, redacted)", kinds.iter().flat_map(|kind| kind.values()).sum::<u32>())
    }
}

impl PinCounts {
    /// Adds the pins of another cylinder.
    pub fn add(&mut self, other: &PinCounts) {
        let pairs = [
            (&mut self.bottom, &other.bottom),
            (&mut self.master, &other.master),
            (&mut self.control, &other.control),
            (&mut self.top, &other.top),
        ];
        for (own, more) in pairs {
            more.iter().for_each(|(pin, n)| *own.entry(*pin).or_default() += n);
        }
    }
}

impl Sealed for PinnedCylinder {}

impl Check for PinnedCylinder {
    type Fault = SimulationFault;

    /// Derives what every chamber accepts from the pins alone and compares it with what was asked for.
    fn check(&self) -> Result<(), SimulationFault> {
        let lock = self.simulate();
        for (i, wanted) in self.wanted().iter().enumerate() {
            let chamber = Chamber::at(i);
            if lock.operating_cuts(chamber) != *wanted {
                return Err(SimulationFault::Operating(chamber));
            }
            let control = self.control.and_then(|key| key.cut(chamber));
            let on_line = self.stacks[i].control.is_some();
            if on_line && control.is_none_or(|cut| !lock.control_cuts(chamber).contains(cut)) {
                return Err(SimulationFault::Control(chamber));
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for PinnedCylinder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PinnedCylinder({} chambers, redacted)", self.chambers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pinning::pin_keys;
    use crate::schedule::KeySet;

    #[test]
    fn a_wrong_pin_anywhere_is_found_out() -> Result<(), Box<dyn std::error::Error>> {
        let key = |cuts: &[u8]| Bitting::of(cuts).map(|bitting| KeySet { symbol: "K".into(), bitting });
        let keys = [key(&[5, 2, 8, 6, 1, 4])?, key(&[7, 4, 2, 8, 3, 6])?];
        let good = pin_keys(&PinSystem::a2(), &keys, Some(&key(&[9, 6, 0, 4, 7, 8])?))?.into_inner();
        let check = |change: &dyn Fn(&mut ChamberStack)| {
            let mut core = good.clone();
            change(&mut core.stacks[2]);
            core.check()
        };
        let third = Chamber::at(2);
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|stack| stack.bottom += 1), Err(SimulationFault::Operating(third)));
        assert_eq!(check(&|stack| stack.masters[0] += 1), Err(SimulationFault::Operating(third)));
        assert_eq!(check(&|stack| stack.control = Some(3)), Err(SimulationFault::Control(third)));
        Ok(())
    }
}
