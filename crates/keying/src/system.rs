//! A whole key system: specification, array, method, keys, cylinders and what the makers call them.

use crate::array::KeyBittingArray;
use crate::bitting::{Bitting, BittingError};
use crate::depth::{Chamber, Depth};
use crate::pinning::{PinSystem, PinnedCylinder, PinningError, pin_keys};
use crate::progress::{Method, ProgressError, Progression};
use crate::schedule::{KeySchedule, KeySet, ScheduleError};
use crate::space::LimitExceeded;
use crate::spec::{KeySpec, SpecFault};
use crate::symbol::AliasBook;
use crate::verified::Verified;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What has become of a key set of the bitting list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    /// Not given out.
    #[default]
    Free,
    /// In use.
    Used,
    /// Kept back: control, held masters, single keyed.
    Reserved,
    /// Operates a cross-keyed cylinder it should not: never issue it.
    Blocked,
}

/// How the change keys of a system are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Design {
    /// The array.
    pub array: KeyBittingArray,
    /// The method, the same for life.
    pub method: Method,
    /// The sequence of progression, fastest chamber first.
    pub sequence: Vec<Chamber>,
    /// Chambers outside the sequence held at a cut other than the TMK's.
    pub held: BTreeMap<Chamber, Depth>,
}

/// A key system as a shop keeps it.
#[derive(Debug, Clone)]
pub struct KeySystem {
    name: String,
    spec: KeySpec,
    design: Option<Design>,
    control: Option<KeySet>,
    schedule: KeySchedule,
    status: BTreeMap<String, KeyStatus>,
    /// Makers' names for the keys.
    pub aliases: AliasBook,
}

