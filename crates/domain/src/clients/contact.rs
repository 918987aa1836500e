//! People of a client, and what they may do for it.

use super::form::version;
use crate::{
    FieldErrors,
    calendar::Date,
    fields::{self, Checker},
    forms::Stored,
    money::{Currency, Money},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A contact as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct ContactForm {
    pub name: String,
    pub title: String,
    pub phone: String,
    pub email: String,
    pub requester: String,
    pub approver: String,
    pub payer: String,
    pub site_contact: String,
    pub signatory: String,
    pub valid_from: String,
    pub valid_until: String,
    /// Most a signature of this person may bind the client to.
    pub limit: String,
    /// Ticked when the person is no longer there.
    pub archived: String,
    pub version: String,
}

/// What a contact may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// May ask for work.
    pub requester: bool,
    /// May approve a price.
    pub approver: bool,
    /// Pays.
    pub payer: bool,
    /// Lets the technician in.
    pub site_contact: bool,
    /// May sign for the client.
    pub signatory: bool,
}

impl Roles {
    /// The words of each role held.
    pub fn words(self) -> Vec<&'static str> {
        let all = [
            (self.requester, "Requester"),
            (self.approver, "Approver"),
            (self.payer, "Payer"),
            (self.site_contact, "Site contact"),
            (self.signatory, "Authorised signatory"),
        ];
        all.into_iter().filter_map(|(held, words)| held.then_some(words)).collect()
    }
}

/// A contact about to be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewContact {
    /// Name.
    pub name: String,
    /// Position: "Superintendent".
    pub title: String,
    /// Telephone as typed; may be empty.
    pub phone: String,
    /// E-mail; may be empty.
    pub email: String,
    /// What the contact may do.
    pub roles: Roles,
    /// First day the right to sign holds.
    pub valid_from: Option<Date>,
    /// Last day it holds.
    pub valid_until: Option<Date>,
    /// Most a signature may bind to.
    pub limit: Option<Money>,
    /// No longer there.
    pub archived: bool,
    /// The version being changed; 0 for a new contact.
    #[serde(skip)]
    pub version: i32,
}

/// Whether the right to sign holds today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Holds.
    Valid,
    /// Held until a day that has passed.
    Expired,
    /// Will hold from a day to come.
    NotYet,
}

impl Standing {
    /// From the dates, both days included.
    pub fn on(today: Date, from: Option<Date>, until: Option<Date>) -> Self {
        if until.is_some_and(|until| until < today) {
            Self::Expired
        } else if from.is_some_and(|from| from > today) {
            Self::NotYet
        } else {
            Self::Valid
        }
    }
}

/// A contact's form with the client it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactEdit {
    /// The client's id.
    pub client: Uuid,
    /// The client's name.
    pub client_name: String,
    /// What stands in the form.
    pub form: ContactForm,
}

/// A contact as its client's page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Of the contact.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Position; may be empty.
    pub title: String,
    /// Telephone as people read it; may be empty.
    pub phone: String,
    /// E-mail; may be empty.
    pub email: String,
    /// What the contact may do.
    pub roles: Roles,
    /// Whether the right to sign holds; `None` for who has none.
    pub standing: Option<Standing>,
    /// "until 31 Mar 2026"; empty without dates.
    pub validity: String,
    /// Most a signature may bind to, in minor units.
    pub limit_minor: Option<i64>,
}

