//! Releasing a system: every cylinder pinned, tried in the simulated lock and audited, or nothing is released.

use crate::audit::{Operation, first_crossing};
use crate::pinning::PinnedCylinder;
use crate::system::{KeySystem, SystemError};
use crate::verified::{Check, Sealed, Verified};

/// The pins of every cylinder of a system, with the system itself.
#[derive(Debug, Clone)]
pub struct Release {
    system: KeySystem,
    accepted: Vec<Operation>,
    pins: Vec<(String, Verified<PinnedCylinder>)>,
}

/// What keeps a system from being released.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseFault {
    /// A cylinder that cannot be pinned.
    #[error("cylinder {cylinder}: {why}")]
    Pinning {
        /// The cylinder.
        cylinder: String,
        /// Why.
        why: SystemError,
    },
    /// A key operates a cylinder it should not, and nobody accepted it.
    #[error("{} operates {}, which nobody accepted", .0.0, .0.1)]
    Cross(Operation),
    /// A key does not turn the lock built from the pins of its cylinder.
    #[error("cylinder {cylinder}: {key} does not turn the lock these pins make")]
    DoesNotTurn {
        /// The cylinder.
        cylinder: String,
        /// The key.
        key: String,
    },
    /// A key other than the control key draws the core, or the control key does not.
    #[error("cylinder {cylinder}: {key} and the control line do not go together")]
    Control {
        /// The cylinder.
        cylinder: String,
        /// The key.
        key: String,
    },
    /// A key that cannot be cut.
    #[error("{0} breaks MACS")]
    Macs(String),
}

impl KeySystem {
    /// Pins every cylinder and checks the whole. `accepted` are cross-operations the customer knows of, by name.
    pub fn release(&self, accepted: &[Operation]) -> Result<Verified<Release>, ReleaseFault> {
        let mut pins = Vec::with_capacity(self.schedule().cylinders().len());
        for cylinder in self.schedule().cylinders() {
            let pinned = self.pin(&cylinder.id);
            let pinned = pinned.map_err(|why| ReleaseFault::Pinning { cylinder: cylinder.id.clone(), why })?;
            pins.push((cylinder.id.clone(), pinned));
        }
        Verified::check(Release { system: self.clone(), accepted: accepted.to_vec(), pins })
    }
}

impl Release {
    /// The pins of every cylinder, in schedule order.
    pub fn pins(&self) -> &[(String, Verified<PinnedCylinder>)] {
        &self.pins
    }

    /// The system as it was released.
    pub fn system(&self) -> &KeySystem {
        &self.system
    }
}

impl Sealed for Release {}

impl Check for Release {
    type Fault = ReleaseFault;

    fn check(&self) -> Result<(), ReleaseFault> {
        let schedule = self.system.schedule();
        let macs = &self.system.spec().macs;
        if let Some((_, key)) = schedule.keys().find(|(_, key)| !macs.admits(&key.bitting)) {
            return Err(ReleaseFault::Macs(key.symbol.clone()));
        }
        if let Some(cross) = first_crossing(schedule, &self.accepted) {
            return Err(ReleaseFault::Cross(cross));
        }
        for ((id, pins), cylinder) in self.pins.iter().zip(schedule.cylinders()) {
            let lock = pins.simulate();
            if let Some(key) = schedule.keys_of(cylinder).find(|key| !lock.turns(&key.bitting)) {
                return Err(ReleaseFault::DoesNotTurn { cylinder: id.clone(), key: key.symbol.clone() });
            }
            let Some(control) = self.system.control() else {
                continue;
            };
            let draws = schedule.keys().map(|(_, key)| key).find(|key| lock.draws_core(&key.bitting));
            let unfit = (self.system.spec().control.is_some() && !lock.draws_core(&control.bitting)).then_some(control);
            if let Some(key) = unfit.or(draws) {
                return Err(ReleaseFault::Control { cylinder: id.clone(), key: key.symbol.clone() });
            }
        }
        Ok(())
    }
}
