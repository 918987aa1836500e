//! The published specifications, turned from table rows into records.

use super::entries::{ROWS, Row};
use super::{Angle, Confidence, Datum, DepthEntry, KeySpec, PinLength, Reading, Tolerance};
use crate::depth::{Depth, Increments};
use crate::length::Length;
use crate::macs::Macs;
use crate::pinning::{PinSystem, TopRule};

/// Every published specification, in the order of the trade table.
pub fn catalogue() -> Vec<KeySpec> {
    ROWS.iter().map(spec).collect()
}

/// One published specification by its id, such as `kwikset_kw1`, or by a name that begins like exactly one id
/// (`emhart`), goes on from it (`yale_y1`) or ends it (`titan`).
pub fn published(id: &str) -> Option<KeySpec> {
    if let Some(row) = ROWS.iter().find(|row| row.id == id) {
        return Some(spec(row));
    }
    let goes_on = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('_'));
    let ends_in = |long: &str| long.strip_suffix(id).is_some_and(|rest| rest.ends_with('_'));
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut near = ROWS.iter().filter(|row| fits(row.id));
        near.next().filter(|_| near.next().is_none())
    };
    only(&|own| goes_on(own, id) || goes_on(id, own)).or_else(|| only(&ends_in)).map(spec)
}

fn length(value: u32) -> Option<Length> {
    (value > 0).then_some(Length::new(value))
}

fn spec(row: &Row) -> KeySpec {
    let system = row.pins.and_then(PinSystem::named);
    KeySpec {
        id: row.id.to_owned(),
        version: 1,
        maker: row.maker.to_owned(),
        family: row.family.to_owned(),
        keyways: words(row.keyways),
        chambers_allowed: row.chambers.to_vec(),
        datum: if row.from_tip { Datum::Tip } else { Datum::Shoulder },
        reading: if row.from_tip { Reading::TipToBow } else { Reading::BowToTip },
        first_cut: length(row.first_cut),
        spacing: length(row.spacing),
        depths: depths(row),
        increment: length(row.increment),
        cut_width: None,
        cut_angle: None,
        macs: row.macs.map_or(Macs::Unlimited, Macs::Limit),
        unsettled: row.unsettled.to_vec(),
        step: row.step,
        min_gap: Increments::new(row.min_gap),
        plug_diameter: length(row.plug),
        pin_diameter: length(row.pin_diameter),
        bottom_pins: pins(row.bottom_pins),
        master_pins: pins(row.master_pins),
        top_rule: system.as_ref().map_or(TopRule::Unspecified, |system| system.top.clone()),
        control: system.and_then(|system| system.control),
        tolerance: Tolerance {
            depth: length(row.depth_tolerance),
            spacing: length(row.spacing_tolerance),
            operate: None,
        },
        angles: row.angles.iter().map(|&(letter, degrees, shift)| Angle { letter, degrees, shift }).collect(),
        chamber_limits: Vec::new(),
        sources: words(row.sources),
        confidence: row.confidence,
        notes: row.notes.to_owned(),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn pins(list: &[(u8, u32)]) -> Vec<PinLength> {
    list.iter().map(|&(number, long)| PinLength { number, length: Length::new(long) }).collect()
}

fn depths(row: &Row) -> Vec<DepthEntry> {
    let top = length(row.shallowest_root);
    let entry = |(i, symbol): (usize, &str)| {
        let steps = i as u32;
        let root = top.map(|top| top.minus(Length::new(row.increment).times(steps)));
        DepthEntry { symbol: symbol.to_owned(), depth: Depth::raw(row.first_depth + i as u8), root }
    };
    row.symbols.split_whitespace().enumerate().map(entry).collect()
}

/// What most rows leave empty.
pub(super) const BLANK: Row = Row {
    id: "",
    maker: "",
    family: "",
    keyways: "",
    chambers: &[5, 6],
    from_tip: false,
    first_cut: 0,
    spacing: 0,
    symbols: "",
    first_depth: 0,
    shallowest_root: 0,
    increment: 0,
    macs: None,
    unsettled: &[],
    step: None,
    min_gap: 1,
    plug: 0,
    pin_diameter: 1150,
    bottom_pins: &[],
    master_pins: &[],
    pins: None,
    depth_tolerance: 0,
    spacing_tolerance: 0,
    angles: &[],
    sources: "",
    confidence: Confidence::SingleSource,
    notes: "",
};
