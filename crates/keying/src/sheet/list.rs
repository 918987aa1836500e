//! The bitting list, page by page or key by key, and the keying schedule.

use super::{Sheet, table};
use crate::bitting::Bitting;
use crate::page::Page;
use crate::schedule::{KeyIndex, KeySchedule, KeySet};
use crate::spec::KeySpec;
use crate::symbol::{KeySymbol, OperatedBy, SymbolClass};
use crate::system::{KeyStatus, KeySystem};

/// One line of the bitting list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BittingRow {
    /// The key symbol.
    pub symbol: String,
    /// Its cuts.
    pub bitting: Bitting,
    /// Its level, where the symbol is one of the standard and tells it.
    pub level: Option<SymbolClass>,
    /// What became of it.
    pub status: KeyStatus,
    /// True when it breaks MACS.
    pub forbidden: bool,
    /// Cylinders it is pinned into.
    pub cylinders: usize,
}

/// The bitting list of a system in the order of its schedule.
pub fn bitting_list(system: &KeySystem) -> Vec<BittingRow> {
    let schedule = system.schedule();
    let mut cylinders = std::collections::HashMap::new();
    for index in schedule.cylinders().iter().flat_map(|cylinder| cylinder.pinned()) {
        *cylinders.entry(*index).or_insert(0usize) += 1;
    }
    let row = |(index, key): (KeyIndex, &KeySet)| BittingRow {
        symbol: key.symbol.clone(),
        bitting: key.bitting,
        level: key.symbol.parse::<KeySymbol>().ok().map(|symbol| symbol.class()),
        status: system.status(&key.symbol),
        forbidden: !system.spec().macs.admits(&key.bitting),
        cylinders: cylinders.get(&index).copied().unwrap_or(0),
    };
    schedule.keys().map(row).collect()
}

/// The bitting list as text, in the symbols of the specification.
pub fn bitting_sheet(system: &KeySystem) -> Sheet {
    let heading = ["Key", "Level", "Bitting", "Status", "Cylinders", ""];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for row in bitting_list(system) {
        let status = match row.status {
            KeyStatus::Free => "free",
            KeyStatus::Used => "used",
            KeyStatus::Reserved => "reserved",
            KeyStatus::Blocked => "blocked",
        };
        let macs = if row.forbidden { "MACS" } else { "" };
        let bitting = system.spec().write(&row.bitting).unwrap_or_else(|| "?".to_owned());
        let level = row.level.map_or("", SymbolClass::name).to_owned();
        rows.push(vec![row.symbol, level, bitting, status.to_owned(), row.cylinders.to_string(), macs.to_owned()]);
    }
    Sheet::new("Bitting list", true, table(&rows))
}

/// One page of the standard layout as text: blocks side by side, `*` behind a key that breaks MACS, `~` a poor shape.
pub fn page_sheet(spec: &KeySpec, page: &Page) -> Sheet {
    let text = |key: &Bitting| spec.write(key).unwrap_or_else(|| "?".to_owned());
    let mut lines = Vec::new();
    if let Some(master) = &page.master {
        lines.push(format!("Page master {}", text(master)));
    }
    for line in &page.blocks {
        lines.push(String::new());
        let tallest = line.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |block: &Vec<crate::page::PageEntry>, row: usize| {
            block.get(row).map_or_else(String::new, |entry| {
                let mark = if !entry.can_be_cut {
                    "*"
                } else if entry.undesirable {
                    "~"
                } else {
                    " "
                };
                format!("{:>5} {}{mark}", entry.number, text(&entry.bitting))
            })
        };
        let rows: Vec<Vec<String>> =
            (0..tallest).map(|row| line.iter().map(|block| cell(block, row)).collect()).collect();
        lines.extend(table(&rows));
    }
    Sheet::new(&format!("Bitting list, page {}", page.number), true, lines)
}

/// One line of the keying schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScheduleRow {
    /// The cylinder.
    pub cylinder: String,
    /// The keys pinned into it, in schedule order.
    pub keys: Vec<String>,
    /// Cylinders pinned to exactly the same keys (keyed alike), this one included.
    pub keyed_alike: usize,
    /// Two or more change keys are pinned into it: it is cross-keyed.
    pub cross_keyed: bool,
}

/// The keying schedule: which keys operate which cylinder by intention. It shows no cut.
pub fn keying_schedule(schedule: &KeySchedule) -> Vec<ScheduleRow> {
    let keys = |cylinder| -> Vec<String> { schedule.keys_of(cylinder).map(|key| key.symbol.clone()).collect() };
    let all: Vec<Vec<String>> = schedule.cylinders().iter().map(keys).collect();
    let mut alike: std::collections::HashMap<&[String], usize> = std::collections::HashMap::new();
    all.iter().for_each(|keys| *alike.entry(keys).or_default() += 1);
    let row = |(cylinder, keys): (&crate::schedule::Cylinder, &Vec<String>)| ScheduleRow {
        cylinder: cylinder.id.clone(),
        keyed_alike: alike.get(keys.as_slice()).copied().unwrap_or(1),
        cross_keyed: keys.iter().filter(|key| is_change(key)).count() > 1,
        keys: keys.clone(),
    };
    schedule.cylinders().iter().zip(&all).map(row).collect()
}

fn is_change(symbol: &str) -> bool {
    use SymbolClass::{Change, ChangeTwoLevel, ChangeUnderGrand, ChangeUnderGreatGrand, SingleKeyed};
    let class = symbol.parse::<KeySymbol>().map(|symbol| symbol.class());
    matches!(class, Ok(Change | ChangeTwoLevel | ChangeUnderGrand | ChangeUnderGreatGrand | SingleKeyed))
}

/// The keying schedule as text; cross-keyed cylinders in `oby` notation where their names are key symbols.
pub fn schedule_sheet(schedule: &KeySchedule) -> Sheet {
    let mut rows = vec![["Cylinder", "Operated by", "Keyed alike", ""].map(str::to_owned).to_vec()];
    for row in keying_schedule(schedule) {
        let symbols: Result<Vec<KeySymbol>, _> = row.keys.iter().map(|key| key.parse()).collect();
        let keys = match (row.cylinder.parse::<KeySymbol>(), symbols) {
            (Ok(cylinder), Ok(keys)) => {
                OperatedBy { cylinder, keys }.to_string().split_once(" oby ").map(|(_, k)| k.to_owned())
            }
            _ => None,
        };
        let keys = keys.unwrap_or_else(|| row.keys.join(", "));
        let note = if row.cross_keyed { "cross-keyed: pin it from this line, never from the chart" } else { "" };
        rows.push(vec![row.cylinder, format!("oby {keys}"), row.keyed_alike.to_string(), note.to_owned()]);
    }
    Sheet::new("Keying schedule", false, table(&rows))
}
