//! The tasks of the performance table, the same native and in WASM.

use keying::*;

/// A result or the reason why there is none.
pub type Done<T> = Result<T, Box<dyn std::error::Error>>;

fn depth(number: u8) -> Done<Depth> {
    Ok(Depth::new(number)?)
}

/// All bittings of so many chambers with depths 0 to 9 and MACS 7.
pub fn schlage(chambers: usize) -> Done<KeySpace> {
    Ok(KeySpace::uniform(chambers, depth(0)?, depth(9)?)?.with_macs(Macs::Limit(7)))
}

/// Enumerates a space into a vector.
pub fn enumerate(space: &KeySpace) -> usize {
    space.bittings(u64::MAX).collect::<Vec<_>>().len()
}

fn array(top: &[u8]) -> Done<KeyBittingArray> {
    let rule = ColumnRule::two_step(depth(0)?, depth(9)?);
    Ok(KeyBittingArray::by_rule(TopMaster(Bitting::of(top)?), rule))
}

/// The exact best TMK of six chambers: with a 0 and a 9, runs of two at most, not monotone.
pub fn best_tmk() -> Done<u64> {
    let shape = ShapeRules { max_same_run: Some(2), forbid_monotone: true, ..ShapeRules::NONE };
    let need = [depth(0)?, depth(9)?].into_iter().collect();
    let rule = ColumnRule::two_step(depth(0)?, depth(9)?);
    let search = TopMasterSearch { chambers: 6, rule, macs: Macs::Limit(7), need, shape };
    Ok(best_top_master(&search, u64::MAX)?.map_or(0, |best| best.usable))
}

/// A two-level system of seven chambers with a cylinder for each change key, in one step so that there are enough.
pub fn system(cylinders: usize) -> Done<KeySchedule> {
    let rule = ColumnRule::one_step(depth(0)?, depth(9)?);
    let array = KeyBittingArray::by_rule(TopMaster(Bitting::of(&[4, 1, 8, 3, 6, 5, 2])?), rule);
    let mut schedule = KeySchedule::new();
    let top = schedule.add_key("AA", array.top().0)?;
    let keys = Progression::new(array, Method::TotalPosition)?;
    for (number, key) in keys.change_keys(cylinders).enumerate() {
        let symbol = format!("{}AA", number + 1);
        let change = schedule.add_key(&symbol, key)?;
        schedule.add_cylinder_of(&symbol, &[top, change])?;
    }
    Ok(schedule)
}

/// Operations of a system, by one way.
pub fn audit(schedule: &KeySchedule, way: AuditWay) -> u64 {
    count_operations(schedule, way)
}

/// The cylinders one key operates.
pub fn lost(schedule: &KeySchedule, key: &Bitting) -> usize {
    cylinders_operated(schedule, key).len()
}

/// 16,384 seven-pin A2 cores: what each accepts, and the control key.
pub fn cores() -> Done<(Vec<AcceptSets>, ControlKey)> {
    let array = array(&[5, 2, 8, 6, 1, 4, 3])?;
    let top = array.top().0;
    let keys = Progression::new(array, Method::TotalPosition)?;
    let sets: Result<Vec<AcceptSets>, BittingError> =
        keys.change_keys(16_384).map(|key| AcceptSets::of([&key, &top])).collect();
    Ok((sets?, ControlKey(Bitting::of(&[9, 9, 9, 9, 9, 9, 9])?)))
}

/// Pins them all, each checked by the simulated lock.
pub fn pin(cores: &[AcceptSets], control: &ControlKey) -> usize {
    let system = PinSystem::a2();
    cores.iter().filter(|core| pin_sets(&system, core.reveal(), Some(control)).is_ok()).count()
}

/// Generates, checks and hashes a list of 4,096 change keys.
pub fn list() -> Done<u64> {
    let keys = Progression::new(array(&[4, 1, 8, 3, 6, 5])?, Method::TotalPosition)?;
    Ok(Fingerprint::of(keys.list(5000)?.keys()).0)
}
