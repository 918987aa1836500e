//! The copy that goes to whoever signed: the document as it is, byte for byte, and nothing secret.

use crate::{
    Result, Scope, WriteTx,
    mail::{Attached, Mail},
};
use domain::{Event, ids::*};
use sqlx::query_scalar;
use uuid::Uuid;

/// What is mailed, and to whom.
pub(crate) struct Copy<'a> {
    pub to: &'a str,
    pub shop: &'a str,
    pub number: i64,
    pub version: i32,
    pub sha256: &'a str,
    pub html: &'a str,
}

impl Copy<'_> {
    /// The letter.
    pub(crate) fn letter(&self) -> (Mail, Attached) {
        let Self { to, shop, number, version, sha256, html } = self;
        let text = format!(
            "Attached is work order {number} of {shop}, version {version}, as it was signed.\n\nIt opens in any browser. Keep the file as it came: by the number below, its SHA-256, anybody can show that nothing in it was changed. A printed copy, or one saved again, no longer matches it.\n\n{sha256}\n\n{shop} keeps the same file. If you did not sign this, call them.\n"
        );
        let mail = Mail { to: (*to).to_owned(), subject: format!("Signed work order {number} of {shop}"), text };
        (mail, Attached { name: format!("work-order-{number}-v{version}.html"), html: (*html).to_owned() })
    }
}

/// Whom the letter is about: the client, and whoever asked for the job or has this address.
pub(crate) async fn about(tx: &mut WriteTx, job: JobId, to: &str) -> Result<Vec<Uuid>> {
    let shop = tx.shop().uuid();
    Ok(query_scalar!(
        r#"select j.client_id as "about!" from app.jobs j where j.shop_id = $1 and j.id = $2
           union select k.id from app.jobs j join app.contacts k on k.shop_id = j.shop_id and k.client_id = j.client_id
             where j.shop_id = $1 and j.id = $2 and (k.id = j.contact_id or lower(k.email) = lower($3))"#,
        shop,
        job.uuid(),
        to
    )
    .fetch_all(tx.conn())
    .await?)
}

/// That it was mailed; to whom is a fact.
pub(crate) const fn mailed(signature: SignatureId, document: DocumentId, job: JobId, client: ClientId) -> Event {
    Event::CopyMailed { signature, document, job, client }
}
