//! Money: whole minor units (cents) in an `i64`, with checked arithmetic that errs and never panics.

mod currency;
mod percent;
mod quantity;
mod shown;
mod typed;

pub use currency::Currency;
pub use percent::Percent;
pub use quantity::Quantity;
pub use shown::Style;
pub(crate) use shown::grouped;

use serde::{Deserialize, Serialize};

/// An amount in minor units of the shop's currency: 8500 is $85.00, and ¥8500. May be negative (a discount).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Why an amount could not be read or computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing was typed.
    #[error("no amount was given")]
    Empty,
    /// The text is not an amount.
    #[error("this is not an amount")]
    NotAnAmount,
    /// More decimals than the currency has.
    #[error("this has more decimals than the currency")]
    TooPrecise,
    /// The amount, or a result, is larger than Shearline can hold.
    #[error("this amount is too large")]
    TooLarge,
}

impl Money {
    /// Nothing owed.
    pub const ZERO: Money = Money(0);

    /// The largest amount a person may type, in minor units: ten thousand million dollars.
    /// A thousand lines of it still add up without overflow.
    pub const MAX_TYPED: i64 = 1_000_000_000_000;

    /// An amount from minor units.
    pub const fn from_minor(minor: i64) -> Money {
        Money(minor)
    }

    /// The amount in minor units, as stored.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Whether this is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether this is exactly zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum. Errs with [`MoneyError::TooLarge`] on overflow.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        self.0.checked_add(other.0).map(Money).ok_or(MoneyError::TooLarge)
    }

    /// The difference. Errs with [`MoneyError::TooLarge`] on overflow.
    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        self.0.checked_sub(other.0).map(Money).ok_or(MoneyError::TooLarge)
    }

    /// The sum of many amounts. Errs with [`MoneyError::TooLarge`] on overflow of any step.
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money, MoneyError> {
        amounts.into_iter().try_fold(Money::ZERO, Money::plus)
    }

    /// A line's amount: this unit price times a quantity, rounded half away from zero to the minor unit.
    pub fn times(self, quantity: Quantity) -> Result<Money, MoneyError> {
        let exact = i128::from(self.0) * i128::from(quantity.thousandths());
        Money::from_wide(round_half_away(exact, 1_000))
    }

    pub(crate) fn from_wide(minor: i128) -> Result<Money, MoneyError> {
        i64::try_from(minor).map(Money).map_err(|_| MoneyError::TooLarge)
    }
}

/// `n / d` rounded to the nearest whole number, halves away from zero (decision 0010). `d` must be positive.
pub(crate) fn round_half_away(n: i128, d: i128) -> i128 {
    let (whole, rest) = (n / d, n % d);
    if rest.abs() >= d - rest.abs() { whole + n.signum() } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_round_away_from_zero() {
        for (n, d, want) in [
            (5, 10, 1),
            (-5, 10, -1),
            (4, 10, 0),
            (-4, 10, 0),
            (15, 10, 2),
            (-15, 10, -2),
            (1, 3, 0),
            (2, 3, 1),
            (0, 7, 0),
        ] {
            assert_eq!(round_half_away(n, d), want, "{n}/{d}");
        }
    }

    #[test]
    fn line_amounts() {
        // unit price (minor), thousandths, amount
        for (price, quantity, want) in [
            (9_000, 1_500, 13_500),
            (2_400, 16_000, 38_400),
            (450, 40_000, 18_000),
            (333, 1_500, 500),
            (-333, 1_500, -500),
            (1, 500, 1),
            (1, 499, 0),
        ] {
            assert_eq!(
                Money(price).times(Quantity::from_thousandths(quantity)),
                Ok(Money(want)),
                "{price} x {quantity}"
            );
        }
    }

    #[test]
    fn overflow_is_an_error() {
        assert_eq!(Money(i64::MAX).plus(Money(1)), Err(MoneyError::TooLarge));
        assert_eq!(Money(i64::MIN).minus(Money(1)), Err(MoneyError::TooLarge));
        assert_eq!(Money(i64::MAX).times(Quantity::from_thousandths(1_001)), Err(MoneyError::TooLarge));
        assert_eq!(Money::sum([Money(i64::MAX), Money(1), Money(-5)]), Err(MoneyError::TooLarge));
    }

    proptest! {
        #[test]
        fn rounding_is_within_half_and_symmetric(n in any::<i64>(), d in 1i64..1_000_000) {
            let (n, d) = (i128::from(n), i128::from(d));
            let rounded = round_half_away(n, d);
            prop_assert!((rounded * d - n).abs() * 2 <= d);
            prop_assert_eq!(round_half_away(-n, d), -rounded);
        }

        #[test]
        fn no_arithmetic_panics(a in any::<i64>(), b in any::<i64>()) {
            let _ = Money(a).plus(Money(b));
            let _ = Money(a).minus(Money(b));
            let _ = Money(a).times(Quantity::from_thousandths(b));
        }
    }
}
