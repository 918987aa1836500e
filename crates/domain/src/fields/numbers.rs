//! Amounts, quantities, percentages and whole numbers.

use super::Checker;
use super::texts::required;
use crate::money::{Currency, Money, MoneyError, Percent, Quantity, grouped};
use std::ops::RangeInclusive;

impl Checker {
    /// A required amount, zero or more.
    pub fn money(&mut self, field: &str, value: &str, currency: Currency) -> Money {
        let read = required(field, value).and_then(|value| unsigned(value, currency));
        self.take(field, read, Money::ZERO)
    }

    /// A required amount above zero: a payment.
    pub fn positive_money(&mut self, field: &str, value: &str, currency: Currency) -> Money {
        let read = required(field, value).and_then(|value| unsigned(value, currency));
        let read = match read {
            Ok(zero) if zero.is_zero() => Err("Enter an amount above zero.".to_owned()),
            other => other,
        };
        self.take(field, read, Money::ZERO)
    }

    /// A required amount that may be negative: the unit price of a discount line.
    pub fn signed_money(&mut self, field: &str, value: &str, currency: Currency) -> Money {
        let read = required(field, value).and_then(|value| amount(value, currency));
        self.take(field, read, Money::ZERO)
    }

    /// An amount, zero or more; `None` when nothing was typed.
    pub fn optional_money(&mut self, field: &str, value: &str, currency: Currency) -> Option<Money> {
        self.take_optional(field, value, |value| unsigned(value, currency))
    }

    /// A required quantity above zero, with at most three decimals.
    pub fn quantity(&mut self, field: &str, value: &str) -> Quantity {
        let read = required(field, value).and_then(quantity);
        self.take(field, read, Quantity::ONE)
    }

    /// A required tax rate from 0 to 100 %, with at most six decimals.
    pub fn percent(&mut self, field: &str, value: &str) -> Percent {
        let read = required(field, value).and_then(percent);
        self.take(field, read, Percent::default())
    }

    /// A tax rate; `None` when nothing was typed.
    pub fn optional_percent(&mut self, field: &str, value: &str) -> Option<Percent> {
        self.take_optional(field, value, percent)
    }

    /// A required whole number within a range.
    pub fn integer(&mut self, field: &str, value: &str, range: RangeInclusive<i64>) -> i64 {
        let stand_in = *range.start();
        let read = required(field, value).and_then(|value| integer(value, range));
        self.take(field, read, stand_in)
    }

    /// A whole number within a range; `None` when nothing was typed.
    pub fn optional_integer(&mut self, field: &str, value: &str, range: RangeInclusive<i64>) -> Option<i64> {
        self.take_optional(field, value, |value| integer(value, range))
    }
}

fn amount(value: &str, currency: Currency) -> Result<Money, String> {
    let example = currency.example();
    Money::parse(value, currency).map_err(|error| match (error, currency.minor_digits()) {
        (MoneyError::TooPrecise, 0) => format!("Enter a whole amount like {example}."),
        (MoneyError::TooPrecise, digits) => {
            format!("Enter an amount like {example}, with at most {digits} decimals.")
        }
        (MoneyError::TooLarge, _) => "This amount is too large.".into(),
        (MoneyError::Empty | MoneyError::NotAnAmount, _) => {
            format!("Enter an amount like {example}.")
        }
    })
}

fn unsigned(value: &str, currency: Currency) -> Result<Money, String> {
    match amount(value, currency)? {
        negative if negative.is_negative() => Err("Enter an amount of zero or more.".into()),
        amount => Ok(amount),
    }
}

fn quantity(value: &str) -> Result<Quantity, String> {
    match Quantity::parse(value) {
        Ok(quantity) if quantity.thousandths() > 0 => Ok(quantity),
        Ok(_) => Err("Enter a quantity above zero.".into()),
        Err(MoneyError::TooLarge) => Err("This quantity is too large.".into()),
        Err(MoneyError::TooPrecise) => Err("Enter a quantity like 1.5, with at most 3 decimals.".into()),
        Err(_) => Err("Enter a quantity like 1.5.".into()),
    }
}

