//! The form of a client.

use super::ClientKind;
use crate::{
    FieldErrors,
    fields::{self, Checker},
    fold::fold,
    forms::Stored,
};
use serde::{Deserialize, Serialize};

/// A client as typed. Telephone and e-mail stand in numbered rows, so that the form works without a script; blank rows
/// are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct ClientForm {
    pub kind: String,
    pub name: String,
    pub phone_1: String,
    pub phone_1_label: String,
    pub phone_2: String,
    pub phone_2_label: String,
    pub phone_3: String,
    pub phone_3_label: String,
    pub phone_4: String,
    pub phone_4_label: String,
    pub email_1: String,
    pub email_1_label: String,
    pub email_2: String,
    pub email_2_label: String,
    pub email_3: String,
    pub email_3_label: String,
    pub billing_address: String,
    pub tags: String,
    pub alert: String,
    /// Days; empty for the shop's own terms.
    pub terms_days: String,
    pub tax_exempt: String,
    /// Ticked to add a client although one with this name or number exists.
    pub another: String,
    /// The version the form was opened with; empty for a new client.
    pub version: String,
}

/// A way to reach a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Whose it is or when to use it: "Office", "After hours"; may be empty.
    pub label: String,
    /// As typed.
    pub value: String,
}

/// A client about to be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewClient {
    /// What the client is.
    pub kind: ClientKind,
    /// As written on papers.
    pub name: String,
    /// The name as search knows it.
    #[serde(skip)]
    pub folded: String,
    /// Telephones, the main one first.
    pub phones: Vec<Channel>,
    /// E-mail addresses, the main one first.
    pub emails: Vec<Channel>,
    /// Where invoices go.
    pub billing_address: String,
    /// Separated by commas.
    pub tags: String,
    /// Shown wherever the client is.
    pub alert: String,
    /// Days; `None` for the shop's own terms.
    pub terms_days: Option<i32>,
    /// Exempt from every tax.
    pub tax_exempt: bool,
    /// Added knowingly beside one of the same name or number.
    #[serde(skip)]
    pub another: bool,
    /// The version being changed; 0 for a new client.
    #[serde(skip)]
    pub version: i32,
}

impl ClientForm {
    /// Rows of telephone: number and label.
    pub fn phones(&self) -> [(&str, &str); 4] {
        [
            (&self.phone_1, &self.phone_1_label),
            (&self.phone_2, &self.phone_2_label),
            (&self.phone_3, &self.phone_3_label),
            (&self.phone_4, &self.phone_4_label),
        ]
        .map(|(value, label)| (value.as_str(), label.as_str()))
    }

    /// Rows of e-mail: address and label.
    pub fn emails(&self) -> [(&str, &str); 3] {
        [
            (&self.email_1, &self.email_1_label),
            (&self.email_2, &self.email_2_label),
            (&self.email_3, &self.email_3_label),
        ]
        .map(|(value, label)| (value.as_str(), label.as_str()))
    }

    /// Fills the numbered rows, the main one first; more than there are rows for are left out.
    #[must_use]
    pub fn with_channels(mut self, phones: Vec<Channel>, emails: Vec<Channel>) -> Self {
        let rows = [
            (&mut self.phone_1, &mut self.phone_1_label),
            (&mut self.phone_2, &mut self.phone_2_label),
            (&mut self.phone_3, &mut self.phone_3_label),
            (&mut self.phone_4, &mut self.phone_4_label),
        ];
        rows.into_iter()
            .zip(phones)
            .for_each(|((value, label), channel)| (*value, *label) = (channel.value, channel.label));
        let rows = [
            (&mut self.email_1, &mut self.email_1_label),
            (&mut self.email_2, &mut self.email_2_label),
            (&mut self.email_3, &mut self.email_3_label),
        ];
        rows.into_iter()
            .zip(emails)
            .for_each(|((value, label), channel)| (*value, *label) = (channel.value, channel.label));
        self
    }

    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<NewClient, FieldErrors> {
        fields::check(|c| {
            let name = c.text("name", &self.name, 160);
            NewClient {
                kind: c.choice("kind", &self.kind),
                folded: fold(&name),
                name,
                phones: self.read_phones(c),
                emails: self.read_emails(c),
                billing_address: c
                    .optional_long_text("billing_address", &self.billing_address, 400)
                    .unwrap_or_default(),
                tags: tags(&c.optional_text("tags", &self.tags, 200).unwrap_or_default()),
                alert: c.optional_text("alert", &self.alert, 400).unwrap_or_default(),
                terms_days: c
                    .optional_integer("terms_days", &self.terms_days, 0..=120)
                    .and_then(|days| i32::try_from(days).ok()),
                tax_exempt: c.ticked("tax_exempt", Some(&self.tax_exempt)),
                another: c.ticked("another", Some(&self.another)),
                version: version(c, &self.version),
            }
        })
    }

