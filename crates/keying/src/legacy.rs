//! Taking over a system from what is left of it: decoded keys and cylinders.

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
    #[error(
        "cylinder {0} is not operated by the top master: outside the system, or decoded wrongly"
    )]
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
pub struct Takeover {
    /// The top master: the key above all others, given or found.
    pub top: Bitting,
    /// Its symbol.
    pub top_symbol: String,
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
pub enum TakeoverError {
    /// No key above the others.
    #[error("no top master among the keys: name it GGM, A or AA, or add it")]
    NoTop,
    /// No change key.
    #[error("at least one change key is needed")]
    NoChangeKeys,
}

/// Infers array, step, method, held chambers and order of a system from decoded keys and cylinders.
///
/// The schedule holds the decoded keys by symbol; change keys are the symbols with a number. The columns seen are
/// only what the evidence shows: a column may have more cuts than were found.
pub fn take_over(
    keys: &KeySchedule,
    cylinders: &[DecodedCylinder],
) -> Result<Takeover, TakeoverError> {
    let (top_symbol, top) = find_top(keys).ok_or(TakeoverError::NoTop)?;
    let mut changes: Vec<(KeySymbol, String, Bitting)> = keys
        .keys()
        .filter_map(|(_, key)| {
            Some((
                key.symbol.parse::<KeySymbol>().ok()?,
                key.symbol.clone(),
                key.bitting,
            ))
        })
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
        let columns = self
            .seen
            .iter()
            .zip(tops)
            .map(|(set, top)| set.without(*top).iter().collect());
        KeyBittingArray::with_columns(TopMaster(self.top), columns.collect()).ok()
    }
}

fn is_change(class: SymbolClass) -> bool {
    use SymbolClass::{Change, ChangeTwoLevel, ChangeUnderGrand, ChangeUnderGreatGrand};
    matches!(
        class,
        Change | ChangeTwoLevel | ChangeUnderGrand | ChangeUnderGreatGrand
    )
}

/// The highest symbol of the system: GGM, else the only grand, else the only master.
fn find_top(keys: &KeySchedule) -> Option<(String, Bitting)> {
    let of_class = |wanted: SymbolClass| -> Vec<(String, Bitting)> {
        let fits = |symbol: &str| {
            symbol
                .parse::<KeySymbol>()
                .is_ok_and(|s| s.class() == wanted)
        };
        let found = keys.keys().filter(|(_, key)| fits(&key.symbol));
        found
            .map(|(_, key)| (key.symbol.clone(), key.bitting))
            .collect()
    };
    let classes = [
        SymbolClass::GreatGrand,
        SymbolClass::Grand,
        SymbolClass::Master,
    ];
    let mut highest = classes
        .into_iter()
        .map(of_class)
        .find(|list| !list.is_empty())?;
    if highest.len() == 1 {
        highest.pop()
    } else {
        None
    }
}

struct Columns {
    top: Bitting,
    seen: Vec<DepthSet>,
}

impl Columns {
    fn of(top: &Bitting, changes: &[(KeySymbol, String, Bitting)]) -> Self {
        let mut seen = vec![DepthSet::EMPTY; top.chambers()];
        for (_, _, key) in changes {
            seen.iter_mut()
                .zip(key.reveal())
                .for_each(|(set, cut)| *set = set.with(*cut));
        }
        Self { top: *top, seen }
    }

    fn with_top(&self) -> impl Iterator<Item = (Chamber, DepthSet, Depth)> {
        let rows = self.seen.iter().zip(self.top.reveal()).enumerate();
        rows.map(|(i, (set, top))| (Chamber::at(i), *set, *top))
    }

    fn unprogressed(&self) -> Vec<Chamber> {
        self.with_top()
            .filter(|(_, set, top)| *set == DepthSet::EMPTY.with(*top))
            .map(|(c, _, _)| c)
            .collect()
    }

    /// One cut other than the TMK's, seen in every key: held, as far as the evidence goes.
    fn held(&self) -> Vec<(Chamber, Depth)> {
        let lone = self
            .with_top()
            .filter(|(_, set, top)| set.len() == 1 && !set.contains(*top));
        lone.filter_map(|(chamber, set, _)| Some((chamber, set.shallowest()?)))
            .collect()
    }

    /// Chambers of a key that hold the TMK cut although other keys progress them.
    fn held_top(&self, key: &Bitting) -> Vec<Chamber> {
        let rows = self.with_top().zip(key.reveal());
        rows.filter(|((_, set, top), cut)| set.len() > 1 && *cut == top)
            .map(|((c, _, _), _)| c)
            .collect()
    }