/// Why a key system cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SystemError {
    /// The specification is wrong.
    #[error("the specification is wrong: {0}")]
    Spec(SpecFault),
    /// A bitting does not fit.
    #[error("{key}: {why}")]
    Key {
        /// The key.
        key: String,
        /// What is wrong with it.
        why: BittingError,
    },
    /// A cut the specification does not have.
    #[error("{key}, {chamber}: the specification has no such depth")]
    Depth {
        /// The key.
        key: String,
        /// The chamber.
        chamber: Chamber,
    },
    /// Something about the progression.
    #[error(transparent)]
    Progress(#[from] ProgressError),
    /// Something about keys and cylinders.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// A cylinder cannot be pinned.
    #[error(transparent)]
    Pinning(#[from] PinningError),
}

impl KeySystem {
    /// A system without keys. Refuses a specification with a fault.
    pub fn new(name: &str, spec: KeySpec) -> Result<Self, SystemError> {
        if let Some(fault) = spec.faults().into_iter().next() {
            return Err(SystemError::Spec(fault));
        }
        let (schedule, aliases) = (KeySchedule::new(), AliasBook::default());
        let (design, control, status) = (None, None, BTreeMap::new());
        Ok(Self { name: name.to_owned(), spec, design, control, schedule, status, aliases })
    }

    /// Sets the design. Refuses another method once there is one.
    pub fn set_design(&mut self, design: Design) -> Result<(), SystemError> {
        if self.design.as_ref().is_some_and(|old| old.method != design.method) {
            return Err(ProgressError::MethodMixed.into());
        }
        self.known_depths("top master", &design.array.top().0)?;
        let known = self.spec.depth_set();
        let strange = design.array.columns().position(|column| !column.iter().all(|cut| known.contains(*cut)));
        let held = design.held.iter().find(|(_, cut)| !known.contains(**cut)).map(|(chamber, _)| *chamber);
        if let Some(chamber) = strange.map(Chamber::at).or(held) {
            return Err(SystemError::Depth { key: "array".to_owned(), chamber });
        }
        progression(&design)?;
        self.design = Some(design);
        Ok(())
    }

    /// Sets the control key of an interchangeable core system; it is never a key of the schedule.
    pub fn set_control(&mut self, symbol: &str, bitting: Bitting) -> Result<(), SystemError> {
        self.known_depths(symbol, &bitting)?;
        if self.schedule.find(symbol).is_ok() {
            return Err(ScheduleError::Taken(symbol.to_owned()).into());
        }
        self.control = Some(KeySet { symbol: symbol.to_owned(), bitting });
        Ok(())
    }

    /// Adds a key.
    pub fn add_key(&mut self, symbol: &str, bitting: Bitting, status: KeyStatus) -> Result<(), SystemError> {
        self.known_depths(symbol, &bitting)?;
        if self.control.as_ref().is_some_and(|control| control.symbol == symbol) {
            return Err(ScheduleError::Taken(symbol.to_owned()).into());
        }
        self.schedule.add_key(symbol, bitting)?;
        self.status.insert(symbol.to_owned(), status);
        Ok(())
    }

    /// Adds a cylinder pinned to these keys.
    pub fn add_cylinder(&mut self, id: &str, symbols: &[&str]) -> Result<(), SystemError> {
        Ok(self.schedule.add_cylinder(id, symbols)?)
    }

    fn known_depths(&self, key: &str, bitting: &Bitting) -> Result<(), SystemError> {
        let known = self.spec.depth_set();
        match bitting.reveal().iter().position(|cut| !known.contains(*cut)) {
            Some(at) => Err(SystemError::Depth { key: key.to_owned(), chamber: Chamber::at(at) }),
            None => Ok(()),
        }
    }

    /// The name of the system.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its specification.
    pub fn spec(&self) -> &KeySpec {
        &self.spec
    }

    /// Its design, if one is known.
    pub fn design(&self) -> Option<&Design> {
        self.design.as_ref()
    }

    /// The control key.
    pub fn control(&self) -> Option<&KeySet> {
        self.control.as_ref()
    }

    /// Keys and cylinders.
    pub fn schedule(&self) -> &KeySchedule {
        &self.schedule
    }

    /// The status of a key; free when it is not in the schedule.
    pub fn status(&self, symbol: &str) -> KeyStatus {
        self.status.get(symbol).copied().unwrap_or_default()
    }

    /// The progression of the design under the MACS of the specification.
    pub fn progression(&self) -> Result<Option<Progression>, SystemError> {
        let Some(design) = &self.design else {
            return Ok(None);
        };
        Ok(Some(progression(design)?.with_macs(self.spec.macs.clone())))
    }

    /// The next free change keys in sequence, at most `limit`: in no use, not the control key, and operating no
    /// cylinder of the schedule (a key that operates a cross-keyed or common door is blocked for good).
    ///
    /// Empty without a design. Looks at `budget` keys at most; an error when that many did not yield enough and more
    /// are left, so that a short list always means that there are no other free keys.
    pub fn next_free(&self, limit: usize, budget: u64) -> Result<Vec<Bitting>, SystemError> {
        let Some(progression) = self.progression()? else {
            return Ok(Vec::new());
        };
        let taken = |key: &Bitting| {
            self.schedule.key_with(key).is_some()
                || self.control.as_ref().is_some_and(|control| control.bitting == *key)
        };
        let blocked = |key: &Bitting| self.schedule.cylinders().iter().any(|c| c.accepts().operates(key));
        let mut free = Vec::new();
        for (looked_at, key) in (0u64..).zip(progression.change_keys(usize::MAX)) {
            if free.len() >= limit {
                break;
            }
            if looked_at >= budget {
                return Err(ProgressError::from(LimitExceeded { limit: budget }).into());
            }
            if !taken(&key) && !blocked(&key) {
                free.push(key);
            }
        }
        Ok(free)
    }

    /// Pins one cylinder of the schedule by the pin system of the specification, checked by the simulated lock.
    pub fn pin(&self, cylinder: &str) -> Result<Verified<PinnedCylinder>, SystemError> {
        let unknown = || ScheduleError::NoSuchCylinder(cylinder.to_owned());
        let found = self.schedule.cylinder(cylinder).ok_or_else(unknown)?;
        let keys: Vec<KeySet> = self.schedule.keys_of(found).cloned().collect();
        let system = self.pin_system().ok_or(SystemError::Spec(SpecFault::NoDepths))?;
        let control = self.control.as_ref().filter(|_| system.control.is_some());
        Ok(pin_keys(&system, &keys, control)?)
    }

    /// The pin system of the specification.
    pub fn pin_system(&self) -> Option<PinSystem> {
        self.spec.pin_system()
    }
}

fn progression(design: &Design) -> Result<Progression, ProgressError> {
    let start = Progression::in_sequence(design.array.clone(), design.method.clone(), design.sequence.clone())?;
    design.held.iter().try_fold(start, |own, (chamber, cut)| own.with_held(*chamber, *cut))
}
