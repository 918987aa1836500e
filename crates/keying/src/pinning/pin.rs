//! Working out the pins of a cylinder, and why a set of keys cannot share one.

use super::simulated::SimulationFault;
use super::stack::{ChamberStack, MAX_MASTERS, PinnedCylinder};
use super::system::{ControlLine, PinSystem, TopRule};
use crate::accept::AcceptSets;
use crate::bitting::{Bitting, BittingError};
use crate::depth::{Chamber, Depth, DepthSet};
use crate::schedule::KeySet;
use crate::space::LimitExceeded;
use crate::top_master::ControlKey;
use crate::verified::Verified;

/// Why a cylinder cannot be pinned. Keys are named, cuts never.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PinningError {
    /// Two cuts of one chamber are closer than the smallest master pin.
    #[error("{chamber}: {lower} and {upper} are {gap} apart and there is no #{gap} master pin")]
    NoMasterPin {
        /// The chamber.
        chamber: Chamber,
        /// Distance of the two cuts in increments: the pin that would be needed.
        gap: u8,
        /// A key with the shallower cut.
        lower: String,
        /// A key with the deeper cut.
        upper: String,
    },
    /// The control cut leaves no room for a build-up pin over the deepest operating cut.
    #[error("{chamber}: {control} leaves no build-up pin over {deepest}")]
    NoBuildUpPin {
        /// The chamber.
        chamber: Chamber,
        /// The control key.
        control: String,
        /// A key with the deepest operating cut.
        deepest: String,
    },
    /// The stack total leaves no top pin.
    #[error("{chamber}: the stack total leaves no top pin")]
    NoTopPin {
        /// The chamber.
        chamber: Chamber,
    },
    /// A cut outside the depths of the pin system.
    #[error("{chamber}: {key} has a depth this pin system does not know")]
    Depth {
        /// The chamber.
        chamber: Chamber,
        /// The key.
        key: String,
    },
    /// More master pins in one chamber than any cylinder holds.
    #[error("{chamber}: more than {MAX_MASTERS} master pins would be needed")]
    TooManyMasters {
        /// The chamber.
        chamber: Chamber,
    },
    /// An interchangeable core needs a control key.
    #[error("this core has a control line and needs a control key")]
    ControlMissing,
    /// Keys of unequal or impossible length.
    #[error(transparent)]
    Bitting(#[from] BittingError),
    /// The simulated lock behaves differently: the pins would also answer to other cuts.
    #[error(transparent)]
    Simulation(#[from] SimulationFault),
}

impl PinningError {
    /// The chamber the fault is in, if it is in one.
    pub fn chamber(&self) -> Option<Chamber> {
        match self {
            Self::NoMasterPin { chamber, .. }
            | Self::NoBuildUpPin { chamber, .. }
            | Self::NoTopPin { chamber }
            | Self::Depth { chamber, .. }
            | Self::TooManyMasters { chamber }
            | Self::Simulation(SimulationFault::Operating(chamber) | SimulationFault::Control(chamber)) => {
                Some(*chamber)
            }
            Self::ControlMissing | Self::Bitting(_) => None,
        }
    }
}

/// A fault before the keys are named.
enum Fault {
    Gap(Depth, Depth),
    BuildUp(Depth),
    Top,
    Depth(Option<Depth>),
    Masters,
}

/// Pins a cylinder for these keys; `control` is the control key of an interchangeable core.
///
/// ```
/// use keying::{Bitting, KeySet, PinSystem, pin_keys};
/// let key = |symbol: &str, cuts: &[u8]| Bitting::of(cuts).map(|bitting| KeySet { symbol: symbol.into(), bitting });
/// let keys = [key("TMK", &[5, 2, 8, 6, 1, 4])?, key("1", &[7, 4, 2, 8, 3, 6])?];
/// let core = pin_keys(&PinSystem::a2(), &keys, Some(&key("CTL", &[9, 6, 0, 4, 7, 8])?))?;
/// let tops: Vec<_> = core.stacks().iter().filter_map(|s| s.top()).collect();
/// assert_eq!(tops, [4, 7, 13, 9, 6, 5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pin_keys(
    system: &PinSystem,
    keys: &[KeySet],
    control: Option<&KeySet>,
) -> Result<Verified<PinnedCylinder>, PinningError> {
    let sets = AcceptSets::of(keys.iter().map(|k| &k.bitting))?;
    let named = |chamber: Chamber, cut: Depth| {
        let key = keys.iter().find(|k| k.bitting.cut(chamber) == Some(cut));
        key.map_or_else(|| "a key".to_owned(), |k| k.symbol.clone())
    };
    let control_name = control.map_or("the control key", |k| k.symbol.as_str());
    build(system, sets.reveal(), control.map(|k| &k.bitting), &named, control_name)
}

