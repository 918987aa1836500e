//! How an amount is written for a person to read.

use super::{Currency, Money};

/// A way of writing amounts. Spaces are no-break so that an amount never wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `$1,234.50`
    English,
    /// `1 234,50 $`
    French,
    /// `1.234,50 €`
    Continental,
    /// `CHF 1’234.50`
    Swiss,
}

impl Style {
    /// The decimal mark.
    pub const fn decimal(self) -> char {
        match self {
            Style::English | Style::Swiss => '.',
            Style::French | Style::Continental => ',',
        }
    }

    const fn thousands(self) -> char {
        match self {
            Style::English => ',',
            Style::French => '\u{a0}',
            Style::Continental => '.',
            Style::Swiss => '’',
        }
    }
}

impl Money {
    /// The amount as usually written in this currency: `$1,234.50`, `-$5.00`, `1.234,50 €`.
    pub fn format(self, currency: Currency) -> String {
        self.format_in(currency, currency.style())
    }

    /// The amount in a chosen style: `1 234,50 $` for a French-speaking shop with Canadian dollars.
    pub fn format_in(self, currency: Currency, style: Style) -> String {
        let number = digits(self.minor(), currency.minor_digits(), style.decimal(), Some(style.thousands()));
        let sign = if self.is_negative() { "-" } else { "" };
        let symbol = currency.symbol();
        match style {
            Style::English if symbol.len() < 3 => format!("{sign}{symbol}{number}"),
            Style::English | Style::Swiss => format!("{sign}{symbol}\u{a0}{number}"),
            Style::French | Style::Continental => format!("{sign}{number}\u{a0}{symbol}"),
        }
    }

    /// The amount as it stands in an input: no symbol, no thousands separators. `Money::parse` reads it back.
    pub fn plain(self, currency: Currency) -> String {
        let sign = if self.is_negative() { "-" } else { "" };
        let number = digits(self.minor(), currency.minor_digits(), currency.style().decimal(), None);
        format!("{sign}{number}")
    }
}

/// The unsigned number with `decimals` places, grouped by threes when a separator is given.
fn digits(value: i64, decimals: u32, decimal: char, thousands: Option<char>) -> String {
    let unit = 10u64.pow(decimals);
    let (whole, rest) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let mut out = grouped(whole, thousands);
    if decimals > 0 {
        out.push(decimal);
        out.push_str(&format!("{rest:0width$}", width = decimals as usize));
    }
    out
}

/// A whole number grouped by threes, or bare when no separator is given.
pub(crate) fn grouped(whole: u64, separator: Option<char>) -> String {
    let bare = whole.to_string();
    let Some(separator) = separator else {
        return bare;
    };
    let mut out = String::with_capacity(bare.len() + bare.len() / 3);
    for (at, digit) in bare.chars().enumerate() {
        if at > 0 && (bare.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_as_people_read_it() {
        use Currency::*;
        let table = [
            (123_450, Usd, "$1,234.50"),
            (8_500, Cad, "$85.00"),
            (5, Gbp, "£0.05"),
            (-500, Usd, "-$5.00"),
            (0, Nzd, "$0.00"),
            (12_345_678_900, Aud, "$123,456,789.00"),
            (123_450, Eur, "1.234,50\u{a0}€"),
            (123_450, Chf, "CHF\u{a0}1’234.50"),
            (123_450, Jpy, "¥123,450"),
            (i64::MIN, Usd, "-$92,233,720,368,547,758.08"),
        ];
        for (minor, currency, want) in table {
            assert_eq!(Money::from_minor(minor).format(currency), want);
        }
        assert_eq!(Money::from_minor(123_450).format_in(Cad, Style::French), "1\u{a0}234,50\u{a0}$");
        assert_eq!(Money::from_minor(-123_450).plain(Usd), "-1234.50");
        assert_eq!(Money::from_minor(123_450).plain(Eur), "1234,50");
    }
}
