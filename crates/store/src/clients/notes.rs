//! Notes on a client: written once, never changed.

use crate::{Result, Scope, WriteTx};
use domain::{
    clients::page::Note,
    ids::{ClientId, NoteId},
};
use sqlx::{query, query_as};
use uuid::Uuid;

/// Writes a note in the actor's name.
///
/// # Errors
/// Not found.
pub async fn add(tx: &mut WriteTx, client: ClientId, body: &str) -> Result<NoteId> {
    super::name(tx, client).await?;
    let (shop, author, id) = (tx.shop().uuid(), tx.actor().person, NoteId(Uuid::now_v7()));
    query!(
        "insert into app.client_notes (shop_id, id, client_id, body, author_id) values ($1, $2, $3, $4, $5)",
        shop,
        id.uuid(),
        client.uuid(),
        body,
        author.uuid()
    )
    .execute(tx.conn())
    .await?;
    tx.fact("note", body);
    Ok(id)
}

/// The latest hundred notes on a client, the newest first.
///
/// # Errors
/// Only faults.
pub async fn of(tx: &mut impl Scope, client: ClientId) -> Result<Vec<Note>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    Ok(query_as!(
        Note,
        r#"select n.id, n.body, coalesce(m.name, 'Somebody no longer here') as "author!", app.local_time(n.created_at, $3) as "at!"
           from app.client_notes n left join app.members() m on m.person_id = n.author_id
           where n.shop_id = $1 and n.client_id = $2 order by n.id desc limit 100"#,
        shop, client.uuid(), zone
    )
    .fetch_all(tx.conn())
    .await?)
}
