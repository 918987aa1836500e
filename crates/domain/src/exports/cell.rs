//! Cells of tables that a spreadsheet will open: numbers stay numbers, and no text becomes a formula.

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words somebody typed.
    Text(String),
    /// Digits this program wrote; anything else in it is treated as words.
    Number(String),
}

impl Cell {
    /// As it stands in the file.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Number(digits) if is_number(digits) => digits.clone(),
            Self::Number(text) | Self::Text(text) => quoted(&harmless(text)),
        }
    }
}

/// A line of a table, with its end.
#[must_use]
pub fn csv_line(cells: &[Cell]) -> String {
    let mut line = cells.iter().map(Cell::written).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// Digits with at most one sign before and one point between.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Spreadsheets take what begins like this for a formula, some of them behind blanks; an apostrophe before it makes it words.
fn harmless(text: &str) -> String {
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{feff}', '\u{200b}']).chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}') => {
            format!("'{text}")
        }
        _ => text.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n', ';', '\t', '\'']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_71_no_cell_becomes_a_formula_and_numbers_stay_numbers() {
        for bad in ["=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "\u{feff}=1", "＝1"] {
            let written = Cell::Text(bad.into()).written();
            assert!(written.trim_start_matches('"').starts_with('\''), "{bad:?}: {written:?}");
            assert!(Cell::Number(bad.into()).written().trim_start_matches('"').starts_with('\''), "{bad:?}");
        }
        for number in ["0", "-12.50", "1042", "0.500"] {
            assert_eq!(Cell::Number(number.into()).written(), number);
        }
        for odd in ["", "-", "1.", ".5", "1e5", "1,000", "--1", "1.2.3"] {
            let written = Cell::Number(odd.into()).written();
            assert!(!written.starts_with('-'), "{odd:?} stays a number: {written}");
        }
        assert_eq!(Cell::Text("12.50".into()).written(), "12.50");
    }

    #[test]
    fn what_would_end_a_cell_is_quoted() {
        let cells = [Cell::Text("Doe, \"Jo\"".into()), Cell::Text("two\nlines".into()), Cell::Number("7".into())];
        assert_eq!(csv_line(&cells), "\"Doe, \"\"Jo\"\"\",\"two\nlines\",7\r\n");
    }
}
