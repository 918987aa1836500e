//! Pins and the lock they make.

use crate::Shown;
use keying::*;

fn key(symbol: &str, cuts: &[u8]) -> Result<KeySet, BittingError> {
    Ok(KeySet { symbol: symbol.to_owned(), bitting: Bitting::of(cuts)? })
}

#[test]
fn unpinnable_names_chamber_and_both_keys() -> Shown {
    let keys = [key("AA1", &[4, 3])?, key("AA", &[4, 4])?];
    let why = pin_keys(&PinSystem::schlage(), &keys, None).err().ok_or("pinned")?;
    assert_eq!(why.to_string(), "chamber 2: AA1 and AA are 1 apart and there is no #1 master pin");
    let control = key("CTL", &[5, 0])?;
    let keys = [key("AA1", &[2, 2])?, key("AA", &[4, 9])?];
    let why = pin_keys(&PinSystem::a2(), &keys, Some(&control)).err().ok_or("pinned")?;
    assert_eq!(why.to_string(), "chamber 2: CTL leaves no build-up pin over AA");
    assert_eq!(pin_keys(&PinSystem::a2(), &keys, None).err(), Some(PinningError::ControlMissing));
    let deep = [key("AA1", &[2, 10])?];
    assert!(matches!(pin_keys(&PinSystem::schlage(), &deep, None), Err(PinningError::Depth { .. })));
    assert!(matches!(pin_keys(&PinSystem::schlage(), &[], None), Err(PinningError::Bitting(BittingError::Empty))));
    Ok(())
}

#[test]
fn the_lock_turns_for_its_keys_and_no_other() -> Shown {
    let keys = [key("TMK", &[5, 2, 8, 6, 1, 4])?, key("1", &[7, 4, 2, 8, 3, 6])?];
    let control = key("CTL", &[9, 6, 0, 4, 7, 8])?;
    let lock = pin_keys(&PinSystem::a2(), &keys, Some(&control))?.simulate();
    assert!(keys.iter().all(|key| lock.turns(&key.bitting)));
    assert!(!lock.turns(&control.bitting) && lock.draws_core(&control.bitting));
    assert!(!lock.draws_core(&keys[0].bitting));
    assert!(!lock.turns(&Bitting::of(&[5, 2, 8, 6, 1, 5])?));
    assert!(lock.turns(&Bitting::of(&[7, 2, 8, 6, 1, 4])?), "a mix of both keys is a phantom and turns it");
    Ok(())
}

#[test]
fn a_control_line_within_reach_of_the_cuts_is_found_out() -> Shown {
    // Sargent: control cut 1 puts a joint 9 above the bottom, where a key cut 9 would meet it.
    let cuts = |numbers: &[u8]| numbers.iter().map(|n| Depth::new(*n)).collect::<Result<DepthSet, _>>();
    let sets = [cuts(&[2])?, cuts(&[2])?, cuts(&[3])?, cuts(&[3])?, cuts(&[2])?, cuts(&[2])?];
    let good = Bitting::of(&[2, 2, 6, 5, 2, 2])?;
    assert!(pin_sets(&PinSystem::sargent_6300(), &sets, Some(&ControlKey(good))).is_ok());
    let near = Bitting::of(&[2, 2, 1, 5, 2, 2])?;
    let why = pin_sets(&PinSystem::sargent_6300(), &sets, Some(&ControlKey(near))).err();
    assert_eq!(why, Some(PinningError::Simulation(SimulationFault::Operating(Chamber::new(3)?))));
    Ok(())
}

#[test]
fn lfic_and_other_cylinders_by_the_makers_numbers() -> Shown {
    let access = [key("K", &[1, 2, 3, 4, 6, 4])?, key("M", &[3, 4, 5, 2, 1, 2])?];
    let control = key("CTL", &[1, 2, 6, 1, 6, 4])?;
    let core = pin_keys(&PinSystem::access3_lfic(), &access, Some(&control))?;
    let third = core.stacks()[2];
    // Build-up = control + 6 - plug, top = 7 - control.
    assert_eq!((third.control(), third.top()), (Some(6 + 6 - 5), Some(1)));
    assert_eq!((core.stacks()[0].control(), core.stacks()[0].top()), (None, Some(7)));
    let mortise = PinSystem::peaks(&PinSystem::a2(), 31.into());
    let plain = pin_keys(&mortise, &[key("K", &[5, 2])?], None)?;
    assert_eq!(plain.stacks()[1].pins(), [2, 29]);
    Ok(())
}

