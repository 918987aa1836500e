//! Audits: who operates what, before and after cross-keying, in both states of a building site.

use crate::{Shown, office};
use keying::*;

#[test]
fn a_clean_system_has_no_cross_operation() -> Shown {
    assert!(cross_operations(&office()?, 99)?.is_empty());
    for way in [AuditWay::Cheapest, AuditWay::Comparison, AuditWay::Lookup] {
        assert_eq!(count_operations(&office()?, way), 15);
    }
    Ok(())
}

#[test]
fn cross_keying_shows_its_price() -> Shown {
    let schedule = office()?;
    let free = [Bitting::of(&[2, 1, 8, 5, 6])?, Bitting::of(&[8, 1, 8, 5, 4])?];
    let cost = cross_keying_cost(&schedule, "AA1", &["AB1"], &Macs::Limit(7), &free, "shared store")?;
    // Chamber 1 gets a third cut, so the operating set grows from 8 to 12.
    assert_eq!((cost.operating_before.to_string().as_str(), cost.operating_after.to_string().as_str()), ("8", "12"));
    assert_eq!(cost.added_master_pins, 1);
    assert_eq!(cost.newly_blocked, [0]);
    // A key the cylinder let in already is not blocked by cross-keying it.
    let before = [Bitting::of(&[0, 1, 8, 5, 6])?];
    let cost_of_none = cross_keying_cost(&schedule, "AA1", &["AB1"], &Macs::Limit(7), &before, "shared store")?;
    assert!(cost_of_none.newly_blocked.is_empty());
    assert_eq!(cost.let_in, ["AB"]);
    assert_eq!(cost.under.as_deref(), Some("A"));
    let unasked = cross_keying_cost(&schedule, "AA1", &["AB1"], &Macs::Unlimited, &[], "  ");
    assert_eq!(unasked, Err(ScheduleError::NoReason("AA1".into())));
    assert!(cross_keying_cost(&schedule, "AA9", &["AB1"], &Macs::Unlimited, &[], "x").is_err());
    assert!(cross_keying_cost(&schedule, "AA1", &["ZZ9"], &Macs::Unlimited, &[], "x").is_err());
    Ok(())
}

#[test]
fn cross_keying_without_a_common_master_is_uncontrolled() -> Shown {
    let mut schedule = office()?;
    schedule.add_key("SKD1", Bitting::of(&[1, 0, 1, 0, 1])?)?;
    schedule.add_cylinder("vault", &["SKD1"])?;
    let cost = cross_keying_cost(&schedule, "AA1", &["SKD1"], &Macs::Unlimited, &[], "alarm room")?;
    assert_eq!(cost.under, None);
    Ok(())
}

#[test]
fn a_common_door_lets_masters_in() -> Shown {
    let mut schedule = office()?;
    schedule.add_cylinder("common door", &["AA1", "AA2", "AA3", "AB1", "AB2", "A"])?;
    let found = cross_operations(&schedule, 99)?;
    assert_eq!(found, [("AA".into(), "common door".into()), ("AB".into(), "common door".into())]);
    let free = [Bitting::of(&[2, 1, 8, 5, 0])?, Bitting::of(&[6, 1, 8, 5, 0])?];
    assert_eq!(blocked_keys(&schedule, &["common door"], &free)?, [0]);
    assert!(blocked_keys(&schedule, &["no door"], &free).is_err());
    Ok(())
}

#[test]
fn the_price_of_a_common_door_is_exact() -> Shown {
    let schedule = office()?;
    let depths = DepthSet::range(Depth::new(0)?, Depth::new(9)?);
    let suites = ["AA1", "AA2", "AA3", "AB1", "AB2"];
    let door = common_door(&schedule, &suites, &[], depths, &Macs::Unlimited)?;
    // Cuts 0 2, 1, 8, 5 7 and 4 0: eight bittings for five keys, and no master pin in chambers 2 and 3.
    assert_eq!((door.operating.to_string().as_str(), door.master_pins), ("8", 3));
    assert_eq!(door.shared, [Chamber::new(2)?, Chamber::new(3)?]);
    assert!(door.let_in.is_empty());
    // Without pins in chambers 4 and 5 only the first chamber tells keys apart, and two masters come in.
    let open = common_door(&schedule, &suites, &[Chamber::new(4)?, Chamber::new(5)?], depths, &Macs::Unlimited)?;
    assert_eq!((open.operating.to_string().as_str(), open.master_pins), ("200", 1));
    assert_eq!(open.let_in, ["AA", "AB"]);
    assert!(common_door(&schedule, &[], &[], depths, &Macs::Unlimited).is_err());
    Ok(())
}

#[test]
fn a_construction_key_works_until_it_is_voided() -> Shown {
    let schedule = office()?;
    let mut site = ConstructionKey {
        symbol: "CCK".into(),
        bitting: Bitting::of(&[0, 1, 8, 1, 6])?,
        cylinders: vec!["AA1".into(), "AA2".into()],
    };
    // The construction cut in chamber 4 opens nothing else, but no key may be let in by it either.
    assert!(audit_state(&schedule, &site, KeyingState::Construction, 99)?.is_empty());
    assert!(audit_state(&schedule, &site, KeyingState::HandedOver, 99)?.is_empty());
    site.bitting = Bitting::of(&[0, 1, 8, 3, 4])?;
    let after = audit_state(&schedule, &site, KeyingState::HandedOver, 99)?;
    assert!(after.contains(&("CCK".into(), "AA1".into())), "a phantom makes no construction key");
    site.cylinders.push("nowhere".into());
    assert!(audit_state(&schedule, &site, KeyingState::Construction, 99).is_err());
    Ok(())
}