fn percent(value: &str) -> Result<Percent, String> {
    Percent::parse(value).map_err(|error| match error {
        MoneyError::TooPrecise => "Enter a rate like 9.975, with at most 6 decimals.".into(),
        MoneyError::TooLarge => "A rate cannot be above 100 %.".into(),
        _ => "Enter a rate in percent, like 9.975.".into(),
    })
}

fn integer(value: &str, range: RangeInclusive<i64>) -> Result<i64, String> {
    let value = value.trim();
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    match value.parse() {
        Ok(number) if is_number && range.contains(&number) => Ok(number),
        _ => Err(format!("Enter a whole number from {} to {}.", spaced(*range.start()), spaced(*range.end()))),
    }
}

fn spaced(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs(), Some(' ')))
}

#[cfg(test)]
mod tests {
    use crate::fields::{Checker, check};
    use crate::money::Currency::{Cad, Jpy};

    /// What a getter made of each text: the value as text, or the words beside the field.
    fn table<T>(rows: &[(&str, Result<i64, &str>)], read: impl Fn(&mut Checker, &str) -> T, number: impl Fn(T) -> i64) {
        for (text, want) in rows {
            let got = check(|c| read(c, text)).map(&number);
            let got =
                got.as_ref().map(|n| *n).map_err(|errors| errors.get("amount").map_or("no words", String::as_str));
            assert_eq!(got, *want, "{text:?}");
        }
    }

    #[test]
    fn amounts() {
        let rows = [
            ("85", Ok(8_500)),
            ("1,234.50", Ok(123_450)),
            ("0", Ok(0)),
            ("", Err("Enter an amount.")),
            ("abc", Err("Enter an amount like 85.00.")),
            ("85.005", Err("Enter an amount like 85.00, with at most 2 decimals.")),
            ("-5", Err("Enter an amount of zero or more.")),
            ("1e9", Err("Enter an amount like 85.00.")),
            ("999999999999999999999", Err("This amount is too large.")),
        ];
        table(&rows, |c, text| c.money("amount", text, Cad), |m| m.minor());
        let rows = [("0", Err("Enter an amount above zero.")), ("0.01", Ok(1))];
        table(&rows, |c, text| c.positive_money("amount", text, Cad), |m| m.minor());
        table(&[("-5", Ok(-500))], |c, text| c.signed_money("amount", text, Cad), |m| m.minor());
        let rows = [("1.5", Err("Enter a whole amount like 8500."))];
        table(&rows, |c, text| c.money("amount", text, Jpy), |m| m.minor());
        assert_eq!(check(|c| c.optional_money("ceiling", "", Cad)), Ok(None));
        assert!(check(|c| c.optional_money("ceiling", "-1", Cad)).is_err());
    }

    #[test]
    fn quantities_and_rates() {
        let rows = [
            ("1.5", Ok(1_500)),
            ("0", Err("Enter a quantity above zero.")),
            ("-1", Err("Enter a quantity above zero.")),
            ("1.00001", Err("Enter a quantity like 1.5, with at most 3 decimals.")),
            ("x", Err("Enter a quantity like 1.5.")),
            ("99999999999", Err("This quantity is too large.")),
        ];
        table(&rows, |c, text| c.quantity("amount", text), |q| q.thousandths());
        let rows = [
            ("9.975", Ok(9_975_000)),
            ("101", Err("A rate cannot be above 100 %.")),
            ("x", Err("Enter a rate in percent, like 9.975.")),
        ];
        table(&rows, |c, text| c.percent("amount", text), |p| p.millionths());
        assert_eq!(check(|c| c.optional_percent("second_rate", " ")), Ok(None));
    }

    #[test]
    fn whole_numbers() {
        let outside = Err("Enter a whole number from 1 to 5 000.");
        let rows = [
            ("1", Ok(1)),
            (" 5000 ", Ok(5_000)),
            ("0", outside),
            ("5001", outside),
            ("1.5", outside),
            ("+1", outside),
            ("99999999999999999999", outside),
            ("٣", outside),
        ];
        table(&rows, |c, text| c.integer("amount", text, 1..=5_000), |n| n);
        assert_eq!(check(|c| c.optional_integer("year", "", 1..=5)), Ok(None));
    }
}
