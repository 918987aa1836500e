//! Hierarchies: what is allocated holds, what does not fit is refused with its numbers.

use crate::design::schlage6;
use crate::{Shown, two_step};
use keying::*;

fn level(name: &str, keys: u32) -> Level {
    Level { name: name.to_owned(), keys }
}

#[test]
fn a_hierarchy_holds_its_levels_and_passes_its_audit() -> Shown {
    let hierarchy =
        Hierarchy::allocate(schlage6(Method::TotalPosition)?, &[level("GMK", 3), level("MK", 10), level("CK", 8)], 30)?;
    let chambers: Vec<usize> = hierarchy.levels().iter().map(|l| l.chambers.len()).collect();
    assert_eq!(chambers, [1, 2, 3]);
    assert_eq!(hierarchy.levels()[1].spare(), 6);
    // The slowest chamber, the first, belongs to the highest level.
    assert_eq!(hierarchy.levels()[0].chambers, [Chamber::new(1)?]);
    let system = hierarchy.build(&[], 10_000)?;
    let schedule = system.schedule();
    assert_eq!(schedule.key_count(), 1 + 3 + 30 + 240);
    assert_eq!(schedule.cylinders().len(), 240);
    let row = operation_matrix(schedule, 10_000)?.into_iter().find(|(id, _)| id == "BC7").ok_or("BC7")?;
    assert_eq!(row.1, ["B", "BC", "BC7", "GGM"]);
    Ok(())
}

#[test]
fn what_does_not_fit_is_refused_with_its_numbers() -> Shown {
    let refuse = |levels: &[Level]| {
        Hierarchy::allocate(schlage6(Method::TotalPosition)?, levels, 30).map(|_| ()).map_err(Box::from)
    };
    let why: Result<(), Box<dyn std::error::Error>> = refuse(&[level("MK", 4), level("CK", 300)]);
    // Four masters and 30 % need six: two chambers; the four left hold 256 of the 390 change keys.
    assert_eq!(
        why.err().map(|e| e.to_string()),
        Some("level CK needs room for 390 keys with its reserve; the chambers left hold 256".into())
    );
    assert!(matches!(Hierarchy::allocate(schlage6(Method::TotalPosition)?, &[], 30), Err(AllocationError::NoLevels)));
    assert!(matches!(
        Hierarchy::allocate(schlage6(Method::TotalPosition)?, &[level("CK", 0)], 0),
        Err(AllocationError::NoKeys(_))
    ));
    let rotating = Hierarchy::allocate(schlage6(Method::RotatingConstant(1))?, &[level("MK", 2), level("CK", 9)], 30);
    assert!(matches!(rotating, Err(AllocationError::Rotating(_))));
    let tight = Hierarchy::allocate(schlage6(Method::TotalPosition)?, &[level("CK", 4000)], 0)?.build(&[], 10_000);
    assert!(matches!(tight, Err(AllocationError::TooFewUsable { found: 3105, wanted: 4000, .. })));
    let large = Hierarchy::allocate(schlage6(Method::TotalPosition)?, &[level("CK", 500)], 0)?.build(&[], 100);
    assert_eq!(large.err(), Some(AllocationError::TooLarge(100)));
    Ok(())
}

#[test]
fn reserved_keys_are_passed_over() -> Shown {
    let hierarchy = Hierarchy::allocate(schlage6(Method::TotalPosition)?, &[level("CK", 20)], 30)?;
    let first = hierarchy.build(&[], 100)?;
    let taken = first.schedule().key(first.schedule().find("1AA")?).ok_or("1AA")?.bitting;
    let second = hierarchy.build(&[taken], 100)?;
    assert!(second.schedule().key_with(&taken).is_none());
    assert_eq!(second.schedule().key_count(), 21);
    Ok(())
}

#[test]
fn limited_rotation_leaves_chambers_for_masters() -> Shown {
    let within = (3..=6).map(Chamber::new).collect::<Result<Vec<_>, _>>()?;
    let keys = schlage6(Method::LimitedRotating { constants: 1, within })?;
    assert_eq!(keys.theoretical().to_string(), (16 * 4 * 64).to_string());
    let system = Hierarchy::allocate(keys, &[level("MK", 3), level("CK", 60)], 30)?.build(&[], 1000)?;
    assert_eq!(system.schedule().key_count(), 1 + 3 + 180);
    Ok(())
}

#[test]
fn a_master_that_cannot_be_cut_is_passed_over() -> Shown {
    let keys = Progression::new(two_step(&[4, 3, 4, 3, 4, 3])?, Method::TotalPosition)?.with_macs(Macs::Limit(3));
    let build =
        |masters| Hierarchy::allocate(keys.clone(), &[level("MK", masters), level("CK", 5)], 0)?.build(&[], 100);
    // Of the cuts 0, 2, 6, 8 in chamber 1 the last stands five above its neighbour.
    assert!(build(3).is_ok());
    let short = AllocationError::TooFewUsable { parent: "A".into(), level: "MK".into(), found: 3, wanted: 4 };
    assert_eq!(build(4).err(), Some(short));
    Ok(())
}
