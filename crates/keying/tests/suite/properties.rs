//! Properties over generated systems: the fast way equals the slow one, and what is made keeps its rules.

use keying::*;
use proptest::prelude::*;

fn bitting(chambers: usize, hi: u8) -> impl Strategy<Value = Bitting> {
    proptest::collection::vec(0..=hi, chambers).prop_map(|cuts| Bitting::of(&cuts).expect("within limits"))
}

fn any_bitting(hi: u8) -> impl Strategy<Value = Bitting> {
    (2..=6usize).prop_flat_map(move |n| bitting(n, hi))
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::TotalPosition),
        (1..3usize).prop_map(Method::RotatingConstant),
        Just(Method::LimitedRotating {
            constants: 1,
            within: vec![Chamber::new(1).expect("1"), Chamber::new(2).expect("2")]
        }),
    ]
}

fn shape() -> impl Strategy<Value = ShapeRules> {
    let limit = || proptest::option::of(1..4u8);
    (limit(), limit(), any::<bool>(), limit(), limit()).prop_map(
        |(max_same_run, max_same, forbid_monotone, min_span, min_distinct)| ShapeRules {
            max_same_run,
            max_same,
            forbid_monotone,
            min_span,
            min_distinct,
            min_variation: None,
        },
    )
}

/// Every bitting of a space, one after another, without pruning.
fn brute(chambers: usize, hi: u8) -> Vec<Bitting> {
    let all = u32::from(hi) + 1;
    let digits = |code: u32| (0..chambers as u32).rev().map(|i| (code / all.pow(i) % all) as u8).collect::<Vec<_>>();
    (0..all.pow(chambers as u32)).map(|code| Bitting::of(&digits(code)).expect("within limits")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counting_and_walking_agree_with_brute_force(n in 1..=4usize, hi in 0..=4u8, macs in 0..=5u8, shape in shape()) {
        let lo = Depth::new(0).expect("0");
        let space = KeySpace::uniform(n, lo, Depth::new(hi).expect("hi")).expect("space").with_macs(Macs::Limit(macs));
        let within: Vec<Bitting> = brute(n, hi).into_iter().filter(|b| Macs::Limit(macs).admits(b)).collect();
        prop_assert_eq!(space.count(), BigUint::from(within.len()));
        let shaped = space.with_shape(shape);
        let expected: Vec<Bitting> = within.into_iter().filter(|b| shape.faults(b).is_empty()).collect();
        let walked: Vec<Bitting> = shaped.bittings(u64::MAX).collect();
        prop_assert_eq!(&walked, &expected);
        for any in brute(n, hi) {
            prop_assert_eq!(shaped.contains(&any), expected.contains(&any));
            prop_assert_eq!(shaped.violations(&any).is_empty(), expected.contains(&any));
        }
        prop_assert_eq!(shaped.count_shaped(1_000_000).expect("small"), BigUint::from(expected.len()));
    }

    #[test]
    fn progressed_keys_keep_every_rule(top in bitting(5, 9), step in 1..=3u8, gap in 1..=2u8, macs in 4..=9u8, method in method()) {
        let rule = ColumnRule { lo: Depth::new(0).expect("0"), hi: Depth::new(9).expect("9"), step, min_gap: gap.into() };
        let array = KeyBittingArray::by_rule(TopMaster(top), rule);
        let progression = Progression::new(array, method.clone()).expect("columns are full").with_macs(Macs::Limit(macs));
        let keys: Vec<Bitting> = progression.change_keys(400).collect();
        for key in &keys {
            prop_assert!(progression.makes(key) && Macs::Limit(macs).admits(key));
            let apart = key.reveal().iter().zip(top.reveal()).map(|(a, b)| a.apart(*b));
            prop_assert!(apart.clone().all(|d| d == 0 || (d >= gap && d % step == 0)));
            let constants = apart.filter(|d| *d == 0).count();
            let expected = match &method { Method::TotalPosition => 0, Method::RotatingConstant(k) => *k, Method::LimitedRotating { constants, .. } => *constants };
            prop_assert_eq!(constants, expected);
        }
        let distinct: std::collections::HashSet<&Bitting> = keys.iter().collect();
        prop_assert_eq!(distinct.len(), keys.len());
        // Without the filter the same keys come in the same order.
        let free = progression.clone().with_macs(Macs::Unlimited);
        let filtered: Vec<Bitting> = free.change_keys(usize::MAX).filter(|key| Macs::Limit(macs).admits(key)).take(400).collect();
        prop_assert_eq!(keys, filtered);
    }

    #[test]
    fn no_key_of_one_method_operates_another_keys_cylinder(top in bitting(4, 6), method in method()) {
        let rule = ColumnRule::two_step(Depth::new(0).expect("0"), Depth::new(6).expect("6"));
        let progression = Progression::new(KeyBittingArray::by_rule(TopMaster(top), rule), method).expect("columns are full");
        let keys: Vec<Bitting> = progression.change_keys(60).collect();
        for key in &keys {
            let cylinder = AcceptSets::of([key, &top]).expect("same length");
            prop_assert_eq!(keys.iter().filter(|other| cylinder.operates(other)).collect::<Vec<_>>(), vec![key]);
        }
    }

    #[test]
    fn the_audit_lists_exactly_the_unintended(keys in proptest::collection::hash_set(bitting(4, 3), 3..12), pins in proptest::collection::vec(proptest::collection::vec(0..100usize, 1..4), 1..10)) {
        let mut schedule = KeySchedule::new();
        let keys: Vec<Bitting> = keys.into_iter().collect();
        let places: Vec<KeyIndex> = keys.iter().enumerate().map(|(i, k)| schedule.add_key(&format!("K{i:02}"), *k).expect("new")).collect();
        for (i, pinned) in pins.iter().enumerate() {
            let own: Vec<KeyIndex> = pinned.iter().map(|p| places[p % places.len()]).collect();
            schedule.add_cylinder_of(&format!("C{i}"), &own).expect("new");
        }
        let mut expected = Vec::new();
        for (k, key) in keys.iter().enumerate() {
            for cylinder in schedule.cylinders() {
                let turns = key.reveal().iter().zip(cylinder.accepts().reveal()).all(|(cut, set)| set.contains(*cut));
                if turns && !cylinder.intends(places[k]) {
                    expected.push((format!("K{k:02}"), cylinder.id.clone()));
                }
            }
        }
        expected.sort();
        prop_assert_eq!(cross_operations(&schedule, 1000).expect("few"), expected);
        let found = unlisted_operators(&schedule, &Macs::Limit(2), 100_000).expect("small");
        let unlisted = brute(4, 3).into_iter().filter(|b| Macs::Limit(2).admits(b) && !keys.contains(b));
        let operating = unlisted.filter(|b| operates_any(b, schedule.cylinders().iter().map(Cylinder::accepts)));
        prop_assert_eq!(found.distinct, operating.count() as u64);
    }

    #[test]
    fn pins_decode_to_the_cuts_they_were_made_of(keys in proptest::collection::vec(bitting(6, 9), 1..4), control in bitting(6, 9)) {
        let system = PinSystem::a2();
        let sets = AcceptSets::of(&keys).expect("same length");
        let pinned = pin_sets(&system, sets.reveal(), Some(&ControlKey(control)));
        // Pinnable exactly when all joints of a chamber are two apart (keying rule for A2).
        let joints = |i: usize| {
            let operating = sets.reveal()[i].iter().map(|d| d.number());
            let mut all: Vec<u8> = operating.chain([control.reveal()[i].number() + 10]).collect();
            all.sort_unstable();
            all
        };
        let possible = (0..6).all(|i| joints(i).windows(2).all(|w| w[1] - w[0] >= 2));
        prop_assert_eq!(pinned.is_ok(), possible);
        if let Ok(core) = pinned {
            for (i, stack) in core.stacks().iter().enumerate() {
                let chamber = Chamber::new(i as u8 + 1).expect("chamber");
                let decoded = decode_stack(&system, chamber, &stack.pins());
                prop_assert!(decoded.valid && decoded.total == 23);
                prop_assert_eq!(decoded.operating_cuts, sets.reveal()[i].iter().map(|d| d.number()).collect::<Vec<_>>());
                prop_assert_eq!(decoded.control_cuts, vec![control.reveal()[i].number()]);
            }
            let lock = core.simulate();
            for other in &keys {
                prop_assert!(lock.turns(other));
            }
            prop_assert_eq!(lock.turns(&control), sets.operates(&control));
        }
    }

    #[test]
    fn the_lock_and_the_accept_sets_never_disagree(keys in proptest::collection::vec(bitting(4, 9), 1..4), tried in bitting(4, 9)) {
        let system = PinSystem::conventional("any", Depth::new(0).expect("0"), Depth::new(9).expect("9"), 1.into(), TopRule::Unspecified);
        let sets = AcceptSets::of(&keys).expect("same length");
        let lock = pin_sets(&system, sets.reveal(), None).expect("every gap is allowed").simulate();
        prop_assert_eq!(lock.turns(&tried), sets.operates(&tried));
    }

    #[test]
    fn symbols_come_back_as_written(bitting in any_bitting(9)) {
        for id in ["schlage_classic", "best_a2"] {
            let spec = published(id).expect("published");
            let text = spec.write(&bitting).expect("depths 0 to 9");
            prop_assert_eq!(spec.read(&text), Ok(bitting));
        }
    }

    #[test]
    fn import_after_export_is_identity(keys in proptest::collection::hash_set(bitting(5, 9), 1..8), top in bitting(5, 9), held in 0..=9u8) {
        let mut system = KeySystem::new("any", published("schlage_classic").expect("schlage")).expect("no fault");
        let array = KeyBittingArray::by_rule(TopMaster(top), system.spec().column_rule().expect("rule"));
        let sequence = [5, 3, 4].map(|n| Chamber::new(n).expect("chamber")).to_vec();
        let held = [(Chamber::new(1).expect("1"), Depth::new(held).expect("depth"))].into();
        system.set_design(Design { array, method: Method::TotalPosition, sequence, held }).expect("design");
        for (i, key) in keys.iter().enumerate() {
            system.add_key(&format!("{}AA", i + 1), *key, KeyStatus::Used).expect("new");
            system.add_cylinder(&format!("door {i}"), &["1AA", &format!("{}AA", i + 1)]).expect("new");
        }
        let text = system.to_handover().expect("written");
        let back = KeySystem::from_handover(&text, 1_000_000).expect("read");
        prop_assert_eq!(back.to_handover().expect("written"), text);
        prop_assert_eq!(back.design(), system.design());
        prop_assert_eq!(operation_matrix(back.schedule(), 1000), operation_matrix(system.schedule(), 1000));
    }

    #[test]
    fn a_built_hierarchy_operates_as_intended(top in bitting(5, 9), masters in 1..4u32, changes in 1..12u32) {
        let rule = ColumnRule::two_step(Depth::new(0).expect("0"), Depth::new(9).expect("9"));
        let keys = Progression::new(KeyBittingArray::by_rule(TopMaster(top), rule), Method::TotalPosition).expect("columns are full");
        let levels = [Level { name: "MK".into(), keys: masters }, Level { name: "CK".into(), keys: changes }];
        let system = Hierarchy::allocate(keys, &levels, 30).expect("room").build(&[], 1000).expect("free of MACS");
        for (id, operating) in operation_matrix(system.schedule(), 1000).expect("few") {
            prop_assert_eq!(operating, vec!["A".to_owned(), id[..2].to_owned(), id]);
        }
    }

    #[test]
    fn the_audit_answers_alike_whatever_the_size_of_its_keys(
        (n, hi) in prop_oneof![Just((4, 9)), Just((9, 9)), Just((9, 31)), Just((13, 31)), Just((15, 31))],
        seeds in proptest::collection::vec(proptest::collection::vec(0..=31u8, 15), 2..6),
        macs in prop_oneof![Just(Macs::Unlimited), (3..=20u8).prop_map(Macs::Limit)],
    ) {
        // Keys that differ from the first in four chambers at most, so that a cylinder accepts few bittings.
        let cut = |seed: &[u8], i: usize| if i % 4 == 3 || i < 2 { seed[i] % (hi + 1) } else { seeds[0][i] % (hi + 1) };
        let keys: Vec<Bitting> = seeds.iter().map(|seed| Bitting::of(&(0..n).map(|i| cut(seed, i)).collect::<Vec<_>>()).expect("within limits")).collect();
        let mut schedule = KeySchedule::new();
        let places: Vec<KeyIndex> = keys.iter().enumerate().map(|(i, key)| schedule.add_alike_key(&format!("K{i}"), *key).expect("new")).collect();
        for (i, pair) in places.windows(2).enumerate() {
            schedule.add_cylinder_of(&format!("C{i}"), pair).expect("new");
        }
        let mut times = std::collections::BTreeMap::new();
        for cylinder in schedule.cylinders() {
            let space = cylinder.accepts().operating_space(&macs).expect("not empty");
            space.bittings(u64::MAX).filter(|b| !keys.contains(b)).for_each(|b| *times.entry(b).or_insert(0u32) += 1);
        }
        let found = unlisted_operators(&schedule, &macs, 1_000_000).expect("small");
        prop_assert_eq!((found.distinct, &found.fingerprint), (times.len() as u64, &Fingerprint::of(times.keys()).1));
        prop_assert_eq!(found.in_two_or_more, times.values().filter(|n| **n >= 2).count() as u64);
        prop_assert_eq!(found.most_cylinders, times.values().copied().max().unwrap_or(0));
        prop_assert!(found.worst.windows(2).all(|w| w[0].1 >= w[1].1));
        let operating = |key: &Bitting| schedule.cylinders().iter().filter(|c| c.accepts().operates(key)).count() as u64;
        let all: u64 = keys.iter().map(operating).sum();
        for way in [AuditWay::Cheapest, AuditWay::Comparison, AuditWay::Lookup] {
            prop_assert_eq!(count_operations(&schedule, way), all);
        }
    }
}
