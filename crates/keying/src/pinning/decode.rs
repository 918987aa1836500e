//! Reading a stack back: which cuts the pins of one chamber answer to.

use super::system::PinSystem;
use crate::depth::Chamber;

/// What one stack of pins answers to.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decoded {
    /// Heights of the joints below the control line: operating cuts as depth numbers.
    pub operating_cuts: Vec<u8>,
    /// Heights of the joints above, less the offset: control cuts. One that is no depth of the system is a fault.
    pub control_cuts: Vec<u8>,
    /// Sum of all pins, in increments.
    pub total: u32,
    /// True when the total is right and there is exactly one possible control cut.
    pub valid: bool,
    /// Places in the stack, counted from 1 at the bottom, of pins the maker does not offer.
    pub missing_from_kit: Vec<usize>,
}

impl std::fmt::Debug for Decoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decoded(total {}, valid {}, redacted)", self.total, self.valid)
    }
}

/// Decodes the pins of one chamber, bottom pin first and top pin last.
///
/// Without a control line every joint is an operating cut, and a total is checked only where the system has one.
pub fn decode_stack(system: &PinSystem, chamber: Chamber, pins: &[u8]) -> Decoded {
    let line = system.control_at(chamber);
    let offset = line.map_or(u32::MAX, |line| u32::from(line.offset.number()));
    let mut decoded = Decoded {
        operating_cuts: Vec::new(),
        control_cuts: Vec::new(),
        total: 0,
        valid: false,
        missing_from_kit: Vec::new(),
    };
    for (place, pin) in pins.iter().enumerate() {
        decoded.total = decoded.total.saturating_add(u32::from(*pin));
        if place > 0 && *pin < system.min_master.number() {
            decoded.missing_from_kit.push(place + 1);
        }
        if place + 1 == pins.len() {
            break;
        }
        match decoded.total.checked_sub(offset) {
            Some(cut) => decoded.control_cuts.push(cut.min(255) as u8),
            None => decoded.operating_cuts.push(decoded.total.min(255) as u8),
        }
    }
    let known = |cut: &u8| (system.lo.number()..=system.hi.number()).contains(cut);
    let stack = match (line, &system.top) {
        (Some(line), _) => Some(u32::from(line.stack.number())),
        (None, super::TopRule::FixedStack(total)) => Some(u32::from(total.number())),
        _ => None,
    };
    let controls = if line.is_some() { 1 } else { 0 };
    decoded.valid = stack.is_none_or(|stack| stack == decoded.total)
        && !decoded.operating_cuts.is_empty()
        && decoded.operating_cuts.iter().chain(&decoded.control_cuts).all(known)
        && decoded.control_cuts.len() == controls;
    decoded
}
