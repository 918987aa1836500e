//! The common door of a house (maison keying): every suite key operates it, and the price is shown exactly.

use crate::accept::AcceptSets;
use crate::bitting::BittingError;
use crate::depth::{Chamber, DepthSet};
use crate::macs::Macs;
use crate::schedule::{KeySchedule, ScheduleError};
use num_bigint::BigUint;

/// What a common door accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommonDoor {
    /// Accept sets; chambers left without pins accept every depth.
    pub accepts: AcceptSets,
    /// Chambers in which all suite keys have one cut: they need no master pin.
    pub shared: Vec<Chamber>,
    /// Bittings within MACS that operate the door.
    pub operating: BigUint,
    /// Master pins over all chambers with pins.
    pub master_pins: usize,
    /// Keys of the schedule that operate the door and were not asked for, sorted.
    pub let_in: Vec<String>,
}

/// Works out a common door for `suites`, leaving the pins of some chambers out; `depths` are those of the make.
pub fn common_door(
    schedule: &KeySchedule,
    suites: &[&str],
    without_pins: &[Chamber],
    depths: DepthSet,
    macs: &Macs,
) -> Result<CommonDoor, ScheduleError> {
    let mut keys = Vec::with_capacity(suites.len());
    for symbol in suites {
        let found = schedule.key(schedule.find(symbol)?);
        keys.push(found.ok_or_else(|| ScheduleError::NoSuchKey((*symbol).to_owned()))?);
    }
    let nobody = |_: BittingError| ScheduleError::NoKeys("common door".to_owned());
    let pinned = AcceptSets::of(keys.iter().map(|key| &key.bitting)).map_err(nobody)?;
    let rows = || pinned.reveal().iter().enumerate().map(|(i, set)| (Chamber::at(i), *set));
    let open = |(chamber, set): (Chamber, DepthSet)| {
        if without_pins.contains(&chamber) { set.or(depths) } else { set }
    };
    let accepts = AcceptSets::from_sets(&rows().map(open).collect::<Vec<_>>()).map_err(nobody)?;
    let strangers = schedule.keys().map(|(_, key)| key).filter(|key| accepts.operates(&key.bitting));
    let mut let_in: Vec<String> =
        strangers.map(|key| key.symbol.clone()).filter(|symbol| !suites.contains(&symbol.as_str())).collect();
    let_in.sort_unstable();
    Ok(CommonDoor {
        shared: rows().filter(|(_, set)| set.len() == 1).map(|(chamber, _)| chamber).collect(),
        operating: accepts.operating_count(macs),
        master_pins: rows().filter(|(c, _)| !without_pins.contains(c)).map(|(_, set)| set.len() - 1).sum(),
        accepts,
        let_in,
    })
}
