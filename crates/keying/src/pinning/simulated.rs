//! A lock that knows only its pins. Everything that is pinned is tried in it before it is handed out.

use super::stack::ChamberStack;
use super::system::ControlLine;
use crate::bitting::Bitting;
use crate::depth::{Chamber, Depth, DepthSet, MAX_CHAMBERS};

/// What the simulated lock does differently from what was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationFault {
    /// The pins of this chamber accept other operating cuts than wanted.
    #[error("{0}: the pins accept other operating cuts than wanted")]
    Operating(Chamber),
    /// The pins of this chamber do not bring the control line into line with the control key.
    #[error("{0}: the pins do not fit the control key")]
    Control(Chamber),
}

/// A chamber as the lock sees it: the heights at which two pins meet, one bit each, in increments.
#[derive(Clone, Copy, Default)]
struct Joints {
    heights: u128,
    offset: Option<u8>,
}

/// A cylinder built from pins. It holds no cut and no key.
#[derive(Clone)]
pub struct SimulatedLock {
    joints: [Joints; MAX_CHAMBERS],
    chambers: usize,
    depths: DepthSet,
}

impl SimulatedLock {
    /// Builds the lock. `depths` are the cuts a key of this make can have at all.
    pub fn new(stacks: &[ChamberStack], line: Option<&ControlLine>, depths: DepthSet) -> Self {
        let mut joints = [Joints::default(); MAX_CHAMBERS];
        for (i, (joint, stack)) in joints.iter_mut().zip(stacks).enumerate() {
            let own = |line: &&ControlLine| line.chambers.is_empty() || line.chambers.contains(&Chamber::at(i));
            joint.offset = line.filter(own).map(|line| line.offset.number());
            let mut height = 0u32;
            let below_top = std::iter::once(&stack.bottom).chain(stack.masters()).chain(stack.control.as_ref());
            for pin in below_top {
                height += u32::from(*pin);
                joint.heights |= 1u128.checked_shl(height).unwrap_or(0);
            }
        }
        Self { joints, chambers: stacks.len().min(MAX_CHAMBERS), depths }
    }

    /// The cuts that bring a joint of this chamber to the operating shear line.
    pub fn operating_cuts(&self, chamber: Chamber) -> DepthSet {
        self.cuts_at(chamber, 0)
    }

    /// The cuts that bring a joint to the control shear line; none where there is no control line.
    pub fn control_cuts(&self, chamber: Chamber) -> DepthSet {
        match self.joints.get(chamber.index()).and_then(|j| j.offset) {
            Some(offset) => self.cuts_at(chamber, offset),
            None => DepthSet::EMPTY,
        }
    }

    fn cuts_at(&self, chamber: Chamber, line: u8) -> DepthSet {
        let heights = self.joints.get(chamber.index()).map_or(0, |j| j.heights);
        let above = heights.checked_shr(u32::from(line)).unwrap_or(0);
        DepthSet(above as u32).and(self.depths)
    }

    /// True when the key turns the plug.
    pub fn turns(&self, key: &Bitting) -> bool {
        self.lines_up(key, |chamber, cut| self.operating_cuts(chamber).contains(cut))
    }

    /// True when the key turns the control sleeve and draws the core.
    pub fn draws_core(&self, key: &Bitting) -> bool {
        let has_line = self.joints.iter().any(|j| j.offset.is_some());
        has_line
            && self.lines_up(key, |chamber, cut| match self.joints[chamber.index()].offset {
                Some(_) => self.control_cuts(chamber).contains(cut),
                None => self.operating_cuts(chamber).contains(cut),
            })
    }

    fn lines_up(&self, key: &Bitting, at: impl Fn(Chamber, Depth) -> bool) -> bool {
        key.chambers() == self.chambers && key.reveal().iter().enumerate().all(|(i, cut)| at(Chamber::at(i), *cut))
    }
}

impl std::fmt::Debug for SimulatedLock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SimulatedLock({} chambers, redacted)", self.chambers)
    }
}
