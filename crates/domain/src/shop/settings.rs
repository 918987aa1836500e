//! The shop's own page: what stands on its papers, its usual terms, its tax rates.

use super::NewTaxRate;
use crate::{
    FieldErrors,
    alerts::OpeningHours,
    choice::Choice,
    fields,
    ids::TaxRateId,
    lines::LineKind,
    money::{Currency, Percent},
};
use serde::{Deserialize, Serialize};

/// The shop's details, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShopForm {
    /// Name on papers.
    pub name: String,
    /// Licence number.
    pub licence_number: String,
    /// Telephone on papers.
    pub phone: String,
    /// E-mail on papers.
    pub email: String,
    /// Address on papers, several lines.
    pub address: String,
    /// Days to pay, for clients without terms of their own.
    pub terms_days: String,
}

/// The shop's details, read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopDetails {
    /// Name on papers.
    pub name: String,
    /// Licence number; empty where none is needed.
    pub licence_number: String,
    /// Telephone on papers; may be empty.
    pub phone: String,
    /// E-mail on papers; may be empty.
    pub email: String,
    /// Address on papers; may be empty.
    pub address: String,
    /// Days to pay, 0–120.
    pub terms_days: i32,
}

impl ShopForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<ShopDetails, FieldErrors> {
        fields::check(|c| ShopDetails {
            name: c.text("name", &self.name, 120),
            licence_number: c.optional_text("licence_number", &self.licence_number, 60).unwrap_or_default(),
            phone: c.optional_phone("phone", &self.phone).map(|phone| phone.to_string()).unwrap_or_default(),
            email: c.optional_email("email", &self.email).unwrap_or_default(),
            address: c.optional_long_text("address", &self.address, 400).unwrap_or_default(),
            terms_days: i32::try_from(c.integer("terms_days", &self.terms_days, 0..=120)).unwrap_or_default(),
        })
    }
}

/// A new tax rate, as typed. A kind is ticked by "on".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaxRateForm {
    /// Name on the invoice.
    pub name: String,
    /// Percent.
    pub rate: String,
    /// On top of the taxes before it.
    pub compound: String,
    /// Taxes labour.
    pub labour: String,
    /// Taxes parts.
    pub part: String,
    /// Taxes fees.
    pub fee: String,
    /// Taxes travel.
    pub travel: String,
}

impl TaxRateForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<NewTaxRate, FieldErrors> {
        fields::check(|c| {
            let kinds: Vec<LineKind> =
                LineKind::ALL.iter().copied().filter(|kind| c.ticked(kind.as_str(), Some(self.tick(*kind)))).collect();
            if kinds.is_empty() {
                c.refuse(LineKind::Labour.as_str(), "Tick at least one kind of line this tax is charged on.");
            }
            NewTaxRate {
                name: c.text("name", &self.name, 40),
                rate_micro: c.percent("rate", &self.rate).millionths(),
                compound: c.ticked("compound", Some(&self.compound)),
                kinds,
            }
        })
    }

    fn tick(&self, kind: LineKind) -> &str {
        match kind {
            LineKind::Labour => &self.labour,
            LineKind::Part => &self.part,
            LineKind::Fee => &self.fee,
            LineKind::Travel => &self.travel,
        }
    }
}

/// A tax rate of the shop. A rate never changes: it is archived and another is added, so that papers keep theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRateRow {
    /// Which.
    pub id: TaxRateId,
    /// Name on the invoice.
    pub name: String,
    /// How much.
    pub rate: Percent,
    /// On top of the taxes before it.
    pub compound: bool,
    /// Kinds of lines it taxes.
    pub kinds: Vec<LineKind>,
    /// Since when it is no longer charged; `None` while it is.
    pub archived: Option<String>,
}

impl TaxRateRow {
    /// What it is charged on, in words.
    pub fn charged_on(&self) -> String {
        if self.kinds.len() == LineKind::ALL.len() {
            return "Everything".into();
        }
        self.kinds.iter().map(|kind| kind.words()).collect::<Vec<_>>().join(", ")
    }
}

/// All the shop's page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopPage {
    /// Short name, for good.
    pub slug: String,
    /// Currency, for good.
    pub currency: Currency,
    /// IANA time zone.
    pub time_zone: String,
    /// For the stale-edit check.
    pub version: i32,
    /// What can be changed.
    pub details: ShopDetails,
    /// Whether new passwords need three of four kinds of characters.
    pub cmmc_passwords: bool,
    /// When it is open.
    pub hours: OpeningHours,
    /// Rates that are charged first, then the archived ones.
    pub rates: Vec<TaxRateRow>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_is_charged_on_what_is_ticked() {
        let form = TaxRateForm {
            name: "QST".into(),
            rate: "9.975".into(),
            compound: "on".into(),
            part: "on".into(),
            ..TaxRateForm::default()
        };
        let read = form.read();
        assert_eq!(
            read.map(|new| (new.rate_micro, new.compound, new.kinds)),
            Ok((9_975_000, true, vec![LineKind::Part]))
        );
        let on_nothing = TaxRateForm { part: String::new(), ..form.clone() };
        assert!(on_nothing.read().is_err_and(|errors| errors.contains_key("labour")));
        for rate in ["", "-1", "101", "9.9999999", "=1+1"] {
            assert!(
                TaxRateForm { rate: rate.into(), ..form.clone() }
                    .read()
                    .is_err_and(|errors| errors.contains_key("rate")),
                "{rate}"
            );
        }
    }

    #[test]
    fn a_shop_has_a_name_and_may_lack_the_rest() {
        let form = ShopForm { name: "Northgate".into(), terms_days: "14".into(), ..ShopForm::default() };
        assert_eq!(form.read(), Ok(ShopDetails { name: "Northgate".into(), terms_days: 14, ..ShopDetails::default() }));
        let bad = ShopForm {
            name: " ".into(),
            phone: "call".into(),
            email: "x@".into(),
            terms_days: "365".into(),
            ..ShopForm::default()
        };
        let fields: Vec<String> = bad.read().err().map(|errors| errors.into_keys().collect()).unwrap_or_default();
        assert_eq!(fields, ["email", "name", "phone", "terms_days"]);
    }
}