    fn read_phones(&self, c: &mut Checker) -> Vec<Channel> {
        let row = |(i, (value, label)): (usize, (&str, &str))| {
            let label = read_label(c, &format!("phone_{}_label", i + 1), label);
            let number = c.optional_phone(&format!("phone_{}", i + 1), value)?;
            Some(Channel { label, value: number.as_str().to_owned() })
        };
        self.phones().into_iter().enumerate().filter_map(row).collect()
    }

    fn read_emails(&self, c: &mut Checker) -> Vec<Channel> {
        let row = |(i, (value, label)): (usize, (&str, &str))| {
            let label = read_label(c, &format!("email_{}_label", i + 1), label);
            Some(Channel { label, value: c.optional_email(&format!("email_{}", i + 1), value)? })
        };
        self.emails().into_iter().enumerate().filter_map(row).collect()
    }
}

impl Stored for ClientForm {
    fn shown(&self) -> Vec<(&'static str, &'static str, &str)> {
        vec![
            ("kind", "Kind", &self.kind),
            ("name", "Name", &self.name),
            ("phone_1", "Telephone", &self.phone_1),
            ("phone_2", "Second telephone", &self.phone_2),
            ("phone_3", "Third telephone", &self.phone_3),
            ("phone_4", "Fourth telephone", &self.phone_4),
            ("email_1", "E-mail", &self.email_1),
            ("email_2", "Second e-mail", &self.email_2),
            ("email_3", "Third e-mail", &self.email_3),
            ("billing_address", "Billing address", &self.billing_address),
            ("tags", "Tags", &self.tags),
            ("alert", "Standing alert", &self.alert),
            ("terms_days", "Days to pay", &self.terms_days),
            ("tax_exempt", "Tax exempt", &self.tax_exempt),
        ]
    }

    fn read_out(&self, field: &str, value: &str) -> String {
        match field {
            "kind" => ClientKind::parse(value).map_or_else(|| value.into(), |kind| kind.words().into()),
            "tax_exempt" => "Yes".into(),
            _ => value.into(),
        }
    }

    fn version(&self) -> &str {
        &self.version
    }
}

fn read_label(c: &mut Checker, field: &str, value: &str) -> String {
    c.optional_text(field, value, 40).unwrap_or_default()
}

/// The hidden version of an edit form; 0 when there is none. Nobody types it, so a bad one is only out of date.
pub(crate) fn version(c: &mut Checker, value: &str) -> i32 {
    c.optional_integer("version", value, 0..=i64::from(i32::MAX))
        .and_then(|version| i32::try_from(version).ok())
        .unwrap_or_default()
}

/// Each tag once, in the order typed, separated by ", ".
fn tags(typed: &str) -> String {
    let mut once: Vec<&str> = Vec::new();
    for tag in typed.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if !once.iter().any(|known| fold(known) == fold(tag)) {
            once.push(tag);
        }
    }
    let joined = once.join(", ");
    // A space after each comma can make it longer than what was typed.
    if joined.chars().count() <= 200 { joined } else { once.join(",") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ClientForm {
        ClientForm { kind: "company".into(), name: " Café du Port ".into(), ..ClientForm::default() }
    }

    #[test]
    fn blank_rows_are_left_out() {
        let form = ClientForm {
            phone_2: "416 555 0132".into(),
            phone_2_label: "Night".into(),
            phone_3_label: "nobody".into(),
            email_3: "a@B.example".into(),
            ..form()
        };
        let read = form.read().expect("reads");
        assert_eq!(read.phones, [Channel { label: "Night".into(), value: "416 555 0132".into() }]);
        assert_eq!(read.emails, [Channel { label: String::new(), value: "a@b.example".into() }]);
        assert_eq!((read.name.as_str(), read.folded.as_str()), ("Café du Port", "cafe du port"));
        assert_eq!((read.terms_days, read.version, read.another), (None, 0, false));
    }

    #[test]
    fn words_stand_beside_the_row_they_are_about() {
        let form = ClientForm {
            phone_4: "=cmd|1".into(),
            email_1: "nobody".into(),
            alert: "x\0".into(),
            terms_days: "-1".into(),
            name: "n".repeat(161),
            ..form()
        };
        let errors = form.read().expect_err("refused");
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["alert", "email_1", "name", "phone_4", "terms_days"]);
    }

    #[test]
    fn a_tag_stands_once() {
        assert_eq!(tags("VIP,  night , vip,,"), "VIP, night");
        let long = ["a"; 100]
            .iter()
            .enumerate()
            .map(|(i, _)| char::from_u32(0x4e00 + i as u32).unwrap_or('x').to_string())
            .collect::<Vec<_>>()
            .join(",");
        assert!(tags(&long).chars().count() <= 200);
    }

    #[test]
    fn rows_fill_and_read_back() {
        let channel = |value: &str| Channel { label: "L".into(), value: value.into() };
        let filled = form().with_channels(vec![channel("555 0101"), channel("555 0102")], vec![channel("a@b.example")]);
        let read = filled.read().expect("reads");
        assert_eq!((read.phones.len(), read.emails.len()), (2, 1));
        assert_eq!(filled.phones()[1], ("555 0102", "L"));
    }
}
