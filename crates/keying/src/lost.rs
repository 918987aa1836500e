//! A lost key: what it reaches, and what can be done about it, as figures for a decision.

use crate::accept::AcceptSets;
use crate::array::KeyBittingArray;
use crate::bitting::Bitting;
use crate::interchange::{parity_pattern, unused_patterns};
use crate::schedule::{Cylinder, KeyIndex, KeySchedule, ScheduleError};
use crate::space::Parity;
use crate::top_master::ControlKey;

/// What a lost key reaches. Lists are sorted by name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LostKey {
    /// Cylinders it operates.
    pub affected: Vec<String>,
    /// Other keys pinned into those cylinders.
    pub keys_on_affected: Vec<String>,
    /// Affected cylinders it is not pinned into.
    pub unintended: Vec<String>,
    /// Keys of the schedule it can be cut down (deepened) into.
    pub deepens_into: Vec<String>,
    /// Cylinders it does not operate and could be cut down to operate, by a listed key or by any mix of their cuts.
    /// MACS is left aside, so none is missing.
    pub within_cutting: Vec<String>,
}

/// Works out the reach of a lost key.
pub fn lost_key(schedule: &KeySchedule, symbol: &str) -> Result<LostKey, ScheduleError> {
    lost_key_entering(schedule, symbol, |_| true)
}

/// The reach of a lost key among the cylinders its blank enters: in a multiplex keyway it turns no other.
pub fn lost_key_entering(
    schedule: &KeySchedule,
    symbol: &str,
    enters: impl Fn(&Cylinder) -> bool,
) -> Result<LostKey, ScheduleError> {
    let lost = schedule.find(symbol)?;
    let key = schedule.key(lost).ok_or_else(|| ScheduleError::NoSuchKey(symbol.to_owned()))?;
    let entered = || schedule.cylinders().iter().filter(|c| enters(c));
    let (cylinders, others): (Vec<_>, Vec<_>) = entered().partition(|c| c.accepts().operates(&key.bitting));
    let near = others.into_iter().filter(|c| c.accepts().cut_down_operates(&key.bitting));
    let within_cutting = sorted(near.map(|c| c.id.clone()));
    let others = cylinders.iter().flat_map(|c| schedule.keys_of(c)).map(|k| k.symbol.clone()).filter(|s| s != symbol);
    let strangers = cylinders.iter().filter(|c| !c.intends(lost)).map(|c| c.id.clone());
    let deeper = schedule.keys().filter(|(_, k)| key.bitting.deepens_into(&k.bitting)).map(|(_, k)| k.symbol.clone());
    Ok(LostKey {
        affected: sorted(cylinders.iter().map(|c| c.id.clone())),
        keys_on_affected: sorted(others),
        unintended: sorted(strangers),
        deepens_into: sorted(deeper),
        within_cutting,
    })
}

/// The cylinders a bitting operates by place in the schedule; the fast scan behind a what-if on every keystroke.
pub fn cylinders_operated(schedule: &KeySchedule, bitting: &Bitting) -> Vec<usize> {
    let cylinders = schedule.cylinders().iter().enumerate();
    cylinders.filter(|(_, c)| c.accepts().operates(bitting)).map(|(i, _)| i).collect()
}

/// The cylinders whose control shear line the bitting would line up, when it is the control key or cut like it.
pub fn draws_cores(lost: &Bitting, controls: &[(String, ControlKey)]) -> Vec<String> {
    sorted(controls.iter().filter(|(_, control)| control.0 == *lost).map(|(id, _)| id.clone()))
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let set: std::collections::BTreeSet<String> = names.collect();
    set.into_iter().collect()
}

/// What the shop can do after a loss. Each option carries its counts; the choice is the customer's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LossOption {
    /// Record the loss and do nothing.
    Record {
        /// Cylinders that stay exposed.
        exposed: usize,
    },
    /// Re-pin the affected cylinders to the next free change keys.
    Repin {
        /// Cylinders to re-pin.
        cylinders: usize,
        /// Change keys to recut and reissue.
        keys_to_recut: Vec<String>,
        /// New change keys for them, in the order of `keys_to_recut`.
        new_keys: Vec<Bitting>,
    },
    /// Replace the lost master by another one under the same TMK, in the same chambers.
    NewMaster {
        /// Cylinders to re-pin.
        cylinders: usize,
        /// The new master.
        master: Bitting,
        /// Keys below it that carry its cuts and must be recut.
        keys_to_recut: Vec<String>,
    },
    /// A new TMK in a parity pattern no system of the keyway uses, phased in.
    NewTopMaster {
        /// All cylinders of the system.
        cylinders: usize,
        /// All keys of the system.
        keys_to_recut: usize,
        /// The pattern for the new TMK.
        parity: Vec<Parity>,
    },
}

