//! The price ceiling: what the client said it may cost at most, taxes included.

use crate::money::{Money, MoneyError};

/// How a job's total stands to the ceiling agreed on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceiling {
    /// No ceiling was agreed.
    Open,
    /// The total is at or below it; this much is left.
    Within(Money),
    /// The total is above it by this much: the client must agree first.
    Over(Money),
}

impl Ceiling {
    /// Compares a total with the agreed ceiling. Errs when the difference overflows.
    pub fn of(total: Money, agreed: Option<Money>) -> Result<Ceiling, MoneyError> {
        let Some(agreed) = agreed else {
            return Ok(Ceiling::Open);
        };
        let left = agreed.minus(total)?;
        Ok(if left.is_negative() { Ceiling::Over(total.minus(agreed)?) } else { Ceiling::Within(left) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compared() {
        let money = Money::from_minor;
        let table = [
            (20_000, None, Ok(Ceiling::Open)),
            (20_000, Some(20_000), Ok(Ceiling::Within(Money::ZERO))),
            (19_999, Some(20_000), Ok(Ceiling::Within(money(1)))),
            (20_001, Some(20_000), Ok(Ceiling::Over(money(1)))),
            (i64::MIN, Some(1), Err(MoneyError::TooLarge)),
        ];
        for (total, agreed, want) in table {
            assert_eq!(Ceiling::of(money(total), agreed.map(money)), want);
        }
    }
}