/// Pins a cylinder for operating cuts given chamber by chamber.
pub fn pin_sets(
    system: &PinSystem,
    sets: &[DepthSet],
    control: Option<&ControlKey>,
) -> Result<Verified<PinnedCylinder>, PinningError> {
    let accepts = AcceptSets::from_sets(sets)?;
    // Without keys the cuts are named by their place in the stack, not by their depth.
    let named = |chamber: Chamber, cut: Depth| {
        let set = accepts.reveal().get(chamber.index()).copied().unwrap_or_default();
        let place = set.iter().position(|d| d == cut).map_or(0, |i| i + 1);
        format!("operating cut {place}")
    };
    build(system, accepts.reveal(), control.map(|key| &key.0), &named, "the control key")
}

fn build(
    system: &PinSystem,
    sets: &[DepthSet],
    control: Option<&Bitting>,
    named: &dyn Fn(Chamber, Depth) -> String,
    control_name: &str,
) -> Result<Verified<PinnedCylinder>, PinningError> {
    if let Some(control) = control {
        control.same_length(sets.len())?;
    } else if system.control.is_some() {
        return Err(PinningError::ControlMissing);
    }
    let mut cylinder = PinnedCylinder::empty(system, sets.len(), control);
    for (i, set) in sets.iter().enumerate() {
        let chamber = Chamber::at(i);
        let cut = control.and_then(|key| key.cut(chamber));
        let stack = stack_up(system, chamber, *set, cut);
        cylinder.stacks[i] = stack.map_err(|fault| explain(fault, chamber, named, control_name))?;
        cylinder.wanted[i] = *set;
    }
    Ok(Verified::check(cylinder)?)
}

fn stack_up(
    system: &PinSystem,
    chamber: Chamber,
    cuts: DepthSet,
    control: Option<Depth>,
) -> Result<ChamberStack, Fault> {
    let outside = |cut: &Depth| *cut < system.lo || *cut > system.hi;
    if let Some(cut) = cuts.iter().find(outside) {
        return Err(Fault::Depth(Some(cut)));
    }
    let (Some(shallowest), Some(deepest)) = (cuts.shallowest(), cuts.deepest()) else {
        return Err(Fault::Depth(None));
    };
    let mut stack = ChamberStack { bottom: shallowest.number(), ..ChamberStack::default() };
    let mut below = shallowest;
    for cut in cuts.iter().skip(1) {
        if cut.nearer(below, system.min_master) {
            return Err(Fault::Gap(below, cut));
        }
        let place = stack.masters.get_mut(stack.master_count as usize).ok_or(Fault::Masters)?;
        *place = cut.apart(below);
        stack.master_count += 1;
        below = cut;
    }
    match system.control_at(chamber).zip(control) {
        Some((line, cut)) if !outside(&cut) => over_control_line(system, line, cut, deepest, &mut stack)?,
        Some(_) => return Err(Fault::Depth(None)),
        None => stack.top = top_pin(system, deepest)?,
    }
    Ok(stack)
}

