//! Decoys as owners see them, and content for new ones that looks like any other.

use crate::{
    FieldErrors,
    bittings::{BittingForm, Make, NewBitting},
    clients::form::{ClientForm, NewClient},
    closed_set, fields,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// What a decoy is.
    pub enum DecoyKind {
        /// A client nobody works for.
        Client = "client", "Client";
        /// A key nobody has.
        Bitting = "bitting", "Key on record";
        /// A link to such a client's portal.
        PortalLink = "portal_link", "Portal link";
    }
}

impl DecoyKind {
    /// This one, in a sentence.
    #[must_use]
    pub fn named(self, name: &str) -> String {
        match self {
            Self::Client => format!("the client “{name}”"),
            Self::Bitting => format!("the key “{name}”"),
            Self::PortalLink => format!("the portal link of “{name}”"),
        }
    }
}

/// A decoy on the owners' page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecoyRow {
    /// Of the record itself.
    pub id: Uuid,
    /// What it is.
    pub kind: DecoyKind,
    /// Its client, or itself.
    pub client: Uuid,
    /// The client's name, or the key's label.
    pub name: String,
    /// The telephone, or what the key is for.
    pub detail: String,
    /// The address of a client.
    pub more: String,
    /// Who laid it out.
    pub by: String,
    /// When.
    pub at: String,
    /// How often it was touched.
    pub touches: i64,
    /// When last.
    pub touched: Option<String>,
}

/// The owners' page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decoys {
    /// The oldest first.
    pub rows: Vec<DecoyRow>,
    /// What the next client could be.
    pub client: DecoyForm,
    /// What its key could be.
    pub key: DecoyKeyForm,
}

/// A client about to be laid out, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DecoyForm {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Address.
    pub address: String,
    /// Somebody there.
    pub contact: String,
}

impl DecoyForm {
    /// Reads the form: the client, and the name of its contact.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<(NewClient, String), FieldErrors> {
        let contact = fields::check(|c| c.text("contact", &self.contact, 120))?;
        let company = self.name.split(' ').count() > 2;
        let form = ClientForm {
            kind: if company { "company" } else { "person" }.into(),
            name: self.name.clone(),
            phone_1: self.phone.clone(),
            billing_address: self.address.clone(),
            ..ClientForm::default()
        };
        let renamed = |mut errors: FieldErrors| {
            for (inner, outer) in [("phone_1", "phone"), ("billing_address", "address"), ("another", "name")] {
                if let Some(words) = errors.remove(inner) {
                    errors.insert(outer.into(), words);
                }
            }
            errors
        };
        Ok((form.read().map_err(renamed)?, contact))
    }
}

/// A key about to be laid out, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DecoyKeyForm {
    /// Label.
    pub label: String,
    /// What it is for.
    pub item: String,
    /// Of which make.
    pub make: String,
    /// Its cuts: nothing anybody has, so they are no secret.
    pub cuts: String,
}

impl DecoyKeyForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<NewBitting, FieldErrors> {
        let form = BittingForm {
            label: self.label.clone(),
            item: self.item.clone(),
            make: self.make.clone(),
            bitting: self.cuts.clone(),
            as_found: "on".into(),
            reading: if Make::reads_from_tip(&self.make) { "tip_to_bow" } else { "bow_to_tip" }.into(),
            source: "decoded".into(),
            confidence: "sure".into(),
            ..BittingForm::default()
        };
        form.read().map_err(|mut errors| {
            if let Some(words) = errors.remove("bitting") {
                errors.insert("cuts".into(), words);
            }
            errors
        })
    }
}

/// What a decoy shall say, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DecoyEditForm {
    /// Name or label.
    pub name: String,
    /// Telephone, or what the key is for.
    pub detail: String,
    /// Address of a client.
    pub more: String,
}

/// What a decoy shall say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecoyEdit {
    /// Name or label.
    pub name: String,
    /// Telephone, or what the key is for.
    pub detail: String,
    /// Address of a client.
    pub more: String,
}

impl DecoyEditForm {
    /// Reads the form. What the record itself refuses is refused when it is written.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<DecoyEdit, FieldErrors> {
        fields::check(|c| DecoyEdit {
            name: c.text("name", &self.name, 120),
            detail: c.optional_text("detail", &self.detail, 120).unwrap_or_default(),
            more: c.optional_long_text("more", &self.more, 400).unwrap_or_default(),
        })
    }
}