#[test]
fn every_key_is_tried_in_the_control_line() -> Shown {
    let mut schedule = office()?;
    let control = ControlKey(Bitting::of(&[9, 6, 0, 4, 7])?);
    let every: Vec<Chamber> = (1..=5).map(Chamber::new).collect::<Result<_, _>>()?;
    assert!(control_operators(&schedule, "AA1", &control, &every)?.is_empty());
    // In a core with the control line in chambers 3 and 4 only, other chambers need an operating cut.
    let lfic = [Chamber::new(3)?, Chamber::new(4)?];
    schedule.add_key("AB9", Bitting::of(&[4, 1, 0, 4, 6])?)?;
    // One cut shallower or deeper in a control chamber brings nothing into line.
    schedule.add_key("AB8", Bitting::of(&[4, 1, 0, 3, 6])?)?;
    schedule.add_key("AB7", Bitting::of(&[4, 1, 1, 4, 6])?)?;
    assert_eq!(control_operators(&schedule, "AA1", &control, &lfic)?, ["AB9"]);
    Ok(())
}

#[test]
fn tolerance_lets_near_keys_in() -> Shown {
    let mut schedule = KeySchedule::new();
    schedule.add_key("M", Bitting::of(&[4, 1, 8])?)?;
    schedule.add_key("1", Bitting::of(&[0, 3, 6])?)?;
    schedule.add_key("2", Bitting::of(&[1, 3, 6])?)?;
    schedule.add_cylinder("D1", &["1", "M"])?;
    schedule.add_cylinder("D2", &["2", "M"])?;
    let step = Length::new(150);
    assert!(tolerance_operations(&schedule, step, Length::new(149), 9)?.is_empty());
    let near = tolerance_operations(&schedule, step, Length::new(150), 9)?;
    assert_eq!(near, [("1".into(), "D2".into()), ("2".into(), "D1".into())]);
    Ok(())
}

#[test]
fn an_audit_too_large_is_refused() -> Shown {
    // Five cylinders of three keys each; and with one key cut for all of them, four crossings.
    assert!(operation_matrix(&office()?, 15).is_ok());
    assert_eq!(operation_matrix(&office()?, 14), Err(LimitExceeded { limit: 14 }));
    let mut schedule = office()?;
    schedule.add_alike_key("copy of A", Bitting::of(&[4, 1, 8, 3, 6])?)?;
    assert_eq!(cross_operations(&schedule, 5)?.len(), 5);
    assert_eq!(cross_operations(&schedule, 4), Err(LimitExceeded { limit: 4 }));
    let step = Length::new(150);
    assert_eq!(tolerance_operations(&schedule, step, step, 1), Err(LimitExceeded { limit: 1 }));
    assert!(unlisted_operators(&office()?, &Macs::Unlimited, 40).is_ok());
    assert_eq!(unlisted_operators(&office()?, &Macs::Unlimited, 39), Err(LimitExceeded { limit: 39 }));
    Ok(())
}

#[test]
fn keys_cut_alike_for_two_sections_are_both_seen() -> Shown {
    let mut schedule = office()?;
    schedule.add_alike_key("AA1 section B", Bitting::of(&[0, 1, 8, 5, 4])?)?;
    let expected = vec![("AA1 section B".to_owned(), "AA1".to_owned())];
    assert_eq!(cross_operations(&schedule, 99)?, expected);
    for way in [AuditWay::Comparison, AuditWay::Lookup] {
        assert_eq!(count_operations(&schedule, way), 16);
    }
    schedule.add_cylinder("both", &["AA1", "AA1 section B"])?;
    let found = unlisted_operators(&schedule, &Macs::Unlimited, 1000)?;
    assert_eq!(found.per_cylinder.last().map(|c| c.phantom.to_string()).as_deref(), Some("0"));
    Ok(())
}

#[test]
fn schedules_refuse_what_contradicts_itself() -> Shown {
    let mut schedule = office()?;
    let key = |cuts: &[u8]| Bitting::of(cuts);
    assert!(matches!(schedule.add_key("A", key(&[1, 1, 1, 1, 1])?), Err(ScheduleError::Taken(_))));
    assert!(matches!(schedule.add_key("AA9", key(&[0, 1, 8, 5, 4])?), Err(ScheduleError::SameBitting { .. })));
    assert!(matches!(schedule.add_key("AA9", key(&[0, 1])?), Err(ScheduleError::Bitting { .. })));
    assert!(matches!(schedule.add_cylinder("new", &["AA9"]), Err(ScheduleError::UnknownKey { .. })));
    assert!(matches!(schedule.add_cylinder("new", &[]), Err(ScheduleError::NoKeys(_))));
    assert!(matches!(schedule.add_cylinder("AA1", &["A"]), Err(ScheduleError::Taken(_))));
    Ok(())
}

#[test]
fn sections_of_a_keyway_enter_or_not() {
    let mut sections = KeywaySections::default();
    sections.allow("multi", "B");
    assert!(sections.enters("multi", "B") && sections.enters("A", "A"));
    assert!(!sections.enters("A", "B"));
}
