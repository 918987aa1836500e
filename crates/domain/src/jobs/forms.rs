//! Forms of a job's page: the order, the work, lines, the authority check, reasons.

use super::{AuthorityOutcome, DocumentSeen, Relation, intake::answers};
use crate::{
    FieldErrors, fields,
    forms::Stored,
    ids::SiteId,
    lines::{Line, LineKind},
    money::{Currency, Money},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The order as the office edits it, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderForm {
    /// The version that was edited.
    pub version: String,
    /// Where.
    pub site: String,
    /// The site in words, to be compared by a person; never sent.
    pub place: String,
    /// What is wanted.
    pub requested: String,
    /// What it may cost at most.
    pub ceiling: String,
    /// The client's order number.
    pub po_number: String,
    /// "on" when ticked.
    pub urgent: String,
}

/// The order, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The version that was edited.
    pub version: i32,
    /// Where.
    pub site: Option<SiteId>,
    /// What is wanted.
    pub requested: String,
    /// What it may cost at most, taxes included.
    pub ceiling: Option<Money>,
    /// The client's order number.
    pub po_number: String,
    /// Somebody waits in danger.
    pub urgent: bool,
}

impl Stored for OrderForm {
    fn shown(&self) -> Vec<(&'static str, &'static str, &str)> {
        vec![
            ("requested", "What is wanted", &self.requested),
            ("site", "Site", &self.place),
            ("ceiling", "At most", &self.ceiling),
            ("po_number", "Order number", &self.po_number),
            ("urgent", "Urgent", &self.urgent),
        ]
    }

    fn version(&self) -> &str {
        &self.version
    }
}

impl OrderForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self, currency: Currency) -> Result<Order, FieldErrors> {
        fields::check(|c| Order {
            version: version(c, &self.version),
            site: c.optional_id("site", &self.site),
            requested: c.long_text("requested", &self.requested, 2000),
            ceiling: c.optional_money("ceiling", &self.ceiling, currency),
            po_number: c.optional_text("po_number", &self.po_number, 60).unwrap_or_default(),
            urgent: c.ticked("urgent", Some(&self.urgent)),
        })
    }
}

/// What was done and what was answered, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkForm {
    /// The version that was edited.
    pub version: String,
    /// What was done.
    pub performed: String,
    /// Answers by the key of their question.
    pub answers: BTreeMap<String, String>,
}

/// What was done and what was answered, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The version that was edited.
    pub version: i32,
    /// What was done.
    pub performed: String,
    /// Answers by the key of their question; not yet compared with the template.
    pub answers: BTreeMap<String, String>,
}

impl WorkForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<Work, FieldErrors> {
        fields::check(|c| Work {
            version: version(c, &self.version),
            performed: c.optional_long_text("performed", &self.performed, 4000).unwrap_or_default(),
            answers: answers(c, &self.answers),
        })
    }
}

fn version(c: &mut fields::Checker, typed: &str) -> i32 {
    i32::try_from(c.integer("version", typed, 1..=i64::from(i32::MAX))).unwrap_or(1)
}

/// A line, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineForm {
    /// Labour, part, fee or travel.
    pub kind: String,
    /// Words on the invoice.
    pub description: String,
    /// How many.
    pub quantity: String,
    /// Price of one.
    pub unit_price: String,
    /// "on" when taxed.
    pub taxable: String,
}

/// A line, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    /// What totals need.
    pub line: Line,
    /// Words on the invoice.
    pub description: String,
}

impl LineForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self, currency: Currency) -> Result<NewLine, FieldErrors> {
        fields::check(|c| {
            let line = Line {
                kind: c.choice::<LineKind>("kind", &self.kind),
                quantity: c.quantity("quantity", &self.quantity),
                unit_price: c.signed_money("unit_price", &self.unit_price, currency),
                taxable: c.ticked("taxable", Some(&self.taxable)),
            };
            if !c.refused("unit_price") && line.unit_price.minor().abs() > DEAREST {
                c.refuse("unit_price", "This price is too large for one line.");
            }
            NewLine { line, description: c.text("description", &self.description, 300) }
        })
    }
}

/// The largest unit price the database keeps, in minor units; a test compares the two.
pub const DEAREST: i64 = 100_000_000_000;

