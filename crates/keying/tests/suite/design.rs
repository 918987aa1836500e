//! Arrays, progressions, pages and random draws.

use crate::{Shown, two_step};
use keying::*;

pub fn schlage6(method: Method) -> Result<Progression, Box<dyn std::error::Error>> {
    Ok(Progression::new(two_step(&[4, 1, 8, 3, 6, 5])?, method)?.with_macs(Macs::Limit(7)))
}

#[test]
fn methods_are_never_mixed() -> Shown {
    let keys = schlage6(Method::TotalPosition)?;
    assert_eq!(keys.same_method(&Method::RotatingConstant(1)), Err(ProgressError::MethodMixed));
    let mut system = KeySystem::new("x", published("schlage_classic").ok_or("schlage")?)?;
    let design = |method| -> Result<Design, Box<dyn std::error::Error>> {
        let sequence = (1..=6).rev().map(Chamber::new).collect::<Result<_, _>>()?;
        Ok(Design { array: two_step(&[4, 1, 8, 3, 6, 5])?, method, sequence, held: Default::default() })
    };
    system.set_design(design(Method::TotalPosition)?)?;
    let mixed = system.set_design(design(Method::RotatingConstant(1))?);
    assert_eq!(mixed, Err(SystemError::Progress(ProgressError::MethodMixed)));
    Ok(())
}

#[test]
fn a_progression_that_cannot_be_is_refused() -> Shown {
    let array = || two_step(&[4, 1, 8]);
    let chambers = |numbers: &[u8]| numbers.iter().map(|n| Chamber::new(*n)).collect::<Result<Vec<_>, _>>();
    let sop = |numbers: &[u8]| -> Result<_, Box<dyn std::error::Error>> {
        Ok(Progression::in_sequence(array()?, Method::TotalPosition, chambers(numbers)?).err())
    };
    assert_eq!(sop(&[3, 3])?, Some(ProgressError::Twice(Chamber::new(3)?)));
    assert_eq!(sop(&[4])?, Some(ProgressError::NoSuchChamber(Chamber::new(4)?)));
    let many = Progression::new(array()?, Method::RotatingConstant(4)).err();
    assert_eq!(many, Some(ProgressError::Constants { constants: 4, chambers: 3 }));
    let held = Progression::new(array()?, Method::TotalPosition)?.with_held(Chamber::new(1)?, Depth::new(0)?);
    assert!(matches!(held, Err(ProgressError::HeldAndProgressed(_))));
    let short = Progression::new(array()?, Method::TotalPosition)?.list(63);
    assert!(matches!(short, Err(ProgressError::Limit(LimitExceeded { limit: 63 }))));
    let gap = KeyBittingArray::by_rule(
        TopMaster(Bitting::of(&[1, 0])?),
        ColumnRule { lo: Depth::new(0)?, hi: Depth::new(2)?, step: 1, min_gap: 2.into() },
    );
    assert_eq!(Progression::new(gap, Method::TotalPosition).err(), Some(ProgressError::EmptyColumn(Chamber::new(1)?)));
    Ok(())
}

#[test]
fn columns_of_ones_own_are_checked() -> Shown {
    let top = TopMaster(Bitting::of(&[2, 4])?);
    let column = |numbers: &[u8]| numbers.iter().map(|n| Depth::new(*n)).collect::<Result<Vec<_>, _>>();
    let own = |a: &[u8], b: &[u8]| -> Result<_, Box<dyn std::error::Error>> {
        Ok(KeyBittingArray::with_columns(top, vec![column(a)?, column(b)?]))
    };
    assert!(own(&[0, 6, 9, 3], &[1, 3, 5, 6])?.is_ok());
    assert_eq!(own(&[0, 2], &[1])?.err(), Some(ArrayError::ContainsTop(Chamber::new(1)?)));
    assert_eq!(own(&[0], &[1, 1])?.err(), Some(ArrayError::Twice(Chamber::new(2)?)));
    assert!(matches!(KeyBittingArray::with_columns(top, vec![]), Err(ArrayError::Length(_))));
    Ok(())
}

#[test]
fn depths_kept_for_master_work_make_no_change_keys() -> Shown {
    let kept = DepthSet::range(Depth::new(0)?, Depth::new(1)?);
    let array = two_step(&[4, 1, 8, 3, 6])?.without_change_cuts(kept);
    let sizes: Vec<usize> = array.columns().map(<[Depth]>::len).collect();
    assert_eq!(sizes, [3, 4, 3, 3, 3]);
    assert_eq!(Progression::new(array, Method::TotalPosition)?.theoretical().to_string(), "324");
    Ok(())
}

