//! Pinning: from keys to pins, from pins back to keys, and a simulated lock that knows only the pins.

mod decode;
mod driver;
mod pin;
mod simulated;
mod stack;
mod system;

pub use decode::{Decoded, decode_stack};
pub use driver::{DriverKit, SafeBand, choose_driver};
pub use pin::{Pinnable, PinningError, pin_keys, pin_sets, pinnable_configurations};
pub use simulated::{SimulatedLock, SimulationFault};
pub use stack::{ChamberStack, PinCounts, PinnedCylinder};
pub use system::{ControlLine, PinSystem, TopRule};
