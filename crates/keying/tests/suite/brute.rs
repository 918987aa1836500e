//! Small systems worked out the slow way, beside the closed forms and the exact search.

use keying::*;
use proptest::prelude::*;

fn bitting(chambers: usize, hi: u8) -> impl Strategy<Value = Bitting> {
    proptest::collection::vec(0..=hi, chambers).prop_map(|cuts| Bitting::of(&cuts).expect("within limits"))
}

fn rule(hi: u8, step: u8) -> ColumnRule {
    ColumnRule { lo: Depth::new(0).expect("0"), hi: Depth::new(hi).expect("hi"), step, min_gap: 1.into() }
}

fn change_keys(top: Bitting, rule: ColumnRule, method: Method) -> Vec<Bitting> {
    let array = KeyBittingArray::by_rule(TopMaster(top), rule);
    Progression::new(array, method).map_or_else(|_| Vec::new(), |keys| keys.change_keys(10_000).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_best_top_master_is_the_best(n in 2..=3usize, hi in 3..=5u8, macs in 2..=5u8, need in 0..=3u8, run in 1..=3u8, stairs in any::<bool>()) {
        let shape = ShapeRules { max_same_run: Some(run), forbid_monotone: stairs, ..ShapeRules::NONE };
        let need = DepthSet::EMPTY.with(Depth::new(need).expect("need"));
        let macs = Macs::Limit(macs);
        let search = TopMasterSearch { chambers: n, rule: rule(hi, 2), macs: macs.clone(), need, shape };
        let space = KeySpace::uniform(n, search.rule.lo, search.rule.hi).expect("space").with_macs(macs.clone()).with_shape(shape);
        let fit = |top: &Bitting| top.reveal().iter().any(|cut| need.contains(*cut));
        let usable = |top: Bitting| {
            let keys = change_keys(top, search.rule, Method::TotalPosition);
            (keys.iter().filter(|key| macs.admits(key)).count() as u64, top)
        };
        let all: Vec<(u64, Bitting)> = space.bittings(u64::MAX).filter(fit).map(usable).collect();
        let most = all.iter().map(|(keys, _)| *keys).max();
        let best = best_top_master(&search, 10_000_000).expect("small");
        prop_assert_eq!(best.as_ref().map(|b| b.usable), most);
        if let (Some(best), Some(most)) = (best, most) {
            let ties: Vec<Bitting> = all.into_iter().filter(|(keys, _)| *keys == most).map(|(_, top)| top).collect();
            prop_assert_eq!((best.ties, best.first), (ties.len() as u64, ties[0]));
        }
    }

    #[test]
    fn interchange_is_what_the_keys_do(a in bitting(3, 6), b in bitting(3, 6), step in 1..=2u8, macs in 2..=6u8) {
        let macs = Macs::Limit(macs);
        let (first, second) = (change_keys(a, rule(6, step), Method::TotalPosition), change_keys(b, rule(6, step), Method::TotalPosition));
        let cylinders: Vec<AcceptSets> = second.iter().map(|key| AcceptSets::of([key, &b]).expect("same length")).collect();
        let cut: Vec<&Bitting> = first.iter().filter(|key| macs.admits(key)).collect();
        let common = cut.iter().filter(|key| second.contains(key)).count();
        let operating = cut.iter().filter(|key| operates_any(key, &cylinders)).count();
        let arrays = [a, b].map(|top| KeyBittingArray::by_rule(TopMaster(top), rule(6, step)));
        let counted = interchange(&arrays[0], &arrays[1], &macs).expect("same length");
        prop_assert_eq!(counted.common_change_keys, BigUint::from(common));
        prop_assert_eq!(counted.first_operating_second, BigUint::from(operating));
    }

    #[test]
    fn mixing_methods_does_what_the_figures_say(top in bitting(3, 6), step in 1..=2u8) {
        let total = change_keys(top, rule(6, step), Method::TotalPosition);
        let rotating = change_keys(top, rule(6, step), Method::RotatingConstant(1));
        let cylinders: Vec<AcceptSets> = total.iter().map(|key| AcceptSets::of([key, &top]).expect("same length")).collect();
        let crossing: usize = rotating.iter().map(|key| cylinders.iter().filter(|c| c.operates(key)).count()).sum();
        let figures = mixed_methods(&KeyBittingArray::by_rule(TopMaster(top), rule(6, step)));
        prop_assert_eq!(figures.rcm_keys, BigUint::from(rotating.len()));
        prop_assert_eq!(figures.cross_operations, BigUint::from(crossing));
    }

    #[test]
    fn keys_that_can_be_cut_down_are_counted(top in bitting(4, 9)) {
        let keys = change_keys(top, rule(9, 2), Method::TotalPosition);
        let deepening = keys.iter().filter(|key| key.deepens_into(&top)).count();
        let array = KeyBittingArray::by_rule(TopMaster(top), rule(9, 2));
        prop_assert_eq!(array.cut_down_keys(), BigUint::from(deepening));
    }
}

#[test]
fn the_largest_system_is_the_largest_set_of_independent_keys() {
    // Two chambers, two change cuts: keys are pairs over {0: TMK cut, 1, 2}; none may operate another's cylinder.
    let keys: Vec<[u8; 2]> = (0..9).map(|code| [code / 3, code % 3]).collect();
    let below = |x: &[u8; 2], y: &[u8; 2]| (0..2).all(|i| x[i] == y[i] || x[i] == 0);
    let independent = |set: u32| {
        let chosen: Vec<&[u8; 2]> =
            keys.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, k)| k).collect();
        chosen.iter().all(|x| chosen.iter().all(|y| x == y || !below(x, y)))
    };
    let most = (0u32..1 << 9).filter(|set| independent(*set)).map(u32::count_ones).max();
    let known = largest_system(2, 2).expect("small").max_change_keys;
    assert_eq!(most.map(BigUint::from), Some(known));
}
