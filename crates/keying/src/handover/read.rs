//! Reading hand-over JSON: every part is checked, every error names its place.

use super::{Cuts, DesignPart, File, HANDOVER_FORMAT, HANDOVER_VERSION};
use crate::array::{ArrayError, KeyBittingArray, TopMaster};
use crate::bitting::{Bitting, BittingError};
use crate::depth::{Chamber, Depth};
use crate::spec::KeySpec;
use crate::symbol::{AliasError, KeySymbol, SymbolError};
use crate::system::{Design, KeySystem, SystemError};

/// Why a text is no hand-over of a key system. `place` is the path within the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HandoverError {
    /// Longer than the limit.
    #[error("the file has {bytes} bytes, more than the allowed {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Not JSON, or a member that is missing, unknown or of the wrong kind; the line and column are in the text.
    #[error("this is not the hand-over format: {0}")]
    Json(String),
    /// Another format.
    #[error("the file does not say it is a `{HANDOVER_FORMAT}`")]
    Format,
    /// A version this crate does not read.
    #[error("version {0} is not known, only version {HANDOVER_VERSION} is")]
    Version(u32),
    /// A depth symbol the specification does not have.
    #[error("{place}: the specification has no such depth symbol")]
    Symbol {
        /// Path within the file.
        place: String,
    },
    /// A bitting that cannot be.
    #[error("{place}: {why}")]
    Bitting {
        /// Path within the file.
        place: String,
        /// What is wrong.
        why: BittingError,
    },
    /// A number that is no chamber.
    #[error("{place}: this is no chamber")]
    Chamber {
        /// Path within the file.
        place: String,
    },
    /// An array that cannot be.
    #[error("design: {0}")]
    Array(#[from] ArrayError),
    /// An alias that cannot be kept.
    #[error("{place}: {why}")]
    Alias {
        /// Path within the file.
        place: String,
        /// What is wrong.
        why: AliasError,
    },
    /// An alias for something that is no key symbol.
    #[error("{place}: {why}")]
    AliasSymbol {
        /// Path within the file.
        place: String,
        /// What is wrong.
        why: SymbolError,
    },
    /// Something that contradicts the rest of the system.
    #[error("{place}: {why}")]
    System {
        /// Path within the file.
        place: String,
        /// What is wrong.
        why: SystemError,
    },
}

pub(super) fn read(text: &str, limit: usize) -> Result<KeySystem, HandoverError> {
    if text.len() > limit {
        return Err(HandoverError::TooLarge { bytes: text.len(), limit });
    }
    let file: File = serde_json::from_str(text).map_err(|why| HandoverError::Json(json_reason(&why)))?;
    if file.format != HANDOVER_FORMAT {
        return Err(HandoverError::Format);
    }
    if file.version != HANDOVER_VERSION {
        return Err(HandoverError::Version(file.version));
    }
    let spec = file.spec.clone();
    let mut system = KeySystem::new(&file.name, file.spec).map_err(at("spec"))?;
    if let Some(part) = file.design {
        system.set_design(design(&spec, part)?).map_err(at("design"))?;
    }
    if let Some(control) = file.control {
        let bitting = bitting(&spec, &control.bitting, "control.bitting")?;
        system.set_control(&control.symbol, bitting).map_err(at("control"))?;
    }
    for (i, key) in file.keys.iter().enumerate() {
        let bitting = bitting(&spec, &key.bitting, &format!("keys[{i}].bitting"))?;
        system.add_key(&key.symbol, bitting, key.status).map_err(at(&format!("keys[{i}]")))?;
    }
    for (i, cylinder) in file.cylinders.iter().enumerate() {
        let keys: Vec<&str> = cylinder.keys.iter().map(String::as_str).collect();
        system.add_cylinder(&cylinder.id, &keys).map_err(at(&format!("cylinders[{i}]")))?;
    }
    for (i, part) in file.aliases.iter().enumerate() {
        let place = format!("aliases[{i}]");
        let symbol: Result<KeySymbol, SymbolError> = part.symbol.parse();
        let symbol = symbol.map_err(|why| HandoverError::AliasSymbol { place: place.clone(), why })?;
        system.aliases.record(&part.alias, symbol).map_err(|why| HandoverError::Alias { place, why })?;
    }
    Ok(system)
}

/// Only the kind and place of the fault: the reader's own words may quote a cut from the file.
fn json_reason(why: &serde_json::Error) -> String {
    let kind = match why.classify() {
        serde_json::error::Category::Eof => "the text ends too early",
        serde_json::error::Category::Syntax => "no JSON",
        serde_json::error::Category::Data => "a member is missing, unknown or of the wrong kind",
        serde_json::error::Category::Io => "it cannot be read",
    };
    format!("{kind}, line {} column {}", why.line(), why.column())
}

fn at(place: &str) -> impl Fn(SystemError) -> HandoverError {
    move |why| HandoverError::System { place: place.to_owned(), why }
}

fn depths(spec: &KeySpec, symbols: &Cuts, place: &str) -> Result<Vec<Depth>, HandoverError> {
    let depth = |(i, symbol): (usize, &String)| {
        let entry = spec.depths.iter().find(|entry| entry.symbol == *symbol);
        entry.map(|entry| entry.depth).ok_or_else(|| HandoverError::Symbol { place: format!("{place}[{i}]") })
    };
    symbols.iter().enumerate().map(depth).collect()
}

fn bitting(spec: &KeySpec, symbols: &Cuts, place: &str) -> Result<Bitting, HandoverError> {
    let cuts = depths(spec, symbols, place)?;
    Bitting::new(&cuts).map_err(|why| HandoverError::Bitting { place: place.to_owned(), why })
}

fn design(spec: &KeySpec, part: DesignPart) -> Result<Design, HandoverError> {
    let top = TopMaster(bitting(spec, &part.top, "design.top")?);
    let column = |(i, column): (usize, &Cuts)| depths(spec, column, &format!("design.columns[{i}]"));
    let columns: Result<Vec<_>, _> = part.columns.iter().enumerate().map(column).collect();
    let array = KeyBittingArray::with_columns(top, columns?)?;
    let chamber = |number: u8, place: String| Chamber::new(number).map_err(|_| HandoverError::Chamber { place });
    let sequence = part.sequence.iter().enumerate().map(|(i, n)| chamber(*n, format!("design.sequence[{i}]")));
    let sequence: Vec<Chamber> = sequence.collect::<Result<_, _>>()?;
    let mut held = std::collections::BTreeMap::new();
    for (number, symbol) in &part.held {
        let place = format!("design.held.{number}");
        let cut = depths(spec, &vec![symbol.clone()], &place)?;
        let own = chamber(number.parse().unwrap_or(0), place)?;
        held.extend(cut.first().map(|cut| (own, *cut)));
    }
    Ok(Design { array, method: part.method, sequence, held })
}
