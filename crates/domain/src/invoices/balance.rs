//! What was paid and what is still owed. Payments are never deleted: a wrong one is reversed, with a reason.

use super::{IllegalInvoiceStep, InvoiceStatus};
use crate::closed_set;
use crate::money::{Money, MoneyError};
use serde::{Deserialize, Serialize};

closed_set! {
    /// How a client paid.
    pub enum PaymentMethod {
        /// Notes and coins.
        Cash = "cash", "Cash";
        /// A cheque, with its number.
        Cheque = "cheque", "Cheque";
        /// A bank transfer, with its reference.
        Transfer = "transfer", "Bank transfer";
        /// A card, with the terminal's reference.
        Card = "card", "Card";
    }
}

/// A payment as far as the balance is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Above zero.
    pub amount: Money,
    /// Whether it was reversed: then it counts for nothing.
    pub reversed: bool,
}

/// How much of an invoice is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// What the invoice asks.
    pub total: Money,
    /// What was paid and not reversed.
    pub paid: Money,
    /// What is still owed; negative when more was paid than asked.
    pub owed: Money,
}

impl Balance {
    /// Adds up payments against a total. Errs on overflow.
    pub fn of(total: Money, payments: &[Payment]) -> Result<Balance, MoneyError> {
        let counted = payments.iter().filter(|payment| !payment.reversed);
        let paid = Money::sum(counted.map(|payment| payment.amount))?;
        Ok(Balance { total, paid, owed: total.minus(paid)? })
    }

    /// The state of an issued invoice with this balance, after a payment or a reversal. Errs for drafts and void ones.
    pub fn settle(self, status: InvoiceStatus) -> Result<InvoiceStatus, IllegalInvoiceStep> {
        if !status.takes_payments() {
            return Err(IllegalInvoiceStep::NotPayable);
        }
        Ok(match self {
            Balance { owed, .. } if owed <= Money::ZERO => InvoiceStatus::Paid,
            Balance { paid, .. } if paid > Money::ZERO => InvoiceStatus::PartPaid,
            _ => InvoiceStatus::Sent,
        })
    }

    /// The balance with one payment more. Errs when it is not above zero or more than what is owed.
    pub fn pay(self, amount: Money) -> Result<Balance, IllegalInvoiceStep> {
        if amount <= Money::ZERO {
            return Err(MoneyError::NotAnAmount.into());
        }
        if amount > self.owed {
            return Err(IllegalInvoiceStep::MoreThanOwed);
        }
        Ok(Balance { total: self.total, paid: self.paid.plus(amount)?, owed: self.owed.minus(amount)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use InvoiceStatus::*;
    use proptest::prelude::*;

    fn paid(minor: i64) -> Payment {
        Payment { amount: Money::from_minor(minor), reversed: false }
    }

    fn reversed(minor: i64) -> Payment {
        Payment { reversed: true, ..paid(minor) }
    }

    #[test]
    fn balances_and_the_states_they_mean() {
        let table: &[(i64, &[Payment], i64, InvoiceStatus)] = &[
            (10_000, &[], 10_000, Sent),
            (10_000, &[paid(4_000)], 6_000, PartPaid),
            (10_000, &[paid(4_000), paid(6_000)], 0, Paid),
            (10_000, &[paid(10_000), reversed(10_000)], 0, Paid),
            (10_000, &[reversed(10_000)], 10_000, Sent),
            (10_000, &[reversed(10_000), paid(1)], 9_999, PartPaid),
            (0, &[], 0, Paid),
        ];
        for (total, payments, owed, status) in table {
            let balance = Balance::of(Money::from_minor(*total), payments).expect("small");
            assert_eq!((balance.owed.minor(), balance.settle(Sent)), (*owed, Ok(*status)), "{payments:?}");
        }
        let balance = Balance::of(Money::ZERO, &[]).expect("small");
        for status in [Draft, Void] {
            assert_eq!(balance.settle(status), Err(IllegalInvoiceStep::NotPayable));
        }
    }

    #[test]
    fn payments_that_are_refused() {
        let balance = Balance::of(Money::from_minor(10_000), &[paid(4_000)]).expect("small");
        assert_eq!(balance.pay(Money::from_minor(6_000)).map(|after| after.owed), Ok(Money::ZERO));
        assert_eq!(balance.pay(Money::from_minor(6_001)), Err(IllegalInvoiceStep::MoreThanOwed));
        for minor in [0, -1, i64::MIN] {
            assert!(balance.pay(Money::from_minor(minor)).is_err());
        }
        assert_eq!(Balance::of(Money::ZERO, &[paid(i64::MAX), paid(1)]), Err(MoneyError::TooLarge));
    }

    proptest! {
        #[test]
        fn paid_and_owed_are_always_the_total(total in 1i64..1_000_000, tries in prop::collection::vec(-10i64..400_000, 0..12)) {
            let mut balance = Balance::of(Money::from_minor(total), &[]).expect("small");
            for amount in tries {
                balance = balance.pay(Money::from_minor(amount)).unwrap_or(balance);
                prop_assert_eq!(balance.paid.plus(balance.owed), Ok(balance.total));
                prop_assert!(!balance.owed.is_negative());
            }
        }
    }
}
