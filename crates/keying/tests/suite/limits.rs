//! Absurd sizes are errors, and every walk stops where it was told to.

use crate::handover::museum;
use crate::{Shown, office, two_step};
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

#[test]
fn no_walk_loses_itself_where_macs_leaves_nothing() -> Shown {
    // Fourteen chambers of sixteen depths lead to a last one that no neighbour reaches: 16^14 beginnings, no key.
    let (low, high) = (DepthSet::range(Depth::new(0)?, Depth::new(15)?), DepthSet::EMPTY.with(Depth::new(31)?));
    let columns: Vec<DepthSet> = [low; 14].into_iter().chain([high]).collect();
    let space = KeySpace::new(columns)?.with_macs(Macs::Limit(9));
    assert_eq!(space.bittings(10).within_steps(1000).count(), 0);
    let top = TopMaster(Bitting::of(&[0; 15])?);
    let columns = vec![vec![1, 2, 3, 4, 5, 6, 7, 8]; 14].into_iter().chain([vec![31]]);
    let columns = columns.map(|column| column.into_iter().map(Depth::new).collect::<Result<Vec<_>, _>>());
    let array = KeyBittingArray::with_columns(top, columns.collect::<Result<_, _>>()?)?;
    let none = Progression::new(array, Method::TotalPosition)?.with_macs(Macs::Limit(9));
    assert_eq!((none.change_keys(1).count(), none.list(10)?.keys().len()), (0, 0));
    // What MACS leaves is found at once, however far it lies behind what it forbids.
    let wide = two_step(&[9; 15])?;
    let far = Progression::new(wide, Method::TotalPosition)?.with_macs(Macs::Limit(0));
    assert_eq!(far.change_keys(9).map(|key| key.numbers()[14]).collect::<Vec<_>>(), [1, 3, 5, 7]);
    Ok(())
}

#[test]
fn a_list_too_long_is_refused_before_it_is_walked() -> Shown {
    let endless = Progression::new(two_step(&[4; 15])?, Method::TotalPosition)?;
    assert_eq!(endless.list(1000).err(), Some(ProgressError::Limit(LimitExceeded { limit: 1000 })));
    let poor = endless.with_shape(ShapeRules { min_span: Some(20), ..ShapeRules::NONE });
    assert_eq!(poor.list(1000).err(), Some(ProgressError::Limit(LimitExceeded { limit: 1 << 26 })));
    let mut system = museum()?;
    assert!(system.next_free(2, 1).is_err(), "two are wanted, and one was all it might look at");
    assert_eq!(system.next_free(0, 0)?.len(), 0);
    system.add_cylinder("both", &["1AA", "2AA"])?;
    assert!(system.next_free(5000, 4096).is_ok_and(|free| free.len() == 4096 - 3 - 62), "all there are");
    Ok(())
}

#[test]
fn configurations_are_tried_up_to_the_limit_and_no_further() -> Shown {
    let a2 = PinSystem::a2();
    let figures = |most, limit| pinnable_configurations(&a2, most, limit).map(|p| (p.configurations, p.pinnable));
    assert_eq!(figures(3, 1750)?, (1750, 990));
    assert_eq!(pinnable_configurations(&a2, 3, 1749), Err(LimitExceeded { limit: 1749 }));
    // 1,023 sets of cuts, and of those with room for a master pin between any two at most five cuts.
    assert_eq!(figures(99, 20_000)?, (10_230, 1_375));
    let wide = PinSystem::conventional("any", Depth::new(0)?, Depth::new(MAX_DEPTH)?, 1.into(), TopRule::Unspecified);
    assert!(pinnable_configurations(&wide, 32, 1 << 20).is_err());
    Ok(())
}