#[test]
fn the_makers_advice_on_a_top_master() -> Shown {
    let (lo, hi) = (Depth::new(0)?, Depth::new(9)?);
    let report = |top: &[u8], reading| -> Result<_, Box<dyn std::error::Error>> {
        Ok(top_master_report(&two_step(top)?, lo, hi, reading))
    };
    let good = report(&[4, 0, 7, 9, 2, 5], Reading::BowToTip)?;
    assert!(good.has_shallowest_in_progressed && good.has_deepest && !good.declining && !good.deep_at_the_bow);
    assert_eq!(good.cut_down_change_keys, BigUint::from(0u8));
    assert!(report(&[1, 2, 0, 1, 1, 2], Reading::BowToTip)?.uniformly_shallow);
    assert!(report(&[9, 0, 7, 4, 2, 5], Reading::BowToTip)?.deep_at_the_bow);
    assert!(!report(&[9, 0, 7, 4, 2, 5], Reading::TipToBow)?.deep_at_the_bow);
    assert!(report(&[4, 0, 7, 3, 2, 9], Reading::TipToBow)?.deep_at_the_bow);
    Ok(())
}

#[test]
fn the_five_figures_add_up() -> Shown {
    let keys = schlage6(Method::TotalPosition)?.with_shape(ShapeRules { max_same: Some(2), ..ShapeRules::NONE });
    let used: Vec<Bitting> = keys.change_keys(10).collect();
    let tally = keys.tally(&used, 5000)?;
    assert_eq!((tally.theoretical.to_string().as_str(), tally.practical.to_string().as_str()), ("4096", "3105"));
    assert_eq!((tally.forbidden, tally.used), (991, 10));
    assert_eq!(tally.undesirable + tally.used + tally.free, 3105);
    assert!(tally.undesirable > 0);
    assert!(keys.tally(&used, 100).is_err());
    Ok(())
}

#[test]
fn pages_have_their_masters() -> Shown {
    let keys = schlage6(Method::TotalPosition)?;
    let first = keys.change_keys(1).next().ok_or("no key")?;
    let master = |kind: PageMaster| kind.over(&keys, &first).map(|m| m.numbers());
    let mut cuts = first.numbers();
    cuts[5] = 5;
    assert_eq!(master(PageMaster::Block), Some(cuts.clone()));
    cuts[4] = 6;
    assert_eq!(master(PageMaster::HorizontalGroup), Some(cuts.clone()));
    cuts[3] = 3;
    assert_eq!(master(PageMaster::Page), Some(cuts));
    let all = pages(&keys, 4096)?;
    assert_eq!(all.len(), 64);
    let page_master = all[0].master.ok_or("no page master")?;
    let on_page = all[0].blocks.iter().flatten().flatten();
    let operated = on_page.filter(|entry| {
        AcceptSets::of([&entry.bitting, &keys.array().top().0]).is_ok_and(|c| c.operates(&page_master))
    });
    assert_eq!(operated.count(), 64);
    assert_eq!(pages(&keys, 4095), Err(LimitExceeded { limit: 4095 }));
    let rotating = pages(&schlage6(Method::RotatingConstant(1))?, 10_000)?;
    assert_eq!(rotating.len(), 6 * 16);
    assert!(rotating.iter().all(|page| page.master.is_none()), "constants that rotate leave no page master");
    Ok(())
}

#[test]
fn a_draw_is_even_and_keeps_the_rules() -> Shown {
    // A counter through every 128-bit prefix would take too long; a simple mixer spreads well enough to count.
    let mut state = 7u64;
    let mut random = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB)
    };
    let space = KeySpace::uniform(3, Depth::new(1)?, Depth::new(3)?)?.with_macs(Macs::Limit(1));
    let mut times = std::collections::HashMap::new();
    for _ in 0..3400 {
        *times.entry(draw(&space, 1, &mut random).ok_or("nothing drawn")?).or_insert(0u32) += 1;
    }
    assert_eq!(times.len(), 17);
    assert!(times.values().all(|n| (130..270).contains(n)), "{:?}", times.values());
    let shaped = KeySpace::uniform(5, Depth::new(0)?, Depth::new(9)?)?
        .with_shape(ShapeRules { min_span: Some(6), ..ShapeRules::NONE });
    assert!(shaped.contains(&draw(&shaped, 1000, &mut random).ok_or("nothing drawn")?));
    let array = two_step(&[4, 1, 8, 3, 6])?;
    let control = draw_control(&shaped, &array, &[], 1000, &mut random).ok_or("no control key")?;
    assert!(control_faults(&array, &control, false).is_empty());
    assert_eq!(draw(&space, 9, &mut || u64::MAX), None, "a stuck generator draws nothing");
    Ok(())
}

