//! Key symbols of the Standard Key Coding System: parsed, classified, generated.

mod alias;
mod oby;
mod read;

pub use alias::{AliasBook, AliasError, BestClass, best_class};
pub use oby::{CylinderMark, MarkedSymbol, ObyError, OperatedBy};

use std::fmt;

/// The letters a key within a grand may have: A to Z without I and O.
const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A key or cylinder symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeySymbol {
    /// `GGM`: the top of a four-level system.
    GreatGrand,
    /// `GGM1`: a change key directly under it.
    ChangeUnderGreatGrand(u32),
    /// `A`: a grand master, or the top of a three-level system.
    Grand(Letter),
    /// `A1`: a change key directly under a grand.
    ChangeUnderGrand(Letter, u32),
    /// `AA`, `A2B`: a master, and the top of a two-level system.
    Master(Master),
    /// `AA1`: a change key; `true` for one with the suffix (NMK), not master keyed.
    Change(Master, u32, bool),
    /// `1AA`: a change key of a two-level system; `true` with the suffix (NMK).
    ChangeTwoLevel(u32, char, bool),
    /// `SKD1`: single keyed, outside all masters.
    SingleKeyed(u32),
    /// `CTL`, `CTR2`: a control key; the letter is L or R.
    Control(char, Option<u32>),
    /// `XAA1`: a cross-keyed cylinder of a change key under a master.
    CrossMaster(Master, u32),
    /// `XA1`: a cross-keyed cylinder of a change key under a grand.
    CrossGrand(Letter, u32),
    /// `X1AA`: a cross-keyed cylinder of a two-level system.
    CrossTwoLevel(u32, char),
    /// `X1X`: a cylinder without a change key of its own.
    CrossNoKey(u32),
}

/// A letter a symbol may use: A to Z without I and O; a grand is never X either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Letter(char);

impl Letter {
    /// The letter, unless it is I or O or no capital at all.
    pub fn new(letter: char) -> Option<Self> {
        LETTERS.contains(letter).then_some(Self(letter))
    }

    /// A letter fit for a grand: X is kept for cross-keying.
    pub fn grand(letter: char) -> Option<Self> {
        Self::new(letter).filter(|l| l.0 != 'X')
    }

    /// The letter itself.
    pub fn char(self) -> char {
        self.0
    }
}

/// A master under a grand: grand, optional number, letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Master {
    /// The grand it belongs to.
    pub grand: Letter,
    /// The number between the letters: none for the first 24 masters, then 2, 3 ...
    pub page: Option<u32>,
    /// Its own letter.
    pub letter: Letter,
}

impl Master {
    /// The k-th master under a grand, counted from 1: AA to AZ, then A2A ...; `None` for 0.
    ///
    /// ```
    /// use keying::{Letter, Master};
    /// let grand = Letter::grand('A').ok_or("no grand")?;
    /// assert_eq!(Master::nth(grand, 25).map(|m| m.to_string()), Some("A2A".to_owned()));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn nth(grand: Letter, k: u32) -> Option<Self> {
        let place = k.checked_sub(1)?;
        let page = place / LETTERS.len() as u32;
        let letter = LETTERS.chars().nth(place as usize % LETTERS.len()).and_then(Letter::new)?;
        Some(Self { grand, page: (page > 0).then_some(page + 1), letter })
    }
}

/// The kind of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SymbolClass {
    /// Great grand master.
    GreatGrand,
    /// Change key directly under the great grand master.
    ChangeUnderGreatGrand,
    /// Grand master.
    Grand,
    /// Change key directly under a grand.
    ChangeUnderGrand,
    /// Master.
    Master,
    /// Change key under a master.
    Change,
    /// Change key of a two-level system.
    ChangeTwoLevel,
    /// Single keyed.
    SingleKeyed,
    /// Control key.
    Control,
    /// Cross-keyed cylinder.
    Cross,
    /// Cross-keyed cylinder of a two-level system.
    CrossTwoLevel,
    /// Cylinder without its own change key.
    CrossNoKey,
}

impl SymbolClass {
    /// What the trade calls a key of this kind.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GreatGrand => "great grand master",
            Self::Grand => "grand master",
            Self::Master => "master",
            Self::ChangeUnderGreatGrand | Self::ChangeUnderGrand | Self::Change | Self::ChangeTwoLevel => "change",
            Self::SingleKeyed => "single keyed",
            Self::Control => "control",
            Self::Cross | Self::CrossTwoLevel | Self::CrossNoKey => "cross-keyed",
        }
    }
}

