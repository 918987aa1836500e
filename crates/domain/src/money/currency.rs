//! The currencies a shop can keep its books in.

use super::Style;
use crate::closed_set;

closed_set! {
    /// An ISO 4217 currency. One shop has one currency.
    pub enum Currency {
        /// United States dollar.
        Usd = "USD", "US dollar";
        /// Canadian dollar.
        Cad = "CAD", "Canadian dollar";
        /// Euro.
        Eur = "EUR", "Euro";
        /// Pound sterling.
        Gbp = "GBP", "Pound sterling";
        /// Australian dollar.
        Aud = "AUD", "Australian dollar";
        /// New Zealand dollar.
        Nzd = "NZD", "New Zealand dollar";
        /// Swiss franc.
        Chf = "CHF", "Swiss franc";
        /// Japanese yen: no minor unit.
        Jpy = "JPY", "Japanese yen";
    }
}

impl Currency {
    /// Decimals of the minor unit: 2 for cents, 0 for yen (ISO 4217).
    pub const fn minor_digits(self) -> u32 {
        match self {
            Currency::Jpy => 0,
            _ => 2,
        }
    }

    /// The symbol written beside an amount at home.
    pub const fn symbol(self) -> &'static str {
        match self {
            Currency::Usd | Currency::Cad | Currency::Aud | Currency::Nzd => "$",
            Currency::Eur => "€",
            Currency::Gbp => "£",
            Currency::Chf => "CHF",
            Currency::Jpy => "¥",
        }
    }

    /// How amounts are usually written where the currency is used.
    pub const fn style(self) -> Style {
        match self {
            Currency::Eur => Style::Continental,
            Currency::Chf => Style::Swiss,
            _ => Style::English,
        }
    }

    /// An amount typed as an example in messages: `85.00`, `85,00` or `8500`.
    pub const fn example(self) -> &'static str {
        match self {
            Currency::Jpy => "8500",
            Currency::Eur => "85,00",
            _ => "85.00",
        }
    }
}
