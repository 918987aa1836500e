//! `XAA1 oby AA1, AA2, AA, A`: which keys operate a cross-keyed cylinder; and marks such as (NCK).

use super::{KeySymbol, SymbolError};
use std::fmt;
use std::str::FromStr;

/// A cylinder and the keys it is operated by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatedBy {
    /// The cylinder.
    pub cylinder: KeySymbol,
    /// The keys, in the order written; ranges are written out.
    pub keys: Vec<KeySymbol>,
}

/// Why a text is no `oby` line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObyError {
    /// The word `oby` is missing.
    #[error("the word `oby` is missing between cylinder and keys")]
    NoOby,
    /// One of the symbols is wrong.
    #[error("{symbol}: {why}")]
    Symbol {
        /// The symbol as written.
        symbol: String,
        /// What is wrong with it.
        why: SymbolError,
    },
    /// A range whose ends do not belong together or run backwards.
    #[error("{0}: a range runs upward between two numbers of one key, as in AC1-AC5")]
    Range(String),
    /// More keys than the limit.
    #[error("more than {0} keys")]
    TooMany(usize),
    /// A mark this notation does not know.
    #[error("{0}: only (NMK), (NCK) and (NOB ...) can follow a symbol")]
    Mark(String),
}

fn symbol(text: &str) -> Result<KeySymbol, ObyError> {
    text.trim().parse().map_err(|why| ObyError::Symbol { symbol: text.trim().to_owned(), why })
}

impl OperatedBy {
    /// Reads an `oby` line with ranges; at most `limit` keys.
    pub fn parse(text: &str, limit: usize) -> Result<Self, ObyError> {
        let (cylinder, list) = text.split_once(" oby ").ok_or(ObyError::NoOby)?;
        let cylinder = symbol(cylinder)?;
        let mut keys = Vec::new();
        for part in list.split(',') {
            match part.split_once('-') {
                Some((from, to)) => push_range(&mut keys, symbol(from)?, symbol(to)?, part, limit)?,
                None => keys.push(symbol(part)?),
            }
            if keys.len() > limit {
                return Err(ObyError::TooMany(limit));
            }
        }
        Ok(Self { cylinder, keys })
    }
}

fn push_range(
    keys: &mut Vec<KeySymbol>,
    from: KeySymbol,
    to: KeySymbol,
    text: &str,
    limit: usize,
) -> Result<(), ObyError> {
    let wrong = || ObyError::Range(text.trim().to_owned());
    let (first, last) = numbered(from).zip(numbered(to)).ok_or_else(wrong)?;
    if with_number(from, last) != Some(to) || first > last {
        return Err(wrong());
    }
    if (last - first) as usize >= limit.saturating_sub(keys.len()) {
        return Err(ObyError::TooMany(limit));
    }
    keys.extend((first..=last).filter_map(|n| with_number(from, n)));
    Ok(())
}

fn numbered(key: KeySymbol) -> Option<u32> {
    match key {
        KeySymbol::Change(_, n, false) | KeySymbol::ChangeUnderGrand(_, n) | KeySymbol::ChangeUnderGreatGrand(n) => {
            Some(n)
        }
        KeySymbol::ChangeTwoLevel(n, _, false) | KeySymbol::SingleKeyed(n) => Some(n),
        _ => None,
    }
}

fn with_number(key: KeySymbol, n: u32) -> Option<KeySymbol> {
    match key {
        KeySymbol::Change(master, _, false) => Some(KeySymbol::Change(master, n, false)),
        KeySymbol::ChangeUnderGrand(grand, _) => Some(KeySymbol::ChangeUnderGrand(grand, n)),
        KeySymbol::ChangeUnderGreatGrand(_) => Some(KeySymbol::ChangeUnderGreatGrand(n)),
        KeySymbol::ChangeTwoLevel(_, letter, false) => Some(KeySymbol::ChangeTwoLevel(n, letter, false)),
        KeySymbol::SingleKeyed(_) => Some(KeySymbol::SingleKeyed(n)),
        _ => None,
    }
}

impl fmt::Display for OperatedBy {
    /// Three or more consecutive change keys become a range.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} oby ", self.cylinder)?;
        let mut at = 0;
        while let Some(first) = self.keys.get(at) {
            let follows = |(i, key): &(usize, &KeySymbol)| {
                numbered(*first).and_then(|n| n.checked_add(*i as u32)).and_then(|n| with_number(*first, n))
                    == Some(**key)
            };
            let run = self.keys[at..].iter().enumerate().take_while(follows).count().max(1);
            if at > 0 {
                f.write_str(", ")?;
            }
            let taken = if run >= 3 { run } else { 1 };
            write!(f, "{first}")?;
            if taken > 1 {
                write!(f, "-{}", self.keys[at + taken - 1])?;
            }
            at += taken;
        }
        Ok(())
    }
}

/// What a suffix says about a cylinder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CylinderMark {
    /// `(NMK)`: not master keyed.
    NotMasterKeyed,
    /// `(NCK)`: no change key.
    NoChangeKey,
    /// `(NOB A, B)`: not operated by these keys.
    NotOperatedBy(Vec<KeySymbol>),
}

/// A symbol with the mark that may follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedSymbol {
    /// The symbol.
    pub symbol: KeySymbol,
    /// The mark.
    pub mark: Option<CylinderMark>,
}

impl FromStr for MarkedSymbol {
    type Err = ObyError;

    fn from_str(text: &str) -> Result<Self, ObyError> {
        let Some((name, mark)) = text.split_once('(') else {
            return Ok(Self { symbol: symbol(text)?, mark: None });
        };
        let unknown = || ObyError::Mark(format!("({mark}"));
        let mark = mark.trim_end().strip_suffix(')').ok_or_else(unknown)?.trim();
        let mark = match (mark, mark.strip_prefix("NOB ")) {
            ("NMK", _) => CylinderMark::NotMasterKeyed,
            ("NCK", _) => CylinderMark::NoChangeKey,
            (_, Some(keys)) => CylinderMark::NotOperatedBy(keys.split(',').map(symbol).collect::<Result<_, _>>()?),
            _ => return Err(unknown()),
        };
        Ok(Self { symbol: symbol(name)?, mark: Some(mark) })
    }
}

impl fmt::Display for MarkedSymbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.symbol)?;
        match &self.mark {
            None => Ok(()),
            Some(CylinderMark::NotMasterKeyed) => f.write_str("(NMK)"),
            Some(CylinderMark::NoChangeKey) => f.write_str("(NCK)"),
            Some(CylinderMark::NotOperatedBy(keys)) => {
                let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
                write!(f, "(NOB {})", keys.join(", "))
            }
        }
    }
}