/// Names such as clients have.
const FIRST: [&str; 16] = [
    "Alan", "Brenda", "Carl", "Denise", "Elias", "Farah", "Gordon", "Hana", "Ivan", "Joyce", "Karim", "Lorna",
    "Martin", "Nadia", "Owen", "Petra",
];
const LAST: [&str; 16] = [
    "Albrecht",
    "Beaulieu",
    "Chowdhury",
    "Delgado",
    "Ellery",
    "Fontaine",
    "Grewal",
    "Hartwell",
    "Iversen",
    "Jankowski",
    "Kessler",
    "Lindqvist",
    "Marchetti",
    "Novak",
    "Okonkwo",
    "Pereira",
];
const TRADE: [&str; 8] = [
    "Property Management",
    "Dental Group",
    "Self Storage",
    "Jewellers Ltd",
    "Pharmacy Inc",
    "Realty Partners",
    "Auto Glass",
    "Day Care Centre",
];
const STREET: [&str; 8] = [
    "Alder Road",
    "Birch Avenue",
    "Carlton Street",
    "Dovercourt Road",
    "Eastern Avenue",
    "Fraser Street",
    "Grove Lane",
    "Harbour Street",
];
const DOOR: [&str; 6] = ["Rear door", "Office", "Server room", "Cash office", "Gate", "Key cabinet"];
const ITEM: [&str; 4] = ["Grand master", "Safe room", "Padlock at the gate", "Medication cupboard"];

fn pick<const N: usize>(seed: u64, place: u32, of: &[&'static str; N]) -> &'static str {
    of[usize::try_from(seed.rotate_right(place * 7) % N as u64).unwrap_or_default()]
}

/// How a telephone number begins: its country, where it says one, and its area. Nothing where it has no gaps.
fn area(phone: &str) -> String {
    let mut groups = phone.split([' ', '-', '.', '/']).filter(|group| !group.is_empty());
    let first = groups.next().unwrap_or_default();
    let begins = match first.starts_with('+') {
        true => [first, groups.next().unwrap_or_default()].join(" "),
        false => first.to_owned(),
    };
    if begins.chars().filter(char::is_ascii_digit).count() > 6 { String::new() } else { begins }
}

/// A client that could be one, of the area of the shop's own telephone number.
#[must_use]
pub fn believable_client(seed: u64, phone: &str) -> DecoyForm {
    let area = area(phone);
    let (first, last) = (pick(seed, 1, &FIRST), pick(seed, 2, &LAST));
    let name = match seed % 3 {
        0 => format!("{first} {last}"),
        _ => format!("{last} {}", pick(seed, 3, &TRADE)),
    };
    let contact = if seed.is_multiple_of(3) { name.clone() } else { format!("{first} {}", pick(seed, 5, &LAST)) };
    DecoyForm {
        name,
        phone: format!("{area} 555 01{:02}", seed % 100).trim().to_owned(),
        address: format!("{} {}", 11 + seed % 380, pick(seed, 4, &STREET)),
        contact,
    }
}

/// A key that could be one, with cuts of a common make.
#[must_use]
pub fn believable_key(seed: u64) -> DecoyKeyForm {
    let cuts =
        (0..5).map(|n| char::from(b'2' + u8::try_from(seed.rotate_right(n * 9) % 4).unwrap_or_default())).collect();
    DecoyKeyForm {
        label: pick(seed, 2, &DOOR).into(),
        item: pick(seed, 6, &ITEM).into(),
        make: "kwikset_kw1".into(),
        cuts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_made_up_can_be_laid_out_as_it_stands() {
        let mut names = std::collections::BTreeSet::new();
        for seed in (0..400_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)) {
            let client = believable_client(seed, "+1 416 555 0100");
            names.insert(client.name.clone());
            client.read().unwrap_or_else(|errors| panic!("{client:?}: {errors:?}"));
            let key = believable_key(seed);
            let new = key.read().unwrap_or_else(|errors| panic!("{key:?}: {errors:?}"));
            assert!(new.secret.is_some() && new.make == "kwikset_kw1");
        }
        assert!(names.len() > 60, "one is not like another: {}", names.len());
    }

    #[test]
    fn a_decoys_number_is_as_long_as_any_other() {
        for (shop, begins) in [
            ("+1 416 555 0100", "+1 416 555 01"),
            ("416 555 0100", "416 555 01"),
            ("(416) 555-0100", "(416) 555 01"),
            ("416-555-0100", "416 555 01"),
            ("4165550100", "555 01"),
            ("", "555 01"),
        ] {
            let phone = believable_client(7, shop).phone;
            assert!(phone.starts_with(begins) && phone.len() == begins.len() + 2, "{shop}: {phone}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_beside_its_field() {
        let errors = DecoyForm { contact: "Ann".into(), ..DecoyForm::default() }.read().unwrap_err();
        assert!(errors.contains_key("name"), "{errors:?}");
        let phone = DecoyForm { phone: "x".into(), name: "Ann".into(), contact: "Ann".into(), ..DecoyForm::default() };
        assert!(phone.read().unwrap_err().contains_key("phone"));
        let key = DecoyKeyForm {
            label: "Door".into(),
            make: "kwikset_kw1".into(),
            cuts: "x".into(),
            ..DecoyKeyForm::default()
        };
        assert!(key.read().unwrap_err().contains_key("cuts"));
    }
}
