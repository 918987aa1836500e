//! Reading amounts and quantities the way people type them.

use super::{Currency, Money, MoneyError};

impl Money {
    /// Reads "85", "1,234.50", "1 234,50", "$85.00", "-5". Both "." and "," may be the decimal mark; a lone mark
    /// followed by three digits is a thousands separator only where the currency is usually written so
    /// ("1,234" in dollars, "1.234" in euros), otherwise it has too many decimals ("85.005").
    pub fn parse(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        let (negative, body) = split_sign(strip_symbol(text.trim(), currency));
        let body = strip_symbol(body.trim(), currency);
        let decimal = currency.style().decimal();
        let minor = read(body, currency.minor_digits(), |mark| mark != decimal)?;
        if minor > Money::MAX_TYPED {
            return Err(MoneyError::TooLarge);
        }
        Ok(Money::from_minor(if negative { -minor } else { minor }))
    }
}

/// The sign and the rest. The typographic minus counts too.
pub(super) fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-').or_else(|| text.strip_prefix('\u{2212}')) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    }
}

fn strip_symbol(text: &str, currency: Currency) -> &str {
    for mark in [currency.symbol(), currency.as_str()] {
        if let Some(rest) = text.strip_prefix(mark).or_else(|| text.strip_suffix(mark)) {
            return rest.trim();
        }
    }
    text
}

/// Reads an unsigned number with at most `decimals` places, as a whole number of the smallest unit.
/// `may_group(mark)` says whether a lone mark followed by three digits separates thousands.
pub(super) fn read(text: &str, decimals: u32, may_group: impl Fn(char) -> bool) -> Result<i64, MoneyError> {
    if text.is_empty() {
        return Err(MoneyError::Empty);
    }
    let (whole, fraction) = split_decimal(text, decimals, may_group);
    if fraction.len() > decimals as usize && fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(MoneyError::TooPrecise);
    }
    let whole = ungrouped(whole).ok_or(MoneyError::NotAnAmount)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
        return Err(MoneyError::NotAnAmount);
    }
    let all = format!("{whole}{fraction:0<width$}", width = decimals as usize);
    all.parse().map_err(|_| MoneyError::TooLarge)
}

/// Splits at the decimal mark, when there is one; otherwise the fraction is empty.
fn split_decimal(text: &str, decimals: u32, may_group: impl Fn(char) -> bool) -> (&str, &str) {
    let mut marks = text.char_indices().filter(|(_, c)| matches!(c, '.' | ','));
    let Some((first_at, first)) = marks.next() else {
        return (text, "");
    };
    let Some((last_at, last)) = marks.next_back() else {
        let tail = &text[first_at + 1..];
        let groups = tail.len() == 3 && decimals != 3 && may_group(first) && !text.starts_with('0');
        return if groups { (text, "") } else { (&text[..first_at], tail) };
    };
    if first == last { (text, "") } else { (&text[..last_at], &text[last_at + 1..]) }
}

/// The digits of a whole number whose thousands separators, if any, stand where they should and are all alike.
fn ungrouped(text: &str) -> Option<String> {
    const SEPARATORS: [char; 7] = [',', '.', ' ', '\u{a0}', '\u{202f}', '\'', '’'];
    let Some(separator) = text.chars().find(|c| SEPARATORS.contains(c)) else {
        return text.bytes().all(|b| b.is_ascii_digit()).then(|| text.to_owned());
    };
    let groups: Vec<&str> = text.split(separator).collect();
    let well_formed = groups.iter().enumerate().all(|(at, group)| {
        let length = if at == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
        length && group.bytes().all(|b| b.is_ascii_digit())
    });
    well_formed.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use MoneyError::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_in_dollars() {
        let table: &[(&str, Result<i64, MoneyError>)] = &[
            ("85", Ok(8_500)),
            ("85.5", Ok(8_550)),
            ("85.00", Ok(8_500)),
            (" 85.00 ", Ok(8_500)),
            ("85,50", Ok(8_550)),
            ("1,234.50", Ok(123_450)),
            ("1.234,50", Ok(123_450)),
            ("1 234,50", Ok(123_450)),
            ("1\u{a0}234.50", Ok(123_450)),
            ("1,234", Ok(123_400)),
            ("1,234,567", Ok(123_456_700)),
            ("12 345", Ok(1_234_500)),
            ("$85.00", Ok(8_500)),
            ("-$85.00", Ok(-8_500)),
            ("$-85.00", Ok(-8_500)),
            ("\u{2212}5", Ok(-500)),
            ("85.00 USD", Ok(8_500)),
            (".50", Ok(50)),
            ("85.", Ok(8_500)),
            ("007", Ok(700)),
            ("10000000000", Ok(1_000_000_000_000)),
            ("10000000000.01", Err(TooLarge)),
            ("99999999999999999999999", Err(TooLarge)),
            ("85.005", Err(TooPrecise)),
            ("0,005", Err(TooPrecise)),
            ("", Err(Empty)),
            ("   ", Err(Empty)),
            ("$", Err(Empty)),
            (".", Err(NotAnAmount)),
            ("-", Err(Empty)),
            ("--5", Err(NotAnAmount)),
            ("1,23,4", Err(NotAnAmount)),
            ("1234,567,890", Err(NotAnAmount)),
            ("1 234,567.00", Err(NotAnAmount)),
            ("12e3", Err(NotAnAmount)),
            ("0x10", Err(NotAnAmount)),
            ("=1+1", Err(NotAnAmount)),
            ("eighty", Err(NotAnAmount)),
            ("٣", Err(NotAnAmount)),
            ("5\0", Err(NotAnAmount)),
            ("NaN", Err(NotAnAmount)),
        ];
        for (text, want) in table {
            assert_eq!(Money::parse(text, Currency::Usd).map(Money::minor), *want, "{text:?}");
        }
    }

    #[test]
    fn amounts_elsewhere() {
        let table: &[(&str, Currency, Result<i64, MoneyError>)] = &[
            ("1.234", Currency::Eur, Ok(123_400)),
            ("85,005", Currency::Eur, Err(TooPrecise)),
            ("1 234,50 €", Currency::Eur, Ok(123_450)),
            ("85.50", Currency::Eur, Ok(8_550)),
            ("CHF 1’234.50", Currency::Chf, Ok(123_450)),
            ("1,234", Currency::Jpy, Ok(1_234)),
            ("12.5", Currency::Jpy, Err(TooPrecise)),
            ("¥8500", Currency::Jpy, Ok(8_500)),
        ];
        for (text, currency, want) in table {
            assert_eq!(Money::parse(text, *currency).map(Money::minor), *want, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(minor in -Money::MAX_TYPED..=Money::MAX_TYPED, which in 0usize..8) {
            use crate::choice::Choice;
            let currency = Currency::ALL[which];
            let money = Money::from_minor(minor);
            prop_assert_eq!(Money::parse(&money.plain(currency), currency), Ok(money));
            prop_assert_eq!(Money::parse(&money.format(currency), currency), Ok(money));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}|[0-9.,'$ -]{0,30}") {
            let _ = Money::parse(&text, Currency::Usd);
            let _ = Money::parse(&text, Currency::Jpy);
        }
    }
}
