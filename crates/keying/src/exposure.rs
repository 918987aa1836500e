//! Figures for the owner: how strong a design is, how far a key reaches. Figures only, never a procedure.

use crate::space::LimitExceeded;
use num_bigint::BigUint;

/// The most chambers the closed forms are worked out for.
pub const MOST_CHAMBERS: u32 = 64;

fn within(chambers: u32) -> Result<(), LimitExceeded> {
    if chambers > MOST_CHAMBERS { Err(LimitExceeded { limit: u64::from(MOST_CHAMBERS) }) } else { Ok(()) }
}

/// `base` to the power of `n`: theoretical changes of `n` chambers with `base` cuts each.
///
/// Errors above [`MOST_CHAMBERS`] chambers, as all closed forms here do.
pub fn changes(base: u32, n: u32) -> Result<BigUint, LimitExceeded> {
    within(n)?;
    Ok(power(base, n))
}

fn power(base: u32, n: u32) -> BigUint {
    BigUint::from(base).pow(n)
}

/// The search left to the holder of one change key of a conventional TPP cylinder: `pins x (depths - 1)`.
///
/// `depths` are the depths possible in a chamber: 10, or 5 in a two-step system of 10 depths.
/// Sources: jludvik 2003 on Blaze 2003 (5 pins, 10 depths: 45).
pub fn exposure(pins: u32, depths: u32) -> u64 {
    u64::from(pins) * u64::from(depths.saturating_sub(1))
}

/// How many keys of one class exist and how far each reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyPower {
    /// Keys with exactly so many TMK cuts.
    pub keys_of_this_class: BigUint,
    /// Change cylinders each of them operates.
    pub cylinders_each_operates: BigUint,
}

/// The power of a key with `tmk_cuts` cuts of the TMK in a TPP system; `None` when it has more than chambers.
///
/// 0 is a change key, 1 a one-pin (block or row) master, 3 a page master.
pub fn key_power(chambers: u32, changes_per_chamber: u32, tmk_cuts: u32) -> Result<Option<KeyPower>, LimitExceeded> {
    within(chambers)?;
    Ok(chambers.checked_sub(tmk_cuts).map(|rest| KeyPower {
        keys_of_this_class: binomial(chambers, tmk_cuts) * power(changes_per_chamber, rest),
        cylinders_each_operates: power(changes_per_chamber, tmk_cuts),
    }))
}

/// All bittings of a TPP array against all its change cylinders.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TppPairs {
    /// Bittings made of change and TMK cuts: `(a+1)^n`.
    pub bittings: BigUint,
    /// Change cylinders: `a^n`.
    pub cylinders: BigUint,
    /// Operating pairs: `a^n 2^n`.
    pub pairs: BigUint,
}

/// The closed forms for `chambers` chambers with `a` change cuts each.
pub fn tpp_pairs(chambers: u32, a: u32) -> Result<TppPairs, LimitExceeded> {
    within(chambers)?;
    let cylinders = power(a, chambers);
    let pairs = &cylinders * power(2, chambers);
    Ok(TppPairs { bittings: power(a.saturating_add(1), chambers), cylinders, pairs })
}

/// The largest number of change keys under one TMK, and the constants that attain it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LargestSystem {
    /// `max_k C(n,k) a^(n-k)`, MACS left aside.
    pub max_change_keys: BigUint,
    /// The largest `k` that attains it.
    pub constants: u32,
}

/// Keys under one TMK form an antichain; its largest level is the best any method can do (Černoch 2017).
pub fn largest_system(chambers: u32, a: u32) -> Result<LargestSystem, LimitExceeded> {
    within(chambers)?;
    let level = |k: u32| binomial(chambers, k) * power(a, chambers - k);
    let best = (0..=chambers).map(|k| (level(k), k)).max();
    let (max_change_keys, constants) = best.unwrap_or_default();
    Ok(LargestSystem { max_change_keys, constants })
}

/// The chance that an unknown key in the field turns a cylinder, as operating set over all valid bittings.
///
/// `None` when there is no valid bitting.
pub fn stray_key_risk(operating: &BigUint, valid: &BigUint) -> Option<f64> {
    let as_float = |n: &BigUint| n.iter_u64_digits().rev().fold(0.0, |f, digit| f * 2f64.powi(64) + digit as f64);
    let valid = as_float(valid);
    (valid > 0.0).then(|| as_float(operating) / valid)
}

fn binomial(n: u32, k: u32) -> BigUint {
    (0..k).fold(BigUint::from(1u8), |c, i| c * BigUint::from(n - i) / BigUint::from(i + 1))
}
