//! Receivers of webhooks, as the office keeps them: registered, paused, started again, given a new secret, removed.

mod deliver;
mod show;

pub use deliver::{Delivery, Outcome};
pub use show::{list, page};

use crate::{Error, Result, Scope, WriteTx, error::OnConstraint, seal::place};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Refusal,
    ids::ReceiverId,
    webhooks::{NewReceiver, Standing},
};
use sqlx::{query, query_scalar};
use uuid::Uuid;
use vault::Place;
use zeroize::Zeroizing;

/// What a delivery is signed with: 256 random bits, kept sealed because they must be read again.
pub struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    fn fresh() -> Self {
        Self(Zeroizing::new(rand::random()))
    }

    /// The text to be shown once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("whsec_{}", STANDARD.encode(*self.0))
    }
}

fn place_of(receiver: Uuid) -> Place<'static> {
    place("worker.receivers", receiver, "sealed", 1)
}

/// Registers a receiver. It is sent what happens from now on.
///
/// # Errors
/// Refuses the eleventh.
pub async fn add(tx: &mut WriteTx, new: &NewReceiver) -> Result<(ReceiverId, Secret)> {
    let (id, secret) = (ReceiverId(Uuid::now_v7()), Secret::fresh());
    let sealed = tx.keys()?.seal(&place_of(id.uuid()), &*secret.0).await?;
    let groups: Vec<_> = new.groups.iter().map(|group| group.as_str().to_owned()).collect();
    let shop = tx.shop().uuid();
    query!(
        "insert into worker.receivers (shop_id, id, name, url, groups, sealed, cursor)
         values ($1, $2, $3, $4, $5, $6, (select h.seq from audit.heads h where h.shop_id = $1))",
        shop,
        id.uuid(),
        new.name,
        new.url,
        &groups,
        sealed
    )
    .execute(tx.conn())
    .await
    .on_constraint("receivers_most", || {
        Refusal::Conflict("A shop has at most ten receivers. Remove one that is not used any more.".into())
    })?;
    told(tx, new);
    Ok((id, secret))
}

/// What the audit trail is told of a receiver. The path may hold a secret of the receiver's: the host says enough.
fn told(tx: &mut WriteTx, new: &NewReceiver) {
    let host = new.url.split('/').take(3).collect::<Vec<_>>().join("/");
    let groups: Vec<_> = new.groups.iter().map(|group| group.words()).collect();
    tx.fact("name", new.name.clone());
    tx.fact("address", host);
    tx.fact("told", groups);
}

/// The name of a receiver of this shop, which becomes a fact of the coming event. Locked until the transaction ends.
async fn named(tx: &mut WriteTx, id: ReceiverId) -> Result<()> {
    let shop = tx.shop().uuid();
    let name =
        query_scalar!("select name from worker.receivers where shop_id = $1 and id = $2 for update", shop, id.uuid())
            .fetch_one(tx.conn())
            .await?;
    tx.fact("name", name);
    Ok(())
}

/// Gives a receiver a new secret. The one before signs beside it for a day, so that the receiver can change over.
///
/// # Errors
/// Not found.
pub async fn replace_secret(tx: &mut WriteTx, id: ReceiverId) -> Result<Secret> {
    named(tx, id).await?;
    let secret = Secret::fresh();
    let sealed = tx.keys()?.seal(&place_of(id.uuid()), &*secret.0).await?;
    let shop = tx.shop().uuid();
    query!(
        "update worker.receivers set sealed_before = sealed, before_until = app.now() + interval '1 day', sealed = $3 where shop_id = $1 and id = $2",
        shop,
        id.uuid(),
        sealed
    )
    .execute(tx.conn())
    .await?;
    Ok(secret)
}

/// Pauses a receiver, or lets its entries go again, at once.
///
/// # Errors
/// Not found.
pub async fn set_standing(tx: &mut WriteTx, id: ReceiverId, standing: Standing) -> Result<()> {
    named(tx, id).await?;
    let shop = tx.shop().uuid();
    query!("update worker.receivers set state = $3 where shop_id = $1 and id = $2", shop, id.uuid(), standing.as_str())
        .execute(tx.conn())
        .await?;
    query!(
        "update worker.deliveries set due_at = app.now(), tries = 0 where shop_id = $1 and receiver_id = $2 and state = 'waiting'",
        shop,
        id.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Sends everything from that entry on, again where it was sent before.
///
/// # Errors
/// Not found; beside the field when the shop has no such entry.
pub async fn restart(tx: &mut WriteTx, id: ReceiverId, entry: i64) -> Result<()> {
    named(tx, id).await?;
    let shop = tx.shop().uuid();
    let newest = query_scalar!("select seq from audit.heads where shop_id = $1", shop).fetch_one(tx.conn()).await?;
    if entry > newest {
        return Err(Refusal::field("entry", format!("The newest entry is {newest}.")).into());
    }
    // What is under way goes on to its end and is not heard any more.
    query!(
        "delete from worker.deliveries where shop_id = $1 and receiver_id = $2 and kind = 'stream'",
        shop,
        id.uuid()
    )
    .execute(tx.conn())
    .await?;
    query!("update worker.receivers set cursor = $3 where shop_id = $1 and id = $2", shop, id.uuid(), entry - 1)
        .execute(tx.conn())
        .await?;
    tx.fact("entry", entry);
    Ok(())
}

/// Sends deliveries again that were given up: that one, or all.
///
/// # Errors
/// Not found when nothing of the kind was given up.
pub async fn send_again(tx: &mut WriteTx, id: ReceiverId, delivery: Option<Uuid>) -> Result<()> {
    named(tx, id).await?;
    let shop = tx.shop().uuid();
    let sent = query!(
        "update worker.deliveries set state = 'waiting', due_at = app.now()
         where shop_id = $1 and receiver_id = $2 and state = 'dead' and ($3::uuid is null or id = $3)",
        shop,
        id.uuid(),
        delivery
    )
    .execute(tx.conn())
    .await?
    .rows_affected();
    if sent == 0 { Err(Error::from(Refusal::NotFound)) } else { Ok(()) }
}

/// Sends a test. One that waits already will do.
///
/// # Errors
/// Not found.
pub async fn test(tx: &mut WriteTx, id: ReceiverId) -> Result<()> {
    named(tx, id).await?;
    let shop = tx.shop().uuid();
    query!(
        "insert into worker.deliveries (shop_id, id, receiver_id, kind, first, last) values ($1, $2, $3, 'test', 0, 0) on conflict do nothing",
        shop,
        Uuid::now_v7(),
        id.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes a receiver with what waits for it.
///
/// # Errors
/// Not found.
pub async fn remove(tx: &mut WriteTx, id: ReceiverId) -> Result<()> {
    named(tx, id).await?;
    let shop = tx.shop().uuid();
    query!("delete from worker.attempts where shop_id = $1 and receiver_id = $2", shop, id.uuid())
        .execute(tx.conn())
        .await?;
    query!("delete from worker.deliveries where shop_id = $1 and receiver_id = $2", shop, id.uuid())
        .execute(tx.conn())
        .await?;
    query!("delete from worker.receivers where shop_id = $1 and id = $2", shop, id.uuid()).execute(tx.conn()).await?;
    Ok(())
}
