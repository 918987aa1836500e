//! Cross-keying before and after, and the two states of a site under construction.

use super::{Operation, cross_operations};
use crate::bitting::Bitting;
use crate::macs::Macs;
use crate::schedule::{Cylinder, KeySchedule, KeySet, ScheduleError};
use num_bigint::BigUint;

/// What cross-keying one cylinder costs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CrossKeying {
    /// Why it is done; recorded with the figures.
    pub reason: String,
    /// Operating bittings before.
    pub operating_before: BigUint,
    /// Operating bittings after.
    pub operating_after: BigUint,
    /// Master pins the cylinder gets in addition.
    pub added_master_pins: usize,
    /// Places in the free list of keys that were not blocked before and are now.
    pub newly_blocked: Vec<usize>,
    /// Keys that operate the cylinder afterwards although nobody asked for it.
    pub let_in: Vec<String>,
    /// A key above all keys of the cylinder (controlled cross-keying); `None` means uncontrolled.
    pub under: Option<String>,
}

/// Works out what pinning `extra` keys into a cylinder does, without changing the schedule.
///
/// `free` are the change keys not yet given out. Errors on unknown names or an empty reason.
pub fn cross_keying_cost(
    schedule: &KeySchedule,
    cylinder: &str,
    extra: &[&str],
    macs: &Macs,
    free: &[Bitting],
    reason: &str,
) -> Result<CrossKeying, ScheduleError> {
    let before = schedule.cylinder(cylinder).ok_or_else(|| ScheduleError::NoSuchCylinder(cylinder.to_owned()))?;
    if reason.trim().is_empty() {
        return Err(ScheduleError::NoReason(cylinder.to_owned()));
    }
    let mut accepts = *before.accepts();
    let mut wanted: Vec<&KeySet> = schedule.keys_of(before).collect();
    for symbol in extra {
        let key = schedule.key(schedule.find(symbol)?).ok_or_else(|| ScheduleError::NoSuchKey((*symbol).to_owned()))?;
        let refused = |why| ScheduleError::Bitting { key: key.symbol.clone(), why };
        accepts.add(&key.bitting).map_err(refused)?;
        wanted.push(key);
    }
    let pins = |sets: &[crate::depth::DepthSet]| sets.iter().map(|set| set.len().saturating_sub(1)).sum::<usize>();
    let blocked = |key: &Bitting| accepts.operates(key) && !before.accepts().operates(key);
    let stranger = |key: &&KeySet| accepts.operates(&key.bitting) && !wanted.iter().any(|w| w.symbol == key.symbol);
    Ok(CrossKeying {
        reason: reason.trim().to_owned(),
        operating_before: before.accepts().operating_count(macs),
        operating_after: accepts.operating_count(macs),
        added_master_pins: pins(accepts.reveal()) - pins(before.accepts().reveal()),
        newly_blocked: free.iter().enumerate().filter(|(_, key)| blocked(key)).map(|(i, _)| i).collect(),
        let_in: schedule.keys().map(|(_, key)| key).filter(stranger).map(|key| key.symbol.clone()).collect(),
        under: common_master(schedule, before, extra),
    })
}

/// A key pinned into the cylinder and, for every extra key, into some cylinder of that key as well.
fn common_master(schedule: &KeySchedule, cylinder: &Cylinder, extra: &[&str]) -> Option<String> {
    let stands_over = |master: &KeySet, symbol: &str| {
        let homes = schedule.cylinders().iter().filter(|c| schedule.keys_of(c).any(|k| k.symbol == symbol));
        homes.into_iter().any(|home| schedule.keys_of(home).any(|k| k.symbol == master.symbol))
    };
    let mut above = schedule.keys_of(cylinder).filter(|m| !extra.contains(&m.symbol.as_str()));
    above.find(|master| extra.iter().all(|symbol| stands_over(master, symbol))).map(|m| m.symbol.clone())
}

/// A key for the time of building; it is voided at hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstructionKey {
    /// Its symbol, such as `CCK` or `CMK`.
    pub symbol: String,
    /// Its cuts.
    pub bitting: Bitting,
    /// The cylinders it operates until it is voided.
    pub cylinders: Vec<String>,
}

/// Before or after the construction key is voided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyingState {
    /// The site is being built: the construction key operates its cylinders.
    Construction,
    /// Handed over: the construction key must operate nothing.
    HandedOver,
}

/// Unintended operations of a site in one of its two states, at most `limit` of them; run it for both.
pub fn audit_state(
    schedule: &KeySchedule,
    construction: &ConstructionKey,
    state: KeyingState,
    limit: usize,
) -> Result<Vec<Operation>, ScheduleError> {
    let mut site = KeySchedule::new();
    for (_, key) in schedule.keys() {
        site.add_alike_key(&key.symbol, key.bitting)?;
    }
    site.add_alike_key(&construction.symbol, construction.bitting)?;
    if let Some(unknown) = construction.cylinders.iter().find(|id| schedule.cylinder(id).is_none()) {
        return Err(ScheduleError::NoSuchCylinder(unknown.clone()));
    }
    for cylinder in schedule.cylinders() {
        let mut symbols: Vec<&str> = schedule.keys_of(cylinder).map(|key| key.symbol.as_str()).collect();
        if state == KeyingState::Construction && construction.cylinders.contains(&cylinder.id) {
            symbols.push(&construction.symbol);
        }
        site.add_cylinder(&cylinder.id, &symbols)?;
    }
    Ok(cross_operations(&site, limit)?)
}