#[test]
fn control_keys_of_both_schools() -> Shown {
    let array = two_step(&[5, 2, 8, 6, 1, 4])?;
    let set_aside = ControlKey(Bitting::of(&[9, 6, 0, 4, 7, 8])?);
    assert_eq!(control_faults(&array, &set_aside, false), [ControlFault::ChangeKey]);
    assert!(control_faults(&array, &set_aside, true).is_empty());
    assert!(control_faults(&array, &ControlKey(Bitting::of(&[0, 7, 1, 9, 4, 3])?), false).is_empty());
    let shared = ControlKey(Bitting::of(&[5, 7, 1, 9, 4, 3])?);
    assert_eq!(control_faults(&array, &shared, false), [ControlFault::SharesTop(Chamber::new(1)?)]);
    Ok(())
}

#[test]
fn a_progression_knows_its_own_keys() -> Shown {
    let key = |cuts: &[u8]| Bitting::of(cuts);
    let total = Progression::new(two_step(&[4, 1, 8])?, Method::TotalPosition)?;
    assert!(total.makes(&key(&[0, 3, 6])?) && !total.makes(&key(&[4, 3, 6])?) && !total.makes(&key(&[0, 3])?));
    assert!(!total.makes(&key(&[1, 3, 6])?), "off the column");
    let rotating = Progression::new(two_step(&[4, 1, 8])?, Method::RotatingConstant(1))?;
    assert!(
        rotating.makes(&key(&[4, 3, 6])?) && !rotating.makes(&key(&[0, 3, 6])?) && !rotating.makes(&key(&[4, 1, 6])?)
    );
    Ok(())
}

#[test]
fn the_register_keeps_systems_apart() -> Shown {
    let register = [
        RegisteredSystem { name: "other parity".into(), array: two_step(&[5, 0, 9, 2, 7])? },
        RegisteredSystem { name: "same parity".into(), array: two_step(&[2, 3, 0, 9, 0])? },
        RegisteredSystem { name: "almost the same".into(), array: two_step(&[4, 1, 8, 3, 0])? },
        RegisteredSystem { name: "two apart".into(), array: two_step(&[4, 1, 8, 5, 0])? },
        RegisteredSystem { name: "three apart".into(), array: two_step(&[4, 1, 6, 5, 0])? },
        RegisteredSystem { name: "other length".into(), array: two_step(&[4, 1])? },
    ];
    let report = register_report(&two_step(&[4, 1, 8, 3, 6])?, &register, &Macs::Unlimited);
    let shared: Vec<&str> = report.shared.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(shared, ["same parity", "almost the same", "two apart", "three apart"]);
    assert_eq!(report.near_top, ["almost the same", "two apart"], "all but two chambers are far enough");
    Ok(())
}

#[test]
fn figures_stand_by_themselves() -> Shown {
    assert_eq!(exposure(5, 10), 45);
    assert_eq!(key_power(6, 4, 7)?, None);
    assert!(changes(10, 4_000_000_000).is_err() && largest_system(65, 4).is_err() && parity_patterns(99).is_err());
    let sum =
        |f: fn(KeyPower) -> BigUint| (0..=6).filter_map(|j| key_power(6, 4, j).ok().flatten()).map(f).sum::<BigUint>();
    assert_eq!(sum(|p| p.keys_of_this_class), changes(5, 6)?);
    assert_eq!(sum(|p| p.keys_of_this_class * p.cylinders_each_operates), tpp_pairs(6, 4)?.pairs);
    assert_eq!(stray_key_risk(&BigUint::from(64u8), &BigUint::from(1_000_000u32)), Some(0.000064));
    assert_eq!(stray_key_risk(&BigUint::from(1u8), &BigUint::from(0u8)), None);
    assert_eq!(En1303Grade::of(6), Some(En1303Grade { differs: 100_000, detainers: 6 }));
    assert_eq!(unused_patterns(2, &[Bitting::of(&[0, 0])?], 9).len(), 3);
    Ok(())
}

