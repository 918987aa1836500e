//! A lost key: its reach and the options, each with its counts.

use crate::{Shown, office, two_step};
use keying::*;

#[test]
fn options_carry_their_counts() -> Shown {
    let schedule = office()?;
    let array = two_step(&[4, 1, 8, 3, 6])?;
    // The office varies chambers 1, 4 and 5; chambers 2 and 3 stay at the cut of the top master.
    let sop = [5, 4, 1].map(Chamber::new).into_iter().collect::<Result<Vec<_>, _>>()?;
    let free: Vec<Bitting> =
        Progression::in_sequence(array.clone(), Method::TotalPosition, sop)?.change_keys(500).collect();
    let plan = LossPlan { array: &array, free: &free, registered: &[] };
    let options = loss_options(&schedule, "AA", plan)?;
    assert_eq!(options[0], LossOption::Record { exposed: 3 });
    let Some(LossOption::Repin { cylinders, keys_to_recut, new_keys }) = options.get(1) else {
        return Err("no re-pin".into());
    };
    assert_eq!((*cylinders, keys_to_recut.as_slice()), (3, &["AA1".to_owned(), "AA2".into(), "AA3".into()][..]));
    assert!(new_keys.iter().all(|key| schedule.key_with(key).is_none()));
    let master =
        options.iter().find_map(|o| if let LossOption::NewMaster { master, .. } = o { Some(master) } else { None });
    let master = master.ok_or("no new master")?;
    let cylinders = schedule.cylinders().iter().filter(|c| c.accepts().operates(master)).count();
    assert_eq!(cylinders, 0, "a new master operates nothing until its cylinders are pinned");
    assert!(matches!(options.last(), Some(LossOption::NewTopMaster { cylinders: 5, keys_to_recut: 8, .. })));
    Ok(())
}

#[test]
fn a_key_can_be_cut_down_but_never_up() -> Shown {
    let reach = lost_key(&office()?, "AA3")?;
    assert_eq!(reach.affected, ["AA3"]);
    // Cuts only grow: AA3 reaches AA1, AA2 and the keys of AB whose cuts are all as deep or deeper.
    assert_eq!(reach.deepens_into, ["AA1", "AA2", "AB1", "AB2"]);
    assert!(lost_key(&office()?, "ZZ1").is_err());
    Ok(())
}

#[test]
fn a_new_top_master_goes_to_an_unused_parity() -> Shown {
    let array = two_step(&[4, 2])?;
    let mut schedule = KeySchedule::new();
    schedule.add_key("AA", Bitting::of(&[4, 2])?)?;
    schedule.add_cylinder("1", &["AA"])?;
    let registered = [Bitting::of(&[1, 1])?, Bitting::of(&[1, 2])?];
    let plan = LossPlan { array: &array, free: &[], registered: &registered };
    let options = loss_options(&schedule, "AA", plan)?;
    let Some(LossOption::NewTopMaster { parity, .. }) = options.last() else {
        return Err("no new top master".into());
    };
    assert_eq!(parity, &[Parity::Even, Parity::Odd]);
    Ok(())
}

#[test]
fn a_lost_control_key_draws_the_cores_it_fits() -> Shown {
    let control = Bitting::of(&[9, 6, 0, 4, 7])?;
    let other = ControlKey(Bitting::of(&[9, 6, 0, 4, 8])?);
    let controls = [("north".to_owned(), ControlKey(control)), ("south".to_owned(), other)];
    assert_eq!(draws_cores(&control, &controls), ["north"]);
    Ok(())
}

#[test]
fn a_lost_key_may_be_cut_down_to_more_doors() -> Shown {
    let mut schedule = office()?;
    let reach = lost_key(&schedule, "AA3")?;
    // 0 1 8 5 0 goes down to every change cut here; only its own cylinder it turns as it is.
    assert_eq!(reach.within_cutting, ["AA1", "AA2", "AB1", "AB2"]);
    assert!(lost_key(&schedule, "A")?.within_cutting.is_empty());
    schedule.add_key("SKD1", Bitting::of(&[0, 1, 8, 5, 3])?)?;
    schedule.add_cylinder("shallow", &["SKD1"])?;
    assert!(lost_key(&schedule, "AA3")?.within_cutting.contains(&"shallow".to_owned()));
    assert!(!lost_key(&schedule, "AA1")?.within_cutting.contains(&"shallow".to_owned()), "a 4 never becomes a 3");
    Ok(())
}

#[test]
fn a_lost_key_turns_only_what_its_blank_enters() -> Shown {
    let schedule = office()?;
    let mut sections = KeywaySections::default();
    sections.allow("multi", "west");
    let keyway = |cylinder: &Cylinder| if cylinder.id.starts_with("AB") { "east" } else { "west" };
    let reach = lost_key_entering(&schedule, "A", |cylinder| sections.enters("multi", keyway(cylinder)))?;
    assert_eq!(reach.affected, ["AA1", "AA2", "AA3"]);
    assert_eq!(lost_key(&schedule, "A")?.affected.len(), 5);
    Ok(())
}

#[test]
fn the_worst_door_makes_the_risk() -> Shown {
    let reach = lost_key(&office()?, "AA")?;
    let risk = LossRisk::of(&reach, |cylinder| if cylinder == "AA2" { 3 } else { 1 }, 2, 9);
    assert_eq!(risk, LossRisk { door: 3, identifiability: 2, level: 3 });
    assert_eq!(risk.class(), 18);
    let other = LossRisk::of(&lost_key(&office()?, "AB1")?, |cylinder| if cylinder == "AA2" { 3 } else { 1 }, 0, 1);
    assert_eq!(other.class(), 1);
    Ok(())
}
