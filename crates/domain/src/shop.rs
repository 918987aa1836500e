//! The shop's own record, its people, and how they sign in.

mod settings;

pub use settings::{ShopDetails, ShopForm, ShopPage, TaxRateForm, TaxRateRow};

use crate::{
    FieldErrors, Role, closed_set,
    fields::{self, Checker},
    lines::LineKind,
    money::Currency,
    passwords::{self, Judgement, Policy},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// The measure in which the shop reads depths and spacings.
    pub enum Units {
        /// Thousandths of an inch.
        Inch = "in", "Inch";
        /// Millimetres.
        Millimetre = "mm", "Millimetres";
    }
}

/// Short names that begin so are the demo's and the benchmarks': rows nobody works with may be written beside them.
const RESERVED: [&str; 2] = ["demo-", "bench-"];

/// The sign-up form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignUpForm {
    /// Shop's name.
    pub shop_name: String,
    /// Short name.
    pub slug: String,
    /// Licence number.
    pub licence_number: String,
    /// Shop's telephone.
    pub phone: String,
    /// Time zone, IANA.
    pub time_zone: String,
    /// Currency code.
    pub currency: String,
    /// "in" or "mm".
    pub units: String,
    /// First tax: name.
    pub tax_name: String,
    /// First tax: percent.
    pub tax_rate: String,
    /// First tax: which lines ("all", "parts").
    pub tax_on: String,
    /// Second tax: name, may be empty.
    pub tax2_name: String,
    /// Second tax: percent.
    pub tax2_rate: String,
    /// Second tax on top of the first: "on" when ticked.
    pub tax2_compound: String,
    /// Owner's name.
    pub name: String,
    /// Owner's e-mail.
    pub email: String,
    /// Owner's password.
    pub password: String,
}

/// A shop about to be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewShop {
    /// Name on papers.
    pub name: String,
    /// Short name, unique in the installation.
    #[serde(skip)]
    pub slug: String,
    /// Licence number, may be empty where none is needed.
    pub licence_number: String,
    /// Telephone on papers.
    pub phone: String,
    /// E-mail on papers.
    pub email: String,
    /// Address on papers.
    pub address: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// Inch or millimetres.
    pub units: Units,
}

/// A tax rate about to be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewTaxRate {
    /// Name on the invoice.
    pub name: String,
    /// Millionths of a percent.
    pub rate_micro: i64,
    /// On top of the taxes before it.
    pub compound: bool,
    /// Kinds of lines it taxes.
    pub kinds: Vec<LineKind>,
}

/// The owner of a new shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Name.
    pub name: String,
    /// Lower-case e-mail.
    pub email: String,
    /// Password in clear: hashed at once, never kept.
    pub password: String,
}

impl SignUpForm {
    /// Reads the form; `zone_known` says whether the server knows a time zone by that name, `judge` how strong a password is.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(
        &self,
        zone_known: impl Fn(&str) -> bool,
        judge: impl FnOnce(&str, &[String]) -> Judgement,
    ) -> Result<(NewShop, Vec<NewTaxRate>, Owner), FieldErrors> {
        fields::check(|c| {
            let shop = NewShop {
                name: c.text("shop_name", &self.shop_name, 120),
                slug: own_slug(c, &self.slug, &self.shop_name),
                licence_number: c.optional_text("licence_number", &self.licence_number, 60).unwrap_or_default(),
                phone: c.optional_phone("phone", &self.phone).map(|p| p.to_string()).unwrap_or_default(),
                email: String::new(),
                address: String::new(),
                time_zone: zone(c, &self.time_zone, zone_known),
                currency: c.choice("currency", &self.currency),
                units: c.choice("units", &self.units),
            };
            let owner = Owner {
                name: c.text("name", &self.name, 120),
                email: c.email("email", &self.email),
                password: passwords::read(
                    c,
                    "password",
                    &self.password,
                    Policy { second_factor: false, cmmc: false },
                    &[&self.shop_name, &self.slug, &self.name, &self.email],
                    judge,
                ),
            };
            (shop, self.taxes(c), owner)
        })
    }

    fn taxes(&self, c: &mut Checker) -> Vec<NewTaxRate> {
        let kinds = if self.tax_on == "parts" {
            vec![LineKind::Part]
        } else {
            <LineKind as crate::choice::Choice>::ALL.to_vec()
        };
        let mut rates = Vec::new();
        if let Some(name) = c.optional_text("tax_name", &self.tax_name, 40) {
            let rate_micro = c.percent("tax_rate", &self.tax_rate).millionths();
            rates.push(NewTaxRate { name, rate_micro, compound: false, kinds: kinds.clone() });
        }
        if let Some(name) = c.optional_text("tax2_name", &self.tax2_name, 40) {
            let rate_micro = c.percent("tax2_rate", &self.tax2_rate).millionths();
            rates.push(NewTaxRate { name, rate_micro, compound: !self.tax2_compound.is_empty(), kinds });
        }
        rates
    }
}

