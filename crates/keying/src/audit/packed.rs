//! Who operates what, found fast: keys packed one bit a depth, or looked up among what a cylinder accepts.

use crate::accept::AcceptSets;
use crate::bitting::Bitting;
use crate::depth::{Depth, DepthSet, MAX_CHAMBERS, MAX_DEPTH};
use crate::macs::Macs;
use crate::schedule::KeySchedule;
use std::collections::HashMap;

/// How wide a chamber is: the deepest depth in use plus one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packing {
    width: u32,
    chambers: u32,
}

impl Packing {
    pub(super) fn of(schedule: &KeySchedule) -> Self {
        let cuts = schedule.keys().flat_map(|(_, key)| key.bitting.reveal());
        let deepest = cuts.map(|cut| cut.number()).max().unwrap_or(MAX_DEPTH);
        Self { width: u32::from(deepest) + 1, chambers: schedule.chambers().unwrap_or(0) as u32 }
    }

    /// Number of different codes; `None` above 64 bits.
    pub(super) fn codes(self) -> Option<u64> {
        u64::from(self.width).checked_pow(self.chambers)
    }

    /// The bitting read as one number to the base of the width; sorts as bittings do.
    pub(super) fn code(self, bitting: &Bitting) -> u64 {
        let digits = bitting.reveal().iter();
        digits.fold(0u64, |code, cut| code.wrapping_mul(u64::from(self.width)).wrapping_add(u64::from(cut.number())))
    }

    /// The bitting of a code.
    pub(super) fn decode(self, mut code: u64) -> Bitting {
        let mut cuts = [Depth::default(); MAX_CHAMBERS];
        for cut in cuts[..self.chambers as usize].iter_mut().rev() {
            *cut = Depth::raw((code % u64::from(self.width)) as u8);
            code /= u64::from(self.width);
        }
        Bitting::raw(&cuts[..self.chambers as usize])
    }

    fn bits(self) -> u32 {
        self.width * self.chambers
    }

    fn one_hot(self, bitting: &Bitting) -> u128 {
        let shifts = (0u32..).map(|i| i * self.width);
        let cuts = bitting.reveal().iter().zip(shifts);
        cuts.fold(0, |packed, (cut, shift)| packed | 1 << (u32::from(cut.number()) + shift))
    }
}

/// Writes the codes of every bitting a cylinder accepts, within MACS, into `codes`; a buffer for reuse.
pub(super) struct Operators {
    packing: Packing,
    neighbours: Option<Vec<[DepthSet; 32]>>,
    next: Vec<u64>,
    pub(super) codes: Vec<u64>,
}

impl Operators {
    pub(super) fn new(packing: Packing, macs: &Macs) -> Self {
        let neighbours = (*macs != Macs::Unlimited).then(|| macs.table(packing.chambers as usize));
        Self { packing, neighbours, next: Vec::new(), codes: Vec::new() }
    }

    /// `None` when more than `limit` beginnings would have to be held at once.
    pub(super) fn list(&mut self, accepts: &AcceptSets, limit: u64) -> Option<&[u64]> {
        let width = u64::from(self.packing.width);
        self.codes.clear();
        self.codes.push(0);
        for (chamber, set) in accepts.reveal().iter().enumerate() {
            self.next.clear();
            let pair = chamber.checked_sub(1).and_then(|pair| self.neighbours.as_ref()?.get(pair));
            for code in &self.codes {
                let allowed = pair.map_or(*set, |row| set.and(row[(code % width) as usize & 31]));
                self.next.extend(allowed.iter().map(|cut| code * width + u64::from(cut.number())));
            }
            if self.next.len() as u64 > limit {
                return None;
            }
            std::mem::swap(&mut self.codes, &mut self.next);
        }
        Some(&self.codes)
    }
}

/// Bittings a cylinder accepts, MACS left aside; saturates.
fn accepted(accepts: &AcceptSets) -> u64 {
    accepts.reveal().iter().fold(1u64, |n, set| n.saturating_mul(set.len() as u64))
}

/// How an audit compares keys and cylinders. Every way gives the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuditWay {
    /// Whichever of the others needs fewer steps.
    #[default]
    Cheapest,
    /// Every key against every cylinder.
    Comparison,
    /// Every bitting a cylinder accepts looked up among the keys.
    Lookup,
}

/// The most bittings one cylinder may accept where they are looked up one by one.
const MOST_LOOKED_UP: u64 = 1 << 22;

/// False when a cylinder accepts so much that listing it would fill the memory: then pairs are compared.
fn few_each(schedule: &KeySchedule) -> bool {
    schedule.cylinders().iter().all(|c| accepted(c.accepts()) <= MOST_LOOKED_UP)
}

/// Calls `found(key, cylinder)` for every pair that operates, by their places in the schedule.
pub(super) fn operations(schedule: &KeySchedule, found: impl FnMut(usize, usize)) {
    operations_by(schedule, AuditWay::Cheapest, found);
}

