//! The invoice as a document: the bytes that are kept when it is issued, and proved later. Made once, never again.

use super::InvoiceSheet;
use crate::{money::Money, signatures::Writer};

impl InvoiceSheet {
    /// The document as it stands when it is issued: without payments, and without script, style, link or image.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut page = Writer::new();
        page.raw(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Invoice</title></head><body>\n",
        );
        page.raw("<article class=\"document\" data-version=\"1\">");
        page.element("h1", &format!("Invoice {}", self.number.as_deref().unwrap_or_default()));
        self.parties(&mut page);
        self.charges(&mut page);
        if !self.note.is_empty() {
            page.paragraph(&self.note);
        }
        page.raw("</article>\n</body></html>\n");
        page.written()
    }

    fn parties(&self, page: &mut Writer) {
        let shop = [&self.shop.name, &self.shop.address, &self.shop.phone, &self.shop.email];
        let shop: Vec<&str> = shop.into_iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
        page.raw("<dl>\n");
        page.fact("From", &shop.join("\n"));
        page.fact("Licence", &self.licence_text);
        page.fact("Bill to", &self.bill_to);
        page.fact("Job", &self.job_number.to_string());
        page.fact("Place", &self.place);
        page.fact("Issued", &self.issued);
        page.fact("Due", &self.due);
        page.raw("</dl>\n");
    }

    fn charges(&self, page: &mut Writer) {
        let shown = |amount: Money| amount.format(self.currency);
        page.raw("<table>\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Quantity</th><th scope=\"col\">Price</th><th scope=\"col\">Amount</th></tr></thead>\n<tbody>\n");
        for line in &self.lines {
            let what = format!("{}: {}", line.kind.words(), line.description);
            page.row(&[&what, &line.quantity.to_string(), &shown(line.unit), &shown(line.amount)]);
        }
        page.raw("</tbody>\n</table>\n<table>\n<tbody>\n");
        page.row(&["Subtotal", &shown(self.subtotal)]);
        for tax in &self.taxes {
            page.row(&[&tax.name, &shown(tax.amount)]);
        }
        page.row(&["Total", &shown(self.total)]);
        page.raw("</tbody>\n</table>\n");
    }
}
