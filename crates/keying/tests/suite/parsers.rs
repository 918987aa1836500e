//! Readers of outside text: a corpus and a bounded run of mutations; none may panic, and what is read is written back.

use crate::handover::museum;
use keying::*;
use proptest::prelude::*;

const CORPUS: &str = include_str!("../corpus/symbols.txt");
const BITTINGS: &str = include_str!("../corpus/bittings.txt");
const HANDOVERS: &str = include_str!("../corpus/handovers.txt");

fn try_symbol(text: &str) {
    if let Ok(symbol) = text.parse::<KeySymbol>() {
        let written = symbol.to_string();
        assert_eq!(written.parse::<KeySymbol>(), Ok(symbol), "{text} was written as {written}");
    }
    if let Ok(marked) = text.parse::<MarkedSymbol>() {
        assert_eq!(marked.to_string().parse::<MarkedSymbol>(), Ok(marked));
    }
    if let Ok(oby) = OperatedBy::parse(text, 1000) {
        assert_eq!(OperatedBy::parse(&oby.to_string(), 1000), Ok(oby));
    }
    best_class(text);
}

fn try_bitting(text: &str) {
    for spec in catalogue() {
        if let Ok(bitting) = spec.read(text) {
            let written = spec.write(&bitting).expect("what was read can be written");
            assert_eq!(spec.read(&written), Ok(bitting), "{}", spec.id);
        }
        if let Ok(angled) = AngledBitting::parse(text, &spec.angles) {
            assert_eq!(AngledBitting::parse(&angled.reveal(), &spec.angles), Ok(angled));
        }
    }
    if let Ok(length) = Length::parse_inch(text) {
        assert_eq!(Length::parse_inch(&length.inch()), Ok(length));
    }
}

fn try_handover(text: &str) {
    if let Ok(system) = KeySystem::from_handover(text, 100_000) {
        let written = system.to_handover().expect("what was read can be written");
        let again = KeySystem::from_handover(&written, 200_000).expect("what was written can be read");
        assert_eq!(again.to_handover().expect("written"), written);
        work_with(&system);
    }
}

/// Whatever was read can be worked with: the answer may be an error, never a panic.
fn work_with(system: &KeySystem) {
    for cylinder in system.schedule().cylinders() {
        let _ = system.pin(&cylinder.id);
    }
    let _ = (system.next_free(3, 1000), system.release(&[]), bitting_sheet(system), schedule_sheet(system.schedule()));
    let _ = (system.spec().space(6).map(|space| space.count()), system.spec().positions(6));
    let _ = unlisted_operators(system.schedule(), &system.spec().macs, 10_000);
    for (_, key) in system.schedule().keys() {
        let _ = (lost_key(system.schedule(), &key.symbol), system.spec().write(&key.bitting));
    }
    let (Some(design), Some(pins)) = (system.design(), system.pin_system()) else {
        return;
    };
    let control = system.control().map(|key| ControlKey(key.bitting));
    let _ = (system_chart(&pins, &design.array, control.as_ref()), take_over(system.schedule(), &[]));
    let _ = control.map(|control| control_faults(&design.array, &control, false));
    if let Ok(Some(keys)) = system.progression() {
        let _ = (keys.tally(&[], 1000), pages(&keys, 1000), keys.theoretical(), keys.practical());
        let _ = Hierarchy::allocate(keys, &[Level { name: "CK".into(), keys: 3 }], 30).map(|h| h.build(&[], 10));
    }
}

/// One random edit: a byte replaced, removed or doubled. Bytes are ASCII so that the text stays text.
fn edited(text: &str, at: usize, with: u8, kind: u8) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    if chars.is_empty() {
        return char::from(with).to_string();
    }
    let at = at % chars.len();
    match kind % 3 {
        0 => chars[at] = char::from(with),
        1 => drop(chars.remove(at)),
        _ => chars.insert(at, char::from(with)),
    }
    chars.into_iter().collect()
}

#[test]
fn the_corpus_is_read_without_panic() {
    assert!(CORPUS.lines().count() > 40 && BITTINGS.lines().count() > 20);
    CORPUS.lines().for_each(try_symbol);
    BITTINGS.lines().for_each(try_bitting);
    HANDOVERS.lines().for_each(try_handover);
    let whole = HANDOVERS.lines().filter(|line| KeySystem::from_handover(line, 100_000).is_ok()).count();
    assert!(whole >= 4 && HANDOVERS.lines().count() > 20, "{whole} files can be read");
    let good = CORPUS.lines().filter(|line| line.parse::<KeySymbol>().is_ok()).count();
    assert!(good > 20, "the corpus must hold symbols that parse, not only broken ones");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edited_symbols(line in 0..60usize, edits in proptest::collection::vec((any::<usize>(), 32..127u8, any::<u8>()), 0..4)) {
        let start = CORPUS.lines().nth(line % CORPUS.lines().count()).unwrap_or_default().to_owned();
        try_symbol(&edits.into_iter().fold(start, |text, (at, with, kind)| edited(&text, at, with, kind)));
    }

    #[test]
    fn any_text_as_symbol(text in "\\PC{0,12}") {
        try_symbol(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edited_bittings(line in 0..60usize, edits in proptest::collection::vec((any::<usize>(), 32..127u8, any::<u8>()), 0..4)) {
        let start = BITTINGS.lines().nth(line % BITTINGS.lines().count()).unwrap_or_default().to_owned();
        try_bitting(&edits.into_iter().fold(start, |text, (at, with, kind)| edited(&text, at, with, kind)));
    }

    #[test]
    fn any_text_as_bitting(text in "\\PC{0,20}") {
        try_bitting(&text);
    }

    #[test]
    fn edited_files_of_the_corpus(line in 0..60usize, edits in proptest::collection::vec((any::<usize>(), 32..127u8, any::<u8>()), 0..4)) {
        let start = HANDOVERS.lines().nth(line % HANDOVERS.lines().count()).unwrap_or_default().to_owned();
        try_handover(&edits.into_iter().fold(start, |text, (at, with, kind)| edited(&text, at, with, kind)));
    }

    #[test]
    fn edited_handovers(edits in proptest::collection::vec((any::<usize>(), 32..127u8, any::<u8>()), 1..4)) {
        let start = museum().and_then(|m| Ok(m.to_handover()?)).expect("written");
        try_handover(&edits.into_iter().fold(start, |text, (at, with, kind)| edited(&text, at, with, kind)));
    }

    #[test]
    fn any_text_as_handover(text in "[\\[\\]{}\",:0-9a-z ]{0,80}") {
        try_handover(&text);
    }
}
