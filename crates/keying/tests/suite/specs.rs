//! Specifications: the catalogue holds, and a wrong one is refused with the reason.

use crate::Shown;
use keying::*;

#[test]
fn every_published_specification_is_without_fault_except_the_empty_one() {
    let all = catalogue();
    assert!(all.len() >= 30);
    for spec in all {
        let expected = if spec.id == "falcon_conventional" { vec![SpecFault::NoDepths] } else { vec![] };
        assert_eq!(spec.faults(), expected, "{}", spec.id);
    }
}

#[test]
fn a_name_that_means_one_specification_is_enough() {
    let id = |name: &str| published(name).map(|spec| spec.id);
    assert_eq!(id("emhart").as_deref(), Some("emhart_hs"));
    assert_eq!(id("yale_y1").as_deref(), Some("yale"));
    assert_eq!(id("titan").as_deref(), Some("kwikset_titan"));
    assert_eq!(id("a2"), None, "several makers");
    assert_eq!(id("medeco"), None, "two families");
    assert_eq!(id(""), None);
    assert_eq!(id("yalex"), None);
}

#[test]
fn disputed_values_stay_marked() -> Shown {
    let unsettled = [
        ("arrow", vec![Unsettled::Macs]),
        ("corbin_z_pre70", vec![Unsettled::Macs]),
        ("corbin_russwin_s70", vec![Unsettled::Macs, Unsettled::Roots]),
        ("yale", vec![Unsettled::Macs, Unsettled::Step]),
        ("weiser", vec![Unsettled::DepthRange]),
        ("sargent", vec![Unsettled::Roots]),
        ("lockwood", vec![Unsettled::Increment]),
        ("american_am7", vec![Unsettled::Roots]),
        ("medeco_biaxial", vec![Unsettled::Macs]),
        ("medeco_original", vec![Unsettled::Macs]),
        ("access3", vec![Unsettled::Macs]),
        ("schlage_classic", vec![]),
        ("best_a2", vec![]),
    ];
    for (id, parts) in unsettled {
        assert_eq!(published(id).ok_or(id)?.unsettled, parts, "{id}");
    }
    for id in ["weiser", "lockwood", "corbin_russwin_s70", "falcon_conventional"] {
        assert_eq!(published(id).ok_or(id)?.confidence, Confidence::Disputed, "{id}");
    }
    assert_eq!(published("medeco_biaxial").ok_or("medeco")?.macs, Macs::Unlimited);
    Ok(())
}

#[test]
fn root_and_bottom_pin_make_the_plug() -> Shown {
    let arrow = published("arrow").ok_or("arrow")?;
    for entry in &arrow.depths {
        let sum = entry.root.ok_or("root")?.plus(arrow.bottom_pin(entry.depth).ok_or("pin")?);
        assert_eq!(sum, Length::new(4900));
    }
    let schlage = published("schlage_classic").ok_or("schlage")?;
    assert_eq!(schlage.bottom_pin(Depth::new(0)?), Some(Length::new(1650)));
    assert_eq!(schlage.bottom_pin(Depth::new(9)?), Some(Length::new(3000)));
    Ok(())
}

#[test]
fn a_wrong_specification_is_refused_with_the_place() -> Shown {
    let good = published("arrow").ok_or("arrow")?;
    let broken = |change: &dyn Fn(&mut KeySpec)| {
        let mut spec = good.clone();
        change(&mut spec);
        spec.faults()
    };
    assert_eq!(broken(&|s| s.bottom_pins[3].length = Length::new(2230)), [SpecFault::Plug { number: 3 }]);
    assert_eq!(broken(&|s| s.depths[4].symbol = "3".into()), [SpecFault::Symbol { place: 5 }]);
    assert_eq!(
        broken(&|s| s.depths[2].root = Some(Length::new(3000))),
        [SpecFault::Root { place: 3 }, SpecFault::Plug { number: 2 }]
    );
    assert_eq!(
        broken(&|s| s.depths[9].root = Some(Length::new(1820))),
        [SpecFault::Increment { place: 10 }, SpecFault::Plug { number: 9 }]
    );
    assert_eq!(broken(&|s| s.master_pins[0].length = Length::new(310)), [SpecFault::MasterPin { number: 2 }]);
    // Two entries of one depth number leave a pin of the next without its depth.
    let twice = broken(&|s| s.depths[4].depth = s.depths[3].depth);
    assert_eq!(twice, [SpecFault::Order { place: 5 }, SpecFault::StrayPin { number: 4 }]);
    assert_eq!(broken(&|s| s.chambers_allowed = vec![5, 16]), [SpecFault::Chambers(16)]);
    assert_eq!(broken(&|s| s.macs = Macs::Matrix(vec![vec![true; 10]; 9])), [SpecFault::MacsMatrix]);
    assert_eq!(broken(&|s| s.step = Some(0)), [SpecFault::Step]);
    assert_eq!(broken(&|s| s.sources.clear()), [SpecFault::NoSource]);
    assert!(matches!(
        KeySystem::new("x", {
            let mut s = good.clone();
            s.id.clear();
            s
        }),
        Err(SystemError::Spec(SpecFault::NoId))
    ));
    Ok(())
}

