//! The audit of a system: who operates what, beside what was intended.

mod common_door;
mod operators;
mod packed;
mod states;

pub use common_door::{CommonDoor, common_door};
pub use operators::{CylinderOperators, UnlistedOperators, unlisted_operators};
pub use states::{ConstructionKey, CrossKeying, KeyingState, audit_state, cross_keying_cost};

use crate::bitting::Bitting;
use crate::depth::Chamber;
use crate::length::Length;
use crate::schedule::{KeySchedule, ScheduleError};
use crate::top_master::ControlKey;
pub use packed::AuditWay;
use packed::{operations, operations_by};

/// A key and a cylinder it operates, by symbol and id.
pub type Operation = (String, String);

/// The keys that operate each cylinder, in schedule order of cylinders and sorted by symbol.
pub fn operation_matrix(schedule: &KeySchedule) -> Vec<(String, Vec<String>)> {
    let keys: Vec<_> = schedule.keys().map(|(_, key)| key).collect();
    let mut rows: Vec<(String, Vec<String>)> =
        schedule.cylinders().iter().map(|c| (c.id.clone(), Vec::new())).collect();
    operations(schedule, |key, cylinder| rows[cylinder].1.push(keys[key].symbol.clone()));
    rows.iter_mut().for_each(|(_, keys)| keys.sort_unstable());
    rows
}

/// Every key that operates a cylinder it is not pinned into, sorted by key and cylinder. Each is a hard error.
pub fn cross_operations(schedule: &KeySchedule) -> Vec<Operation> {
    let keys: Vec<_> = schedule.keys().collect();
    let mut found = Vec::new();
    operations(schedule, |key, cylinder| {
        let cylinder = &schedule.cylinders()[cylinder];
        let (index, key) = keys[key];
        if !cylinder.intends(index) {
            found.push((key.symbol.clone(), cylinder.id.clone()));
        }
    });
    found.sort_unstable();
    found
}

/// Number of (key, cylinder) operations of the whole schedule, intended or not.
pub fn count_operations(schedule: &KeySchedule, way: AuditWay) -> u64 {
    let mut count = 0;
    operations_by(schedule, way, |_, _| count += 1);
    count
}

/// Every key that may operate a cylinder it is not pinned into when each chamber forgives `tolerance`.
///
/// `increment` is the difference between two depths; both in 0.0001 inch. Sorted by key and cylinder.
pub fn tolerance_operations(schedule: &KeySchedule, increment: Length, tolerance: Length) -> Vec<Operation> {
    let forgiven = match tolerance.ten_thousandths().checked_div(increment.ten_thousandths()) {
        Some(depths) => depths.min(u32::from(crate::depth::MAX_DEPTH)) as u8,
        None => crate::depth::MAX_DEPTH,
    };
    let mut found = Vec::new();
    for (index, key) in schedule.keys() {
        for cylinder in schedule.cylinders() {
            if !cylinder.intends(index) && cylinder.accepts().may_operate(&key.bitting, forgiven) {
                found.push((key.symbol.clone(), cylinder.id.clone()));
            }
        }
    }
    found.sort_unstable();
    found
}

/// The free keys that would operate one of these cylinders (cross-keyed, maison): they must not be issued.
///
/// Returns the places of the blocked keys in `free`, ascending.
pub fn blocked_keys(schedule: &KeySchedule, cylinders: &[&str], free: &[Bitting]) -> Result<Vec<usize>, ScheduleError> {
    let mut accepts = Vec::with_capacity(cylinders.len());
    for id in cylinders {
        let cylinder = schedule.cylinder(id).ok_or_else(|| ScheduleError::NoSuchCylinder((*id).to_owned()))?;
        accepts.push(*cylinder.accepts());
    }
    let blocked = |key: &Bitting| accepts.iter().any(|sets| sets.operates(key));
    Ok(free.iter().enumerate().filter(|(_, key)| blocked(key)).map(|(i, _)| i).collect())
}

/// The keys, other than the control key itself, that bring the control shear line of a cylinder into line.
///
/// In an SFIC core every chamber must carry the control cut. In an LFIC core only `control_chambers` must,
/// the others an operating cut.
pub fn control_operators(
    schedule: &KeySchedule,
    cylinder: &str,
    control: &ControlKey,
    control_chambers: &[Chamber],
) -> Result<Vec<String>, ScheduleError> {
    let control = &control.0;
    let cylinder = schedule.cylinder(cylinder).ok_or_else(|| ScheduleError::NoSuchCylinder(cylinder.to_owned()))?;
    let lines_up = |key: &Bitting| {
        key.chambers() == control.chambers()
            && key.reveal().iter().enumerate().all(|(i, cut)| {
                if control_chambers.contains(&Chamber::at(i)) {
                    *cut == control.reveal()[i]
                } else {
                    cylinder.accepts().reveal().get(i).is_some_and(|set| set.contains(*cut))
                }
            })
    };
    let keys = schedule.keys().filter(|(_, key)| key.bitting != *control && lines_up(&key.bitting));
    let mut symbols: Vec<String> = keys.map(|(_, key)| key.symbol.clone()).collect();
    symbols.sort_unstable();
    Ok(symbols)
}