impl ContactForm {
    /// Reads the form, with the limit in the shop's currency.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self, currency: Currency) -> Result<NewContact, FieldErrors> {
        fields::check(|c| {
            let (valid_from, valid_until) = self.dates(c);
            NewContact {
                name: c.text("name", &self.name, 120),
                title: c.optional_text("title", &self.title, 80).unwrap_or_default(),
                phone: self.number(c),
                email: c.optional_email("email", &self.email).unwrap_or_default(),
                roles: self.roles(c),
                valid_from,
                valid_until,
                limit: c.optional_money("limit", &self.limit, currency),
                archived: c.ticked("archived", Some(&self.archived)),
                version: version(c, &self.version),
            }
        })
    }

    fn number(&self, c: &mut Checker) -> String {
        let number = c.optional_phone("phone", &self.phone).map(|phone| phone.as_str().to_owned()).unwrap_or_default();
        if number.chars().count() > 40 {
            c.refuse("phone", "Keep it to 40 characters.");
        }
        number
    }

    fn dates(&self, c: &mut Checker) -> (Option<Date>, Option<Date>) {
        let (from, until) =
            (c.optional_date("valid_from", &self.valid_from), c.optional_date("valid_until", &self.valid_until));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            c.refuse("valid_until", "The right to sign ends before it begins.");
        }
        (from, until)
    }

    fn roles(&self, c: &mut Checker) -> Roles {
        let roles = Roles {
            requester: c.ticked("requester", Some(&self.requester)),
            approver: c.ticked("approver", Some(&self.approver)),
            payer: c.ticked("payer", Some(&self.payer)),
            site_contact: c.ticked("site_contact", Some(&self.site_contact)),
            signatory: c.ticked("signatory", Some(&self.signatory)),
        };
        let bounds = [("valid_from", &self.valid_from), ("valid_until", &self.valid_until), ("limit", &self.limit)];
        if !roles.signatory
            && let Some((field, _)) = bounds.into_iter().find(|(_, typed)| !typed.trim().is_empty())
        {
            c.refuse(
                field,
                "Dates and a limit belong to a signatory. Tick “May sign for the client”, or leave this empty.",
            );
        }
        roles
    }
}

impl Stored for ContactForm {
    fn shown(&self) -> Vec<(&'static str, &'static str, &str)> {
        vec![
            ("name", "Name", &self.name),
            ("title", "Position", &self.title),
            ("phone", "Telephone", &self.phone),
            ("email", "E-mail", &self.email),
            ("requester", "May ask for work", &self.requester),
            ("approver", "May approve a price", &self.approver),
            ("payer", "Pays", &self.payer),
            ("site_contact", "Lets us in", &self.site_contact),
            ("signatory", "May sign for the client", &self.signatory),
            ("valid_from", "May sign from", &self.valid_from),
            ("valid_until", "May sign until", &self.valid_until),
            ("limit", "Up to", &self.limit),
            ("archived", "No longer there", &self.archived),
        ]
    }

    fn version(&self) -> &str {
        &self.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).expect("a date")
    }

    #[test]
    fn the_right_to_sign_holds_on_both_its_days() {
        let (from, until) = (Some(date("2026-01-10")), Some(date("2026-03-31")));
        let table = [
            ("2026-01-09", Standing::NotYet),
            ("2026-01-10", Standing::Valid),
            ("2026-03-31", Standing::Valid),
            ("2026-04-01", Standing::Expired),
        ];
        for (today, want) in table {
            assert_eq!(Standing::on(date(today), from, until), want, "{today}");
        }
        assert_eq!(Standing::on(date("2026-01-01"), None, None), Standing::Valid);
    }

    #[test]
    fn bounds_without_the_right_to_sign_are_refused() {
        let form = ContactForm { name: "Ana".into(), limit: "500".into(), ..ContactForm::default() };
        assert!(form.read(Currency::Cad).is_err_and(|errors| errors.contains_key("limit")));
        let form = ContactForm { signatory: "on".into(), ..form };
        assert_eq!(form.read(Currency::Cad).map(|new| new.limit.map(Money::minor)), Ok(Some(50_000)));
    }

    #[test]
    fn dates_run_forward() {
        let form = ContactForm {
            name: "Ana".into(),
            signatory: "on".into(),
            valid_from: "2026-02-01".into(),
            valid_until: "2026-01-31".into(),
            ..ContactForm::default()
        };
        assert!(form.read(Currency::Cad).is_err_and(|errors| errors.contains_key("valid_until")));
    }
}
