//! Who is calling: a client by a piece of a telephone number, an e-mail address or a name.

use crate::{Result, Scope, WriteTx};
use domain::{
    Refusal,
    clients::{ClientKind, ClientMatch, SiteOption, form::NewClient},
    fold::fold,
    phone::{Phone, digits, lookup_key},
};
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// As many clients as the intake form offers at once.
const OFFERED: i32 = 8;

/// Clients in use that fit what was typed, with places and people in use; nothing for fewer than two characters.
///
/// # Errors
/// Only faults.
pub async fn lookup(tx: &mut impl Scope, q: &str) -> Result<Vec<ClientMatch>> {
    let ids = ids(tx, q, OFFERED).await?;
    by_ids(tx, &ids).await
}

/// The clients of these ids, in their order, as [`lookup`] gives them; archived ones are left out.
pub(crate) async fn by_ids(tx: &mut impl Scope, ids: &[Uuid]) -> Result<Vec<ClientMatch>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let shop = tx.shop().uuid();
    let rows = query!(
        r#"select c.id, c.name, c.kind, c.alert, coalesce((select h.value from app.client_channels h
             where h.shop_id = c.shop_id and h.client_id = c.id and h.kind = 'phone' order by h.position limit 1), '') as "phone!"
           from app.clients c where c.shop_id = $1 and c.id = any($2) and c.archived_at is null order by array_position($2, c.id)"#,
        shop, ids
    )
    .fetch_all(tx.conn())
    .await?;
    let mut found: Vec<_> = rows
        .into_iter()
        .map(|row| ClientMatch {
            id: row.id,
            name: row.name,
            kind: kind_words(&row.kind),
            alert: row.alert,
            phone: shown(&row.phone),
            ..ClientMatch::default()
        })
        .collect();
    let sites = query!(
        "select id, client_id, name, address from app.sites where shop_id = $1 and client_id = any($2) and archived_at is null order by id",
        shop, ids
    )
    .fetch_all(tx.conn())
    .await?;
    let people = query!(
        "select id, client_id, name from app.contacts where shop_id = $1 and client_id = any($2) and archived_at is null order by id",
        shop, ids
    )
    .fetch_all(tx.conn())
    .await?;
    for client in &mut found {
        client.sites = sites
            .iter()
            .filter(|site| site.client_id == client.id)
            .map(|site| SiteOption::new(site.id, &site.name, &site.address))
            .collect();
        client.contacts = people
            .iter()
            .filter(|person| person.client_id == client.id)
            .map(|person| (person.id, person.name.clone()))
            .collect();
    }
    Ok(found)
}

/// Ids of at most `most` clients in use that fit what was typed, best first; what policies hide may be among them.
pub(crate) async fn ids(tx: &mut impl Scope, q: &str, most: i32) -> Result<Vec<Uuid>> {
    let (folded, digits) = search_keys(q);
    let mut ids =
        query_scalar!(r#"select id as "id!" from app.search($1, $2, $3) where kind = 'client'"#, folded, digits, most)
            .fetch_all(tx.conn())
            .await?;
    let mut seen = Vec::new();
    ids.retain(|id| {
        !seen.contains(id) && {
            seen.push(*id);
            true
        }
    });
    ids.truncate(usize::try_from(most).unwrap_or_default());
    Ok(ids)
}

/// What `app.search` is asked for: the folded text, and the digits that two writings of one number share.
pub(crate) fn search_keys(q: &str) -> (String, String) {
    // What cannot be stored cannot be found either, and PostgreSQL refuses a NUL outright.
    let q: String = q.chars().filter(|c| *c != '\0').take(200).collect();
    // "J-1042" and "INV 12" are numbers; "12 King St" is an address, and its 12 begins no job number anyone means.
    let letters = q.chars().filter(|c| c.is_alphabetic()).count();
    let digits = if letters <= 3 { digits(&q) } else { String::new() };
    (fold(&q), lookup_key(&digits).to_owned())
}

/// A stored telephone number as people read it.
pub(crate) fn shown(phone: &str) -> String {
    Phone::parse(phone).map_or_else(|_| phone.to_owned(), |phone| phone.shown())
}

/// Words of a stored kind.
pub(crate) fn kind_words(kind: &str) -> String {
    ClientKind::parse(kind).map_or_else(String::new, |kind| kind.words().to_owned())
}

/// Refuses a client whose name or telephone number another one in use already has, naming that one.
pub(super) async fn refuse_double(tx: &mut WriteTx, new: &NewClient) -> Result<()> {
    let shop = tx.shop().uuid();
    let numbers: Vec<String> = new.phones.iter().flat_map(|phone| spellings(&phone.value)).collect();
    let double = query!(
        r#"select c.name, c.kind, c.folded = $2 as "same_name!" from app.clients c
           where c.shop_id = $1 and c.archived_at is null and c.id in
             (select n.id from app.clients n where n.shop_id = $1 and n.folded = $2
              union select h.client_id from app.client_channels h where h.shop_id = $1 and h.kind = 'phone' and h.folded = any($3))
           order by c.folded = $2 desc, c.id limit 1"#,
        shop, new.folded, &numbers
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(double) = double else { return Ok(()) };
    let (kind, name) = (kind_words(&double.kind).to_lowercase(), double.name);
    let what = if double.same_name {
        "There is already a client of this name"
    } else {
        "A client with this telephone number is here already"
    };
    Err(Refusal::field(
        "another",
        format!("{what}: {name} ({kind}). Look at it first; if yours is somebody else, tick this and save again."),
    )
    .into())
}

/// The ways one number may stand in the digits column: as typed, and with and without the North American 1.
fn spellings(number: &str) -> Vec<String> {
    let all = Phone::parse(number).map_or_else(|_| digits(number), |phone| phone.digits());
    let key = lookup_key(&all).to_owned();
    let long = if key.len() == 10 { format!("1{key}") } else { key.clone() };
    vec![all, key, long]
}
