//! Copies of a key and their states.

use crate::Shown;
use keying::*;

#[test]
fn a_copy_goes_its_way_and_no_other() -> Shown {
    let mut state = CopyState::Planned;
    for event in [CopyEvent::Cut, CopyEvent::Stock, CopyEvent::Issue, CopyEvent::Return, CopyEvent::Stock] {
        state = state.after(event, false)?;
    }
    assert_eq!(state, CopyState::InStock);
    let wrong = CopyError::OutOfOrder { state: CopyState::Lost, event: CopyEvent::Stock };
    assert_eq!(
        CopyState::Lost.after(CopyEvent::Stock, false),
        Err(wrong),
        "a lost key never goes straight back to stock"
    );
    assert!(CopyState::Destroyed.after(CopyEvent::Find, false).is_err());
    assert!(CopyState::Issued.after(CopyEvent::Destroy { signatures: 2 }, false).is_err(), "it has to come back first");
    Ok(())
}

#[test]
fn a_master_is_destroyed_before_two() -> Shown {
    let destroy = |signatures, master| CopyState::InStock.after(CopyEvent::Destroy { signatures }, master);
    assert_eq!(destroy(1, false)?, CopyState::Destroyed);
    assert_eq!(destroy(1, true), Err(CopyError::Signatures { needed: 2, given: 1 }));
    assert_eq!(destroy(2, true)?, CopyState::Destroyed);
    Ok(())
}

#[test]
fn copies_are_reconciled() {
    use CopyState::{Destroyed, Found, InStock, Issued, Lost, Planned, Stolen};
    let count = CopyCount::of(&[Planned, InStock, InStock, Issued, Lost, Stolen, Found, Destroyed]);
    assert_eq!(count, CopyCount { cut: 7, at_hand: 3, issued: 1, missing: 2, destroyed: 1 });
    assert_eq!(count.unexplained(2), 1);
    assert!(count.calls_for_rekeying(false, 5) && count.calls_for_rekeying(true, 5));
    let whole = CopyCount { cut: 40, at_hand: 38, missing: 2, ..CopyCount::default() };
    assert!(!whole.calls_for_rekeying(false, 5), "two of forty are the five percent allowed");
    assert!(whole.calls_for_rekeying(true, 5));
}
