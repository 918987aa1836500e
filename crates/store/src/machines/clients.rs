//! Clients and their people, for machines.

use super::{Window, looked_at, record};
use crate::{Result, Scope};
use serde::{Deserialize, Serialize};
use sqlx::{query_as, types::Json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A way to reach a client.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Channel {
    /// "Office", "After hours"; may be empty.
    pub label: String,
    /// A telephone number or an e-mail address.
    pub value: String,
}

/// Who the shop works for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Client {
    /// Of the client.
    pub id: Uuid,
    /// `person`, `company`, `property_manager`, `fleet` or `agency`.
    pub kind: String,
    /// As written on papers.
    pub name: String,
    /// Telephones, the main one first.
    #[schema(value_type = Vec<Channel>)]
    pub phones: Json<Vec<Channel>>,
    /// E-mail addresses, the main one first.
    #[schema(value_type = Vec<Channel>)]
    pub emails: Json<Vec<Channel>>,
    /// Where invoices go.
    pub billing_address: String,
    /// Separated by commas.
    pub tags: String,
    /// Shown wherever the client is.
    pub alert: String,
    /// Days to pay; null for the shop's own terms.
    pub terms_days: Option<i32>,
    /// Exempt from every tax.
    pub tax_exempt: bool,
    /// Out of the lists.
    pub archived: bool,
    /// When the client was added.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Rises with every change; the `ETag`.
    pub version: i32,
}
record!(Client, version);

/// Clients of the window.
///
/// # Errors
/// Only faults.
pub async fn clients(tx: &mut impl Scope, window: Window) -> Result<Vec<Client>> {
    let shop = tx.shop().uuid();
    let rows = query_as!(
        Client,
        r#"select c.id, c.kind, c.name, c.billing_address, c.tags, c.alert, c.terms_days, c.tax_exempt, c.archived_at is not null as "archived!",
             app.machine_time(c.created_at) as "created_at!", c.version,
             (select coalesce(jsonb_agg(jsonb_build_object('label', h.label, 'value', h.value) order by h.position, h.id), '[]') from app.client_channels h
              where h.shop_id = c.shop_id and h.client_id = c.id and h.kind = 'phone') as "phones!: Json<Vec<Channel>>",
             (select coalesce(jsonb_agg(jsonb_build_object('label', h.label, 'value', h.value) order by h.position, h.id), '[]') from app.client_channels h
              where h.shop_id = c.shop_id and h.client_id = c.id and h.kind = 'email') as "emails!: Json<Vec<Channel>>"
           from app.clients c where c.shop_id = $1 and c.id >= $2 order by c.id limit $3"#,
        shop, window.from, window.limit
    )
    .fetch_all(tx.conn())
    .await?;
    looked_at(tx, window, None, &rows, |row| row.id);
    Ok(rows)
}

/// A person of a client, and what that person may do for it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contact {
    /// Of the contact.
    pub id: Uuid,
    /// Of the client.
    pub client: Uuid,
    /// Name.
    pub name: String,
    /// Position: "Superintendent".
    pub title: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// E-mail; may be empty.
    pub email: String,
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
    /// First day the right to sign holds.
    #[schema(format = Date)]
    pub valid_from: Option<String>,
    /// Last day it holds.
    #[schema(format = Date)]
    pub valid_until: Option<String>,
    /// Most a signature may bind to, in minor units.
    pub limit_minor: Option<i64>,
    /// No longer there.
    pub archived: bool,
    /// Rises with every change; the `ETag`.
    pub version: i32,
}
record!(Contact, version);

/// Contacts of the window, of one client when it is named.
///
/// # Errors
/// Only faults.
pub async fn contacts(tx: &mut impl Scope, window: Window, client: Option<Uuid>) -> Result<Vec<Contact>> {
    let shop = tx.shop().uuid();
    let rows = query_as!(
        Contact,
        r#"select id, client_id as client, name, title, phone, email, requester, approver, payer, site_contact, signatory,
             valid_from::text, valid_until::text, limit_minor, archived_at is not null as "archived!", version
           from app.contacts where shop_id = $1 and id >= $2 and ($4::uuid is null or client_id = $4) order by id limit $3"#,
        shop, window.from, window.limit, client
    )
    .fetch_all(tx.conn())
    .await?;
    looked_at(tx, window, client, &rows, |row| row.client);
    Ok(rows)
}