#[test]
fn a_selective_master_opens_what_was_selected_and_nothing_else() -> Shown {
    let sequence = [5, 4, 3, 2].map(Chamber::new).into_iter().collect::<Result<Vec<_>, _>>()?;
    let held = Chamber::new(1)?;
    let keys = Progression::in_sequence(two_step(&[4, 1, 8, 3, 6])?, Method::TotalPosition, sequence)?;
    let cleaner = keys.selective_master(held, Depth::new(2)?)?;
    let mut schedule = KeySchedule::new();
    schedule.add_key("AA", keys.array().top().0)?;
    schedule.add_key("Cleaner", cleaner)?;
    for (number, key) in keys.change_keys(64).enumerate() {
        let symbol = format!("{}AA", number + 1);
        schedule.add_key(&symbol, key)?;
        let selected = if number % 7 == 0 { vec!["AA", &symbol, "Cleaner"] } else { vec!["AA", &symbol] };
        schedule.add_cylinder(&symbol, &selected)?;
    }
    assert!(cross_operations(&schedule, 99)?.is_empty());
    assert_eq!(lost_key(&schedule, "Cleaner")?.affected.len(), 10);
    assert_eq!(keys.selective_master(held, Depth::new(4)?), Err(SelectiveFault::Ordinary(held)));
    let other = Chamber::new(2)?;
    assert_eq!(keys.selective_master(other, Depth::new(3)?), Err(SelectiveFault::Progressed(other)));
    let none = Chamber::new(6)?;
    assert_eq!(keys.selective_master(none, Depth::new(3)?), Err(SelectiveFault::NoSuchChamber(none)));
    let held_at = keys.clone().with_held(held, Depth::new(2)?)?;
    assert_eq!(held_at.selective_master(held, Depth::new(2)?), Err(SelectiveFault::Ordinary(held)));
    assert_eq!(held_at.selective_master(held, Depth::new(4)?), Err(SelectiveFault::Ordinary(held)), "the TMK itself");
    let narrow = keys.with_macs(Macs::Limit(7));
    assert_eq!(narrow.selective_master(held, Depth::new(9)?), Err(SelectiveFault::Macs));
    Ok(())
}

#[test]
fn a_column_never_holds_the_cut_of_the_top_master() -> Shown {
    let (lo, hi) = (Depth::new(0)?, Depth::new(9)?);
    for (step, min_gap) in [(1, 0), (2, 0), (1, 1), (0, 0)] {
        let rule = ColumnRule { lo, hi, step, min_gap: min_gap.into() };
        assert!(!rule.column(Depth::new(4)?).contains(Depth::new(4)?), "step {step}, gap {min_gap}");
    }
    Ok(())
}

#[test]
fn the_grades_of_en_1303_by_share_of_the_chambers() {
    let limits = |grade, chambers| ShapeRules::en1303(grade, chambers).map(|r| (r.max_same, r.max_same_run));
    assert_eq!(limits(1, 5), Some((None, None)));
    // 70, 60 and 50 percent of five, seven and ten chambers, rounded down; never more than two alike in a row.
    let same = |grade| [5, 7, 10].map(|n| limits(grade, n).and_then(|(same, _)| same));
    assert_eq!(same(2), [Some(3), Some(4), Some(7)]);
    for grade in 3..=5 {
        assert_eq!(same(grade), [Some(3), Some(4), Some(6)]);
    }
    assert_eq!(same(6), [Some(2), Some(3), Some(5)]);
    assert!((2..=6).all(|grade| limits(grade, 6).is_some_and(|(_, run)| run == Some(2))));
    assert_eq!((limits(0, 6), limits(7, 6)), (None, None));
    let meets = |grade, differs: u32, n| En1303Grade::of(grade).is_some_and(|row| row.met_by(&differs.into(), n));
    assert!(meets(3, 15_000, 5) && !meets(3, 14_999, 5) && !meets(3, 15_000, 4) && meets(1, 100, 2));
    let rows: Vec<_> = (1..=6).filter_map(En1303Grade::of).map(|g| (g.differs, g.detainers)).collect();
    assert_eq!(rows, [(100, 2), (300, 3), (15_000, 5), (30_000, 5), (30_000, 6), (100_000, 6)]);
}

#[test]
fn every_shape_rule_has_its_edge() -> Shown {
    let key = Bitting::of(&[4, 4, 1, 3, 6])?; // steps 0 3 2 3, span 5, four depths
    let off = ShapeRules::NONE;
    let edges = [
        (ShapeRules { min_variation: Some(8), ..off }, ShapeRules { min_variation: Some(9), ..off }),
        (ShapeRules { min_span: Some(5), ..off }, ShapeRules { min_span: Some(6), ..off }),
        (ShapeRules { min_distinct: Some(4), ..off }, ShapeRules { min_distinct: Some(5), ..off }),
        (ShapeRules { max_same: Some(2), ..off }, ShapeRules { max_same: Some(1), ..off }),
        (ShapeRules { max_same_run: Some(2), ..off }, ShapeRules { max_same_run: Some(1), ..off }),
        (ShapeRules { forbid_monotone: false, ..off }, ShapeRules { forbid_monotone: true, max_same: Some(1), ..off }),
    ];
    for (kept, broken) in edges {
        assert!(kept.admits(&key) && kept.faults(&key).is_empty(), "{kept:?}");
        assert!(!broken.admits(&key) && broken.faults(&key).len() == 1, "{broken:?}");
    }
    let stairs = ShapeRules { forbid_monotone: true, ..off };
    for (cuts, good) in [([1, 1, 2, 3, 9], false), ([9, 4, 4, 4, 0], false), ([5; 5], false), ([1, 2, 2, 3, 2], true)] {
        assert_eq!(stairs.admits(&Bitting::of(&cuts)?), good);
    }
    Ok(())
}