/// A short name: typed, or made from the shop's name.
fn slug(c: &mut Checker, typed: &str, shop_name: &str) -> String {
    let source = if typed.trim().is_empty() { shop_name } else { typed };
    let mut slug = String::new();
    for ch in crate::fold::fold(source).chars() {
        if ch.is_ascii_alphanumeric() {
            slug.push(ch);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(40);
    let slug = slug.trim_matches('-').to_owned();
    if slug.len() < 2 {
        c.refuse("slug", "Use at least two letters or digits, such as northgate-lock.");
    }
    slug
}

/// A short name for a shop that people work in.
pub(crate) fn own_slug(c: &mut Checker, typed: &str, shop_name: &str) -> String {
    let slug = slug(c, typed, shop_name);
    if let Some(start) = RESERVED.iter().find(|start| slug.starts_with(**start)) {
        c.refuse("slug", format!("Short names that begin with {start} are kept for made-up shops. Choose another."));
    }
    slug
}

pub(crate) fn zone(c: &mut Checker, typed: &str, known: impl Fn(&str) -> bool) -> String {
    let zone = c.text("time_zone", typed, 60);
    if !c.refused("time_zone") && !known(&zone) {
        c.refuse("time_zone", "Pick a time zone from the list, such as America/Toronto.");
    }
    zone
}

/// The sign-in form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInForm {
    /// E-mail.
    pub email: String,
    /// Password.
    pub password: String,
    /// Where to go afterwards: a path of ours.
    pub next: String,
}

/// The invitation form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct InviteForm {
    /// E-mail of the new member.
    pub email: String,
    /// Role.
    pub role: String,
}

/// The form behind an invitation, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AcceptForm {
    /// Name, for a new account.
    pub name: String,
    /// New password, or the existing account's.
    pub password: String,
}

/// One of a person's own live sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSession {
    /// Which.
    pub id: Uuid,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Address it was opened from.
    pub ip: String,
    /// Opened, in the shop's zone.
    pub since: String,
    /// Last request, in the shop's zone.
    pub last_seen: String,
    /// The one that asks.
    pub current: bool,
}

/// A member of the shop, as the members page shows one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// Stored text of the role; see [`Role::parse`].
    pub role: String,
    /// Member since, in the shop's zone.
    pub since: String,
    /// Whether the membership has been ended.
    pub disabled: bool,
    /// Whether they were forgotten since.
    pub forgotten: bool,
}

impl Member {
    /// The role's word.
    #[must_use]
    pub fn role_label(&self) -> &'static str {
        Role::parse(&self.role).map_or("Unknown", Role::label)
    }
}

/// An invitation nobody has accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvite {
    /// Which.
    pub id: Uuid,
    /// The only address that may accept.
    pub email: String,
    /// Stored text of the role.
    pub role: String,
    /// Invited, in the shop's zone.
    pub since: String,
    /// Last day, in the shop's zone.
    pub expires: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign_up(slug: &str, shop_name: &str) -> Result<String, FieldErrors> {
        let form = SignUpForm {
            shop_name: shop_name.into(),
            slug: slug.into(),
            time_zone: "America/Toronto".into(),
            currency: "CAD".into(),
            units: "in".into(),
            name: "Olivia Grant".into(),
            email: "olivia@example.org".into(),
            password: "four unrelated words".into(),
            ..SignUpForm::default()
        };
        form.read(|_| true, |_, _| Judgement { score: 4, ..Judgement::default() }).map(|(shop, ..)| shop.slug)
    }

    #[test]
    fn no_shop_of_people_is_named_like_a_made_up_one() {
        for (slug, name) in
            [("demo-locks", "Locks"), ("Demo Locks", "Locks"), ("bench-07", "Locks"), ("", "Demo locks")]
        {
            let refused = sign_up(slug, name);
            assert!(refused.as_ref().is_err_and(|errors| errors.contains_key("slug")), "{slug} {name}: {refused:?}");
        }
        assert_eq!(sign_up("", "Democracy Locks"), Ok("democracy-locks".into()));
        assert_eq!(sign_up("my-demo-shop", "Locks"), Ok("my-demo-shop".into()));
    }
}