/// Build-up and top pin of a chamber with a control line.
fn over_control_line(
    system: &PinSystem,
    line: &ControlLine,
    cut: Depth,
    deepest: Depth,
    stack: &mut ChamberStack,
) -> Result<(), Fault> {
    let height = cut.number().saturating_add(line.offset.number());
    let build_up = height.checked_sub(deepest.number()).filter(|pin| *pin >= line.min_build_up.number().max(1));
    stack.control = Some(build_up.ok_or(Fault::BuildUp(deepest))?);
    let top = line.stack.number().checked_sub(height).filter(|pin| *pin >= system.min_top.number());
    stack.top = Some(top.ok_or(Fault::Top)?);
    Ok(())
}

/// The top pin of a chamber without a control line, where a rule gives one.
fn top_pin(system: &PinSystem, deepest: Depth) -> Result<Option<u8>, Fault> {
    let plug = deepest.number();
    match &system.top {
        TopRule::Unspecified => Ok(None),
        TopRule::FixedStack(total) => {
            let top = total.number().checked_sub(plug).filter(|pin| *pin >= system.min_top.number());
            top.map(Some).ok_or(Fault::Top)
        }
        TopRule::ByPlugTotal(rows) => {
            rows.iter().find(|(most, _)| plug <= *most).map(|row| Some(row.1)).ok_or(Fault::Top)
        }
    }
}

fn explain(fault: Fault, chamber: Chamber, named: &dyn Fn(Chamber, Depth) -> String, control: &str) -> PinningError {
    match fault {
        Fault::Gap(low, high) => PinningError::NoMasterPin {
            chamber,
            gap: low.apart(high),
            lower: named(chamber, low),
            upper: named(chamber, high),
        },
        Fault::BuildUp(deepest) => {
            PinningError::NoBuildUpPin { chamber, control: control.to_owned(), deepest: named(chamber, deepest) }
        }
        Fault::Top => PinningError::NoTopPin { chamber },
        Fault::Depth(Some(cut)) => PinningError::Depth { chamber, key: named(chamber, cut) },
        Fault::Depth(None) => PinningError::Depth { chamber, key: control.to_owned() },
        Fault::Masters => PinningError::TooManyMasters { chamber },
    }
}

/// How many chamber configurations a pin system has and can pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pinnable {
    /// Sets of one to `most_cuts` operating cuts, times control cuts where there is a control line.
    pub configurations: u64,
    /// Those that can be pinned.
    pub pinnable: u64,
}

/// Tries every set of up to `most_cuts` operating cuts with every control cut in chamber 1, at most `limit` of them.
pub fn pinnable_configurations(system: &PinSystem, most_cuts: usize, limit: u64) -> Result<Pinnable, LimitExceeded> {
    let depths = DepthSet::range(system.lo, system.hi);
    let most_cuts = most_cuts.min(depths.len());
    let lines = if system.control_at(Chamber::at(0)).is_some() { depths.len() as u64 } else { 1 };
    // Below 2^32 sets of 32 depths, and at most 32 control cuts: no overflow.
    let choose = |k: usize| (0..k as u64).fold(1u64, |n, i| n * (depths.len() as u64 - i) / (i + 1));
    if (1..=most_cuts).map(choose).sum::<u64>() * lines > limit {
        return Err(LimitExceeded { limit });
    }
    let mut sets: Vec<DepthSet> = Vec::new();
    let mut grown = vec![DepthSet::EMPTY];
    for _ in 0..most_cuts {
        let deeper = |set: &DepthSet| {
            depths
                .iter()
                .filter(|d| set.deepest().is_none_or(|most| *d > most))
                .map(|d| set.with(d))
                .collect::<Vec<_>>()
        };
        grown = grown.iter().flat_map(deeper).collect();
        sets.extend(&grown);
    }
    let controls: Vec<Option<ControlKey>> = match system.control_at(Chamber::at(0)) {
        Some(_) => depths.iter().map(|d| Some(ControlKey(Bitting::raw(&[d])))).collect(),
        None => vec![None],
    };
    let tries = sets.iter().flat_map(|set| controls.iter().map(move |control| (set, control)));
    let pinnable = tries.filter(|(set, control)| pin_sets(system, &[**set], control.as_ref()).is_ok()).count();
    Ok(Pinnable { configurations: (sets.len() * controls.len()) as u64, pinnable: pinnable as u64 })
}
