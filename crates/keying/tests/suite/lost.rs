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
    let controls = [("north".to_owned(), control), ("south".to_owned(), Bitting::of(&[9, 6, 0, 4, 8])?)];
    assert_eq!(draws_cores(&control, &controls), ["north"]);
    Ok(())
}
