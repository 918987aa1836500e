//! Taxes: per rate on the sum of the lines it taxes, rounded half away from zero; a compound rate on that sum plus
//! the rounded taxes before it (decision 0010). Never rounded per line: that would differ from what an auditor adds up.

use crate::lines::{Line, LineKind};
use crate::money::{Money, MoneyError, Percent};
use serde::{Deserialize, Serialize};

/// A tax rate of a shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRate {
    /// As printed: "GST", "QST", "Sales tax".
    pub name: String,
    /// How much.
    pub rate: Percent,
    /// Whether it is also charged on the taxes before it.
    pub compound: bool,
    /// The kinds of line it taxes; a parts-only tax lists parts alone.
    pub kinds: Vec<LineKind>,
}

/// One tax of an invoice, worked out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// The rate's name.
    pub name: String,
    /// The rate.
    pub rate: Percent,
    /// Whether it was charged on the taxes before it.
    pub compound: bool,
    /// What it was charged on: the taxed lines, and for a compound rate the taxes before it.
    pub base: Money,
    /// The tax.
    pub amount: Money,
}

impl TaxRate {
    /// A rate on every kind of line.
    pub fn on_all(name: &str, rate: Percent) -> TaxRate {
        use crate::choice::Choice;
        TaxRate { name: name.into(), rate, compound: false, kinds: LineKind::ALL.to_vec() }
    }

    /// Whether this rate taxes a line.
    pub fn taxes(&self, line: &Line) -> bool {
        line.taxable && self.kinds.contains(&line.kind)
    }
}

/// The taxes of some lines, in the order of the rates. A rate that taxes none of the lines gives no tax, and so a
/// compound rate that taxes no line is not charged on the taxes before it either. Errs on overflow.
pub fn taxes(lines: &[Line], rates: &[TaxRate]) -> Result<Vec<Tax>, MoneyError> {
    let mut worked_out: Vec<Tax> = Vec::with_capacity(rates.len());
    for rate in rates {
        let taxed: Vec<&Line> = lines.iter().filter(|line| rate.taxes(line)).collect();
        if taxed.is_empty() {
            continue;
        }
        let mut base = Money::ZERO;
        for line in taxed {
            base = base.plus(line.amount()?)?;
        }
        if rate.compound {
            base = base.plus(Money::sum(worked_out.iter().map(|tax| tax.amount))?)?;
        }
        let amount = rate.rate.of(base)?;
        let TaxRate { name, rate, compound, .. } = rate.clone();
        worked_out.push(Tax { name, rate, compound, base, amount });
    }
    Ok(worked_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Quantity;
    use proptest::prelude::*;

    fn line(kind: LineKind, count: i32, price: i64) -> Line {
        Line { kind, quantity: Quantity::whole(count), unit_price: Money::from_minor(price), taxable: true }
    }

    fn rate(name: &str, percent: &str) -> TaxRate {
        TaxRate::on_all(name, Percent::parse(percent).expect("a rate"))
    }

    /// Amounts of the taxes, in minor units.
    fn amounts(lines: &[Line], rates: &[TaxRate]) -> Result<Vec<i64>, MoneyError> {
        Ok(taxes(lines, rates)?.iter().map(|tax| tax.amount.minor()).collect())
    }

    #[test]
    fn quebec_two_rates_on_the_same_sum() {
        use LineKind::*;
        let lines = [line(Fee, 1, 8_500), line(Labour, 16, 2_400), line(Labour, 16, 800), line(Part, 40, 450)];
        let rates = [rate("GST", "5"), rate("QST", "9.975")];
        assert_eq!(amounts(&lines, &rates), Ok(vec![3_885, 7_751]));
    }

    #[test]
    fn rounding_each_line_would_give_another_tax() {
        // 3 × 0.10 at 5 %: each line alone rounds 0.5 cent up to 1, three cents; the sum's tax is 1.5 cents, so two.
        let lines = [line(LineKind::Part, 1, 10); 3];
        let rates = [rate("GST", "5")];
        let per_line: i64 = lines.iter().flat_map(|one| amounts(&[*one], &rates)).flatten().sum();
        assert_eq!((amounts(&lines, &rates), per_line), (Ok(vec![2]), 3));
    }

    #[test]
    fn compound_is_charged_on_the_rounded_first_tax() {
        // 10.01: first tax 5 % is 0.5005, rounded 0.50; 10 % of 10.51 is 1.051, rounded 1.05.
        let second = TaxRate { compound: true, ..rate("PST", "10") };
        let worked_out = taxes(&[line(LineKind::Part, 1, 1_001)], &[rate("GST", "5"), second]).expect("small");
        assert_eq!(
            worked_out.iter().map(|t| (t.base.minor(), t.amount.minor())).collect::<Vec<_>>(),
            [(1_001, 50), (1_051, 105)]
        );
        // 5 % of 10.12 is 0.506, rounded 0.51; 50 % of 10.63 is 5.32, while on the unrounded tax it would be 5.31.
        let half = TaxRate { compound: true, ..rate("Half", "50") };
        assert_eq!(amounts(&[line(LineKind::Part, 1, 1_012)], &[rate("GST", "5"), half]), Ok(vec![51, 532]));
    }

    #[test]
    fn parts_only() {
        let parts = TaxRate { kinds: vec![LineKind::Part], ..rate("Sales tax", "8.25") };
        let lines = [line(LineKind::Labour, 1, 9_500), line(LineKind::Part, 2, 4_000)];
        assert_eq!(amounts(&lines, std::slice::from_ref(&parts)), Ok(vec![660]));
        assert_eq!(amounts(&lines[..1], &[parts]), Ok(vec![]));
    }

    #[test]
    fn exempt_lines_and_discounts() {
        let exempt = Line { taxable: false, ..line(LineKind::Part, 1, 5_000) };
        assert_eq!(amounts(&[exempt], &[rate("HST", "13")]), Ok(vec![]));
        let lines = [line(LineKind::Labour, 1, 10_000), line(LineKind::Fee, 1, -1_000), exempt];
        assert_eq!(amounts(&lines, &[rate("HST", "13")]), Ok(vec![1_170]));
        // A credit of 0.10 at 5 % is half a cent: away from zero.
        assert_eq!(amounts(&[line(LineKind::Fee, 1, -10)], &[rate("GST", "5")]), Ok(vec![-1]));
    }

    #[test]
    fn overflow_is_an_error() {
        let huge = line(LineKind::Part, 1, i64::MAX);
        assert_eq!(amounts(&[huge, huge], &[rate("HST", "13")]), Err(MoneyError::TooLarge));
        let compound = TaxRate { compound: true, ..rate("PST", "10") };
        assert_eq!(amounts(&[huge], &[rate("GST", "5"), compound]), Err(MoneyError::TooLarge));
    }

    proptest! {
        #[test]
        fn order_of_lines_does_not_matter(prices in prop::collection::vec(-100_000i64..100_000, 1..20), millionths in 0i64..=100_000_000) {
            let rates = [TaxRate::on_all("T", Percent::from_millionths(millionths).expect("in range"))];
            let mut lines: Vec<Line> = prices.iter().map(|price| line(LineKind::Part, 3, *price)).collect();
            let forward = amounts(&lines, &rates);
            lines.reverse();
            prop_assert_eq!(forward, amounts(&lines, &rates));
        }
    }
}
