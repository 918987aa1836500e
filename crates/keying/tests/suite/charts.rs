//! Lock charts: solved, proved impossible, given up; counted and compared with brute force.

use crate::Shown;
use keying::*;
use proptest::prelude::*;

fn format(chambers: usize, depths: u8, min_gap: u8) -> Result<ChartFormat, NumberError> {
    let hi = Depth::new(depths - 1)?;
    Ok(ChartFormat { chambers, lo: Depth::new(0)?, hi, macs: Macs::Unlimited, min_gap: min_gap.into() })
}

fn diagonal(changes: usize) -> Vec<(String, Vec<String>)> {
    let lock = |i: usize| format!("L{i}");
    let master = ("M".to_owned(), (0..changes).map(lock).collect());
    std::iter::once(master).chain((0..changes).map(|i| (format!("K{i}"), vec![lock(i)]))).collect()
}

fn chart(rows: &[(String, Vec<String>)]) -> Result<LockChart, ChartError> {
    let rows: Vec<(&str, Vec<&str>)> =
        rows.iter().map(|(k, l)| (k.as_str(), l.iter().map(String::as_str).collect())).collect();
    LockChart::new(&rows)
}

#[test]
fn a_diagonal_chart_is_solved_up_to_its_proved_maximum() -> Shown {
    // Two chambers of three depths: two change cuts each, at most max(4, 2 * 2) = 4 change keys.
    let largest = largest_system(2, 2)?.max_change_keys.to_string();
    assert_eq!(largest, "4");
    assert!(matches!(solve(&chart(&diagonal(4))?, &format(2, 3, 1)?, 100_000)?, Outcome::Solved(_)));
    assert_eq!(solve(&chart(&diagonal(5))?, &format(2, 3, 1)?, 1_000_000)?, Outcome::ProvedNone);
    Ok(())
}

#[test]
fn a_budget_too_small_is_said_so() -> Shown {
    assert_eq!(solve(&chart(&diagonal(5))?, &format(2, 3, 1)?, 10)?, Outcome::GaveUp);
    Ok(())
}

/// A grand master over so many masters with so many change keys each.
fn three_levels(masters: usize, changes: usize) -> Vec<(String, Vec<String>)> {
    let lock = |i: usize| format!("L{i}");
    let mut rows = vec![("GM".to_owned(), (0..masters * changes).map(lock).collect::<Vec<_>>())];
    for m in 0..masters {
        rows.push((format!("M{m}"), (m * changes..(m + 1) * changes).map(lock).collect()));
        rows.extend((m * changes..(m + 1) * changes).map(|i| (format!("K{i}"), vec![lock(i)])));
    }
    rows
}

#[test]
fn charts_of_a_shops_size_need_no_large_budget() -> Shown {
    let mut schlage = format(6, 10, 2)?;
    schlage.macs = Macs::Limit(7);
    for rows in [diagonal(60), three_levels(3, 4), three_levels(5, 30)] {
        assert!(matches!(solve(&chart(&rows)?, &schlage, 200_000)?, Outcome::Solved(_)), "{} keys", rows.len());
    }
    // Two houses under one key each, and a caretaker for the boiler of both: no tree any more.
    let mut rows = three_levels(2, 10);
    rows.push(("Caretaker".to_owned(), vec!["L0".to_owned(), "L10".to_owned()]));
    assert!(matches!(solve(&chart(&rows)?, &schlage, 200_000)?, Outcome::Solved(_)));
    // Every key of a full total position progression: two cuts beside the master's in four chambers.
    assert!(matches!(solve(&chart(&diagonal(16))?, &format(4, 3, 1)?, 20_000)?, Outcome::Solved(_)));
    Ok(())
}

#[test]
fn macs_and_gap_bind_the_solution() -> Shown {
    let three = chart(&diagonal(3))?;
    let mut narrow = format(3, 6, 2)?;
    narrow.macs = Macs::Limit(2);
    let Outcome::Solved(solution) = solve(&three, &narrow, 1_000_000)? else {
        return Err("not solved".into());
    };
    assert!(solution.bittings().iter().all(|key| narrow.macs.admits(key)));
    let tight = ChartFormat { min_gap: 2.into(), ..format(3, 2, 1)? };
    assert_eq!(solve(&three, &tight, 1_000_000)?, Outcome::ProvedNone);
    Ok(())
}

/// Every assignment tried one by one.
fn brute(rows: &[(String, Vec<String>)], n: usize, depths: u8) -> u64 {
    let locks: std::collections::BTreeSet<&String> = rows.iter().flat_map(|(_, l)| l).collect();
    let cuts = rows.len() * n;
    let mut found = 0;
    for code in 0..u64::from(depths).pow(cuts as u32) {
        let cut =
            |key: usize, chamber: usize| code / u64::from(depths).pow((key * n + chamber) as u32) % u64::from(depths);
        let opens = |key: usize, lock: &String| {
            (0..n).all(|c| (0..rows.len()).any(|other| rows[other].1.contains(lock) && cut(other, c) == cut(key, c)))
        };
        found += u64::from(
            (0..rows.len()).all(|key| locks.iter().all(|lock| opens(key, lock) == rows[key].1.contains(lock))),
        );
    }
    found
}

