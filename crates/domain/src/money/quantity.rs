//! Quantities in thousandths: 1.5 hours, 16 cylinders.

use super::MoneyError;
use super::typed::{read, split_sign};
use serde::{Deserialize, Serialize};

/// A quantity in thousandths of its unit: 1500 is one and a half.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(i64);

impl Quantity {
    /// One whole unit.
    pub const ONE: Quantity = Quantity(1_000);

    /// The largest quantity a person may type, in thousandths: one million units.
    pub const MAX_TYPED: i64 = 1_000_000_000;

    /// A quantity from thousandths.
    pub const fn from_thousandths(thousandths: i64) -> Quantity {
        Quantity(thousandths)
    }

    /// A whole number of units.
    pub const fn whole(units: i32) -> Quantity {
        Quantity(units as i64 * 1_000)
    }

    /// The quantity in thousandths, as stored.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// Reads "16", "1.5", "1,5", ".25". Three decimals at most; "1,000" is refused, as nobody can know whether
    /// one or a thousand is meant.
    pub fn parse(text: &str) -> Result<Quantity, MoneyError> {
        let text = text.trim();
        let (negative, body) = split_sign(text);
        let ambiguous = body.split_once(',').is_some_and(|(_, tail)| tail.len() == 3 && !body.starts_with("0,"));
        if ambiguous {
            return Err(MoneyError::NotAnAmount);
        }
        let thousandths = read(body, 3, |_| false)?;
        if thousandths > Quantity::MAX_TYPED {
            return Err(MoneyError::TooLarge);
        }
        Ok(Quantity(if negative { -thousandths } else { thousandths }))
    }
}

/// Without trailing zeros: `1.5`, `16`.
impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1_000, self.0.unsigned_abs() % 1_000);
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let fraction = format!("{rest:03}");
        write!(f, "{sign}{whole}.{}", fraction.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn read_as_typed() {
        use MoneyError::*;
        let table = [
            ("1", Ok(1_000)),
            ("1.5", Ok(1_500)),
            ("1,5", Ok(1_500)),
            ("0,125", Ok(125)),
            ("1.125", Ok(1_125)),
            (".25", Ok(250)),
            ("-2", Ok(-2_000)),
            ("1 000", Ok(1_000_000)),
            ("1,000", Err(NotAnAmount)),
            ("1.0005", Err(TooPrecise)),
            ("", Err(Empty)),
            ("two", Err(NotAnAmount)),
            ("1000001", Err(TooLarge)),
            ("9223372036854775808", Err(TooLarge)),
        ];
        for (text, want) in table {
            assert_eq!(Quantity::parse(text).map(Quantity::thousandths), want, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn shown_reads_back(q in -Quantity::MAX_TYPED..=Quantity::MAX_TYPED) {
            prop_assert_eq!(Quantity::parse(&Quantity(q).to_string()), Ok(Quantity(q)));
        }
    }
}
