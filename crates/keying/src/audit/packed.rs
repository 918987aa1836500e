//! Keys and cylinders packed one bit a depth, so one comparison tells whether a key operates.

use crate::bitting::Bitting;
use crate::depth::MAX_DEPTH;
use crate::schedule::KeySchedule;

/// How wide a chamber is in packed form: the deepest depth in use plus one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packing {
    width: u32,
    chambers: u32,
}

impl Packing {
    pub(super) fn of(schedule: &KeySchedule) -> Self {
        let cuts = schedule.keys().flat_map(|(_, key)| key.bitting.reveal());
        let deepest = cuts.map(|cut| cut.number()).max().unwrap_or(MAX_DEPTH);
        Self {
            width: u32::from(deepest) + 1,
            chambers: schedule.chambers().unwrap_or(0) as u32,
        }
    }

    pub(super) fn bits(self) -> u32 {
        self.width * self.chambers
    }

    fn key(self, bitting: &Bitting) -> u128 {
        let shifts = (0u32..).map(|i| i * self.width);
        bitting
            .reveal()
            .iter()
            .zip(shifts)
            .fold(0, |packed, (cut, shift)| {
                packed | 1 << (u32::from(cut.number()) + shift)
            })
    }
}

/// Calls `found(key, cylinder)` for every pair that operates, by their places in the schedule.
pub(super) fn operations(schedule: &KeySchedule, mut found: impl FnMut(usize, usize)) {
    let packing = Packing::of(schedule);
    if packing.bits() > 128 {
        for (k, (_, key)) in schedule.keys().enumerate() {
            for (c, cylinder) in schedule.cylinders().iter().enumerate() {
                if cylinder.accepts().operates(&key.bitting) {
                    found(k, c);
                }
            }
        }
        return;
    }
    let keys: Vec<u128> = schedule
        .keys()
        .map(|(_, key)| packing.key(&key.bitting))
        .collect();
    for (c, cylinder) in schedule.cylinders().iter().enumerate() {
        let shifts = (0u32..).map(|i| i * packing.width);
        let sets = cylinder.accepts().reveal().iter().zip(shifts);
        let refused = !sets.fold(0u128, |mask, (set, shift)| {
            mask | u128::from(set.0) << shift
        });
        for (k, key) in keys.iter().enumerate() {
            if key & refused == 0 {
                found(k, c);
            }
        }
    }
}
