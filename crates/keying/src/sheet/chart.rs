//! The system pin chart of an SFIC system: one page that pins any key of the array under the TMK.

use super::{Sheet, table};
use crate::array::KeyBittingArray;
use crate::bitting::Bitting;
use crate::depth::{Chamber, Depth, DepthSet};
use crate::pinning::{ChamberStack, PinSystem, PinningError, pin_sets};
use crate::spec::KeySpec;
use crate::top_master::ControlKey;

/// The pins of one change cut against the TMK in one chamber.
#[derive(Clone, PartialEq, Eq)]
pub struct ChartStack {
    /// The change cut.
    pub cut: Depth,
    /// Its pins.
    pub stack: ChamberStack,
}

/// The chart: `chambers[i]` holds the stacks of the column of chamber i + 1, the TMK cut alone last.
#[derive(Clone, PartialEq, Eq)]
pub struct SystemChart {
    /// Stacks by chamber.
    pub chambers: Vec<Vec<ChartStack>>,
}

/// Works out the chart. Every stack has passed the simulated lock.
///
/// Cross-keyed cylinders are never pinned from a chart: their chambers hold more than one change cut.
pub fn system_chart(
    system: &PinSystem,
    array: &KeyBittingArray,
    control: Option<&ControlKey>,
) -> Result<SystemChart, PinningError> {
    let mut chambers = Vec::with_capacity(array.chambers());
    for (i, top) in array.top().0.reveal().iter().enumerate() {
        let chamber = Chamber::at(i);
        let cuts = array.column(chamber).iter().chain([top]);
        let stack = |cut: &Depth| chart_stack(system, array, chamber, *cut, control);
        chambers.push(cuts.map(stack).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(SystemChart { chambers })
}

/// Pins a whole core with the TMK everywhere and one change cut in one chamber, and keeps that chamber.
fn chart_stack(
    system: &PinSystem,
    array: &KeyBittingArray,
    chamber: Chamber,
    cut: Depth,
    control: Option<&ControlKey>,
) -> Result<ChartStack, PinningError> {
    let top = array.top().0;
    let mut sets: Vec<DepthSet> = top.reveal().iter().map(|cut| DepthSet::EMPTY.with(*cut)).collect();
    sets[chamber.index()] = sets[chamber.index()].with(cut);
    let core = pin_sets(system, &sets, control)?;
    Ok(ChartStack { cut, stack: core.stacks()[chamber.index()] })
}

impl SystemChart {
    /// The pins of one key of the array under the TMK, read from the chart; `None` when a cut is not in it.
    pub fn stacks_for(&self, key: &Bitting) -> Option<Vec<ChamberStack>> {
        if key.chambers() != self.chambers.len() {
            return None;
        }
        let find = |(column, cut): (&Vec<ChartStack>, &Depth)| column.iter().find(|s| s.cut == *cut).map(|s| s.stack);
        self.chambers.iter().zip(key.reveal()).map(find).collect()
    }

    /// The chart as text in the symbols of the specification: a line a chamber and cut, tops on the last of each chamber.
    pub fn sheet(&self, spec: &KeySpec) -> Sheet {
        let symbol =
            |cut: Depth| spec.depths.iter().find(|e| e.depth == cut).map_or("?", |e| e.symbol.as_str()).to_owned();
        let cell = |pin: Option<u8>| pin.map_or_else(|| "-".to_owned(), |pin| pin.to_string());
        let heading = ["Chamber", "Cut", "Bottom", "Master", "Control", "Top"];
        let mut rows = vec![heading.map(str::to_owned).to_vec()];
        for (i, column) in self.chambers.iter().enumerate() {
            for (k, row) in column.iter().enumerate() {
                let cut = symbol(row.cut) + if k + 1 == column.len() { " (TMK)" } else { "" };
                let pins = [
                    Some(row.stack.bottom()),
                    row.stack.masters().first().copied(),
                    row.stack.control(),
                    row.stack.top(),
                ];
                rows.push([(i + 1).to_string(), cut].into_iter().chain(pins.map(cell)).collect());
            }
        }
        Sheet::new("System pin chart", true, table(&rows))
    }
}

impl std::fmt::Debug for SystemChart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SystemChart({} chambers, redacted)", self.chambers.len())
    }
}

impl std::fmt::Debug for ChartStack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChartStack(redacted)")
    }
}
