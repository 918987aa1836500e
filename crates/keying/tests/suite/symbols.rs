//! Key symbols: grammar, generation, `oby`, marks and aliases.

use crate::Shown;
use keying::*;

#[test]
fn wrong_symbols_name_the_character() {
    let wrong = |text: &str| text.parse::<KeySymbol>().err();
    assert_eq!(wrong(""), Some(SymbolError::Empty));
    assert_eq!(wrong("AI"), Some(SymbolError::Character(2)));
    assert_eq!(wrong("OA1"), Some(SymbolError::Character(1)));
    assert_eq!(wrong("1AB"), Some(SymbolError::Pair(3)));
    assert_eq!(wrong("1A"), Some(SymbolError::Incomplete));
    assert_eq!(wrong("SKD"), Some(SymbolError::Incomplete));
    assert_eq!(wrong("XAA"), Some(SymbolError::Incomplete));
    assert_eq!(wrong("AA1 "), Some(SymbolError::Character(4)));
    assert_eq!(wrong("aa1"), Some(SymbolError::Character(1)));
    assert_eq!(wrong("AA1234567890"), Some(SymbolError::Number(3)));
    assert_eq!(wrong("GGGM"), Some(SymbolError::Character(3)));
}

#[test]
fn classes_beyond_the_worked_cases() -> Shown {
    let class = |text: &str| text.parse::<KeySymbol>().map(|s| s.class());
    assert_eq!(class("GGM12")?, SymbolClass::ChangeUnderGreatGrand);
    assert_eq!(class("A")?, SymbolClass::Grand);
    assert_eq!(class("A12")?, SymbolClass::ChangeUnderGrand);
    assert_eq!(class("A2A1(NMK)")?, SymbolClass::Change);
    assert_eq!(class("3BB(NMK)")?, SymbolClass::ChangeTwoLevel);
    assert_eq!(class("XA1")?, SymbolClass::Cross);
    assert_eq!(class("X12CC")?, SymbolClass::CrossTwoLevel);
    assert_eq!(class("CTL2")?, SymbolClass::Control);
    assert!(class("X").is_err() && class("XX1").is_err());
    Ok(())
}

#[test]
fn a_symbol_knows_the_key_above_it() -> Shown {
    let parent = |text: &str| text.parse::<KeySymbol>().map(|s| s.parent().map(|p| p.to_string()));
    assert_eq!(parent("AB29")?.as_deref(), Some("AB"));
    assert_eq!(parent("AB")?.as_deref(), Some("A"));
    assert_eq!(parent("3BB")?.as_deref(), Some("BB"));
    assert_eq!(parent("GGM1")?.as_deref(), Some("GGM"));
    assert_eq!(parent("AB29(NMK)")?, None);
    Ok(())
}

#[test]
fn masters_skip_i_and_o_and_go_on_with_numbers() -> Shown {
    let grand = Letter::grand('B').ok_or("grand")?;
    let name = |k| Master::nth(grand, k).map(|m| m.to_string());
    assert_eq!(name(9).as_deref(), Some("BJ"));
    assert_eq!(name(49).as_deref(), Some("B3A"));
    assert_eq!(name(0), None);
    assert_eq!(KeySymbol::grands(99).count(), 23);
    Ok(())
}

#[test]
fn operated_by_reads_ranges_and_writes_them_back() -> Shown {
    let line = "X1X oby AC1-AC5, AC10, AC, A";
    let oby = OperatedBy::parse(line, 100)?;
    assert_eq!(oby.keys.len(), 8);
    assert_eq!(oby.to_string(), line);
    assert_eq!(OperatedBy::parse("XAA1 oby AA1, AA2, AA, A", 100)?.to_string(), "XAA1 oby AA1, AA2, AA, A");
    assert_eq!(OperatedBy::parse("XAA1 AA1", 9), Err(ObyError::NoOby));
    assert!(matches!(OperatedBy::parse("XAA1 oby AA5-AA1", 9), Err(ObyError::Range(_))));
    assert!(matches!(OperatedBy::parse("XAA1 oby AA1-AB5", 9), Err(ObyError::Range(_))));
    assert_eq!(OperatedBy::parse("XAA1 oby AA1-AA999999999", 1000), Err(ObyError::TooMany(1000)));
    Ok(())
}

#[test]
fn marks_follow_a_symbol() -> Shown {
    for text in ["AA1(NMK)", "AA(NCK)", "AA1(NOB A, AB)", "AA1"] {
        assert_eq!(text.parse::<MarkedSymbol>()?.to_string(), text);
    }
    assert!(matches!("AA1(ABC)".parse::<MarkedSymbol>(), Err(ObyError::Mark(_))));
    assert!(matches!("AA1(NMK".parse::<MarkedSymbol>(), Err(ObyError::Mark(_))));
    Ok(())
}

#[test]
fn makers_names_stand_beside_ours() -> Shown {
    assert_eq!(best_class("GM-4711"), Some(BestClass::GrandMaster));
    assert_eq!(best_class("C-17"), Some(BestClass::Control));
    assert_eq!(best_class("M-H"), Some(BestClass::Master));
    assert_eq!(best_class("SM-2A"), Some(BestClass::SubMaster));
    assert_eq!(best_class("H1-32"), Some(BestClass::Change));
    assert_eq!(best_class("H1"), None);
    let mut book = AliasBook::default();
    let key: KeySymbol = "AA1".parse()?;
    book.record("H1-32", key)?;
    assert_eq!(book.symbol(" H1-32 "), Some(key));
    assert!(book.record("H1-32", "AA2".parse()?).is_err());
    assert_eq!(book.aliases(key).collect::<Vec<_>>(), ["H1-32"]);
    Ok(())
}
