//! Taking over a system from what is left of it: decoded keys and cylinders.

mod columns;

use columns::{Columns, share};

use crate::array::{KeyBittingArray, TopMaster};
use crate::bitting::Bitting;
use crate::depth::{Chamber, Depth, DepthSet};
use crate::schedule::KeySchedule;
use crate::symbol::{KeySymbol, SymbolClass};

/// How far the evidence carries, from 0 to 100. A hint for the eye, not a probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(pub u8);

/// Something in the evidence that does not fit together. Keys and cylinders are named, cuts never.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Contradiction {
    /// A change key has the cut of the TMK in a chamber that the others progress.
    #[error("{key}, {chamber}: the key holds the cut of the top master where other keys progress")]
    HoldsTop {
        /// The key.
        key: String,
        /// The chamber.
        chamber: Chamber,
    },
    /// A key whose parity differs from the TMK's in a system that progresses in two steps.
    #[error("{key}, {chamber}: the cut is off the step of the system")]
    OffStep {
        /// The key.
        key: String,
        /// The chamber.
        chamber: Chamber,
    },
    /// A cylinder that the top master does not operate.
    #[error("cylinder {0} is not operated by the top master: outside the system, or decoded wrongly")]
    OutsideSystem(String),
    /// A key named for a cylinder does not operate it.
    #[error("cylinder {cylinder}: {key} is said to operate it and does not")]
    DoesNotOperate {
        /// The cylinder.
        cylinder: String,
        /// The key.
        key: String,
    },
}

/// A cylinder as decoded from its pins: what it accepts, and the keys said to operate it.
#[derive(Debug, Clone)]
pub struct DecodedCylinder {
    /// Its name.
    pub id: String,
    /// What its pins accept.
    pub accepts: crate::accept::AcceptSets,
    /// Symbols of the keys said to operate it.
    pub keys: Vec<String>,
}

/// What could be inferred about a system.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Takeover {
    /// The top master: the key above all others, given or found.
    pub top: Bitting,
    /// Its symbol; `None` when it was worked out from the cylinders.
    pub top_symbol: Option<String>,
    /// How far the top master is shown: 100 when its key was at hand.
    pub top_confidence: Percent,
    /// The array as far as it was seen: the cuts found in each chamber, ascending.
    pub seen: Vec<DepthSet>,
    /// Progression step: 2 when every cut seen keeps the parity of the TMK, else 1.
    pub step: u8,
    /// How far the step is shown.
    pub step_confidence: Percent,
    /// Chambers every change key holds at one cut other than the TMK's, with that cut.
    pub held: Vec<(Chamber, Depth)>,
    /// Chambers where every change key has the TMK cut.
    pub unprogressed: Vec<Chamber>,
    /// Rotating constants: each change key holds this many TMK cuts in differing chambers; 0 for total position.
    pub constants: usize,
    /// How far the method is shown.
    pub method_confidence: Percent,
    /// The sequence of progression seen in the order of numbered change keys, fastest first; empty when not clear.
    pub sequence: Vec<Chamber>,
    /// How far the sequence is shown.
    pub sequence_confidence: Percent,
    /// What does not fit.
    pub contradictions: Vec<Contradiction>,
}

/// Why nothing can be inferred.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TakeoverError {
    /// No key above the others.
    #[error("no top master among the keys, and the cylinders do not show one: name it GGM, A or AA, or add it")]
    NoTop,
    /// The cylinders have another number of chambers than the keys.
    #[error("keys and cylinders have different numbers of chambers")]
    Lengths,
    /// No change key.
    #[error("at least one change key is needed")]
    NoChangeKeys,
}

