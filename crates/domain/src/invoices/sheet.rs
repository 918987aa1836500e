//! The invoice as a sheet: what screen, print and portal all show, from the same values.

use super::Totals;
use crate::audit::Stamp;
use crate::lines::{Line, LineKind};
use crate::money::{Currency, Money, MoneyError, Quantity};
use crate::tax::{Tax, TaxRate};
use serde::{Deserialize, Serialize};

/// The shop as it stands at the head of its papers. A text that is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// Name.
    pub name: String,
    /// Address, possibly several lines.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
}

/// One line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetLine {
    /// What it charges for.
    pub kind: LineKind,
    /// In words.
    pub description: String,
    /// How many.
    pub quantity: Quantity,
    /// The price of one.
    pub unit: Money,
    /// Quantity times price, rounded.
    pub amount: Money,
    /// False for a line exempt from every tax.
    pub taxable: bool,
}

impl SheetLine {
    /// The line as far as totals are concerned.
    pub fn line(&self) -> Line {
        Line { kind: self.kind, quantity: self.quantity, unit_price: self.unit, taxable: self.taxable }
    }
}

/// An invoice, or the draft of one, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceSheet {
    /// Who sends it.
    pub shop: Letterhead,
    /// Currency of every amount.
    pub currency: Currency,
    /// "INV-1042"; `None` on a draft.
    pub number: Option<String>,
    /// Day of issue, as people read it; empty on a draft.
    pub issued: String,
    /// Day it is due, as people read it; empty on a draft.
    pub due: String,
    /// Days from issue to due.
    pub terms_days: i32,
    /// Whether it was called off.
    pub void: bool,
    /// Who is billed: name and address, several lines.
    pub bill_to: String,
    /// Number of the job it charges for.
    pub job_number: i64,
    /// Address of the work; empty when the job had no site.
    pub place: String,
    /// The lines.
    pub lines: Vec<SheetLine>,
    /// Sum of the lines.
    pub subtotal: Money,
    /// Each tax with the sum it was charged on.
    pub taxes: Vec<Tax>,
    /// What the invoice asks.
    pub total: Money,
    /// What was paid and not reversed.
    pub paid: Money,
    /// A remark to the client; may be empty.
    pub note: String,
    /// The shop's licence, in words; may be empty.
    pub licence_text: String,
    /// The newest checkpoint of the shop's record; none on a draft.
    #[serde(default)]
    pub stamp: Option<Stamp>,
}

impl InvoiceSheet {
    /// What is still owed: nothing on a draft or a void invoice.
    pub fn owed(&self) -> Money {
        if self.void || self.number.is_none() {
            return Money::ZERO;
        }
        self.total.minus(self.paid).unwrap_or(Money::ZERO)
    }

    /// The terms in words.
    pub fn terms(&self) -> String {
        match self.terms_days {
            0 => "Due on receipt".into(),
            1 => "Due in 1 day".into(),
            days => format!("Net {days} days"),
        }
    }
}

/// The lines with their amounts, and what they add up to; a client who is exempt pays no tax. Errs on overflow.
pub fn worked_out(lines: &[SheetLine], rates: &[TaxRate], exempt: bool) -> Result<Totals, MoneyError> {
    let lines: Vec<Line> = lines.iter().map(SheetLine::line).collect();
    Totals::of(&lines, if exempt { &[] } else { rates })
}

/// The licence as it is printed: "Licence LK-2231", or nothing.
pub fn licence_text(number: &str) -> String {
    if number.is_empty() { String::new() } else { format!("Licence {number}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Percent;

    fn sheet(number: Option<&str>, void: bool) -> InvoiceSheet {
        InvoiceSheet {
            shop: Letterhead::default(),
            currency: Currency::Cad,
            number: number.map(str::to_owned),
            issued: String::new(),
            due: String::new(),
            terms_days: 14,
            void,
            bill_to: String::new(),
            job_number: 1,
            place: String::new(),
            lines: Vec::new(),
            subtotal: Money::ZERO,
            taxes: Vec::new(),
            total: Money::from_minor(10_000),
            paid: Money::from_minor(2_500),
            note: String::new(),
            licence_text: String::new(),
            stamp: None,
        }
    }

    #[test]
    fn only_an_issued_live_invoice_is_owed() {
        assert_eq!(sheet(Some("INV-1"), false).owed(), Money::from_minor(7_500));
        assert_eq!(sheet(Some("INV-1"), true).owed(), Money::ZERO);
        assert_eq!(sheet(None, false).owed(), Money::ZERO);
    }

    #[test]
    fn an_exempt_client_pays_no_tax() -> Result<(), MoneyError> {
        let line = SheetLine {
            kind: LineKind::Part,
            description: "Cylinder".into(),
            quantity: Quantity::whole(2),
            unit: Money::from_minor(1_000),
            amount: Money::from_minor(2_000),
            taxable: true,
        };
        let rates = [TaxRate::on_all("GST", Percent::parse("5")?)];
        let lines = [line];
        assert_eq!(worked_out(&lines, &rates, false)?.total.minor(), 2_100);
        assert_eq!(worked_out(&lines, &rates, true)?.total.minor(), 2_000);
        Ok(())
    }

    #[test]
    fn terms_in_words() {
        let words = [0, 1, 30].map(|terms_days| InvoiceSheet { terms_days, ..sheet(None, false) }.terms());
        assert_eq!(words, ["Due on receipt", "Due in 1 day", "Net 30 days"]);
    }
}
