//! Drawing bittings at random. Randomness comes from the caller: use the generator of the operating system.

use crate::array::KeyBittingArray;
use crate::bitting::Bitting;
use crate::depth::{Depth, DepthSet};
use crate::space::KeySpace;
use crate::top_master::{ControlKey, control_faults};

/// Draws one bitting of the space, every one equally likely; `None` when the space is empty.
///
/// Shape rules are met by drawing again, at most `tries` times. `random` must return 64 random bits from the
/// operating system's generator, never from a seed; drawn keys must not be handed out sorted.
pub fn draw(space: &KeySpace, tries: u32, random: &mut dyn FnMut() -> u64) -> Option<Bitting> {
    let endings = endings(space);
    (0..tries).find_map(|_| {
        let bitting = draw_once(space, &endings, random)?;
        space.contains(&bitting).then_some(bitting)
    })
}

/// Draws a control key that differs from the TMK in every chamber, is no change key of the array and none of `taken`.
pub fn draw_control(
    space: &KeySpace,
    array: &KeyBittingArray,
    taken: &[Bitting],
    tries: u32,
    random: &mut dyn FnMut() -> u64,
) -> Option<ControlKey> {
    let good = |key: &ControlKey| control_faults(array, key, false).is_empty() && !taken.contains(&key.0);
    (0..tries).find_map(|_| draw(space, 1, random).map(ControlKey).filter(good))
}

/// `endings[i][d]`: how many ways a key with depth `d` in chamber `i` can go on to the last chamber.
fn endings(space: &KeySpace) -> Vec<[u128; 32]> {
    let columns = space.columns();
    let mut endings = vec![[0u128; 32]; columns.len()];
    for i in (0..columns.len()).rev() {
        for depth in columns[i].iter() {
            endings[i][depth.index()] = match columns.get(i + 1) {
                None => 1,
                Some(next) => {
                    next.and(space.macs().neighbours(i, depth)).iter().map(|d| endings[i + 1][d.index()]).sum()
                }
            };
        }
    }
    endings
}

fn draw_once(space: &KeySpace, endings: &[[u128; 32]], random: &mut dyn FnMut() -> u64) -> Option<Bitting> {
    let mut cuts: Vec<Depth> = Vec::with_capacity(endings.len());
    for (i, ways) in endings.iter().enumerate() {
        let allowed = match cuts.last() {
            Some(before) => space.columns()[i].and(space.macs().neighbours(i - 1, *before)),
            None => space.columns()[i],
        };
        cuts.push(pick(allowed, ways, random)?);
    }
    Bitting::new(&cuts).ok()
}

/// Picks a depth with the weight of its endings.
fn pick(allowed: DepthSet, ways: &[u128; 32], random: &mut dyn FnMut() -> u64) -> Option<Depth> {
    let total: u128 = allowed.iter().map(|d| ways[d.index()]).sum();
    let mut place = below(total, random)?;
    allowed.iter().find(|d| {
        let own = ways[d.index()];
        let here = place < own;
        place = place.saturating_sub(own);
        here
    })
}

/// A number below `bound`, every one equally likely; `None` for a bound of 0 or a generator that is stuck.
fn below(bound: u128, random: &mut dyn FnMut() -> u64) -> Option<u128> {
    let mask = u128::MAX.checked_shr(bound.checked_sub(1)?.leading_zeros()).unwrap_or(0);
    // Each try succeeds at least half the time; 128 failures in a row mean a broken generator.
    (0..128).map(|_| (u128::from(random()) << 64 | u128::from(random())) & mask).find(|n| *n < bound)
}