/// Infers array, step, method, held chambers and order of a system from decoded keys and cylinders.
///
/// The schedule holds the decoded keys by symbol; change keys are the symbols with a number. The columns seen are
/// only what the evidence shows: a column may have more cuts than were found.
pub fn take_over(keys: &KeySchedule, cylinders: &[DecodedCylinder]) -> Result<Takeover, TakeoverError> {
    let (top_symbol, top, top_confidence) = match find_top(keys) {
        Some((symbol, top)) => (Some(symbol), top, Percent(100)),
        None => top_of_cylinders(cylinders).map(|(top, sure)| (None, top, sure)).ok_or(TakeoverError::NoTop)?,
    };
    if keys.chambers().is_some_and(|chambers| chambers != top.chambers()) {
        return Err(TakeoverError::Lengths);
    }
    let mut changes: Vec<(KeySymbol, String, Bitting)> = keys
        .keys()
        .filter_map(|(_, key)| Some((key.symbol.parse::<KeySymbol>().ok()?, key.symbol.clone(), key.bitting)))
        .filter(|(symbol, _, _)| is_change(symbol.class()))
        .collect();
    changes.sort_unstable();
    if changes.is_empty() {
        return Err(TakeoverError::NoChangeKeys);
    }
    let columns = Columns::of(&top, &changes);
    let (constants, method_confidence) = columns.constants(&changes);
    let (step, step_confidence) = columns.step(&changes);
    let (sequence, sequence_confidence) = columns.sequence(&changes);
    let mut contradictions = columns.misfits(&changes, constants, step);
    contradictions.extend(cylinder_misfits(keys, &top, cylinders));
    Ok(Takeover {
        top,
        top_symbol,
        top_confidence,
        step,
        step_confidence,
        held: columns.held(),
        unprogressed: columns.unprogressed(),
        seen: columns.seen,
        constants,
        method_confidence,
        sequence,
        sequence_confidence,
        contradictions,
    })
}

impl Takeover {
    /// The array as far as it was seen. A column that was never progressed is empty.
    pub fn array(&self) -> Option<KeyBittingArray> {
        let tops = self.top.reveal();
        let columns = self.seen.iter().zip(tops).map(|(set, top)| set.without(*top).iter().collect());
        KeyBittingArray::with_columns(TopMaster(self.top), columns.collect()).ok()
    }
}

fn is_change(class: SymbolClass) -> bool {
    use SymbolClass::{Change, ChangeTwoLevel, ChangeUnderGrand, ChangeUnderGreatGrand};
    matches!(class, Change | ChangeTwoLevel | ChangeUnderGrand | ChangeUnderGreatGrand)
}

/// The top master as the cylinders show it: in every chamber the depth that more of them accept than any other.
///
/// `None` when a chamber has no such depth, or with fewer than three cylinders.
fn top_of_cylinders(cylinders: &[DecodedCylinder]) -> Option<(Bitting, Percent)> {
    let chambers = cylinders.first()?.accepts.chambers();
    let alike = cylinders.iter().all(|cylinder| cylinder.accepts.chambers() == chambers);
    if cylinders.len() < 3 || !alike {
        return None;
    }
    let (mut cuts, mut sure) = (Vec::with_capacity(chambers), Percent(100));
    for i in 0..chambers {
        let accepting = |depth: Depth| cylinders.iter().filter(|c| c.accepts.reveal()[i].contains(depth)).count();
        let all = cylinders.iter().fold(DepthSet::EMPTY, |all, c| all.or(c.accepts.reveal()[i]));
        let mut counted: Vec<(usize, Depth)> = all.iter().map(|depth| (accepting(depth), depth)).collect();
        counted.sort_unstable_by(|a, b| b.cmp(a));
        let (most, depth) = *counted.first()?;
        if counted.get(1).is_some_and(|(second, _)| *second == most) {
            return None;
        }
        cuts.push(depth);
        sure = sure.min(share(most, cylinders.len(), 6));
    }
    Some((Bitting::new(&cuts).ok()?, sure))
}

/// The highest symbol of the system: GGM, else the only grand, else the only master.
fn find_top(keys: &KeySchedule) -> Option<(String, Bitting)> {
    let of_class = |wanted: SymbolClass| -> Vec<(String, Bitting)> {
        let fits = |symbol: &str| symbol.parse::<KeySymbol>().is_ok_and(|s| s.class() == wanted);
        let found = keys.keys().filter(|(_, key)| fits(&key.symbol));
        found.map(|(_, key)| (key.symbol.clone(), key.bitting)).collect()
    };
    let classes = [SymbolClass::GreatGrand, SymbolClass::Grand, SymbolClass::Master];
    let mut highest = classes.into_iter().map(of_class).find(|list| !list.is_empty())?;
    if highest.len() == 1 { highest.pop() } else { None }
}

fn cylinder_misfits(keys: &KeySchedule, top: &Bitting, cylinders: &[DecodedCylinder]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for cylinder in cylinders {
        if !cylinder.accepts.operates(top) {
            found.push(Contradiction::OutsideSystem(cylinder.id.clone()));
        }
        for symbol in &cylinder.keys {
            let key = keys.find(symbol).ok().and_then(|index| keys.key(index));
            if key.is_none_or(|key| !cylinder.accepts.operates(&key.bitting)) {
                found.push(Contradiction::DoesNotOperate { cylinder: cylinder.id.clone(), key: symbol.clone() });
            }
        }
    }
    found
}
