//! The pin sheet of one cylinder, and the pick list of a job.

use super::{Sheet, table};
use crate::pinning::{ChamberStack, PinCounts, PinnedCylinder};
use crate::verified::Verified;
use serde::{Deserialize, Serialize};

/// The pins of one chamber in machine form, by pin number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChamberPins {
    /// Bottom pin.
    pub bottom: u8,
    /// Master pins from the bottom up.
    pub masters: Vec<u8>,
    /// Build-up (control) pin.
    pub control: Option<u8>,
    /// Top pin.
    pub top: Option<u8>,
}

/// A pin sheet in machine form. It can be serialised because a pinner needs it; it is as secret as the keys.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinSheet {
    /// The key system.
    pub system: String,
    /// The cylinder.
    pub cylinder: String,
    /// Doors it belongs to, keys by name: whatever the shop heads its sheets with.
    pub headings: Vec<String>,
    /// The chambers, chamber 1 first.
    pub chambers: Vec<ChamberPins>,
}

/// In which order the rows of a sheet run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StackOrder {
    /// As pins are put in: bottom first.
    Assembly,
    /// As pins stand in the chamber: top pin on the first row.
    Visual,
}

/// The sheet of a cylinder that passed the simulated lock.
pub fn pin_sheet(system: &str, cylinder: &str, headings: &[&str], pins: &Verified<PinnedCylinder>) -> PinSheet {
    let chamber = |stack: &ChamberStack| ChamberPins {
        bottom: stack.bottom(),
        masters: stack.masters().to_vec(),
        control: stack.control(),
        top: stack.top(),
    };
    PinSheet {
        system: system.to_owned(),
        cylinder: cylinder.to_owned(),
        headings: headings.iter().map(|s| (*s).to_owned()).collect(),
        chambers: pins.stacks().iter().map(chamber).collect(),
    }
}

impl PinSheet {
    /// The sheet as text: a row a kind of pin, a column a chamber, `-` where there is none, the stack totals last.
    pub fn sheet(&self, order: StackOrder) -> Sheet {
        let cell = |pin: Option<u8>| pin.map_or_else(|| "-".to_owned(), |pin| pin.to_string());
        let row = |name: String, pin: &dyn Fn(&ChamberPins) -> Option<u8>| {
            std::iter::once(name).chain(self.chambers.iter().map(|chamber| cell(pin(chamber)))).collect::<Vec<_>>()
        };
        let masters = self.chambers.iter().map(|chamber| chamber.masters.len()).max().unwrap_or(0);
        let mut rows = vec![row("Bottom".to_owned(), &|c| Some(c.bottom))];
        for k in 0..masters {
            rows.push(row(format!("Master {}", k + 1), &|c| c.masters.get(k).copied()));
        }
        if self.chambers.iter().any(|chamber| chamber.control.is_some()) {
            rows.push(row("Control".to_owned(), &|c| c.control));
        }
        rows.push(row("Top".to_owned(), &|c| c.top));
        if order == StackOrder::Visual {
            rows.reverse();
        }
        let numbers = (1..=self.chambers.len()).map(|n| n.to_string());
        rows.insert(0, std::iter::once("Chamber".to_owned()).chain(numbers).collect());
        rows.push(row("Total".to_owned(), &|c| Some(c.total())));
        let headings = self.headings.iter().cloned();
        let lines = headings.chain(table(&rows)).collect();
        Sheet::new(&format!("Pin sheet, cylinder {}", self.cylinder), true, lines)
    }
}

impl ChamberPins {
    /// The sum of all pins, the check row of the sheet.
    pub fn total(&self) -> u8 {
        let pins = self.masters.iter().chain(&self.control).chain(&self.top);
        pins.fold(self.bottom, |sum, pin| sum.saturating_add(*pin))
    }
}

impl std::fmt::Debug for PinSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PinSheet({:?}, {} chambers, redacted)", self.cylinder, self.chambers.len())
    }
}

impl std::fmt::Debug for ChamberPins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChamberPins({} master pins, redacted)", self.masters.len())
    }
}

/// The pins a job needs, by kind and number.
pub fn pick_list<'a>(cylinders: impl IntoIterator<Item = &'a PinnedCylinder>) -> PinCounts {
    let mut all = PinCounts::default();
    cylinders.into_iter().for_each(|cylinder| all.add(&cylinder.count_pins()));
    all
}

/// The pick list as text. The sums of a whole job tell no single key, so the sheet carries no banner.
pub fn pick_sheet(counts: &PinCounts) -> Sheet {
    let kinds =
        [("Bottom", &counts.bottom), ("Master", &counts.master), ("Control", &counts.control), ("Top", &counts.top)];
    let mut rows = vec![vec!["Pin".to_owned(), "Number".to_owned(), "Needed".to_owned()]];
    for (kind, pins) in kinds {
        rows.extend(pins.iter().map(|(number, n)| vec![kind.to_owned(), format!("#{number}"), n.to_string()]));
    }
    Sheet::new("Pick list", false, table(&rows))
}
