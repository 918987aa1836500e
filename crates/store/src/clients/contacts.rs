//! People of a client.

use super::{facts, fresh, shown, tick};
use crate::{Result, Scope, WriteTx, looks::Way};
use domain::{
    calendar::Date,
    clients::contact::{Contact, ContactEdit, ContactForm, NewContact, Roles, Standing},
    ids::{ClientId, ContactId},
    money::Money,
};
use sqlx::query;
use uuid::Uuid;

/// Adds a contact.
///
/// # Errors
/// No such client.
pub async fn add(tx: &mut WriteTx, client: ClientId, new: &NewContact) -> Result<ContactId> {
    super::name(tx, client).await?;
    let (shop, id) = (tx.shop().uuid(), ContactId(Uuid::now_v7()));
    let NewContact { roles, .. } = new;
    query!(
        "insert into app.contacts (shop_id, id, client_id, name, title, phone, email, requester, approver, payer, site_contact, signatory, valid_from, valid_until, limit_minor)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text::date, $14::text::date, $15)",
        shop, id.uuid(), client.uuid(), new.name, new.title, new.phone, new.email, roles.requester, roles.approver, roles.payer, roles.site_contact, roles.signatory,
        day(new.valid_from), day(new.valid_until), new.limit.map(Money::minor)
    )
    .execute(tx.conn())
    .await?;
    tx.fact("after", facts(new));
    Ok(id)
}

/// Changes a contact, if nobody else did since `new.version`; says whose it is.
///
/// # Errors
/// A conflict when somebody did; not found.
pub async fn update(tx: &mut WriteTx, id: ContactId, new: &NewContact) -> Result<ClientId> {
    let before = form(tx, id).await?;
    let shop = tx.shop().uuid();
    let NewContact { roles, .. } = new;
    let changed = query!(
        "update app.contacts set name = $4, title = $5, phone = $6, email = $7, requester = $8, approver = $9, payer = $10, site_contact = $11, signatory = $12,
           valid_from = $13::text::date, valid_until = $14::text::date, limit_minor = $15,
           archived_at = case when $16 then coalesce(archived_at, app.now()) end, version = version + 1
         where shop_id = $1 and id = $2 and version = $3",
        shop, id.uuid(), new.version, new.name, new.title, new.phone, new.email, roles.requester, roles.approver, roles.payer, roles.site_contact, roles.signatory,
        day(new.valid_from), day(new.valid_until), new.limit.map(Money::minor), new.archived
    )
    .execute(tx.conn())
    .await?;
    fresh(changed.rows_affected(), "contact")?;
    let currency = tx.currency();
    tx.fact("before", before.form.read(currency).map_or_else(|_| facts(&before.form), |before| facts(&before)));
    tx.fact("after", facts(new));
    Ok(before.client.into())
}

fn day(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

/// A contact as its edit form shows it.
///
/// # Errors
/// Not found.
pub async fn form(tx: &mut impl Scope, id: ContactId) -> Result<ContactEdit> {
    let (shop, currency) = (tx.shop().uuid(), tx.currency());
    let row = query!(
        r#"select k.client_id, c.name as client_name, k.name, k.title, k.phone, k.email, k.requester, k.approver, k.payer, k.site_contact, k.signatory,
             coalesce(k.valid_from::text, '') as "valid_from!", coalesce(k.valid_until::text, '') as "valid_until!", k.limit_minor, k.archived_at is not null as "archived!", k.version
           from app.contacts k join app.clients c on c.shop_id = k.shop_id and c.id = k.client_id where k.shop_id = $1 and k.id = $2"#,
        shop, id.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    tx.looked_at(Way::Changed, &[row.client_id]);
    let form = ContactForm {
        name: row.name,
        title: row.title,
        phone: row.phone,
        email: row.email,
        requester: tick(row.requester),
        approver: tick(row.approver),
        payer: tick(row.payer),
        site_contact: tick(row.site_contact),
        signatory: tick(row.signatory),
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        limit: row.limit_minor.map(|minor| Money::from_minor(minor).plain(currency)).unwrap_or_default(),
        archived: tick(row.archived),
        version: row.version.to_string(),
    };
    Ok(ContactEdit { client: row.client_id, client_name: row.client_name, form })
}

/// People of a client who are still there, by name, with whether their right to sign holds today.
///
/// # Errors
/// Only faults.
pub async fn of(tx: &mut impl Scope, client: ClientId) -> Result<Vec<Contact>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query!(
        r#"select id, name, title, phone, email, requester, approver, payer, site_contact, signatory, limit_minor,
             coalesce(valid_from::text, '') as "from!", coalesce(valid_until::text, '') as "until!", app.today($3)::text as "today!",
             concat_ws(' ', 'from ' || app.local_date(valid_from), 'until ' || app.local_date(valid_until)) as "validity!"
           from app.contacts where shop_id = $1 and client_id = $2 and archived_at is null order by lower(name), id"#,
        shop, client.uuid(), zone
    )
    .fetch_all(tx.conn())
    .await?;
    let date = |text: &str| Date::parse(text).ok();
    Ok(rows
        .into_iter()
        .map(|row| Contact {
            id: row.id,
            name: row.name,
            title: row.title,
            phone: shown(&row.phone),
            email: row.email,
            roles: Roles {
                requester: row.requester,
                approver: row.approver,
                payer: row.payer,
                site_contact: row.site_contact,
                signatory: row.signatory,
            },
            standing: row
                .signatory
                .then(|| date(&row.today).map(|today| Standing::on(today, date(&row.from), date(&row.until))))
                .flatten(),
            validity: row.validity,
            limit_minor: row.limit_minor,
        })
        .collect())
}
