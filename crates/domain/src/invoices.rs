//! Invoices: their states, their totals, what is still owed, and when.

mod balance;
mod forms;
mod pages;
mod paper;
mod sheet;
mod terms;

pub use balance::{Balance, Payment, PaymentMethod};
pub use forms::{DraftWords, InvoiceForm, MailForm, ReasonForm};
pub use pages::{
    InvoiceFilter, InvoiceList, InvoicePage, InvoiceQuery, InvoiceSort, InvoiceSummary, MailTo, Outstanding, Proposal,
    Standing,
};
pub use sheet::{InvoiceSheet, Letterhead, SheetLine, licence_text, worked_out};
pub use terms::Terms;

use crate::calendar::Date;
use crate::closed_set;
use crate::lines::Line;
use crate::money::{Money, MoneyError};
use crate::refusal::Refusal;
use crate::tax::{Tax, TaxRate, taxes};
use serde::{Deserialize, Serialize};

closed_set! {
    /// Where an invoice stands. "Viewed" and "overdue" are worked out, never stored.
    pub enum InvoiceStatus {
        /// Being written; has no number yet.
        Draft = "draft", "Draft";
        /// Issued: numbered and unchangeable.
        Sent = "sent", "Sent";
        /// Something was paid.
        PartPaid = "part_paid", "Part paid";
        /// All was paid.
        Paid = "paid", "Paid";
        /// Called off with a reason; never deleted.
        Void = "void", "Void";
    }
}

/// What a person may not do with an invoice in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IllegalInvoiceStep {
    /// Only a draft is issued.
    #[error("only a draft can be issued")]
    NotADraft,
    /// The discounts are larger than the charges.
    #[error("an invoice cannot be issued for less than zero")]
    BelowZero,
    /// Drafts and void invoices take no payments.
    #[error("this invoice takes no payments")]
    NotPayable,
    /// Payments must be reversed before an invoice is void.
    #[error("reverse its payments before this invoice is voided")]
    HasPayments,
    /// It is void already.
    #[error("this invoice is void")]
    Void,
    /// A payment larger than what is owed.
    #[error("this is more than what is owed")]
    MoreThanOwed,
    /// The sums are too large to hold.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl From<IllegalInvoiceStep> for Refusal {
    /// In words for the person who tried.
    fn from(step: IllegalInvoiceStep) -> Self {
        Self::Conflict(
            match step {
                IllegalInvoiceStep::NotADraft => "This invoice was issued already; what was issued does not change.",
                IllegalInvoiceStep::BelowZero => "The discounts are larger than the charges. An invoice cannot ask for less than zero: take a discount off first.",
                IllegalInvoiceStep::NotPayable => "This invoice takes no payments: it is a draft, or void.",
                IllegalInvoiceStep::HasPayments => "Something was paid on this invoice. Reverse its payments first, then void it.",
                IllegalInvoiceStep::Void => "This invoice is void already.",
                IllegalInvoiceStep::MoreThanOwed => "This is more than what is owed.",
                IllegalInvoiceStep::Money(_) => "These amounts are too large to add up.",
            }
            .into(),
        )
    }
}

impl InvoiceStatus {
    /// The state after issuing with this total. A total below zero would be a credit, which is no invoice.
    pub fn issue(self, total: Money) -> Result<InvoiceStatus, IllegalInvoiceStep> {
        match self {
            InvoiceStatus::Draft if total.is_negative() => Err(IllegalInvoiceStep::BelowZero),
            InvoiceStatus::Draft => Ok(InvoiceStatus::Sent),
            _ => Err(IllegalInvoiceStep::NotADraft),
        }
    }

    /// The state after voiding. An invoice with payments keeps them until they are reversed.
    pub fn void(self) -> Result<InvoiceStatus, IllegalInvoiceStep> {
        match self {
            InvoiceStatus::Draft | InvoiceStatus::Sent => Ok(InvoiceStatus::Void),
            InvoiceStatus::PartPaid | InvoiceStatus::Paid => Err(IllegalInvoiceStep::HasPayments),
            InvoiceStatus::Void => Err(IllegalInvoiceStep::Void),
        }
    }

    /// Whether payments are recorded and reversed in this state.
    pub const fn takes_payments(self) -> bool {
        matches!(self, InvoiceStatus::Sent | InvoiceStatus::PartPaid | InvoiceStatus::Paid)
    }