#[test]
fn schlage_tops_and_crowded_chambers() -> Shown {
    let keys = [key("a", &[0])?, key("b", &[2])?, key("c", &[4])?, key("d", &[6])?, key("e", &[8])?];
    let pins = pin_keys(&PinSystem::schlage(), &keys, None)?;
    assert_eq!(pins.crowded(3), [Chamber::new(1)?]);
    assert!(pins.crowded(4).is_empty());
    assert_eq!(pins.count_pins().master.get(&2), Some(&4));
    Ok(())
}

#[test]
fn a_stack_with_a_pin_no_kit_has_is_noted() -> Shown {
    let decoded = decode_stack(&PinSystem::a2(), Chamber::new(1)?, &[3, 1, 11, 8]);
    assert!(decoded.valid);
    assert_eq!(decoded.missing_from_kit, [2]);
    assert!(!decode_stack(&PinSystem::a2(), Chamber::new(1)?, &[]).valid);
    assert!(!decode_stack(&PinSystem::a2(), Chamber::new(1)?, &[255; 40]).valid);
    Ok(())
}

#[test]
fn the_driver_is_chosen_within_the_safe_band() {
    let kit = [1800, 1400, 1000, 600].map(Length::new);
    let band = SafeBand { lowest: Length::new(4050), highest: Length::new(4200), floor: Length::new(3000) };
    assert_eq!(choose_driver(Length::new(2700), &kit, band), Some(1));
    assert_eq!(choose_driver(Length::new(2250), &kit, band), Some(0));
    assert_eq!(choose_driver(Length::new(3700), &kit, band), None, "every driver would crush the spring");
    let low = SafeBand { floor: Length::new(4150), ..band };
    assert_eq!(choose_driver(Length::new(2700), &kit, low), None, "the stack would fall below the shear line");
}

#[test]
fn verified_can_only_come_from_a_check() -> Shown {
    let chart = LockChart::new(&[("K1", vec!["L1"]), ("K2", vec!["L2"])])?;
    let format =
        ChartFormat { chambers: 1, lo: Depth::new(0)?, hi: Depth::new(1)?, macs: Macs::Unlimited, min_gap: 1.into() };
    let claim = |a, b| {
        Ok::<_, BittingError>(ChartSolution::new(
            chart.clone(),
            format.clone(),
            vec![Bitting::of(&[a])?, Bitting::of(&[b])?],
        ))
    };
    assert!(Verified::check(claim(0, 1)?).is_ok());
    assert!(matches!(Verified::check(claim(1, 1)?), Err(SolutionFault::Access { .. })));
    assert!(matches!(Verified::check(claim(0, 2)?), Err(SolutionFault::Key(_))));
    let both = LockChart::new(&[("K1", vec!["L1"]), ("K2", vec!["L1"])])?;
    let thin = ChartFormat { hi: Depth::new(2)?, min_gap: 2.into(), ..format.clone() };
    let pair = |b| Ok::<_, BittingError>(vec![Bitting::of(&[0])?, Bitting::of(&[b])?]);
    let claim = |b| Ok::<_, BittingError>(ChartSolution::new(both.clone(), thin.clone(), pair(b)?));
    assert!(Verified::check(claim(2)?).is_ok());
    assert_eq!(Verified::check(claim(1)?), Err(SolutionFault::Gap("L1".into())));
    Ok(())
}

#[test]
fn pin_systems_go_by_the_names_people_write() {
    let name = |text: &str| PinSystem::named(text).map(|system| system.name);
    assert_eq!(name("a2"), Some("A2".into()));
    assert_eq!(name("Sargent 6300"), name("sargent_6300"));
    assert_eq!(name("Access-3 LFIC"), Some("Access 3 / Degree LFIC".into()));
    for unknown in ["", "A5", "A22", "lfic", "ＡＢ"] {
        assert_eq!(name(unknown), None, "{unknown}");
    }
}
