//! Key specifications: depths, spacings, MACS and pins of a make, as data with a source and a confidence.

mod angled;
mod catalogue;
mod entries;
mod faults;

pub use angled::{Angle, AngledBitting, AngledError};
pub use catalogue::{catalogue, published};
pub use faults::SpecFault;

use crate::array::ColumnRule;
use crate::bitting::{Bitting, BittingError};
use crate::depth::{Chamber, Depth, DepthSet, Increments};
use crate::length::Length;
use crate::macs::Macs;
use crate::pinning::{ControlLine, PinSystem, TopRule};
use crate::space::KeySpace;
use serde::{Deserialize, Serialize};

/// From where cuts are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// From the shoulder.
    Shoulder,
    /// From the tip.
    Tip,
}

/// In which order cuts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// The cut nearest the bow first.
    BowToTip,
    /// The cut nearest the tip first (SFIC).
    TipToBow,
}

/// How sure the numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Two independent sources, or the maker.
    Verified,
    /// One decent source.
    SingleSource,
    /// Sources contradict each other, or trade memory: show it with a badge and let the shop override it.
    Disputed,
}

/// A part of a specification that sources contradict or leave open: show it with a badge and let the shop override it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unsettled {
    /// MACS: contradictory, or to be asked of the maker (then [`Macs::Unlimited`] stands for it).
    Macs,
    /// The progression step.
    Step,
    /// The roots of one depth or of all.
    Roots,
    /// The increment.
    Increment,
    /// How many depths there are.
    DepthRange,
}

/// One depth of a specification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepthEntry {
    /// What is written for it, such as `0` or `B`.
    pub symbol: String,
    /// Its number; larger is deeper.
    pub depth: Depth,
    /// Root: the height of the blade left under the cut, in 0.0001 inch; `None` where no public number exists.
    pub root: Option<Length>,
}

/// A pin by number and length in 0.0001 inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinLength {
    /// Pin number.
    pub number: u8,
    /// Its length.
    pub length: Length,
}

/// Tolerances in 0.0001 inch, where known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tolerance {
    /// Of the depth of a cut, either way.
    pub depth: Option<Length>,
    /// Of its position, either way.
    pub spacing: Option<Length>,
    /// How far off a cut may be and still operate.
    pub operate: Option<Length>,
}

/// Depths a chamber must not have, for a blank or a milling that forbids them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChamberLimit {
    /// The chamber.
    pub chamber: Chamber,
    /// Depths not allowed in it.
    pub forbidden: Vec<Depth>,
}

/// A depth and spacing specification. A shop may write its own; see [`KeySpec::faults`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySpec {
    /// Short name, such as `schlage_classic`.
    pub id: String,
    /// Version of this record, counted from 1.
    pub version: u32,
    /// The maker.
    pub maker: String,
    /// The family or product line.
    pub family: String,
    /// Keyways it is used with.
    pub keyways: Vec<String>,
    /// Numbers of chambers the make is sold with.
    pub chambers_allowed: Vec<u8>,
    /// Where positions are measured from.
    pub datum: Datum,
    /// Reading direction of a bitting.
    pub reading: Reading,
    /// Centre of the first cut from the datum.
    pub first_cut: Option<Length>,
    /// Distance between two cuts.
    pub spacing: Option<Length>,
    /// The depths, shallowest first.
    pub depths: Vec<DepthEntry>,
    /// Difference between two depths.
    pub increment: Option<Length>,
    /// Width of the flat of a cut.
    pub cut_width: Option<Length>,
    /// Included angle of a cut in degrees.
    pub cut_angle: Option<u16>,
    /// Which cuts may stand side by side.
    pub macs: Macs,
    /// What sources disagree on or do not say, even where the rest is sure.
    #[serde(default)]
    pub unsettled: Vec<Unsettled>,
    /// Progression step in depths; `None` where the maker has to be asked.
    pub step: Option<u8>,
    /// Smallest usable master pin in increments.
    pub min_gap: Increments,
    /// Root plus bottom pin: the same for every depth.
    pub plug_diameter: Option<Length>,
    /// Diameter of the pins.
    pub pin_diameter: Option<Length>,
    /// Published bottom pins by depth number.
    pub bottom_pins: Vec<PinLength>,
    /// Published master pins by number of increments.
    pub master_pins: Vec<PinLength>,
    /// How top pins are found.
    pub top_rule: TopRule,
    /// The control line of an interchangeable core.
    pub control: Option<ControlLine>,
    /// Tolerances.
    pub tolerance: Tolerance,
    /// Angle codes of makes that cut at an angle.
    pub angles: Vec<Angle>,
    /// Chambers with fewer depths than the rest.
    pub chamber_limits: Vec<ChamberLimit>,
    /// Where the numbers come from, by the tags of the specification's source list.
    pub sources: Vec<String>,
    /// How sure they are.
    pub confidence: Confidence,
    /// What a user must know.
    pub notes: String,
}