/// What the options are worked out from.
#[derive(Debug, Clone, Copy)]
pub struct LossPlan<'a> {
    /// The array of the system.
    pub array: &'a KeyBittingArray,
    /// Free change keys in sequence.
    pub free: &'a [Bitting],
    /// Top masters registered for the keyway, for the parity of a new one.
    pub registered: &'a [Bitting],
}

/// The options after a loss, each with its counts; an option that cannot be done is left out.
pub fn loss_options(
    schedule: &KeySchedule,
    symbol: &str,
    plan: LossPlan<'_>,
) -> Result<Vec<LossOption>, ScheduleError> {
    let lost = schedule.find(symbol)?;
    let reach = lost_key(schedule, symbol)?;
    let mut options = vec![LossOption::Record { exposed: reach.affected.len() }];
    options.extend(repin(schedule, lost, &reach, plan));
    options.extend(new_master(schedule, lost, &reach, plan));
    let mut registered = plan.registered.to_vec();
    registered.push(plan.array.top().0);
    if let Some(parity) = unused_patterns(plan.array.chambers(), &registered, 1).pop() {
        let (cylinders, keys_to_recut) = (schedule.cylinders().len(), schedule.key_count());
        options.push(LossOption::NewTopMaster { cylinders, keys_to_recut, parity });
    }
    Ok(options)
}

/// Change keys among those to recut: the keys with as few TMK cuts as any key of the system has.
fn changes_on(schedule: &KeySchedule, reach: &LostKey, plan: LossPlan<'_>) -> Vec<KeyIndex> {
    let top = plan.array.top().0;
    let cuts_of_top = |b: &Bitting| b.reveal().iter().zip(top.reveal()).filter(|(a, t)| a == t).count();
    let fewest = schedule.keys().map(|(_, k)| cuts_of_top(&k.bitting)).min().unwrap_or(0);
    // The list is sorted, so a symbol is found by halving.
    let on_affected = |k: &crate::schedule::KeySet| reach.keys_on_affected.binary_search(&k.symbol).is_ok();
    let changes = schedule.keys().filter(|(_, k)| on_affected(k) && cuts_of_top(&k.bitting) == fewest);
    changes.map(|(index, _)| index).collect()
}

fn repin(schedule: &KeySchedule, lost: KeyIndex, reach: &LostKey, plan: LossPlan<'_>) -> Option<LossOption> {
    let lost_bitting = schedule.key(lost)?.bitting;
    let mut recut = changes_on(schedule, reach, plan);
    if plan.array.columns().zip(lost_bitting.reveal()).all(|(column, cut)| column.contains(cut)) {
        recut.push(lost);
    }
    recut.sort_unstable();
    let taken = |b: &&Bitting| schedule.key_with(b).is_none() && **b != lost_bitting;
    let new_keys: Vec<Bitting> = plan.free.iter().filter(taken).take(recut.len()).copied().collect();
    if new_keys.len() < recut.len() || recut.is_empty() {
        return None;
    }
    let keys_to_recut = recut.iter().filter_map(|k| schedule.key(*k)).map(|k| k.symbol.clone()).collect();
    Some(LossOption::Repin { cylinders: reach.affected.len(), keys_to_recut, new_keys })
}

/// Another master: the lost one keeps its TMK chambers, its own cuts move on to unused ones of the array.
fn new_master(schedule: &KeySchedule, lost: KeyIndex, reach: &LostKey, plan: LossPlan<'_>) -> Option<LossOption> {
    let old = schedule.key(lost)?.bitting;
    let top = plan.array.top().0;
    let own: Vec<usize> = (0..old.chambers()).filter(|i| old.reveal()[*i] != top.reveal()[*i]).collect();
    if own.is_empty() || own.len() == old.chambers() {
        return None;
    }
    let carries = |b: &Bitting, m: &Bitting| own.iter().all(|i| b.reveal()[*i] == m.reveal()[*i]);
    let candidates = plan
        .free
        .iter()
        .map(|free| own.iter().fold(old, |key, i| key.with_cut(crate::depth::Chamber::at(*i), free.reveal()[*i])));
    let unused = |m: &Bitting| *m != old && !schedule.keys().any(|(_, k)| carries(&k.bitting, m));
    let master = candidates.into_iter().find(unused)?;
    let below = schedule.keys().filter(|(index, k)| *index != lost && carries(&k.bitting, &old));
    let keys_to_recut = sorted(below.map(|(_, k)| k.symbol.clone()));
    Some(LossOption::NewMaster { cylinders: reach.affected.len(), master, keys_to_recut })
}

/// True when two bittings have the same parity in every chamber, so that their systems could interchange.
pub fn same_parity(a: &Bitting, b: &Bitting) -> bool {
    parity_pattern(a) == parity_pattern(b)
}

/// The reach of a bitting that is in no schedule, such as a found key: accept sets it lines up.
pub fn operates_any<'a>(bitting: &Bitting, cylinders: impl IntoIterator<Item = &'a AcceptSets>) -> bool {
    cylinders.into_iter().any(|sets| sets.operates(bitting))
}
