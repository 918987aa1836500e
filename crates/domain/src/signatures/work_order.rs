//! The work order as a document: one snapshot of a job in, the same bytes out, always.
//!
//! No script, style, link or image, and every value escaped: pages print these bytes as they are.

use super::writer::Writer;
use crate::{
    lines::LineKind,
    money::{Currency, Money, Quantity},
    tax::Tax,
};

/// The heading of the document.
pub const TITLE: &str = "Work order";

/// Everything a work order says, taken from the job at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkOrder {
    /// The shop's name.
    pub shop: String,
    /// Its licence number; may be empty.
    pub licence: String,
    /// Its address and telephone, a line each; may be empty.
    pub shop_lines: Vec<String>,
    /// The job's number.
    pub number: i64,
    /// The day the call was taken, in the shop's zone.
    pub taken: String,
    /// Who the work is for.
    pub client: String,
    /// The client's own order number; may be empty.
    pub po_number: String,
    /// Where; may be empty.
    pub site: String,
    /// Doors and things with cylinders, as written on them.
    pub openings: Vec<String>,
    /// What was asked for.
    pub requested: String,
    /// What was done; may be empty.
    pub performed: String,
    /// Questions and their answers.
    pub answers: Vec<(String, String)>,
    /// Checks and whether they were ticked.
    pub checks: Vec<(String, bool)>,
    /// Who was believed to have the right to order this.
    pub authority: Option<Authority>,
    /// What is charged.
    pub charges: Vec<Charge>,
    /// Sum of the charges.
    pub subtotal: Money,
    /// Taxes on them.
    pub taxes: Vec<Tax>,
    /// What it comes to.
    pub total: Money,
    /// "Not more than": agreed before the work.
    pub ceiling: Option<Money>,
    /// The shop's currency; none only in an empty snapshot.
    pub currency: Option<Currency>,
}

/// The latest authority check, without anything of the document's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Who asked.
    pub person: String,
    /// What that person is to the place, in words.
    pub relation: String,
    /// The kind of document seen, in words.
    pub document: String,
    /// The outcome, in words.
    pub outcome: String,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Labour, part, fee, travel.
    pub kind: LineKind,
    /// Its words.
    pub description: String,
    /// How many.
    pub quantity: Quantity,
    /// The price of one.
    pub unit: Money,
    /// Quantity times price.
    pub amount: Money,
}

impl WorkOrder {
    /// The document. The same snapshot gives the same bytes on every machine: no clock, no locale, no map order.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut page = Writer::new();
        page.raw(r#"<article class="document" data-version="1">"#);
        self.head(&mut page);
        self.work(&mut page);
        self.proofs(&mut page);
        self.money(&mut page);
        page.raw("</article>\n");
        page.written()
    }

    fn head(&self, page: &mut Writer) {
        page.element("h1", &format!("{TITLE} {}", self.number));
        page.raw("<dl>\n");
        let shop =
            std::iter::once(&self.shop).chain(&self.shop_lines).map(String::as_str).collect::<Vec<_>>().join("\n");
        page.fact("Shop", &shop);
        page.fact("Licence", &self.licence);
        page.fact("Client", &self.client);
        page.fact("Site", &self.site);
        page.fact("Openings", &self.openings.join("\n"));
        page.fact("Client's order", &self.po_number);
        page.fact("Call taken", &self.taken);
        page.raw("</dl>\n");
    }

    fn work(&self, page: &mut Writer) {
        page.element("h2", "Work requested");
        page.paragraph(&self.requested);
        if !self.performed.is_empty() {
            page.element("h2", "Work performed");
            page.paragraph(&self.performed);
        }
    }

    fn proofs(&self, page: &mut Writer) {
        if let Some(authority) = &self.authority {
            page.element("h2", "Authority");
            page.raw("<dl>\n");
            page.fact("Asked by", &authority.person);
            page.fact("Relation", &authority.relation);
            page.fact("Document seen", &authority.document);
            page.fact("Outcome", &authority.outcome);
            page.raw("</dl>\n");
        }
        if !self.answers.is_empty() {
            page.element("h2", "Answers");
            page.raw("<dl>\n");
            self.answers.iter().for_each(|(question, answer)| page.fact(question, answer));
            page.raw("</dl>\n");
        }
        if !self.checks.is_empty() {
            page.element("h2", "Checklist");
            page.raw("<dl>\n");
            self.checks.iter().for_each(|(check, done)| page.fact(check, if *done { "Done" } else { "Not done" }));
            page.raw("</dl>\n");
        }
    }

    fn money(&self, page: &mut Writer) {
        let shown = |amount: Money| {
            self.currency.map_or_else(|| amount.minor().to_string(), |currency| amount.format(currency))
        };
        page.element("h2", "Charges");
        if self.charges.is_empty() {
            page.paragraph("Nothing is charged.");
        } else {
            page.raw("<table>\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Quantity</th><th scope=\"col\">Price</th><th scope=\"col\">Amount</th></tr></thead>\n<tbody>\n");
            for charge in &self.charges {
                let what = format!("{}: {}", charge.kind.words(), charge.description);
                page.row(&[&what, &charge.quantity.to_string(), &shown(charge.unit), &shown(charge.amount)]);
            }
            page.raw("</tbody>\n</table>\n<table>\n<tbody>\n");
            page.row(&["Subtotal", &shown(self.subtotal)]);
            for tax in &self.taxes {
                page.row(&[&tax.name, &shown(tax.amount)]);
            }
            page.row(&["Total", &shown(self.total)]);
            page.raw("</tbody>\n</table>\n");
        }
        if let Some(ceiling) = self.ceiling {
            page.paragraph(&format!("Price ceiling agreed, taxes included: {}", shown(ceiling)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> WorkOrder {
        WorkOrder {
            shop: "Northside Lock & Key".into(),
            number: 1042,
            client: "<script>alert(1)</script>".into(),
            requested: "Front door\nsticks 'badly'".into(),
            charges: vec![Charge {
                kind: LineKind::Part,
                description: "Deadbolt \"B60N\"".into(),
                quantity: Quantity::whole(2),
                unit: Money::from_minor(4_500),
                amount: Money::from_minor(9_000),
            }],
            subtotal: Money::from_minor(9_000),
            total: Money::from_minor(9_000),
            ceiling: Some(Money::from_minor(20_000)),
            currency: Some(Currency::Cad),
            ..WorkOrder::default()
        }
    }

    #[test]
    fn every_value_is_escaped_and_nothing_runs_or_points_elsewhere() {
        let html = order().to_html();
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && html.contains("Lock &amp; Key"), "{html}");
        assert!(html.contains("Front door<br>sticks &#39;badly&#39;") && html.contains("&quot;B60N&quot;"), "{html}");
        for markup in ["<script", "style", "href", "src", "<img", " on"] {
            assert!(!html.contains(markup), "{markup} in {html}");
        }
    }

    #[test]
    fn the_same_snapshot_gives_the_same_bytes_and_another_gives_others() {
        assert_eq!(order().to_html(), order().to_html());
        let dearer = WorkOrder { total: Money::from_minor(9_001), ..order() };
        assert_ne!(dearer.to_html(), order().to_html());
    }

    #[test]
    fn totals_and_the_ceiling_stand_in_the_shops_currency() {
        let html = order().to_html();
        assert!(
            html.contains("<tr><th scope=\"row\">Total</th><td>$90.00</td></tr>")
                && html.contains("taxes included: $200.00"),
            "{html}"
        );
    }
}
