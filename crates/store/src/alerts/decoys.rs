//! Decoys: laid out, changed and taken away by owners. The record itself is made by the road of every record, with the
//! entry every record has; only the mark is kept apart, where none but an owner's own session is told of it.

use crate::{Db, Result, Scope, WriteTx, bittings, clients, mail};
use domain::{
    Event, Refusal,
    alerts::{DecoyEdit, DecoyKind, DecoyRow, Rule},
    bittings::NewBitting,
    clients::form::NewClient,
    ids::{BittingId, ClientId, DecoyId, MailId},
};
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// The decoys of the shop, the oldest first: nothing to anybody but an owner.
///
/// # Errors
/// Only faults.
pub async fn decoys(tx: &mut impl Scope) -> Result<Vec<DecoyRow>> {
    let zone = tx.zone();
    let rows = query!(
        r#"select id as "id!", kind as "kind!", client_id as "client!", name as "name!", detail as "detail!", more as "more!", planted_by as "by!",
             app.local_time(planted_at, $1) as "at!", touches as "touches!", app.local_time(touched_at, $1) as touched from app.decoys()"#,
        zone
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(DecoyRow {
                id: row.id,
                kind: DecoyKind::parse(&row.kind)?,
                client: row.client,
                name: row.name,
                detail: row.detail,
                more: row.more,
                by: row.by,
                at: row.at,
                touches: row.touches,
                touched: row.touched,
            })
        })
        .collect())
}

async fn one(tx: &mut impl Scope, decoy: DecoyId) -> Result<DecoyRow> {
    decoys(tx).await?.into_iter().find(|row| row.id == decoy.uuid()).ok_or_else(|| Refusal::NotFound.into())
}

async fn mark(tx: &mut WriteTx, record: Uuid, kind: DecoyKind, client: Uuid) -> Result<()> {
    query!("select app.plant_decoy($1, $2, $3)", record, kind.as_str(), client).execute(tx.conn()).await?;
    Ok(())
}

/// Lays out a client.
///
/// # Errors
/// As for any new client.
pub async fn plant_client(tx: &mut WriteTx, new: &NewClient) -> Result<ClientId> {
    tx.unseen();
    let client = clients::create(tx, new).await?;
    mark(tx, client.uuid(), DecoyKind::Client, client.uuid()).await?;
    Ok(client)
}

/// Lays out a key of such a client.
///
/// # Errors
/// Not found when the client is no decoy: a key of a real one would be touched by honest work.
pub async fn plant_key(tx: &mut WriteTx, client: ClientId, new: &NewBitting) -> Result<BittingId> {
    tx.unseen();
    one(tx, DecoyId(client.uuid())).await?;
    let record = bittings::create(tx, client, new).await?;
    mark(tx, record.uuid(), DecoyKind::Bitting, client.uuid()).await?;
    Ok(record)
}

/// Changes what a decoy says.
///
/// # Errors
/// Not found; words beside fields.
pub async fn change(tx: &mut WriteTx, decoy: DecoyId, edit: &DecoyEdit) -> Result<Event> {
    tx.unseen();
    let row = one(tx, decoy).await?;
    match row.kind {
        DecoyKind::Client => {
            let client = ClientId(row.id);
            let mut form = clients::form(tx, client).await?;
            (form.name, form.phone_1, form.billing_address) =
                (edit.name.clone(), edit.detail.clone(), edit.more.clone());
            clients::update(tx, client, &form.read()?).await?;
            Ok(Event::ClientChanged { client })
        }
        DecoyKind::Bitting => {
            let record = BittingId(row.id);
            let mut form = bittings::form(tx, record).await?.form;
            (form.label, form.item) = (edit.name.clone(), edit.detail.clone());
            let client = bittings::update(tx, record, &form.read()?).await?;
            Ok(Event::BittingChanged { record, client, resealed: false })
        }
        DecoyKind::PortalLink => Err(Refusal::Conflict("A link says nothing that could be changed.".into()).into()),
    }
}

/// Takes a client or a key away: it goes where archived records go, and a look at it means nothing any more.
///
/// # Errors
/// Not found; a conflict while something stands on it.
pub async fn remove(tx: &mut WriteTx, decoy: DecoyId) -> Result<Event> {
    tx.unseen();
    let row = one(tx, decoy).await?;
    if !query_scalar!(r#"select app.remove_decoy($1) as "removed!""#, row.id).fetch_one(tx.conn()).await? {
        return Err(Refusal::Conflict("Take its key and its link away first.".into()).into());
    }
    if row.kind == DecoyKind::Client {
        clients::set_archived(tx, ClientId(row.id), true).await?;
        return Ok(Event::ClientArchived { client: ClientId(row.id) });
    }
    let record = BittingId(row.id);
    let mut form = bittings::form(tx, record).await?.form;
    form.archived = "on".into();
    let client = bittings::update(tx, record, &form.read()?).await?;
    Ok(Event::BittingChanged { record, client, resealed: false })
}

impl Db {
    /// Raises the alerts of touches nobody was told of; how many.
    pub(super) async fn tell_of_touches(&self) -> Result<i64> {
        let due = query!(
            r#"select shop_id as "shop!", id as "id!", name as "name!", owners as "owners!" from worker.touches_due()"#
        )
        .fetch_all(&self.worker)
        .await?;
        let mut raised = 0;
        for touch in due {
            let (mut mails, mut sealed) = (Vec::new(), Vec::new());
            for owner in &touch.owners {
                let id = MailId(Uuid::now_v7());
                sealed.push(mail::sealed(self, id, &super::watch::letter(owner, &touch.name, Rule::Decoy.words()))?);
                mails.push(id.uuid());
            }
            let told = query_scalar!(
                r#"select worker.touch_told($1, $2, $3, $4, $5) as "told!""#,
                touch.shop,
                touch.id,
                Uuid::now_v7(),
                &mails,
                &sealed
            )
            .fetch_one(&self.worker)
            .await?;
            raised += i64::from(told);
        }
        Ok(raised)
    }
}
