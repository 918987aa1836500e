//! Releasing a system: all or nothing.

use crate::Shown;
use crate::handover::museum;
use keying::*;

#[test]
fn a_sound_system_is_released_with_all_its_pins() -> Shown {
    let release = museum()?.release(&[])?;
    assert_eq!(release.pins().len(), 2);
    assert_eq!(release.system().name(), "Museum");
    Ok(())
}

#[test]
fn a_cross_operation_has_to_be_accepted_by_name() -> Shown {
    let mut system = museum()?;
    system.add_key("3AA", Bitting::of(&[7, 4, 2, 8, 3, 4])?, KeyStatus::Used)?;
    let cross: Operation = ("3AA".into(), "hall".into());
    assert_eq!(system.release(&[]).err(), Some(ReleaseFault::Cross(cross.clone())));
    assert!(system.release(std::slice::from_ref(&cross)).is_ok());
    // Of several the first by key is named, whenever it was added.
    system.add_key("2ZZ", Bitting::of(&[7, 4, 2, 8, 1, 6])?, KeyStatus::Used)?;
    let other: Operation = ("2ZZ".into(), "hall".into());
    assert_eq!(system.release(&[]).err(), Some(ReleaseFault::Cross(other.clone())));
    assert_eq!(system.release(std::slice::from_ref(&cross)).err(), Some(ReleaseFault::Cross(other.clone())));
    assert!(system.release(&[other, cross]).is_ok());
    Ok(())
}

#[test]
fn what_cannot_be_pinned_is_not_released() -> Shown {
    let mut system = museum()?;
    system.add_key("3AA", Bitting::of(&[6, 4, 2, 8, 3, 6])?, KeyStatus::Used)?;
    system.add_cylinder("attic", &["3AA", "AA"])?;
    let why = system.release(&[]).err().ok_or("released")?;
    assert_eq!(why.to_string(), "cylinder attic: chamber 1: AA and 3AA are 1 apart and there is no #1 master pin");
    Ok(())
}

#[test]
fn a_key_cut_like_the_control_key_is_found() -> Shown {
    let mut system = museum()?;
    system.add_key("4AA", Bitting::of(&[9, 6, 0, 4, 7, 8])?, KeyStatus::Used)?;
    let control = ReleaseFault::Control { cylinder: "hall".into(), key: "4AA".into() };
    assert_eq!(system.release(&[]).err(), Some(control));
    Ok(())
}

#[test]
fn a_key_that_cannot_be_cut_is_not_released() -> Shown {
    let mut system = KeySystem::new("Shed", published("kwikset_kw1").ok_or("kwikset")?)?;
    system.add_key("AA", Bitting::of(&[1, 6, 1, 1, 1])?, KeyStatus::Used)?;
    system.add_cylinder("door", &["AA"])?;
    assert_eq!(system.release(&[]).err(), Some(ReleaseFault::Macs("AA".into())));
    Ok(())
}

#[test]
fn a_control_key_that_draws_nothing_is_found() -> Shown {
    let mut system = KeySystem::new("Annex", published("access3_lfic").ok_or("access3")?)?;
    system.add_key("AA", Bitting::of(&[1, 2, 3, 4, 6, 4])?, KeyStatus::Used)?;
    system.add_cylinder("door", &["AA"])?;
    // Chambers 1, 2, 5 and 6 have no control line: there the control key needs an operating cut.
    system.set_control("CTL", Bitting::of(&[1, 2, 6, 1, 6, 4])?)?;
    assert!(system.release(&[]).is_ok());
    system.set_control("CTL", Bitting::of(&[2, 2, 6, 1, 6, 4])?)?;
    let control = ReleaseFault::Control { cylinder: "door".into(), key: "CTL".into() };
    assert_eq!(system.release(&[]).err(), Some(control));
    Ok(())
}
