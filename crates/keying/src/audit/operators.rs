//! Unlisted operators (phantom keys): bittings nobody was given that turn a cylinder all the same.

use super::packed::{Operators, Packing};
use crate::bitting::Bitting;
use crate::fingerprint::Fingerprint;
use crate::macs::Macs;
use crate::schedule::{Cylinder, KeySchedule};
use crate::space::LimitExceeded;
use num_bigint::BigUint;
use std::collections::HashMap;

/// The figures of one cylinder.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CylinderOperators {
    /// The cylinder.
    pub cylinder: String,
    /// Bittings within MACS that operate it.
    pub operating: BigUint,
    /// Those of them that are not pinned into it.
    pub phantom: BigUint,
}

/// The phantoms of a whole system.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnlistedOperators {
    /// Every cylinder's figures, in schedule order.
    pub per_cylinder: Vec<CylinderOperators>,
    /// Different bittings that are no key of the schedule and operate at least one cylinder.
    pub distinct: u64,
    /// Hash of their sorted list, see [`Fingerprint`].
    pub fingerprint: String,
    /// How many of them operate two cylinders or more.
    pub in_two_or_more: u64,
    /// The most cylinders one of them operates.
    pub most_cylinders: u32,
    /// The worst ones: bitting and number of cylinders, most cylinders first, at most 50.
    pub worst: Vec<(Bitting, u32)>,
}

impl std::fmt::Debug for UnlistedOperators {
    /// Without the hash: that of a few bittings can be guessed back.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UnlistedOperators({} bittings in {} cylinders)", self.distinct, self.per_cylinder.len())
    }
}

/// Finds every unlisted operator of the system by enumerating what each cylinder accepts.
///
/// `limit` bounds the bittings looked at over all cylinders; above it the audit is refused, never cut short.
///
/// ```
/// use keying::{Bitting, KeySchedule, Macs, unlisted_operators};
/// let mut schedule = KeySchedule::new();
/// schedule.add_key("A", Bitting::of(&[4, 1, 8])?)?;
/// schedule.add_key("A1", Bitting::of(&[2, 3, 6])?)?;
/// schedule.add_cylinder("front door", &["A", "A1"])?;
/// assert_eq!(unlisted_operators(&schedule, &Macs::Limit(7), 1000)?.distinct, 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn unlisted_operators(schedule: &KeySchedule, macs: &Macs, limit: u64) -> Result<UnlistedOperators, LimitExceeded> {
    let per_cylinder = figures(schedule, macs);
    let total: BigUint = per_cylinder.iter().map(|c| &c.operating).sum();
    if total > BigUint::from(limit) {
        return Err(LimitExceeded { limit });
    }
    let packing = Packing::of(schedule);
    let times = match packing.codes() {
        Some(codes) if codes <= DENSE_CODES && codes <= limit.saturating_mul(4) => {
            dense(schedule, macs, packing, codes, limit)?
        }
        Some(_) => sparse(schedule, macs, packing, limit)?,
        None => one_by_one(schedule, macs),
    };
    let unlisted = times.into_iter().filter(|(bitting, _)| schedule.key_with(bitting).is_none());
    Ok(summary(per_cylinder, unlisted.collect()))
}

/// Up to here one counter a possible bitting is kept (64 MiB at most).
const DENSE_CODES: u64 = 1 << 24;

type Times = Vec<(Bitting, u32)>;

fn dense(
    schedule: &KeySchedule,
    macs: &Macs,
    packing: Packing,
    codes: u64,
    limit: u64,
) -> Result<Times, LimitExceeded> {
    let mut times = vec![0u32; codes as usize];
    each_operator(schedule, macs, packing, limit, |code| times[code as usize] += 1)?;
    let seen = times.into_iter().enumerate().filter(|(_, n)| *n > 0);
    Ok(seen.map(|(code, n)| (packing.decode(code as u64), n)).collect())
}

fn sparse(schedule: &KeySchedule, macs: &Macs, packing: Packing, limit: u64) -> Result<Times, LimitExceeded> {
    let mut times: HashMap<u64, u32> = HashMap::new();
    each_operator(schedule, macs, packing, limit, |code| *times.entry(code).or_default() += 1)?;
    Ok(times.into_iter().map(|(code, n)| (packing.decode(code), n)).collect())
}

fn each_operator(
    schedule: &KeySchedule,
    macs: &Macs,
    packing: Packing,
    limit: u64,
    mut seen: impl FnMut(u64),
) -> Result<(), LimitExceeded> {
    let mut operators = Operators::new(packing, macs);
    for cylinder in schedule.cylinders() {
        let codes = operators.list(cylinder.accepts(), limit).ok_or(LimitExceeded { limit })?;
        codes.iter().for_each(|code| seen(*code));
    }
    Ok(())
}

fn one_by_one(schedule: &KeySchedule, macs: &Macs) -> Vec<(Bitting, u32)> {
    let mut times: HashMap<Bitting, u32> = HashMap::new();
    for cylinder in schedule.cylinders() {
        // The sets of a cylinder are never empty, so the space always stands.
        let Ok(space) = cylinder.accepts().operating_space(macs) else {
            continue;
        };
        space.bittings(u64::MAX).for_each(|bitting| *times.entry(bitting).or_default() += 1);
    }
    times.into_iter().collect()
}

fn figures(schedule: &KeySchedule, macs: &Macs) -> Vec<CylinderOperators> {
    let figure = |cylinder: &Cylinder| {
        let operating = cylinder.accepts().operating_count(macs);
        let mut pinned: Vec<&Bitting> = schedule.keys_of(cylinder).map(|key| &key.bitting).collect();
        pinned.retain(|key| macs.admits(key));
        // Keys cut alike are one bitting.
        pinned.sort_unstable();
        pinned.dedup();
        let phantom = &operating - BigUint::from(pinned.len());
        CylinderOperators { cylinder: cylinder.id.clone(), operating, phantom }
    };
    schedule.cylinders().iter().map(figure).collect()
}

fn summary(per_cylinder: Vec<CylinderOperators>, mut list: Vec<(Bitting, u32)>) -> UnlistedOperators {
    list.sort_unstable();
    let (distinct, fingerprint) = Fingerprint::of(list.iter().map(|(bitting, _)| bitting));
    let in_two_or_more = list.iter().filter(|(_, n)| *n >= 2).count() as u64;
    let most_cylinders = list.iter().map(|(_, n)| *n).max().unwrap_or(0);
    list.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    list.truncate(50);
    UnlistedOperators { per_cylinder, distinct, fingerprint, in_two_or_more, most_cylinders, worst: list }
}
