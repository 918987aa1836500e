//! Percentages, exact to a millionth of a percent: Quebec's 9.975 % is 9 975 000.

use super::typed::read;
use super::{Money, MoneyError, round_half_away};
use serde::{Deserialize, Serialize};

/// A percentage from 0 to 100, in millionths of a percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Percent(i64);

impl Percent {
    const WHOLE: i64 = 100_000_000;

    /// A percentage from millionths of a percent, as stored; errs outside 0–100 %.
    pub fn from_millionths(millionths: i64) -> Result<Percent, MoneyError> {
        match millionths {
            0..=Percent::WHOLE => Ok(Percent(millionths)),
            i64::MIN..0 => Err(MoneyError::NotAnAmount),
            _ => Err(MoneyError::TooLarge),
        }
    }

    /// The percentage in millionths of a percent, as stored.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// Reads "9.975", "13", "8,25 %": at most six decimals, from 0 to 100.
    pub fn parse(text: &str) -> Result<Percent, MoneyError> {
        let text = text.trim();
        let bare = text.strip_suffix('%').unwrap_or(text).trim_end();
        Percent::from_millionths(read(bare, 6, |_| false)?)
    }

    /// This share of an amount, rounded half away from zero to the minor unit.
    pub fn of(self, amount: Money) -> Result<Money, MoneyError> {
        let exact = i128::from(amount.minor()) * i128::from(self.0);
        Money::from_wide(round_half_away(exact, i128::from(Percent::WHOLE)))
    }
}

/// Without trailing zeros and without the sign: `9.975`, `13`.
impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let fraction = format!("{rest:06}");
        write!(f, "{whole}.{}", fraction.trim_end_matches('0'))
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
            ("9.975", Ok(9_975_000)),
            ("9,975", Ok(9_975_000)),
            ("13", Ok(13_000_000)),
            ("8.25 %", Ok(8_250_000)),
            ("0", Ok(0)),
            ("100", Ok(100_000_000)),
            ("100.000001", Err(TooLarge)),
            ("1,234", Ok(1_234_000)),
            ("9.9750001", Err(TooPrecise)),
            ("", Err(Empty)),
            ("%", Err(Empty)),
            ("-5", Err(NotAnAmount)),
            ("five", Err(NotAnAmount)),
            ("99999999999999999999", Err(TooLarge)),
        ];
        for (text, want) in table {
            assert_eq!(Percent::parse(text).map(Percent::millionths), want, "{text:?}");
        }
    }

    #[test]
    fn shares_round_half_away_from_zero() -> Result<(), MoneyError> {
        let table =
            [("9.975", 77_700, 7_751), ("5", 77_700, 3_885), ("50", 1, 1), ("50", -1, -1), ("30", 89_336, 26_801)];
        for (percent, amount, want) in table {
            assert_eq!(Percent::parse(percent)?.of(Money::from_minor(amount))?.minor(), want);
        }
        assert!(Percent::parse("100")?.of(Money::from_minor(i64::MAX)).is_ok());
        Ok(())
    }

    proptest! {
        #[test]
        fn shown_reads_back(millionths in 0i64..=100_000_000) {
            prop_assert_eq!(Percent::parse(&Percent(millionths).to_string()), Ok(Percent(millionths)));
        }
    }
}