/// The authority check, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthorityForm {
    /// Who asked.
    pub person_name: String,
    /// What they are to the place.
    pub relation: String,
    /// The kind of document seen.
    pub document: String,
    /// Its last characters.
    pub tail: String,
    /// "allowed" or "refused".
    pub outcome: String,
    /// Why refused, or what "other" means.
    pub reason: String,
}

/// The authority check, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAuthorityCheck {
    /// Who asked.
    pub person_name: String,
    /// What they are to the place.
    pub relation: Relation,
    /// The kind of document seen.
    pub document: DocumentSeen,
    /// Its last characters, four at most: sealed before they are stored.
    pub tail: Option<String>,
    /// What was decided.
    pub outcome: AuthorityOutcome,
    /// Why refused, or what "other" means.
    pub reason: String,
}

impl AuthorityForm {
    /// Reads the form. A refusal and an unlisted relation want a reason; a document that has a number wants its tail.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<NewAuthorityCheck, FieldErrors> {
        fields::check(|c| {
            let check = NewAuthorityCheck {
                person_name: c.text("person_name", &self.person_name, 120),
                relation: c.choice("relation", &self.relation),
                document: c.choice("document", &self.document),
                tail: c.document_tail("tail", &self.tail),
                outcome: c.choice("outcome", &self.outcome),
                reason: c.optional_text("reason", &self.reason, 400).unwrap_or_default(),
            };
            let numbered = !matches!(
                check.document,
                DocumentSeen::Nothing | DocumentSeen::KnownToShop | DocumentSeen::Letter | DocumentSeen::Lease
            );
            if check.outcome == AuthorityOutcome::Allowed
                && numbered
                && check.tail.is_none()
                && !c.refused("document")
                && !c.refused("tail")
            {
                c.refuse("tail", "Enter the last 4 letters or digits of the document.");
            }
            if check.reason.is_empty() && !c.refused("outcome") && check.outcome == AuthorityOutcome::Refused {
                c.refuse("reason", "Say why this was refused: it ends the job.");
            }
            if check.reason.is_empty() && !c.refused("relation") && check.relation == Relation::Other {
                c.refuse("reason", "Say what the person is to the place.");
            }
            check
        })
    }
}

/// A reason for an act that needs one, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReasonForm {
    /// Why.
    pub reason: String,
}

impl ReasonForm {
    /// The reason.
    ///
    /// # Errors
    /// Words beside the field.
    pub fn read(&self) -> Result<String, FieldErrors> {
        fields::check(|c| c.text("reason", &self.reason, 400))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> AuthorityForm {
        AuthorityForm {
            person_name: "Ana Ruiz".into(),
            relation: "tenant".into(),
            document: "passport".into(),
            tail: "4f7k".into(),
            outcome: "allowed".into(),
            reason: String::new(),
        }
    }

    fn refused(form: &AuthorityForm) -> Vec<String> {
        form.read().err().unwrap_or_default().into_keys().collect()
    }

    #[test]
    fn an_authority_check_says_what_was_seen_or_why_not() {
        assert_eq!(seen().read().map(|check| check.tail), Ok(Some("4F7K".into())));
        assert_eq!(refused(&AuthorityForm { tail: String::new(), ..seen() }), ["tail"]);
        assert_eq!(refused(&AuthorityForm { tail: "P1234567".into(), ..seen() }), ["tail"]);
        assert_eq!(refused(&AuthorityForm { outcome: "refused".into(), ..seen() }), ["reason"]);
        assert_eq!(refused(&AuthorityForm { relation: "other".into(), ..seen() }), ["reason"]);
        assert_eq!(
            refused(&AuthorityForm { document: "known_to_shop".into(), tail: String::new(), ..seen() }),
            [""; 0]
        );
    }

    #[test]
    fn a_line_may_be_a_discount_but_not_a_fortune() {
        let typed = LineForm {
            kind: "fee".into(),
            description: "Discount".into(),
            quantity: "1".into(),
            unit_price: "-10".into(),
            taxable: "on".into(),
        };
        let line = typed.read(Currency::Usd).expect("read").line;
        assert_eq!((line.unit_price.minor(), line.taxable), (-1000, true));
        let dear = LineForm { unit_price: "1000000000.01".into(), ..typed };
        assert_eq!(dear.read(Currency::Usd).expect_err("too large").into_keys().collect::<Vec<_>>(), ["unit_price"]);
    }
}
