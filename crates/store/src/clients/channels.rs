//! Telephone numbers and e-mail addresses of a client.

use crate::{Result, Scope, WriteTx};
use domain::{
    clients::form::{Channel, NewClient},
    ids::ClientId,
    phone::digits,
};
use sqlx::query;
use uuid::Uuid;

/// Stores all channels of a client that has none, in one statement.
pub(super) async fn write(tx: &mut WriteTx, client: ClientId, new: &NewClient) -> Result<()> {
    let all: Vec<_> = new
        .phones
        .iter()
        .map(|phone| ("phone", phone))
        .chain(new.emails.iter().map(|email| ("email", email)))
        .collect();
    let ids: Vec<_> = all.iter().map(|_| Uuid::now_v7()).collect();
    let kinds: Vec<_> = all.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    let labels: Vec<_> = all.iter().map(|(_, channel)| channel.label.clone()).collect();
    let values: Vec<_> = all.iter().map(|(_, channel)| channel.value.clone()).collect();
    let folded: Vec<_> = all.iter().map(|(kind, channel)| folded(kind, &channel.value)).collect();
    let shop = tx.shop().uuid();
    query!(
        "insert into app.client_channels (shop_id, id, client_id, kind, label, value, folded, position)
         select $1, id, $2, kind, label, value, folded, position::int
         from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[]) with ordinality u (id, kind, label, value, folded, position)",
        shop, client.uuid(), &ids, &kinds, &labels, &values, &folded
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What search compares: the digits of a number without its extension, an address in lower case.
fn folded(kind: &str, value: &str) -> String {
    match domain::phone::Phone::parse(value) {
        Ok(phone) if kind == "phone" => phone.digits(),
        _ if kind == "phone" => digits(value),
        _ => value.to_lowercase(),
    }
}

/// Telephones and e-mails of a client, in their order.
pub(super) async fn of(tx: &mut impl Scope, client: ClientId) -> Result<(Vec<Channel>, Vec<Channel>)> {
    let shop = tx.shop().uuid();
    let rows = query!("select kind, label, value from app.client_channels where shop_id = $1 and client_id = $2 order by position, id", shop, client.uuid())
        .fetch_all(tx.conn())
        .await?;
    let (phones, emails): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.kind == "phone");
    let channel = |label, value| Channel { label, value };
    Ok((
        phones.into_iter().map(|row| channel(row.label, row.value)).collect(),
        emails.into_iter().map(|row| channel(row.label, row.value)).collect(),
    ))
}