pub(super) fn operations_by(schedule: &KeySchedule, way: AuditWay, mut found: impl FnMut(usize, usize)) {
    let packing = Packing::of(schedule);
    let lookup = match way {
        AuditWay::Comparison => false,
        AuditWay::Lookup => few_each(schedule),
        AuditWay::Cheapest => {
            let lookups = schedule.cylinders().iter().fold(0u64, |n, c| n.saturating_add(accepted(c.accepts())));
            let pairs = (schedule.key_count() as u64).saturating_mul(schedule.cylinders().len() as u64);
            // A lookup costs about four comparisons.
            lookups.saturating_mul(4) < pairs && few_each(schedule)
        }
    };
    match packing.codes() {
        Some(codes) if lookup => by_lookup(schedule, packing, codes, &mut found),
        _ if packing.bits() <= 128 => by_comparison(schedule, packing, &mut found),
        _ => one_by_one(schedule, &mut found),
    }
}

/// Above this many codes the presence bitmap would cost more memory than it saves time (16 MiB).
const BITMAP_CODES: u64 = 1 << 27;

fn by_lookup(schedule: &KeySchedule, packing: Packing, codes: u64, found: &mut impl FnMut(usize, usize)) {
    // Keys cut alike share a code: the first is in the map, each leads on to the next.
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut next_alike = vec![None; schedule.key_count()];
    for (place, (_, key)) in schedule.keys().enumerate() {
        next_alike[place] = places.insert(packing.code(&key.bitting), place);
    }
    let small = codes <= BITMAP_CODES;
    let mut present = vec![0u64; if small { codes as usize / 64 + 1 } else { 0 }];
    if small {
        places.keys().for_each(|code| present[*code as usize / 64] |= 1 << (code % 64));
    }
    let mut operators = Operators::new(packing, &Macs::Unlimited);
    for (c, cylinder) in schedule.cylinders().iter().enumerate() {
        for code in operators.list(cylinder.accepts(), MOST_LOOKED_UP).unwrap_or_default() {
            if small && present[*code as usize / 64] >> (code % 64) & 1 == 0 {
                continue;
            }
            let mut alike = places.get(code).copied();
            while let Some(place) = alike {
                found(place, c);
                alike = next_alike[place];
            }
        }
    }
}

fn by_comparison(schedule: &KeySchedule, packing: Packing, found: &mut impl FnMut(usize, usize)) {
    let keys: Vec<u128> = schedule.keys().map(|(_, key)| packing.one_hot(&key.bitting)).collect();
    for (c, cylinder) in schedule.cylinders().iter().enumerate() {
        let shifts = (0u32..).map(|i| i * packing.width);
        let sets = cylinder.accepts().reveal().iter().zip(shifts);
        let refused = !sets.fold(0u128, |mask, (set, shift)| mask | u128::from(set.0) << shift);
        for (k, key) in keys.iter().enumerate() {
            if key & refused == 0 {
                found(k, c);
            }
        }
    }
}

fn one_by_one(schedule: &KeySchedule, found: &mut impl FnMut(usize, usize)) {
    for (k, (_, key)) in schedule.keys().enumerate() {
        for (c, cylinder) in schedule.cylinders().iter().enumerate() {
            if cylinder.accepts().operates(&key.bitting) {
                found(k, c);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A two-level system of 60 change keys and one cylinder with three keys.
    fn schedule() -> Result<KeySchedule, Box<dyn std::error::Error>> {
        let mut schedule = KeySchedule::new();
        schedule.add_key("AA", Bitting::of(&[4, 1, 8])?)?;
        for (n, (a, b, c)) in [0u8, 2, 6, 8]
            .iter()
            .flat_map(|a| [3u8, 5, 7].map(|b| (*a, b)))
            .flat_map(|(a, b)| [0u8, 2, 4, 6].map(|c| (a, b, c)))
            .enumerate()
        {
            let id = format!("{}AA", n + 1);
            schedule.add_key(&id, Bitting::of(&[a, b, c])?)?;
            schedule.add_cylinder(&id, &[&id, "AA"])?;
        }
        schedule.add_cylinder("X1X", &["1AA", "2AA", "18AA"])?;
        Ok(schedule)
    }

    #[test]
    fn the_three_ways_agree() -> Result<(), Box<dyn std::error::Error>> {
        let schedule = schedule()?;
        let packing = Packing::of(&schedule);
        let sorted = |mut list: Vec<(usize, usize)>| {
            list.sort_unstable();
            list
        };
        let mut lookup = Vec::new();
        by_lookup(&schedule, packing, packing.codes().ok_or("too wide")?, &mut |k, c| lookup.push((k, c)));
        let mut compared = Vec::new();
        by_comparison(&schedule, packing, &mut |k, c| compared.push((k, c)));
        let mut single = Vec::new();
        one_by_one(&schedule, &mut |k, c| single.push((k, c)));
        assert!(single.len() > 2 * 48);
        assert_eq!(sorted(lookup), sorted(single.clone()));
        assert_eq!(sorted(compared), sorted(single));
        Ok(())
    }

    #[test]
    fn a_code_gives_its_bitting_back() -> Result<(), Box<dyn std::error::Error>> {
        let schedule = schedule()?;
        let packing = Packing::of(&schedule);
        assert!(schedule.keys().all(|(_, key)| packing.decode(packing.code(&key.bitting)) == key.bitting));
        Ok(())
    }
}