#[test]
fn count_and_search_agree_with_brute_force() -> Shown {
    let row = |k: &str, l: &[&str]| (k.to_owned(), l.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
    let charts = [
        diagonal(2),
        diagonal(3),
        vec![row("A", &["1", "2"]), row("B", &["2", "3"]), row("C", &["3", "1"])],
        vec![row("A", &["1", "2"]), row("B", &["1", "2"]), row("C", &["1"])],
        vec![row("A", &["1"]), row("B", &["1"]), row("M", &["1", "2"])],
    ];
    for rows in &charts {
        for (n, depths) in [(1, 2), (1, 4), (2, 2), (2, 3)] {
            let expected = brute(rows, n, depths);
            let own = chart(rows)?;
            let counted = count_solutions(&own, &format(n, depths, 1)?, 10_000_000)?;
            assert_eq!(counted, BigUint::from(expected), "{rows:?} {n} {depths}");
            let solved = matches!(solve(&own, &format(n, depths, 1)?, 10_000_000)?, Outcome::Solved(_));
            assert_eq!(solved, expected > 0, "{rows:?} {n} {depths}");
        }
    }
    Ok(())
}

#[test]
fn a_deep_chart_needs_no_deep_call_stack() -> Shown {
    // 20,000 keys to one lock: one bitting for all of them solves it.
    let names: Vec<String> = (0..20_000).map(|i| format!("K{i}")).collect();
    let rows: Vec<(&str, Vec<&str>)> = names.iter().map(|name| (name.as_str(), vec!["L"])).collect();
    let chart = LockChart::new(&rows)?;
    assert!(matches!(solve(&chart, &format(2, 4, 1)?, 1_000_000)?, Outcome::Solved(_)));
    assert_eq!(count_solutions(&chart, &format(2, 4, 1)?, 1_000_000), Err(CountError::NotCountable));
    Ok(())
}

#[test]
fn keys_to_the_same_locks_are_cut_alike() -> Shown {
    let chart = LockChart::new(&[("A", vec!["1", "2"]), ("B", vec!["1", "2"]), ("C", vec!["1"])])?;
    let Outcome::Solved(solution) = solve(&chart, &format(2, 2, 1)?, 1000)? else {
        return Err("not solved".into());
    };
    assert_eq!(solution.bittings()[0], solution.bittings()[1]);
    Ok(())
}

#[test]
fn charts_that_cannot_stand_are_refused() -> Shown {
    assert_eq!(LockChart::new(&[]), Err(ChartError::NoKeys));
    assert_eq!(LockChart::new(&[("K", vec!["L"]), ("K", vec![])]), Err(ChartError::Twice("K".into())));
    let chart = chart(&diagonal(2))?;
    assert_eq!(solve(&chart, &format(0, 3, 1)?, 9), Err(ChartError::Format));
    assert_eq!(solve(&chart, &format(16, 3, 1)?, 9), Err(ChartError::Format));
    assert!(matches!(count_solutions(&chart, &format(2, 9, 1)?, 5), Err(CountError::Limit(_))));
    let mut bound = format(2, 3, 1)?;
    bound.macs = Macs::Limit(1);
    assert_eq!(count_solutions(&chart, &bound, 99), Err(CountError::NotCountable));
    Ok(())
}

/// True when some assignment within MACS and gap opens exactly what the rows say, tried one by one.
fn solvable(rows: &[(String, Vec<String>)], format: &ChartFormat) -> bool {
    let depths = u64::from(format.hi.number()) + 1;
    let width = depths.pow(format.chambers as u32);
    let locks: std::collections::BTreeSet<&String> = rows.iter().flat_map(|(_, l)| l).collect();
    (0..width.pow(rows.len() as u32)).any(|code| {
        let cut = |key: usize, c: usize| (code / width.pow(key as u32) / depths.pow(c as u32) % depths) as u8;
        let key = |k: usize| Bitting::of(&(0..format.chambers).map(|c| cut(k, c)).collect::<Vec<_>>());
        let fits = |lock: &&String| {
            let pinned = |c: usize| (0..rows.len()).filter(|k| rows[*k].1.contains(lock)).map(move |k| cut(k, c));
            let close =
                |c: usize| pinned(c).any(|a| pinned(c).any(|b| a != b && a.abs_diff(b) < format.min_gap.number()));
            let opens = |k: usize| (0..format.chambers).all(|c| pinned(c).any(|other| other == cut(k, c)));
            !(0..format.chambers).any(close) && (0..rows.len()).all(|k| opens(k) == rows[k].1.contains(lock))
        };
        (0..rows.len()).all(|k| key(k).is_ok_and(|key| format.macs.admits(&key))) && locks.iter().all(fits)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_search_under_macs_and_gap_agrees_with_trying_everything(
        opens in proptest::collection::vec(0..8u8, 1..=3),
        n in 1..=2usize,
        hi in 1..=3u8,
        min_gap in 1..=2u8,
        macs in prop_oneof![Just(Macs::Unlimited), (0..=2u8).prop_map(Macs::Limit)],
    ) {
        let locks = |mask: u8| (0..3).filter(|l| mask >> l & 1 == 1).map(|l| format!("L{l}")).collect();
        let rows: Vec<(String, Vec<String>)> = opens.iter().enumerate().map(|(k, mask)| (format!("K{k}"), locks(*mask))).collect();
        let format = ChartFormat { chambers: n, lo: Depth::new(0).expect("0"), hi: Depth::new(hi).expect("hi"), macs, min_gap: min_gap.into() };
        let outcome = solve(&chart(&rows).expect("rows"), &format, 1_000_000).expect("format");
        prop_assert!(!matches!(outcome, Outcome::GaveUp), "small charts are decided");
        prop_assert_eq!(matches!(outcome, Outcome::Solved(_)), solvable(&rows, &format));
    }
}
