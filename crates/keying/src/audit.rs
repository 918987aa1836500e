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
use crate::space::LimitExceeded;
use crate::top_master::ControlKey;
pub use packed::AuditWay;
use packed::{operations, operations_by};
use std::collections::HashSet;

/// A key and a cylinder it operates, by symbol and id.
pub type Operation = (String, String);

/// What one audit has found, up to its limit.
struct Found<T> {
    list: Vec<T>,
    limit: usize,
    more: bool,
}

impl<T: Ord> Found<T> {
    fn within(limit: usize) -> Self {
        Self { list: Vec::new(), limit, more: false }
    }

    fn push(&mut self, one: impl FnOnce() -> T) {
        if self.list.len() < self.limit {
            self.list.push(one());
        } else {
            self.more = true;
        }
    }

    fn sorted(mut self) -> Result<Vec<T>, LimitExceeded> {
        if self.more {
            return Err(LimitExceeded { limit: self.limit as u64 });
        }
        self.list.sort_unstable();
        Ok(self.list)
    }
}

/// The keys that operate each cylinder, in schedule order of cylinders and sorted by symbol; at most `limit` pairs.
pub fn operation_matrix(schedule: &KeySchedule, limit: usize) -> Result<Vec<(String, Vec<String>)>, LimitExceeded> {
    let keys: Vec<_> = schedule.keys().map(|(_, key)| key).collect();
    let mut found = Found::within(limit);
    operations(schedule, |key, cylinder| found.push(|| (cylinder, &keys[key].symbol)));
    let mut rows: Vec<(String, Vec<String>)> =
        schedule.cylinders().iter().map(|c| (c.id.clone(), Vec::new())).collect();
    found.sorted()?.into_iter().for_each(|(cylinder, symbol)| rows[cylinder].1.push(symbol.clone()));
    Ok(rows)
}

/// Every key that operates a cylinder it is not pinned into, sorted by key and cylinder. Each is a hard error.
///
/// Refused when there are more than `limit`.
pub fn cross_operations(schedule: &KeySchedule, limit: usize) -> Result<Vec<Operation>, LimitExceeded> {
    let mut found = Found::within(limit);
    each_crossing(schedule, |symbol, id| found.push(|| (symbol.to_owned(), id.to_owned())));
    found.sorted()
}

/// The first cross-operation, by key and cylinder, that nobody accepted.
pub(crate) fn first_crossing(schedule: &KeySchedule, accepted: &[Operation]) -> Option<Operation> {
    let accepted: HashSet<(&str, &str)> = accepted.iter().map(|(key, id)| (key.as_str(), id.as_str())).collect();
    let mut first: Option<(&str, &str)> = None;
    each_crossing(schedule, |symbol, id| {
        let crossing = (symbol, id);
        if !accepted.contains(&crossing) && first.is_none_or(|first| crossing < first) {
            first = Some(crossing);
        }
    });
    first.map(|(key, id)| (key.to_owned(), id.to_owned()))
}

fn each_crossing<'a>(schedule: &'a KeySchedule, mut found: impl FnMut(&'a str, &'a str)) {
    let keys: Vec<_> = schedule.keys().collect();
    operations(schedule, |key, cylinder| {
        let cylinder = &schedule.cylinders()[cylinder];
        let (index, key) = keys[key];
        if !cylinder.intends(index) {
            found(&key.symbol, &cylinder.id);
        }
    });
}

/// Number of (key, cylinder) operations of the whole schedule, intended or not.
pub fn count_operations(schedule: &KeySchedule, way: AuditWay) -> u64 {
    let mut count = 0;
    operations_by(schedule, way, |_, _| count += 1);
    count
}

/// Every key that may operate a cylinder it is not pinned into when each chamber forgives `tolerance`.
///
/// `increment` is the difference between two depths; both in 0.0001 inch. Sorted by key and cylinder; refused when
/// there are more than `limit`.
pub fn tolerance_operations(
    schedule: &KeySchedule,
    increment: Length,
    tolerance: Length,
    limit: usize,
) -> Result<Vec<Operation>, LimitExceeded> {
    let forgiven = match tolerance.ten_thousandths().checked_div(increment.ten_thousandths()) {
        Some(depths) => depths.min(u32::from(crate::depth::MAX_DEPTH)) as u8,
        None => crate::depth::MAX_DEPTH,
    };
    let mut found = Found::within(limit);
    for (index, key) in schedule.keys() {
        for cylinder in schedule.cylinders() {
            if !cylinder.intends(index) && cylinder.accepts().may_operate(&key.bitting, forgiven) {
                found.push(|| (key.symbol.clone(), cylinder.id.clone()));
            }
        }
    }
    found.sorted()
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
