//! Readers of outside text: a corpus and a bounded run of mutations; none may panic, and what is read is written back.

use crate::handover::museum;
use keying::*;
use proptest::prelude::*;

const CORPUS: &str = include_str!("../corpus/symbols.txt");
const BITTINGS: &str = include_str!("../corpus/bittings.txt");

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
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

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
    fn edited_handovers(edits in proptest::collection::vec((any::<usize>(), 32..127u8, any::<u8>()), 1..4)) {
        let start = museum().and_then(|m| Ok(m.to_handover()?)).expect("written");
        try_handover(&edits.into_iter().fold(start, |text, (at, with, kind)| edited(&text, at, with, kind)));
    }

    #[test]
    fn any_text_as_handover(text in "[\\[\\]{}\",:0-9a-z ]{0,80}") {
        try_handover(&text);
    }
}