    /// Whether something is still owed in this state.
    pub const fn is_owed(self) -> bool {
        matches!(self, InvoiceStatus::Sent | InvoiceStatus::PartPaid)
    }

    /// Whether payment is late: still owed, and the day it was due is over.
    pub fn overdue(self, due: Date, today: Date) -> bool {
        self.is_owed() && due < today
    }
}

/// What an invoice adds up to. Worked out once, when it is issued, and stored; every page and print shows these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Each line's amount, in order.
    pub lines: Vec<Money>,
    /// Their sum.
    pub subtotal: Money,
    /// Each tax.
    pub taxes: Vec<Tax>,
    /// The sum of the taxes.
    pub tax: Money,
    /// What the client owes.
    pub total: Money,
}

impl Totals {
    /// Adds up lines and taxes. Errs on overflow.
    pub fn of(lines: &[Line], rates: &[TaxRate]) -> Result<Totals, MoneyError> {
        let amounts = lines.iter().map(|line| line.amount()).collect::<Result<Vec<_>, _>>()?;
        let subtotal = Money::sum(amounts.iter().copied())?;
        let taxes = taxes(lines, rates)?;
        let tax = Money::sum(taxes.iter().map(|tax| tax.amount))?;
        Ok(Totals { lines: amounts, subtotal, taxes, tax, total: subtotal.plus(tax)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Choice;
    use crate::lines::LineKind;
    use crate::money::{Currency, Percent, Quantity};

    fn line(kind: LineKind, count: i32, price: i64) -> Line {
        Line { kind, quantity: Quantity::whole(count), unit_price: Money::from_minor(price), taxable: true }
    }

    #[test]
    fn the_invoice_of_shop_c() -> Result<(), MoneyError> {
        use LineKind::*;
        let lines = [line(Fee, 1, 8_500), line(Labour, 16, 2_400), line(Labour, 16, 800), line(Part, 40, 450)];
        let rates = [TaxRate::on_all("GST", Percent::parse("5")?), TaxRate::on_all("QST", Percent::parse("9.975")?)];
        let totals = Totals::of(&lines, &rates)?;
        assert_eq!(totals.subtotal.format(Currency::Cad), "$777.00");
        assert_eq!(
            totals.taxes.iter().map(|t| t.amount.format(Currency::Cad)).collect::<Vec<_>>(),
            ["$38.85", "$77.51"]
        );
        assert_eq!(totals.total.format(Currency::Cad), "$893.36");
        assert_eq!(Percent::parse("30")?.of(totals.total)?.format(Currency::Cad), "$268.01");
        Ok(())
    }

    #[test]
    fn nothing_adds_up_to_nothing() {
        assert_eq!(Totals::of(&[], &[]), Ok(Totals::default()));
        let huge = line(LineKind::Part, 1, i64::MAX);
        assert_eq!(Totals::of(&[huge, huge], &[]), Err(MoneyError::TooLarge));
    }

    #[test]
    fn states() {
        use IllegalInvoiceStep::{HasPayments, NotADraft};
        use InvoiceStatus::*;
        let table = [
            (Draft, Ok(Sent), Ok(Void), false),
            (Sent, Err(NotADraft), Ok(Void), true),
            (PartPaid, Err(NotADraft), Err(HasPayments), true),
            (Paid, Err(NotADraft), Err(HasPayments), true),
            (Void, Err(NotADraft), Err(IllegalInvoiceStep::Void), false),
        ];
        assert_eq!(table.map(|row| row.0), InvoiceStatus::ALL);
        for (status, issued, voided, pays) in table {
            assert_eq!((status.issue(Money::ZERO), status.void(), status.takes_payments()), (issued, voided, pays));
        }
    }

    #[test]
    fn a_credit_is_no_invoice() {
        let issued = InvoiceStatus::Draft.issue(Money::from_minor(-1));
        assert_eq!(issued, Err(IllegalInvoiceStep::BelowZero));
    }

    #[test]
    fn overdue_the_day_after_it_was_due() {
        let day = |d| Date::new(2026, 3, d).expect("a day of March");
        for (status, today, want) in [
            (InvoiceStatus::Sent, 14, false),
            (InvoiceStatus::Sent, 15, true),
            (InvoiceStatus::PartPaid, 15, true),
            (InvoiceStatus::Paid, 15, false),
            (InvoiceStatus::Void, 15, false),
            (InvoiceStatus::Draft, 15, false),
        ] {
            assert_eq!(status.overdue(day(14), day(today)), want, "{status:?} on {today}");
        }
    }
}
