//! Taking over a system from decoded keys.

use crate::{Shown, two_step};
use keying::*;

/// Change keys of a known progression, decoded and numbered.
fn decoded(progression: &Progression, keys: usize) -> Result<KeySchedule, Box<dyn std::error::Error>> {
    let mut schedule = KeySchedule::new();
    schedule.add_key("AA", progression.array().top().0)?;
    for (number, key) in (1..).zip(progression.change_keys(keys)) {
        schedule.add_key(&format!("{number}AA"), key)?;
    }
    Ok(schedule)
}

#[test]
fn a_two_step_system_is_recognised() -> Shown {
    let sop = [4, 5, 2].map(Chamber::new).into_iter().collect::<Result<Vec<_>, _>>()?;
    let truth = Progression::in_sequence(two_step(&[4, 1, 8, 3, 6])?, Method::TotalPosition, sop.clone())?
        .with_held(Chamber::new(3)?, Depth::new(2)?)?;
    let found = take_over(&decoded(&truth, 64)?, &[])?;
    assert_eq!((found.step, found.constants), (2, 0));
    assert_eq!(found.held, [(Chamber::new(3)?, Depth::new(2)?)]);
    assert_eq!(found.unprogressed, [Chamber::new(1)?]);
    assert_eq!(found.sequence, sop);
    assert!(found.contradictions.is_empty());
    assert!(found.step_confidence >= Percent(90) && found.method_confidence >= Percent(90));
    let array = found.array().ok_or("no array")?;
    assert_eq!(array.column(Chamber::new(4)?), truth.array().column(Chamber::new(4)?));
    Ok(())
}

#[test]
fn rotating_constants_and_one_step_are_recognised() -> Shown {
    let rotating = Progression::new(two_step(&[4, 1, 8, 3, 6])?, Method::RotatingConstant(1))?;
    let found = take_over(&decoded(&rotating, 1280)?, &[])?;
    assert_eq!((found.constants, found.step), (1, 2));
    let rule = ColumnRule::one_step(Depth::new(1)?, Depth::new(6)?);
    let array = KeyBittingArray::by_rule(TopMaster(Bitting::of(&[3, 6, 2, 4, 1])?), rule);
    let found = take_over(&decoded(&Progression::new(array, Method::TotalPosition)?, 200)?, &[])?;
    assert_eq!((found.constants, found.step), (0, 1));
    Ok(())
}

#[test]
fn what_does_not_fit_is_reported_and_not_hidden() -> Shown {
    let truth = Progression::new(two_step(&[4, 1, 8, 3, 6])?, Method::TotalPosition)?;
    let mut schedule = decoded(&truth, 300)?;
    schedule.add_key("900AA", Bitting::of(&[4, 3, 0, 1, 0])?)?;
    schedule.add_key("901AA", Bitting::of(&[1, 3, 0, 1, 0])?)?;
    let foreign = AcceptSets::of([&Bitting::of(&[9, 9, 9, 9, 9])?])?;
    let cylinders = [DecodedCylinder { id: "annex".into(), accepts: foreign, keys: vec!["1AA".into()] }];
    let found = take_over(&schedule, &cylinders)?;
    let chamber = Chamber::new(1)?;
    for expected in [
        Contradiction::HoldsTop { key: "900AA".into(), chamber },
        Contradiction::OffStep { key: "901AA".into(), chamber },
        Contradiction::OutsideSystem("annex".into()),
        Contradiction::DoesNotOperate { cylinder: "annex".into(), key: "1AA".into() },
    ] {
        assert!(found.contradictions.contains(&expected), "{expected}");
    }
    assert_eq!(found.contradictions.len(), 4);
    Ok(())
}

#[test]
fn nothing_is_made_up_from_nothing() -> Shown {
    assert_eq!(take_over(&KeySchedule::new(), &[]), Err(TakeoverError::NoTop));
    let mut schedule = KeySchedule::new();
    schedule.add_key("AA", Bitting::of(&[1, 2])?)?;
    assert_eq!(take_over(&schedule, &[]), Err(TakeoverError::NoChangeKeys));
    schedule.add_key("1AA", Bitting::of(&[3, 4])?)?;
    assert!(take_over(&schedule, &[])?.step_confidence < Percent(50), "one key shows little");
    Ok(())
}

#[test]
fn a_top_master_nobody_has_is_read_from_the_cylinders() -> Shown {
    let truth = Progression::new(two_step(&[4, 1, 8, 3, 6])?, Method::TotalPosition)?;
    let top = truth.array().top().0;
    let mut schedule = KeySchedule::new();
    let mut cylinders = Vec::new();
    for (number, key) in (1..).zip(truth.change_keys(1024)).filter(|(number, _)| number % 37 == 1) {
        let symbol = format!("{number}AA");
        schedule.add_key(&symbol, key)?;
        cylinders.push(DecodedCylinder {
            id: symbol.clone(),
            accepts: AcceptSets::of([&key, &top])?,
            keys: vec![symbol],
        });
    }
    let found = take_over(&schedule, &cylinders)?;
    assert_eq!((found.top, found.top_symbol.as_deref(), found.top_confidence), (top, None, Percent(100)));
    // A cylinder of another system lowers the confidence and is named.
    let annex = AcceptSets::of([&Bitting::of(&[9, 9, 9, 9, 9])?])?;
    cylinders.push(DecodedCylinder { id: "annex".into(), accepts: annex, keys: vec![] });
    let found = take_over(&schedule, &cylinders)?;
    assert!(found.top == top && found.top_confidence < Percent(100));
    assert_eq!(found.contradictions, [Contradiction::OutsideSystem("annex".into())]);
    for cylinder in &mut cylinders {
        cylinder.accepts = AcceptSets::of([&Bitting::of(&[1, 2, 3, 4, 5, 6, 7])?])?;
    }
    assert_eq!(take_over(&schedule, &cylinders), Err(TakeoverError::Lengths));
    assert_eq!(take_over(&schedule, &cylinders[..2]), Err(TakeoverError::NoTop), "two cylinders show nothing");
    Ok(())
}
