//! Absurd sizes are errors, and every walk stops where it was told to.

use crate::{Shown, office};
use keying::*;

#[test]
fn a_walk_says_when_it_was_cut_short() -> Shown {
    let space = KeySpace::uniform(3, Depth::new(0)?, Depth::new(9)?)?;
    let mut short = space.bittings(999);
    assert_eq!(short.by_ref().count(), 999);
    assert!(short.cut_short());
    let mut whole = space.bittings(1000);
    assert_eq!(whole.by_ref().count(), 1000);
    assert!(!whole.cut_short());
    let shaped = space.with_shape(ShapeRules { min_span: Some(10), ..ShapeRules::NONE });
    assert_eq!(shaped.count_shaped(100), Err(LimitExceeded { limit: 100 }));
    assert_eq!(shaped.count_shaped(10_000)?, BigUint::from(0u8));
    Ok(())
}

#[test]
fn the_largest_space_is_counted_and_never_walked() -> Shown {
    let all = KeySpace::uniform(MAX_CHAMBERS, Depth::new(0)?, Depth::new(MAX_DEPTH)?)?;
    assert_eq!(all.count(), BigUint::from(1u8) << 75);
    assert_eq!(
        KeySpace::uniform(usize::MAX, Depth::new(0)?, Depth::new(9)?).err(),
        Some(BittingError::TooLong { cuts: 16 })
    );
    assert_eq!(KeySpace::new(vec![]).err(), Some(BittingError::Empty));
    assert!(Bitting::of(&[1; 16]).is_err() && Bitting::of(&[]).is_err() && Bitting::of(&[32]).is_err());
    assert!(Depth::new(32).is_err() && Chamber::new(0).is_err() && Chamber::new(16).is_err());
    let search = TopMasterSearch {
        chambers: 15,
        rule: ColumnRule::one_step(Depth::new(0)?, Depth::new(MAX_DEPTH)?),
        macs: Macs::Unlimited,
        need: DepthSet::EMPTY,
        shape: ShapeRules::NONE,
    };
    assert!(best_top_master(&search, 1000).is_err());
    assert!(best_top_master(&TopMasterSearch { chambers: 12, ..search }, 1000).is_err());
    Ok(())
}

#[test]
fn an_audit_holds_no_more_than_it_may() -> Shown {
    // Eight keys with different cuts everywhere: the cylinder accepts 8^5 bittings, then none for want of MACS.
    let mut schedule = KeySchedule::new();
    let symbols: Vec<String> = (0..8).map(|i| format!("K{i}")).collect();
    for (i, symbol) in (0u8..).zip(&symbols) {
        schedule.add_key(symbol, Bitting::of(&[i, i, i, i, i + 20])?)?;
    }
    schedule.add_cylinder("all", &symbols.iter().map(String::as_str).collect::<Vec<_>>())?;
    assert!(unlisted_operators(&schedule, &Macs::Unlimited, 1000).is_err());
    // No bitting satisfies MACS 7, but 8^4 beginnings do.
    assert!(unlisted_operators(&schedule, &Macs::Limit(7), 1000).is_err());
    assert_eq!(unlisted_operators(&schedule, &Macs::Limit(7), 5000)?.distinct, 0);
    assert_eq!(unlisted_operators(&schedule, &Macs::Unlimited, 100_000)?.distinct, 8u64.pow(5) - 8);
    assert_eq!(count_operations(&office()?, AuditWay::Lookup), 15);
    Ok(())
}
