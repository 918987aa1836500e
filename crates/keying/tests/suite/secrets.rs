//! Nothing that knows a bitting shows it by accident.

use crate::handover::museum;
use crate::{Shown, office, two_step};
use keying::*;

/// True when any run of digits of the text is one of the cuts in a row.
fn shows(text: &str, cuts: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.contains(cuts)
}

#[test]
fn debug_of_everything_that_holds_cuts_is_redacted() -> Shown {
    let key = Bitting::of(&[5, 2, 8, 6, 1, 4])?;
    let array = two_step(&[5, 2, 8, 6, 1, 4])?;
    let system = museum()?;
    let core = system.pin("hall")?;
    let chart = system_chart(&PinSystem::a2(), &array, system.control().map(|c| ControlKey(c.bitting)).as_ref())?;
    let texts = [
        format!("{key:?}"),
        format!("{array:?}"),
        format!("{:?}", TopMaster(key)),
        format!("{:?}", Progression::new(array.clone(), Method::TotalPosition)?),
        format!("{:?}", system.schedule()),
        format!("{:?}", system.design()),
        format!("{core:?} {:?} {:?}", core.stacks(), core.simulate()),
        format!("{:?}", pin_sheet("Museum", "hall", &[], &core)),
        format!("{chart:?} {:?}", chart.chambers),
        format!("{:?}", bitting_sheet(&system)),
        format!("{:?}", system.release(&[])?),
        format!("{:?}", bitting_list(&system)),
        format!("{:?} {:?}", parity_pattern(&key), ControlKey(key)),
        format!("{:?}", system.progression()?.ok_or("no design")?.list(4096)?),
        format!("{:?}", system.schedule().cylinders()),
        format!("{:?}", AcceptSets::of([&key])?),
    ];
    for text in &texts {
        assert!(!shows(text, "528614") && !shows(text, "742836"), "{text}");
        assert!(!text.replace("Depth(redacted)", "").contains("Depth("), "{text}");
    }
    let phantoms = unlisted_operators(system.schedule(), &Macs::Unlimited, 1000)?;
    assert_eq!(format!("{phantoms:?}"), "UnlistedOperators(124 bittings in 2 cylinders)");
    assert!(!format!("{:?}", parity_pattern(&key)).contains("Even"));
    assert_eq!(format!("{:?}", core.count_pins()), "PinCounts(24 pins, redacted)");
    assert!(shows(&format!("{:?}", key.numbers()), "528614"), "the test itself must be able to see a bitting");
    Ok(())
}

#[test]
fn errors_name_places_and_no_cuts() -> Shown {
    let mut schedule = office()?;
    let taken = schedule.add_key("AA9", Bitting::of(&[0, 1, 8, 5, 4])?).err().ok_or("added")?;
    assert_eq!(taken.to_string(), "AA1 and AA9 have the same bitting");
    assert!(!shows(&format!("{taken:?}"), "01854"));
    let space = KeySpace::uniform(3, Depth::new(1)?, Depth::new(6)?)?.with_macs(Macs::Limit(4));
    let said: Vec<String> = space.violations(&Bitting::of(&[1, 6, 9])?).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["chamber 3: this depth is not used here", "chamber 1 and the next: the cuts are too far apart (MACS)"]
    );
    Ok(())
}
