//! What goes on paper: pin sheets, system charts, bitting lists, schedules and pick lists, as data and as text.

mod chart;
mod list;
mod pins;
mod receipt;

pub use chart::{ChartStack, SystemChart, system_chart};
pub use list::{BittingRow, ScheduleRow, bitting_list, bitting_sheet, keying_schedule, page_sheet, schedule_sheet};
pub use pins::{ChamberPins, PinSheet, StackOrder, pick_list, pick_sheet, pin_sheet};
pub use receipt::{Receipt, ReceiptKind, ReceiptLine};

use sha2::{Digest, Sha256};

/// Who made a sheet and of what. The caller supplies the date: this crate has no clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    /// The key system.
    pub system: String,
    /// Revision of the system the sheet shows.
    pub revision: String,
    /// Date as the shop writes it.
    pub date: String,
    /// Who made it.
    pub author: String,
}

/// The line every sheet with secrets carries at the top.
pub const BITTINGS_BANNER: &str = "CONTAINS BITTINGS - keep it like the keys";

/// A sheet before it is cut into pages.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its title.
    pub title: String,
    /// True when it shows cuts or pins.
    pub secret: bool,
    lines: Vec<String>,
}

impl Sheet {
    pub(crate) fn new(title: &str, secret: bool, lines: Vec<String>) -> Self {
        Self { title: title.to_owned(), secret, lines }
    }

    /// The lines without heading; as secret as the sheet.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// SHA-256 of the lines in lower-case hex, a newline after each: the same on every page of a sheet.
    pub fn hash(&self) -> String {
        let mut state = Sha256::new();
        for line in &self.lines {
            state.update(line.as_bytes());
            state.update(b"\n");
        }
        state.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The sheet as pages of text with at most `per_page` lines of content (at least one), each with the imprint.
    pub fn pages(&self, imprint: &Imprint, per_page: usize) -> Vec<String> {
        let per_page = per_page.max(1);
        let of = self.lines.len().div_ceil(per_page).max(1);
        let hash = self.hash();
        let page = |number: usize| {
            let Imprint { system, revision, date, author } = imprint;
            let mut text = if self.secret { format!("{BITTINGS_BANNER}\n") } else { String::new() };
            text += &format!("{} - {system}\nrevision {revision}, {date}, {author}\n\n", self.title);
            for line in self.lines.iter().skip(number * per_page).take(per_page) {
                text += line.trim_end();
                text.push('\n');
            }
            text + &format!("\npage {} of {of}, {hash}\n", number + 1)
        };
        (0..of).map(page).collect()
    }
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sheet({:?}, {} lines, redacted)", self.title, self.lines.len())
    }
}

/// Columns padded to their widest cell and joined by two spaces.
pub(crate) fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|row| row.get(c)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
