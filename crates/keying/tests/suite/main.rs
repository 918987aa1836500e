//! Behaviour of the crate by subject; the worked cases have a file of their own.

mod audit;
mod brute;
mod charts;
mod copies;
mod design;
mod handover;
mod hierarchy;
mod legacy;
mod limits;
mod lost;
mod pages;
mod paper;
mod parsers;
mod pinning;
mod properties;
mod release;
mod secrets;
mod specs;
mod symbols;
mod table;

/// What every test returns, so that a broken premise fails it with its reason.
pub type Shown = Result<(), Box<dyn std::error::Error>>;

/// A small three-level system of five chambers, with two cross-keyed cylinders.
pub fn office() -> Result<keying::KeySchedule, Box<dyn std::error::Error>> {
    let mut schedule = keying::KeySchedule::new();
    let keys: [(&str, [u8; 5]); 8] = [
        ("A", [4, 1, 8, 3, 6]),
        ("AA", [0, 1, 8, 3, 6]),
        ("AB", [2, 1, 8, 3, 6]),
        ("AA1", [0, 1, 8, 5, 4]),
        ("AA2", [0, 1, 8, 7, 4]),
        ("AA3", [0, 1, 8, 5, 0]),
        ("AB1", [2, 1, 8, 5, 4]),
        ("AB2", [2, 1, 8, 7, 4]),
    ];
    for (symbol, cuts) in keys {
        schedule.add_key(symbol, keying::Bitting::of(&cuts)?)?;
    }
    for change in ["AA1", "AA2", "AA3", "AB1", "AB2"] {
        schedule.add_cylinder(change, &[change, &change[..2], "A"])?;
    }
    Ok(schedule)
}

/// The array of a two-step TMK over depths 0 to 9.
pub fn two_step(top: &[u8]) -> Result<keying::KeyBittingArray, Box<dyn std::error::Error>> {
    let rule = keying::ColumnRule::two_step(keying::Depth::new(0)?, keying::Depth::new(9)?);
    Ok(keying::KeyBittingArray::by_rule(keying::TopMaster(keying::Bitting::of(top)?), rule))
}
