//! What goes on paper.

use crate::handover::museum;
use crate::{Shown, office, two_step};
use keying::*;

fn imprint() -> Imprint {
    Imprint { system: "Museum".into(), revision: "3".into(), date: "2026-03-01".into(), author: "M. Weber".into() }
}

#[test]
fn a_pin_sheet_runs_either_way_and_adds_up() -> Shown {
    let system = museum()?;
    let sheet = pin_sheet("Museum", "hall", &["Door: main entrance", "Keys: 1AA, AA"], &system.pin("hall")?);
    assert!(sheet.chambers.iter().all(|chamber| chamber.total() == 23));
    let visual = sheet.sheet(StackOrder::Visual);
    let expected = [
        "Door: main entrance",
        "Keys: 1AA, AA",
        "Chamber   1   2   3   4   5   6",
        "Top       4   7   13  9   6   5",
        "Control   12  12  2   6   14  12",
        "Master 1  2   2   6   2   2   2",
        "Bottom    5   2   2   6   1   4",
        "Total     23  23  23  23  23  23",
    ];
    assert_eq!(visual.lines(), expected);
    assert!(sheet.sheet(StackOrder::Assembly).lines()[3].starts_with("Bottom"));
    let text = serde_json::to_string(&sheet)?;
    assert!(serde_json::from_str::<PinSheet>(&text)? == sheet);
    Ok(())
}

#[test]
fn pages_carry_imprint_banner_and_hash() -> Shown {
    let sheet = bitting_sheet(&museum()?);
    let pages = sheet.pages(&imprint(), 2);
    assert_eq!(pages.len(), 2);
    for (number, page) in (1..).zip(&pages) {
        assert!(page.starts_with(BITTINGS_BANNER));
        assert!(page.contains("revision 3, 2026-03-01, M. Weber"));
        assert!(page.contains(&format!("page {number} of 2, {}", sheet.hash())));
    }
    let plain = schedule_sheet(museum()?.schedule());
    assert!(!plain.secret && !plain.pages(&imprint(), 50)[0].contains(BITTINGS_BANNER));
    assert_eq!(plain.pages(&imprint(), 0).len(), plain.lines().len());
    Ok(())
}

#[test]
fn hashes_tell_lists_and_lines_apart() -> Shown {
    let sheet =
        |text: &[&str]| Receipt { conditions: text.iter().map(|t| (*t).to_owned()).collect(), ..Receipt::default() };
    let hash = |text: &[&str]| sheet(text).sheet(ReceiptKind::Issue).hash();
    assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]), "where a line ends is part of the hash");
    // printf '10,9\n0,10\n' | sha256sum
    let list = [Bitting::of(&[10, 9])?, Bitting::of(&[0, 10])?];
    let known = "fdab02c073fe13e86982105ff60912c1fb5969bd5f201004c171de86dcb5ef89";
    assert_eq!(Fingerprint::of(&list), (2, known.to_owned()));
    Ok(())
}

#[test]
fn the_system_chart_pins_like_the_core_itself() -> Shown {
    let system = museum()?;
    let array = two_step(&[5, 2, 8, 6, 1, 4])?;
    let a2 = PinSystem::a2();
    let control = system.control().map(|key| ControlKey(key.bitting));
    let chart = system_chart(&a2, &array, control.as_ref())?;
    for id in ["hall", "depot"] {
        let cylinder = system.schedule().cylinder(id).ok_or("cylinder")?;
        let change = system.schedule().keys_of(cylinder).find(|k| k.symbol != "AA").ok_or("change key")?;
        assert_eq!(chart.stacks_for(&change.bitting).as_deref(), Some(system.pin(id)?.stacks()));
    }
    assert_eq!(chart.stacks_for(&Bitting::of(&[0, 0, 0, 0, 0, 0])?), None);
    let sheet = chart.sheet(system.spec());
    assert!(sheet.secret);
    assert_eq!(sheet.lines().len(), 1 + 6 * 5);
    Ok(())
}

#[test]
fn lists_and_schedules_read_as_a_shop_reads_them() -> Shown {
    let system = museum()?;
    let list = bitting_sheet(&system);
    assert_eq!(list.lines()[0], "Key  Level   Bitting  Status    Cylinders");
    assert_eq!(list.lines()[1], "AA   master  528614   used      2");
    let mut office = office()?;
    office.add_cylinder("XAA1", &["AA1", "AA2", "AA3", "AA", "A"])?;
    let rows = keying_schedule(&office);
    assert!(rows.iter().filter(|row| row.cross_keyed).map(|row| row.cylinder.as_str()).eq(["XAA1"]));
    let text = schedule_sheet(&office);
    assert!(text.lines().last().is_some_and(|line| line.contains("oby A, AA, AA1-AA3")), "{:?}", text.lines());
    Ok(())
}

#[test]
fn keyed_alike_cylinders_are_counted() -> Shown {
    let mut schedule = office()?;
    schedule.add_cylinder("AA1 back door", &["AA1", "AA", "A"])?;
    let rows = keying_schedule(&schedule);
    assert_eq!(rows.iter().filter(|row| row.keyed_alike == 2).count(), 2);
    Ok(())
}

#[test]
fn a_page_marks_what_cannot_be_cut() -> Shown {
    let spec = published("schlage_classic").ok_or("schlage")?;
    let keys = Progression::new(two_step(&[4, 1, 8, 3, 6, 5])?, Method::TotalPosition)?.with_macs(Macs::Limit(7));
    let pages = pages(&keys, 4096)?;
    let forbidden: usize = pages.iter().map(|page| page_sheet(&spec, page).lines().concat().matches('*').count()).sum();
    assert_eq!(forbidden, 4096 - 3105);
    assert!(page_sheet(&spec, &pages[0]).lines()[0].starts_with("Page master"));
    Ok(())
}

#[test]
fn receipts_mirror_each_other() {
    let key = ReceiptLine { symbol: "AA1".into(), serial: 3 };
    let receipt = Receipt {
        holder: "R. Sommer".into(),
        keys: vec![key],
        deposit: "20 EUR".into(),
        conditions: vec!["Not to be copied.".into()],
        ..Receipt::default()
    };
    let issue = receipt.sheet(ReceiptKind::Issue);
    assert!(!issue.secret);
    assert_eq!(issue.lines()[..4], ["Holder: R. Sommer", "Deposit paid: 20 EUR", "Keys: 1", "  AA1-03"]);
    assert!(issue.lines().contains(&"Not to be copied.".to_owned()));
    let back = receipt.sheet(ReceiptKind::Return);
    assert_eq!(back.lines()[1], "Deposit given back: 20 EUR");
    assert!(!back.lines().contains(&"Not to be copied.".to_owned()));
}

#[test]
fn the_pick_list_sums_a_job() -> Shown {
    let system = museum()?;
    let (hall, depot) = (system.pin("hall")?, system.pin("depot")?);
    let counts = pick_list([&*hall, &*depot]);
    let all: u32 =
        [&counts.bottom, &counts.master, &counts.control, &counts.top].iter().flat_map(|kind| kind.values()).sum();
    assert_eq!(all, 2 * 6 * 4);
    assert_eq!(counts.bottom.get(&2), Some(&3));
    assert!(
        pick_sheet(&counts).lines().iter().any(|line| line == "Bottom   #2      3"),
        "{:?}",
        pick_sheet(&counts).lines()
    );
    Ok(())
}
