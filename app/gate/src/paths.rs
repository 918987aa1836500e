//! Paths of the office, so that no page spells one by hand.

use std::fmt::Display;

/// An element of a page: acts that several pages offer end where they began.
#[must_use]
pub fn at(page: &str, anchor: &str) -> String {
    let page = page.split('#').next().unwrap_or_default();
    if anchor.is_empty() { page.to_owned() } else { format!("{page}#{anchor}") }
}

/// The page that asks for a proof of who is there and leads back.
#[must_use]
pub fn confirm_path(back: &str) -> String {
    with_next("/confirm", back)
}

/// A page that leads on to another of ours.
#[must_use]
pub fn with_next(page: &str, next: &str) -> String {
    format!("{page}?next={}", encoded(next))
}

/// A page with what its address asks for; what is empty is left out.
#[must_use]
pub fn query(page: &str, asked: &[(&str, &str)]) -> String {
    let pairs = asked.iter().filter(|(_, value)| !value.is_empty());
    let pairs = pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&");
    if pairs.is_empty() { page.to_owned() } else { format!("{page}?{pairs}") }
}

/// A value as it may stand in an address.
fn encoded(value: &str) -> String {
    let mut to = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => to.push(char::from(byte)),
            other => to.push_str(&format!("%{other:02X}")),
        }
    }
    to
}

macro_rules! paths {
    ($($(#[$doc:meta])* $name:ident = $format:literal;)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(id: impl Display) -> String {
            format!($format, id)
        }
    )+};
}

paths! {
    /// Where a member is let go.
    member_leave = "/members/{}/leave";
    /// Where a client is forgotten.
    client_forget = "/clients/{}/forget";
    /// Where a contact is forgotten.
    contact_forget = "/contacts/{}/forget";
    /// Where somebody who was a member is forgotten.
    member_forget = "/members/{}/forget";
    /// A bitting record's page.
    bitting = "/bittings/{}";
    /// Its edit form.
    bitting_edit = "/bittings/{}/edit";
    /// A new bitting record of a client.
    bitting_new = "/clients/{}/bittings/new";
    /// The bitting records of a client.
    bittings_of = "/bittings?client={}";
    /// Who opened what is sealed of a client.
    openings_of = "/audit/openings?client={}";
    /// A client's page.
    client = "/clients/{}";
    /// Its edit form.
    client_edit = "/clients/{}/edit";
    /// A new site of a client.
    site_new = "/clients/{}/sites/new";
    /// A new contact of a client.
    contact_new = "/clients/{}/contacts/new";
    /// A contact's edit form.
    contact_edit = "/contacts/{}/edit";
    /// A site's page.
    site = "/sites/{}";
    /// Its edit form.
    site_edit = "/sites/{}/edit";
    /// A new opening of a site.
    opening_new = "/sites/{}/openings/new";
    /// A new code of a site.
    site_code_new = "/sites/{}/codes/new";
    /// A code's page.
    site_code = "/codes/{}";
    /// Its edit form.
    site_code_edit = "/codes/{}/edit";
    /// An opening's edit form.
    opening_edit = "/openings/{}/edit";
    /// A job's page.
    job = "/jobs/{}";
    /// Its edit form.
    job_edit = "/jobs/{}/edit";
    /// A kind of job and what it demands.
    template = "/templates/{}";
    /// A photo's page.
    photo = "/photos/{}";
    /// Its picture; each look is recorded.
    photo_whole = "/photos/{}/whole";
    /// Its small copy.
    photo_small = "/photos/{}/small";
    /// A technician's page of a job.
    visit = "/today/{}";
    /// Signing a job's work order in person.
    sign = "/jobs/{}/sign";
    /// A signature's evidence page.
    signature = "/signatures/{}";
    /// The proof of a signature.
    signature_proof = "/proof/signatures/{}";
    /// The proof of an invoice.
    invoice_proof = "/proof/invoices/{}";
    /// The proof of an entry of the audit trail.
    entry_proof = "/proof/entries/{}";
    /// The proof of a signature, for the client.
    portal_signature_proof = "/portal/proof/signatures/{}";
    /// The proof of an invoice, for the client.
    portal_invoice_proof = "/portal/proof/invoices/{}";
    /// An invoice's page.
    invoice = "/invoices/{}";
    /// Making a job's invoice.
    invoice_new = "/invoices/new?job={}";
    /// An invoice, for the client.
    portal_invoice = "/portal/invoices/{}";
    /// A job, for the client.
    portal_job = "/portal/jobs/{}";
    /// A job's work order, for the client to read and sign.
    portal_sign = "/portal/jobs/{}/sign";
    /// What a client sees after declining to sign.
    portal_declined = "/portal/jobs/{}/declined";
}