    /// The number of rotating constants most keys agree on.
    fn constants(&self, changes: &[(KeySymbol, String, Bitting)]) -> (usize, Percent) {
        let counts: Vec<usize> = changes
            .iter()
            .map(|(_, _, key)| self.held_top(key).len())
            .collect();
        let agree = |k: usize| counts.iter().filter(|n| **n == k).count();
        let most = counts
            .iter()
            .copied()
            .max_by_key(|k| (agree(*k), std::cmp::Reverse(*k)))
            .unwrap_or(0);
        (most, share(agree(most), counts.len(), 4))
    }

    fn step(&self, changes: &[(KeySymbol, String, Bitting)]) -> (u8, Percent) {
        let cuts = changes
            .iter()
            .flat_map(|(_, _, key)| key.reveal().iter().zip(self.top.reveal()));
        let moved: Vec<bool> = cuts
            .filter(|(cut, top)| cut != top)
            .map(|(cut, top)| cut.apart(*top) % 2 == 0)
            .collect();
        let even = moved.iter().filter(|even| **even).count();
        // A one-step system shows odd distances about half the time; a few stray cuts do not make it one.
        if even * 10 >= moved.len() * 9 {
            (2, share(even, moved.len(), 6))
        } else {
            (1, share(moved.len() - even, moved.len(), 6))
        }
    }

    /// The chamber that changes most often between neighbouring keys is the fastest.
    fn sequence(&self, changes: &[(KeySymbol, String, Bitting)]) -> (Vec<Chamber>, Percent) {
        let chambers = self.top.chambers();
        let mut turns = vec![0usize; chambers];
        let neighbours = changes
            .windows(2)
            .filter(|w| w[0].0.parent() == w[1].0.parent());
        let mut seen = 0;
        for pair in neighbours {
            seen += 1;
            let (a, b) = (pair[0].2, pair[1].2);
            (0..chambers)
                .filter(|i| a.reveal()[*i] != b.reveal()[*i])
                .for_each(|i| turns[i] += 1);
        }
        let mut order: Vec<usize> = (0..chambers).filter(|i| turns[*i] > 0).collect();
        order.sort_by_key(|i| (std::cmp::Reverse(turns[*i]), std::cmp::Reverse(*i)));
        let clear = order
            .windows(2)
            .filter(|w| turns[w[0]] > turns[w[1]])
            .count();
        let confidence = share(clear, order.len().saturating_sub(1), 1)
            .0
            .min(share(seen, seen, 8).0);
        (
            order.into_iter().map(Chamber::at).collect(),
            Percent(confidence),
        )
    }

    fn misfits(
        &self,
        changes: &[(KeySymbol, String, Bitting)],
        constants: usize,
        step: u8,
    ) -> Vec<Contradiction> {
        let mut found = Vec::new();
        for (_, symbol, key) in changes {
            let held = self.held_top(key);
            if held.len() > constants {
                let holds = |chamber: &Chamber| Contradiction::HoldsTop {
                    key: symbol.clone(),
                    chamber: *chamber,
                };
                found.extend(held.iter().skip(constants).map(holds));
            }
            let cuts = key.reveal().iter().zip(self.top.reveal()).enumerate();
            let off = cuts.filter(|(_, (cut, top))| step == 2 && cut.apart(**top) % 2 == 1);
            found.extend(off.map(|(i, _)| Contradiction::OffStep {
                key: symbol.clone(),
                chamber: Chamber::at(i),
            }));
        }
        found
    }
}

/// Share of agreeing evidence, discounted while there are fewer than `enough` pieces of it.
fn share(agreeing: usize, all: usize, enough: usize) -> Percent {
    if all == 0 {
        return Percent(0);
    }
    let whole = 100 * agreeing / all;
    Percent((whole * all.min(enough) / enough.max(1)).min(100) as u8)
}

fn cylinder_misfits(
    keys: &KeySchedule,
    top: &Bitting,
    cylinders: &[DecodedCylinder],
) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for cylinder in cylinders {
        if !cylinder.accepts.operates(top) {
            found.push(Contradiction::OutsideSystem(cylinder.id.clone()));
        }
        for symbol in &cylinder.keys {
            let key = keys.find(symbol).ok().and_then(|index| keys.key(index));
            if key.is_none_or(|key| !cylinder.accepts.operates(&key.bitting)) {
                found.push(Contradiction::DoesNotOperate {
                    cylinder: cylinder.id.clone(),
                    key: symbol.clone(),
                });
            }
        }
    }
    found
}
