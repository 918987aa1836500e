//! The minimal consumer: design a system, audit it, pin one of its cylinders.

use keying::*;

/// Digits of `top` are the cuts of a Schlage TMK; returns the pins of one cylinder, or 0 when something is refused.
#[unsafe(no_mangle)]
pub extern "C" fn design_audit_pin(top: u32, changes: u32) -> u32 {
    run(top, changes).unwrap_or(0)
}

fn run(top: u32, changes: u32) -> Option<u32> {
    let cuts: Vec<u8> = top.to_string().bytes().map(|b| b - b'0').collect();
    let spec = published("schlage_classic")?;
    let array = KeyBittingArray::by_rule(TopMaster(Bitting::of(&cuts).ok()?), spec.column_rule()?);
    let keys = Progression::new(array, Method::TotalPosition).ok()?.with_macs(spec.macs.clone());
    let levels = [Level { name: "CK".to_owned(), keys: changes }];
    let system = Hierarchy::allocate(keys, &levels, 30).ok()?.build(&[], 10_000).ok()?;
    if !cross_operations(system.schedule(), 10_000).ok()?.is_empty() {
        return None;
    }
    let first = system.schedule().cylinders().first()?;
    let pinned: Vec<KeySet> = system.schedule().keys_of(first).cloned().collect();
    let pins = pin_keys(&spec.pin_system()?, &pinned, None).ok()?;
    Some(pins.stacks().iter().map(|stack| stack.pins().len() as u32).sum())
}
