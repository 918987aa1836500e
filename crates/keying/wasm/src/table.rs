//! The tasks of the performance table as exports; the caller holds the clock.

#[path = "../../benches/tasks/mod.rs"]
mod tasks;

use keying::{AuditWay, Bitting, KeySchedule};
use std::cell::RefCell;

thread_local! {
    static SYSTEM: RefCell<Option<KeySchedule>> = const { RefCell::new(None) };
}

fn with_system<T: Default>(run: impl FnOnce(&KeySchedule) -> T) -> T {
    SYSTEM.with_borrow(|system| system.as_ref().map(run).unwrap_or_default())
}

/// Builds the system of so many cylinders the next calls work on; not part of their time.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(cylinders: u32) -> u32 {
    let system = tasks::system(cylinders as usize).ok();
    let count = system.as_ref().map_or(0, |s| s.cylinders().len() as u32);
    SYSTEM.set(system);
    count
}

#[unsafe(no_mangle)]
pub extern "C" fn enumerate(chambers: u32) -> u32 {
    tasks::schlage(chambers as usize).map_or(0, |space| tasks::enumerate(&space) as u32)
}

#[unsafe(no_mangle)]
pub extern "C" fn count(chambers: u32) -> u32 {
    tasks::schlage(chambers as usize).map_or(0, |space| space.count().iter_u32_digits().next().unwrap_or(0))
}

#[unsafe(no_mangle)]
pub extern "C" fn best_tmk() -> u32 {
    tasks::best_tmk().map_or(0, |n| n as u32)
}

#[unsafe(no_mangle)]
pub extern "C" fn naive_audit() -> u32 {
    with_system(|system| tasks::audit(system, AuditWay::Comparison) as u32)
}

#[unsafe(no_mangle)]
pub extern "C" fn indexed_audit() -> u32 {
    with_system(|system| tasks::audit(system, AuditWay::Lookup) as u32)
}

#[unsafe(no_mangle)]
pub extern "C" fn lost() -> u32 {
    with_system(|system| Bitting::of(&[0; 7]).map_or(0, |key| tasks::lost(system, &key) as u32))
}

thread_local! {
    static CORES: RefCell<Option<(Vec<keying::AcceptSets>, keying::ControlKey)>> = const { RefCell::new(None) };
}

#[unsafe(no_mangle)]
pub extern "C" fn prepare_cores() -> u32 {
    CORES.set(tasks::cores().ok());
    CORES.with_borrow(|cores| cores.as_ref().map_or(0, |(cores, _)| cores.len() as u32))
}

#[unsafe(no_mangle)]
pub extern "C" fn pin() -> u32 {
    CORES.with_borrow(|cores| cores.as_ref().map_or(0, |(cores, control)| tasks::pin(cores, control) as u32))
}

#[unsafe(no_mangle)]
pub extern "C" fn list() -> u32 {
    tasks::list().map_or(0, |n| n as u32)
}
