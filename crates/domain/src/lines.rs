//! Lines of a job or an invoice: what is charged, how much of it, at what price.

use crate::closed_set;
use crate::money::{Money, MoneyError, Quantity};
use serde::{Deserialize, Serialize};

closed_set! {
    /// What a line charges for.
    pub enum LineKind {
        /// Work.
        Labour = "labour", "Labour";
        /// A thing.
        Part = "part", "Part";
        /// A service call, a code fee, a discount (negative).
        Fee = "fee", "Fee";
        /// Driving.
        Travel = "travel", "Travel";
    }
}

/// What a line costs, without its words: all that totals need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it charges for; each tax rate says which kinds it taxes.
    pub kind: LineKind,
    /// How many.
    pub quantity: Quantity,
    /// The price of one; negative for a discount.
    pub unit_price: Money,
    /// False for a line exempt from every tax.
    pub taxable: bool,
}

impl Line {
    /// Quantity times unit price, rounded half away from zero to the minor unit. Errs on overflow.
    pub fn amount(self) -> Result<Money, MoneyError> {
        self.unit_price.times(self.quantity)
    }
}
