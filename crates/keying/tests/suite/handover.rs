//! The hand-over format: nothing is lost, nothing wrong is let in.

use crate::{Shown, two_step};
use keying::*;

pub fn museum() -> Result<KeySystem, Box<dyn std::error::Error>> {
    let mut system = KeySystem::new("Museum", published("best_a2").ok_or("a2")?)?;
    let sequence = (1..=6).rev().map(Chamber::new).collect::<Result<_, _>>()?;
    let array = two_step(&[5, 2, 8, 6, 1, 4])?;
    system.set_design(Design { array, method: Method::TotalPosition, sequence, held: Default::default() })?;
    system.set_control("CTL", Bitting::of(&[9, 6, 0, 4, 7, 8])?)?;
    system.add_key("AA", Bitting::of(&[5, 2, 8, 6, 1, 4])?, KeyStatus::Used)?;
    system.add_key("1AA", Bitting::of(&[7, 4, 2, 8, 3, 6])?, KeyStatus::Used)?;
    system.add_key("2AA", Bitting::of(&[3, 0, 4, 0, 5, 2])?, KeyStatus::Reserved)?;
    system.add_cylinder("hall", &["1AA", "AA"])?;
    system.add_cylinder("depot", &["2AA", "AA"])?;
    system.aliases.record("H1-32", "1AA".parse()?)?;
    Ok(system)
}

#[test]
fn import_after_export_is_the_same_system() -> Shown {
    let text = museum()?.to_handover()?;
    let back = KeySystem::from_handover(&text, 100_000)?;
    assert_eq!(back.to_handover()?, text);
    assert_eq!(back.design(), museum()?.design());
    assert_eq!(back.control(), museum()?.control());
    assert_eq!(back.status("2AA"), KeyStatus::Reserved);
    assert_eq!(back.aliases, museum()?.aliases);
    assert_eq!(operation_matrix(back.schedule(), 99)?, operation_matrix(museum()?.schedule(), 99)?);
    assert_eq!(back.pin("hall")?, museum()?.pin("hall")?);
    Ok(())
}

#[test]
fn every_error_names_its_place() -> Shown {
    let good: serde_json::Value = serde_json::from_str(&museum()?.to_handover()?)?;
    let refuse = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut file = good.clone();
        change(&mut file);
        KeySystem::from_handover(&file.to_string(), 100_000).map(|_| ()).map_err(|why| why.to_string())
    };
    let said = |change: &dyn Fn(&mut serde_json::Value), text: &str| {
        let why = refuse(change);
        assert!(why.as_ref().is_err_and(|why| why.contains(text)), "{why:?} does not say {text}");
    };
    assert_eq!(refuse(&|_| {}), Ok(()));
    said(&|f| f["version"] = 2.into(), "version 2");
    said(&|f| f["format"] = "other".into(), "keying-handover");
    said(&|f| f["extra"] = 1.into(), "unknown");
    // Nothing unknown is lost in silence, however deep it stands.
    said(&|f| f["spec"]["extra"] = 1.into(), "unknown");
    said(&|f| f["spec"]["depths"][0]["extra"] = 1.into(), "unknown");
    said(&|f| f["spec"]["control"]["extra"] = 1.into(), "unknown");
    said(&|f| f["spec"]["tolerance"]["extra"] = 1.into(), "unknown");
    said(&|f| f["keys"][0]["extra"] = 1.into(), "unknown");
    let rotating = serde_json::json!({ "limited_rotating": { "constants": 1, "within": [1], "extra": 1 } });
    said(&|f| f["design"]["method"] = rotating.clone(), "unknown");
    said(&|f| f["keys"][1]["bitting"][2] = "z".into(), "keys[1].bitting[2]");
    said(&|f| f["keys"][1]["symbol"] = "AA".into(), "keys[1]: AA is in the schedule already");
    said(&|f| f["keys"][0]["bitting"] = serde_json::json!([]), "keys[0].bitting: a bitting needs");
    said(&|f| f["cylinders"][0]["keys"][0] = "9ZZ".into(), "cylinders[0]");
    said(&|f| f["design"]["sequence"][0] = 99.into(), "design.sequence[0]");
    said(&|f| f["design"]["columns"][0][0] = "5".into(), "cut of the top master");
    said(&|f| f["aliases"][0]["symbol"] = "1AB".into(), "aliases[0]");
    said(&|f| f["spec"]["depths"][3]["symbol"] = "0".into(), "specification is wrong");
    said(&|f| f["keys"] = "none".into(), "wrong kind");
    assert!(matches!(KeySystem::from_handover("{}", 1), Err(HandoverError::TooLarge { .. })));
    Ok(())
}

#[test]
fn an_error_quotes_nothing_of_the_file() -> Shown {
    let text = museum()?.to_handover()?.replace("\"status\": \"used\"", "\"status\": \"5-2-8-6-1-4\"");
    let why = KeySystem::from_handover(&text, 100_000).err().ok_or("read")?;
    assert!(!why.to_string().contains("5-2-8"), "{why}");
    Ok(())
}

#[test]
fn free_keys_are_in_no_use_and_operate_nothing() -> Shown {
    let mut system = museum()?;
    let first = system.next_free(1, 10)?.pop().ok_or("no free key")?;
    let place = |system: &KeySystem| -> Result<_, SystemError> { Ok(system.next_free(4096, 4096)?.len()) };
    // All 4,096 keys of the array but the two in use and the control key.
    assert_eq!(place(&system)?, 4096 - 3);
    system.add_key("3AA", first, KeyStatus::Used)?;
    assert_eq!(place(&system)?, 4096 - 4);
    // A cylinder for two change keys blocks what their cuts mix to.
    system.add_cylinder("X1X", &["1AA", "2AA"])?;
    assert_eq!(place(&system)?, 4096 - 4 - (64 - 2));
    Ok(())
}

#[test]
fn a_key_the_specification_cannot_write_is_refused() -> Shown {
    let mut system = museum()?;
    let strange = system.add_key("3AA", Bitting::of(&[5, 2, 8, 6, 1, 12])?, KeyStatus::Free);
    assert!(matches!(strange, Err(SystemError::Depth { .. })));
    assert!(system.set_control("AA", Bitting::of(&[1, 1, 1, 1, 1, 1])?).is_err());
    Ok(())
}
