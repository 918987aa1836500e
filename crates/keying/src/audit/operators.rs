//! Unlisted operators (phantom keys): bittings nobody was given that turn a cylinder all the same.

use crate::bitting::Bitting;
use crate::fingerprint::Fingerprint;
use crate::macs::Macs;
use crate::schedule::KeySchedule;
use crate::space::{Bittings, KeySpace, LimitExceeded};
use num_bigint::BigUint;
use std::collections::HashMap;

/// The figures of one cylinder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CylinderOperators {
    /// The cylinder.
    pub cylinder: String,
    /// Bittings within MACS that operate it.
    pub operating: BigUint,
    /// Those of them that are not pinned into it.
    pub phantom: BigUint,
}

/// The phantoms of a whole system.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Finds every unlisted operator of the system by enumerating what each cylinder accepts.
///
/// `limit` bounds the bittings looked at over all cylinders; above it the audit is refused, never cut short.
pub fn unlisted_operators(
    schedule: &KeySchedule,
    macs: &Macs,
    limit: u64,
) -> Result<UnlistedOperators, LimitExceeded> {
    let per_cylinder = figures(schedule, macs);
    let total: BigUint = per_cylinder.iter().map(|c| &c.operating).sum();
    if total > BigUint::from(limit) {
        return Err(LimitExceeded { limit });
    }
    let mut times: HashMap<Bitting, u32> = HashMap::new();
    for cylinder in schedule.cylinders() {
        // The sets of a cylinder are never empty, so the space always stands.
        let Ok(space) = cylinder.accepts().operating_space(macs) else {
            continue;
        };
        for bitting in operating(&space) {
            *times.entry(bitting).or_default() += 1;
        }
    }
    times.retain(|bitting, _| schedule.key_with(bitting).is_none());
    Ok(summary(per_cylinder, times))
}

fn operating(space: &KeySpace) -> Bittings<'_> {
    space.bittings(u64::MAX)
}

fn figures(schedule: &KeySchedule, macs: &Macs) -> Vec<CylinderOperators> {
    let figure = |cylinder: &crate::schedule::Cylinder| {
        let operating = cylinder.accepts().operating_count(macs);
        let pinned = schedule
            .keys_of(cylinder)
            .filter(|key| macs.admits(&key.bitting))
            .count();
        let phantom = &operating - BigUint::from(pinned);
        CylinderOperators {
            cylinder: cylinder.id.clone(),
            operating,
            phantom,
        }
    };
    schedule.cylinders().iter().map(figure).collect()
}

fn summary(
    per_cylinder: Vec<CylinderOperators>,
    times: HashMap<Bitting, u32>,
) -> UnlistedOperators {
    let mut list: Vec<(Bitting, u32)> = times.into_iter().collect();
    list.sort_unstable();
    let (distinct, fingerprint) = Fingerprint::of(list.iter().map(|(bitting, _)| bitting));
    let in_two_or_more = list.iter().filter(|(_, n)| *n >= 2).count() as u64;
    let most_cylinders = list.iter().map(|(_, n)| *n).max().unwrap_or(0);
    list.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    list.truncate(50);
    UnlistedOperators {
        per_cylinder,
        distinct,
        fingerprint,
        in_two_or_more,
        most_cylinders,
        worst: list,
    }
}
