//! What is typed about an invoice.

use crate::FieldErrors;
use crate::fields;
use crate::ids::ContactId;
use serde::{Deserialize, Serialize};

/// Bill-to, terms and note of a draft, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvoiceForm {
    /// Name and address of whoever is billed.
    pub bill_to: String,
    /// Days from issue to due, 0–120.
    pub terms_days: String,
    /// A remark to the client.
    pub note: String,
}

/// The words of a draft, read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftWords {
    /// Name and address of whoever is billed.
    pub bill_to: String,
    /// Days from issue to due, 0–120.
    pub terms_days: i32,
    /// A remark to the client; may be empty.
    pub note: String,
}

impl InvoiceForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<DraftWords, FieldErrors> {
        fields::check(|c| DraftWords {
            bill_to: c.long_text("bill_to", &self.bill_to, 600),
            terms_days: i32::try_from(c.integer("terms_days", &self.terms_days, 0..=120)).unwrap_or_default(),
            note: c.optional_long_text("note", &self.note, 1_000).unwrap_or_default(),
        })
    }
}

/// Why an invoice or a payment is taken back, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReasonForm {
    /// In words, kept for good.
    pub reason: String,
}

impl ReasonForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<String, FieldErrors> {
        fields::check(|c| c.text("reason", &self.reason, 400))
    }
}

/// To whom an invoice is mailed, as chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailForm {
    /// Id of a contact with an e-mail address.
    pub contact: String,
}

impl MailForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<ContactId, FieldErrors> {
        fields::check(|c| c.id("contact", &self.contact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(terms_days: &str) -> InvoiceForm {
        InvoiceForm {
            bill_to: "Kestrel Property\n12 Quay St".into(),
            terms_days: terms_days.into(),
            note: String::new(),
        }
    }

    #[test]
    fn terms_are_days_up_to_120() {
        assert_eq!(form("30").read().map(|words| words.terms_days), Ok(30));
        for typed in ["-1", "121", "soon", "", "1e2"] {
            assert!(form(typed).read().is_err_and(|errors| errors.contains_key("terms_days")), "{typed}");
        }
    }

    #[test]
    fn somebody_is_billed_and_a_reason_is_given() {
        let nobody = InvoiceForm { bill_to: " \n".into(), ..form("0") };
        assert!(nobody.read().is_err_and(|errors| errors.contains_key("bill_to")));
        assert!(ReasonForm::default().read().is_err());
        assert!(ReasonForm { reason: "x".repeat(401) }.read().is_err());
        assert!(MailForm { contact: "nobody".into() }.read().is_err());
    }
}
