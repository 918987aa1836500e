//! Payments as they are typed and shown. What they do to a balance stands in [`crate::invoices::Balance`].

use crate::FieldErrors;
use crate::calendar::Date;
use crate::fields;
use crate::ids::PaymentId;
use crate::invoices::PaymentMethod;
use crate::money::{Currency, Money};
use serde::{Deserialize, Serialize};

/// A payment, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentForm {
    /// How much.
    pub amount: String,
    /// A [`PaymentMethod`].
    pub method: String,
    /// Number of the cheque, reference of the transfer or the card terminal.
    pub reference: String,
    /// Day the shop got it, `YYYY-MM-DD`.
    pub received_on: String,
}

/// A payment about to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// Above zero.
    pub amount: Money,
    /// How.
    pub method: PaymentMethod,
    /// May be empty.
    pub reference: String,
    /// Not in the future: that is checked where the clock is.
    pub received_on: Date,
}

impl PaymentForm {
    /// Reads the form; amounts are in the shop's currency.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self, currency: Currency) -> Result<NewPayment, FieldErrors> {
        fields::check(|c| NewPayment {
            amount: c.positive_money("amount", &self.amount, currency),
            method: c.choice("method", &self.method),
            reference: c.optional_text("reference", &self.reference, 80).unwrap_or_default(),
            received_on: c.date("received_on", &self.received_on),
        })
    }
}

/// A payment on an invoice's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRow {
    /// Which.
    pub payment: PaymentId,
    /// How much.
    pub amount: Money,
    /// How.
    pub method: PaymentMethod,
    /// May be empty.
    pub reference: String,
    /// Day the shop got it, as people read it.
    pub received: String,
    /// Who recorded it.
    pub by: String,
    /// Why it was reversed; `None` while it counts.
    pub reversed: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_is_above_zero_and_has_a_method_and_a_day() {
        let good = PaymentForm {
            amount: "85.00".into(),
            method: "card".into(),
            reference: "T-881".into(),
            received_on: "2026-03-14".into(),
        };
        assert_eq!(
            good.read(Currency::Cad).map(|new| (new.amount.minor(), new.method)),
            Ok((8_500, PaymentMethod::Card))
        );
        let bad = [
            ("amount", PaymentForm { amount: "0".into(), ..good.clone() }),
            ("amount", PaymentForm { amount: "-5".into(), ..good.clone() }),
            ("amount", PaymentForm { amount: "1.005".into(), ..good.clone() }),
            ("method", PaymentForm { method: "barter".into(), ..good.clone() }),
            ("reference", PaymentForm { reference: "x".repeat(81), ..good.clone() }),
            ("received_on", PaymentForm { received_on: "2026-02-30".into(), ..good.clone() }),
        ];
        for (field, form) in bad {
            assert!(form.read(Currency::Cad).is_err_and(|errors| errors.contains_key(field)), "{field}");
        }
    }
}
