//! Makers' own symbols, kept beside the standard ones.

use super::KeySymbol;
use std::collections::BTreeMap;

/// What a BEST factory symbol says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BestClass {
    /// `GM-code`: grand master.
    GrandMaster,
    /// `C-code`: control.
    Control,
    /// `M-H`, `M-2`: master.
    Master,
    /// `SM-H1`, `SM-2A`: sub-master.
    SubMaster,
    /// `H1-32`, `2A-1`: change key.
    Change,
}

/// The class of a BEST factory symbol, `None` for anything else.
pub fn best_class(text: &str) -> Option<BestClass> {
    let (head, tail) = text.split_once('-')?;
    let word = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !word(head) || !word(tail) {
        return None;
    }
    Some(match head {
        "GM" => BestClass::GrandMaster,
        "C" => BestClass::Control,
        "M" => BestClass::Master,
        "SM" => BestClass::SubMaster,
        _ if tail.bytes().all(|b| b.is_ascii_digit()) => BestClass::Change,
        _ => return None,
    })
}

/// Why an alias cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AliasError {
    /// The alias stands for another key already.
    #[error("{alias} stands for {symbol} already")]
    Taken {
        /// The alias.
        alias: String,
        /// The key it stands for.
        symbol: KeySymbol,
    },
    /// Nothing but spaces.
    #[error("an alias cannot be empty")]
    Empty,
}

/// Aliases of one system: a key may have several, an alias stands for one key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AliasBook {
    symbols: BTreeMap<String, KeySymbol>,
}

impl AliasBook {
    /// Records an alias. Recording the same pair again changes nothing.
    pub fn record(&mut self, alias: &str, symbol: KeySymbol) -> Result<(), AliasError> {
        let alias = alias.trim();
        if alias.is_empty() {
            return Err(AliasError::Empty);
        }
        match self.symbols.get(alias) {
            Some(other) if *other != symbol => Err(AliasError::Taken { alias: alias.to_owned(), symbol: *other }),
            _ => {
                self.symbols.insert(alias.to_owned(), symbol);
                Ok(())
            }
        }
    }

    /// The key an alias stands for.
    pub fn symbol(&self, alias: &str) -> Option<KeySymbol> {
        self.symbols.get(alias.trim()).copied()
    }

    /// Every alias with its key, sorted by alias.
    pub fn all(&self) -> impl Iterator<Item = (&str, KeySymbol)> {
        self.symbols.iter().map(|(alias, symbol)| (alias.as_str(), *symbol))
    }

    /// The aliases of a key, sorted.
    pub fn aliases(&self, symbol: KeySymbol) -> impl Iterator<Item = &str> {
        self.symbols.iter().filter(move |(_, s)| **s == symbol).map(|(alias, _)| alias.as_str())
    }
}
