//! What whoever runs the installation sees and changes: shops by name and count, caps, the health of the whole.

use crate::{
    FieldErrors,
    fields::{self, Checker},
    shop::{NewShop, Units, own_slug, zone},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A shop, from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopRow {
    /// Which.
    pub id: Uuid,
    /// Short name.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Since when.
    pub created: String,
    /// Members.
    pub members: i64,
    /// Invitations that may still be accepted.
    pub invited: i64,
    /// Clients.
    pub clients: i64,
    /// Jobs.
    pub jobs: i64,
    /// API keys that open something.
    pub api_keys: i64,
    /// Day of the last entry on its audit trail.
    pub last_entry: Option<String>,
    /// Since when suspended.
    pub suspended: Option<String>,
    /// Why, when it is.
    pub reason: String,
    /// Most members it may have.
    pub most_members: i32,
    /// Most API keys it may have.
    pub most_api_keys: i32,
    /// Its own cap of members, where it has one.
    pub own_members: Option<i32>,
    /// Its own cap of keys, where it has one.
    pub own_api_keys: Option<i32>,
}

/// A line of the installation's own log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When, in UTC.
    pub at: String,
    /// Who.
    pub who: String,
    /// What.
    pub act: String,
    /// Which shop.
    pub shop: Option<String>,
    /// More about it.
    pub details: String,
}

/// How the installation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Version of the database server.
    pub server: String,
    /// Number of the newest migration.
    pub schema: i64,
    /// Bytes of the database.
    pub bytes: i64,
    /// Letters that wait.
    pub waiting: i64,
    /// Letters that were given up.
    pub failed: i64,
    /// Since when the oldest waiting letter is due.
    pub oldest: Option<String>,
    /// When an entry was last written on any audit trail.
    pub last_entry: Option<String>,
}

/// A shop to be opened, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenShopForm {
    /// Name.
    pub name: String,
    /// Short name; made from the name when empty.
    pub slug: String,
    /// Time zone, IANA.
    pub time_zone: String,
    /// Currency code.
    pub currency: String,
    /// The owner's address.
    pub email: String,
}

impl OpenShopForm {
    /// Reads the form; `zone_known` says whether the server knows a time zone by that name. The shop, and its owner's address.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self, zone_known: impl Fn(&str) -> bool) -> Result<(NewShop, String), FieldErrors> {
        fields::check(|c| {
            let shop = NewShop {
                name: c.text("name", &self.name, 120),
                slug: own_slug(c, &self.slug, &self.name),
                licence_number: String::new(),
                phone: String::new(),
                email: String::new(),
                address: String::new(),
                time_zone: zone(c, &self.time_zone, zone_known),
                currency: c.choice("currency", &self.currency),
                units: Units::Inch,
            };
            (shop, c.email("email", &self.email))
        })
    }
}

/// Why a shop is suspended, and its short name once more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SuspendForm {
    /// Reason.
    pub reason: String,
    /// The short name, typed.
    pub slug: String,
}

impl SuspendForm {
    /// The reason, once the short name is the shop's.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self, slug: &str) -> Result<String, FieldErrors> {
        fields::check(|c| {
            if self.slug.trim() != slug {
                c.refuse("slug", format!("Type {slug}, to be sure it is this shop."));
            }
            c.text("reason", &self.reason, 300)
        })
    }
}

/// Caps of a shop, as typed: empty for what the installation gives everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CapsForm {
    /// Most members.
    pub members: String,
    /// Most API keys.
    pub api_keys: String,
}

/// Caps of a shop; none is what the installation gives everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Most members.
    pub members: Option<i32>,
    /// Most API keys.
    pub api_keys: Option<i32>,
}

impl CapsForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<Caps, FieldErrors> {
        fields::check(|c| Caps {
            members: most(c, "members", &self.members),
            api_keys: most(c, "api_keys", &self.api_keys),
        })
    }
}

/// A whole number from 1 to 100 000, or nothing.
fn most(c: &mut Checker, field: &str, typed: &str) -> Option<i32> {
    let typed = typed.trim();
    let number = (!typed.is_empty()).then(|| typed.parse::<i32>().ok().filter(|most| (1..=100_000).contains(most)));
    if number == Some(None) {
        c.refuse(field, "Type a whole number from 1 to 100000, or nothing for the usual.");
    }
    number.flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_12_a_cap_is_a_whole_number_or_nothing() {
        let read = |members: &str| CapsForm { members: members.into(), api_keys: " ".into() }.read();
        assert_eq!(read(""), Ok(Caps { members: None, api_keys: None }));
        assert_eq!(read(" 12 "), Ok(Caps { members: Some(12), api_keys: None }));
        for bad in ["0", "-1", "1.5", "many", "100001", "99999999999"] {
            assert!(read(bad).is_err_and(|errors| errors.contains_key("members")), "{bad}");
        }
    }

    #[test]
    fn row_29_a_shop_is_suspended_by_its_name_and_with_a_reason() {
        let form = |reason: &str, slug: &str| SuspendForm { reason: reason.into(), slug: slug.into() };
        assert_eq!(form("does not pay", "northgate ").read("northgate"), Ok("does not pay".into()));
        assert!(form("does not pay", "southgate").read("northgate").is_err_and(|e| e.contains_key("slug")));
        assert!(form("  ", "northgate").read("northgate").is_err_and(|e| e.contains_key("reason")));
    }

    #[test]
    fn a_shop_is_opened_with_a_name_of_its_own() {
        let form = OpenShopForm {
            name: "Harbour Locks".into(),
            time_zone: "America/Toronto".into(),
            currency: "CAD".into(),
            email: "Olive@Harbour.example".into(),
            ..OpenShopForm::default()
        };
        let (shop, email) = form.read(|_| true).expect("reads");
        assert_eq!((shop.slug.as_str(), email.as_str()), ("harbour-locks", "olive@harbour.example"));
        assert!(OpenShopForm::default().read(|_| true).is_err());
    }
}