#[test]
fn symbols_and_numbers_part_where_the_maker_says_so() -> Shown {
    let sargent = published("sargent").ok_or("sargent")?;
    let key = sargent.read("1 0 2-9,3 8")?;
    assert_eq!(key.numbers(), [1, 10, 2, 9, 3, 8]);
    assert_eq!(sargent.write(&key).as_deref(), Some("102938"));
    let corbin = published("corbin_russwin_dh").ok_or("corbin")?;
    assert_eq!(corbin.read("B09")?.numbers(), [0, 1, 10]);
    let ten = published("corbin_x_pre70").ok_or("corbin x")?;
    assert_eq!(ten.read("1-10-2")?.numbers(), [1, 10, 2]);
    assert_eq!(ten.write(&Bitting::of(&[1, 10, 2])?).as_deref(), Some("1-10-2"));
    assert_eq!(sargent.read("12x"), Err(BittingError::Symbol { position: 3 }));
    assert_eq!(sargent.write(&Bitting::of(&[11])?), None);
    let sfic = published("best_a2").ok_or("a2")?;
    assert_eq!((sfic.datum, sfic.reading), (Datum::Tip, Reading::TipToBow));
    Ok(())
}

#[test]
fn angles_are_part_of_the_cut() -> Shown {
    let medeco = published("medeco_biaxial").ok_or("medeco")?;
    let key = AngledBitting::parse("2K5B3Q6M3S", &medeco.angles)?;
    assert_eq!(key.angles(), ['K', 'B', 'Q', 'M', 'S']);
    assert_eq!(key.reveal(), "2K5B3Q6M3S");
    let lock = AcceptSets::of([key.depths()])?;
    assert!(key.operates(&lock, &['K', 'B', 'Q', 'M', 'S']));
    assert!(!key.operates(&lock, &['K', 'B', 'Q', 'M', 'D']));
    assert_eq!(AngledBitting::parse("2K5X", &medeco.angles), Err(AngledError::Letter(4)));
    assert_eq!(AngledBitting::parse("2K5", &medeco.angles), Err(AngledError::Letter(4)));
    assert_eq!(AngledBitting::parse("KK", &medeco.angles), Err(AngledError::Digit(1)));
    assert_eq!(Angle::codes(3, 6).to_string(), "729");
    assert_eq!((Angle::codes(0, 6), Angle::codes(5, 0)), (0u8.into(), 1u8.into()));
    let emhart = AngledBitting::parse("2L6L2R", &published("emhart_hs").ok_or("emhart")?.angles)?;
    assert_eq!(emhart.broken_pairs(4, 3), [Chamber::new(2)?]);
    Ok(())
}

#[test]
fn lengths_are_exact() -> Shown {
    let first = Length::parse_inch(".335")?;
    assert_eq!(first.to_string(), "0.3350 in (8.509 mm)");
    assert_eq!(Length::new(3).mm(), "0.008", "7.62 micrometres round up");
    assert_eq!(Length::parse_inch("1.2.3"), Err(LengthError::Character(4)));
    assert_eq!(Length::parse_inch("0.12345"), Err(LengthError::TooFine));
    assert_eq!(Length::parse_inch("-1"), Err(LengthError::Character(1)));
    assert_eq!(Length::parse_inch("."), Err(LengthError::OutOfRange));
    let spec = published("schlage_classic").ok_or("schlage")?;
    let last = spec.positions(6).and_then(|p| p.last().copied());
    assert_eq!(last, Some(Length::new(10_120)));
    Ok(())
}

#[test]
fn a_limit_of_one_chamber_narrows_the_space() -> Shown {
    let mut spec = published("kwikset_kw1").ok_or("kwikset")?;
    let all = spec.space(5)?.count();
    let chamber = Chamber::new(1)?;
    spec.chamber_limits.push(ChamberLimit { chamber, forbidden: vec![Depth::new(6)?] });
    assert!(spec.faults().is_empty());
    assert!(spec.space(5)?.count() < all);
    spec.chamber_limits[0].forbidden = spec.depth_set().iter().collect();
    assert_eq!(spec.faults(), [SpecFault::NothingLeft(chamber)]);
    Ok(())
}