/// Why a text is no key symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SymbolError {
    /// Nothing there.
    #[error("a key symbol cannot be empty")]
    Empty,
    /// This character cannot stand here.
    #[error("character {0} cannot stand here in a key symbol (I and O are never used, X only for cross-keying)")]
    Character(usize),
    /// The symbol ends too early.
    #[error("the key symbol ends too early: a number or letter is missing")]
    Incomplete,
    /// A two-level change key needs a pair of identical letters, as in 1AA.
    #[error("character {0}: a number in front needs a pair of identical letters, as in 1AA")]
    Pair(usize),
    /// A number with more than nine digits.
    #[error("character {0}: the number is too large")]
    Number(usize),
}

impl KeySymbol {
    /// The kind of this symbol.
    pub fn class(&self) -> SymbolClass {
        match self {
            Self::GreatGrand => SymbolClass::GreatGrand,
            Self::ChangeUnderGreatGrand(_) => SymbolClass::ChangeUnderGreatGrand,
            Self::Grand(_) => SymbolClass::Grand,
            Self::ChangeUnderGrand(..) => SymbolClass::ChangeUnderGrand,
            Self::Master(_) => SymbolClass::Master,
            Self::Change(..) => SymbolClass::Change,
            Self::ChangeTwoLevel(..) => SymbolClass::ChangeTwoLevel,
            Self::SingleKeyed(_) => SymbolClass::SingleKeyed,
            Self::Control(..) => SymbolClass::Control,
            Self::CrossMaster(..) | Self::CrossGrand(..) => SymbolClass::Cross,
            Self::CrossTwoLevel(..) => SymbolClass::CrossTwoLevel,
            Self::CrossNoKey(_) => SymbolClass::CrossNoKey,
        }
    }

    /// The key directly above this one, where the symbol tells it.
    pub fn parent(&self) -> Option<Self> {
        match *self {
            Self::Change(master, _, false) => Some(Self::Master(master)),
            Self::Master(master) => Some(Self::Grand(master.grand)),
            Self::ChangeUnderGrand(grand, _) => Some(Self::Grand(grand)),
            Self::ChangeUnderGreatGrand(_) => Some(Self::GreatGrand),
            Self::ChangeTwoLevel(_, letter, false) => {
                let both = Letter::grand(letter)?;
                Some(Self::Master(Master { grand: both, page: None, letter: both }))
            }
            _ => None,
        }
    }

    /// The first `count` grands (A, B ... without I, O, X), at most 23.
    pub fn grands(count: usize) -> impl Iterator<Item = Letter> {
        LETTERS.chars().filter_map(Letter::grand).take(count)
    }
}

impl fmt::Display for Master {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.page {
            Some(page) => write!(f, "{}{page}{}", self.grand.0, self.letter.0),
            None => write!(f, "{}{}", self.grand.0, self.letter.0),
        }
    }
}

impl fmt::Display for KeySymbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nmk = |unmastered: &bool| if *unmastered { "(NMK)" } else { "" };
        match self {
            Self::GreatGrand => f.write_str("GGM"),
            Self::ChangeUnderGreatGrand(n) => write!(f, "GGM{n}"),
            Self::Grand(grand) => write!(f, "{}", grand.0),
            Self::ChangeUnderGrand(grand, n) => write!(f, "{}{n}", grand.0),
            Self::Master(master) => write!(f, "{master}"),
            Self::Change(master, n, unmastered) => write!(f, "{master}{n}{}", nmk(unmastered)),
            Self::ChangeTwoLevel(n, letter, unmastered) => {
                write!(f, "{n}{letter}{letter}{}", nmk(unmastered))
            }
            Self::SingleKeyed(n) => write!(f, "SKD{n}"),
            Self::Control(letter, None) => write!(f, "CT{letter}"),
            Self::Control(letter, Some(n)) => write!(f, "CT{letter}{n}"),
            Self::CrossMaster(master, n) => write!(f, "X{master}{n}"),
            Self::CrossGrand(grand, n) => write!(f, "X{}{n}", grand.0),
            Self::CrossTwoLevel(n, letter) => write!(f, "X{n}{letter}{letter}"),
            Self::CrossNoKey(n) => write!(f, "X{n}X"),
        }
    }
}