impl KeySpec {
    /// The shallowest depth, `None` for a specification without depths.
    pub fn shallowest(&self) -> Option<Depth> {
        self.depth_set().shallowest()
    }

    /// The deepest depth.
    pub fn deepest(&self) -> Option<Depth> {
        self.depth_set().deepest()
    }

    /// All depths.
    pub fn depth_set(&self) -> DepthSet {
        self.depths.iter().map(|entry| entry.depth).collect()
    }

    /// Centres of the cuts from the datum, first chamber first; `None` without published geometry.
    pub fn positions(&self, chambers: usize) -> Option<Vec<Length>> {
        let (first, spacing) = self.first_cut.zip(self.spacing)?;
        Some((0..chambers.min(crate::depth::MAX_CHAMBERS) as u32).map(|i| first.plus(spacing.times(i))).collect())
    }

    /// The root of every depth, shallowest first; `None` without published numbers.
    pub fn root_depths(&self) -> Option<Vec<Length>> {
        self.depths.iter().map(|entry| entry.root).collect()
    }

    /// The bittings this specification allows with so many chambers.
    pub fn space(&self, chambers: usize) -> Result<KeySpace, BittingError> {
        let all = self.depth_set();
        let mut columns = vec![all; chambers.min(crate::depth::MAX_CHAMBERS + 1)];
        for limit in &self.chamber_limits {
            if let Some(column) = columns.get_mut(limit.chamber.index()) {
                *column = limit.forbidden.iter().fold(*column, |set, depth| set.without(*depth));
            }
        }
        Ok(KeySpace::new(columns)?.with_macs(self.macs.clone()))
    }

    /// The columns a TMK gets under this make's step and smallest master pin; `None` where the step is not known.
    pub fn column_rule(&self) -> Option<ColumnRule> {
        Some(ColumnRule { lo: self.shallowest()?, hi: self.deepest()?, step: self.step?, min_gap: self.min_gap })
    }

    /// The pin system; `None` for a specification without depths.
    pub fn pin_system(&self) -> Option<PinSystem> {
        Some(PinSystem {
            name: self.family.clone(),
            lo: self.shallowest()?,
            hi: self.deepest()?,
            min_master: self.min_gap,
            min_top: if self.control.is_some() { self.min_gap } else { Increments::default() },
            top: self.top_rule.clone(),
            control: self.control.clone(),
        })
    }

    /// The bottom pin of a depth: published, or plug diameter less root; `None` when neither is known.
    pub fn bottom_pin(&self, depth: Depth) -> Option<Length> {
        let published = self.bottom_pins.iter().find(|pin| pin.number == depth.number()).map(|pin| pin.length);
        let root = self.depths.iter().find(|entry| entry.depth == depth).and_then(|entry| entry.root);
        published.or_else(|| Some(self.plug_diameter?.minus(root?)))
    }

    /// Reads a bitting written in this specification's symbols, in its reading direction.
    ///
    /// Spaces, commas and dashes between cuts are skipped. Errors name the character, counted from 1.
    ///
    /// ```
    /// let sargent = keying::published("sargent").ok_or("unknown")?;
    /// assert_eq!(sargent.read("102938")?.numbers(), [1, 10, 2, 9, 3, 8]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(&self, text: &str) -> Result<Bitting, BittingError> {
        let mut cuts = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let skipped = rest.len() - rest.trim_start_matches([' ', ',', '-']).len();
            if skipped > 0 {
                at += skipped;
                continue;
            }
            let fits = self.depths.iter().filter(|entry| !entry.symbol.is_empty() && rest.starts_with(&entry.symbol));
            let Some(entry) = fits.max_by_key(|entry| entry.symbol.len()) else {
                return Err(BittingError::Symbol { position: text[..at].chars().count() + 1 });
            };
            cuts.push(entry.depth);
            if cuts.len() > crate::depth::MAX_CHAMBERS {
                return Err(BittingError::TooLong { cuts: cuts.len() });
            }
            at += entry.symbol.len();
        }
        Bitting::new(&cuts)
    }

    /// Writes a bitting in this specification's symbols; dashes where a symbol has more than one character.
    ///
    /// `None` when a cut is no depth of this specification. What it returns is as secret as the key.
    pub fn write(&self, bitting: &Bitting) -> Option<String> {
        let symbol = |cut: &Depth| self.depths.iter().find(|e| e.depth == *cut).map(|e| e.symbol.as_str());
        let symbols: Option<Vec<&str>> = bitting.reveal().iter().map(symbol).collect();
        let wide = self.depths.iter().any(|entry| entry.symbol.chars().count() > 1);
        symbols.map(|symbols| symbols.join(if wide { "-" } else { "" }))
    }
}
