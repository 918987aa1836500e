//! A shop's own key: tried out by keyd, then stored with the shop's keys under its lock; and given up again.

use crate::{Result, Scope, WriteTx, seal::place};
use domain::{
    Refusal,
    own_key::{Kind, NewOwnKey, OwnKeyRow},
};
use sqlx::{query, query_scalar};
use vault::{
    WrappedShopKey,
    keyd::{KeydError, No},
};

/// The shop's own key, if it has one.
///
/// # Errors
/// Only faults.
pub async fn find(tx: &mut impl Scope) -> Result<Option<OwnKeyRow>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let row = query!(
        r#"select k.kind as "kind!", k.place as "place!", app.local_time(k.since, $2) as "since!", coalesce(m.name, '') as "by!"
           from vault.own_keys k left join app.members() m on m.person_id = k.by_person where k.shop_id = $1"#,
        shop,
        zone
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.and_then(|row| {
        Some(OwnKeyRow { kind: Kind::parse(&row.kind)?, place: row.place, since: row.since, by: row.by })
    }))
}

/// Has keyd try the key out, puts the shop's keys under its lock, and stores both.
///
/// # Errors
/// Beside the fields what the service says; a conflict when the shop's keys were turned meanwhile.
pub async fn take(tx: &mut WriteTx, new: &NewOwnKey) -> Result<()> {
    let before = stored(tx).await?;
    let asked = tx.keys()?.take_own(&own(tx), new.settings.as_bytes()).await;
    let (sealed, keys) = match asked {
        Err(KeydError::No(No::OwnKey { denied: true, words })) => {
            return Err(Refusal::field("credential", format!("The key service says no: {words}.")).into());
        }
        Err(KeydError::No(No::OwnKey { denied: false, words })) => {
            let field = if new.kind == Kind::Vault { "address" } else { "region" };
            return Err(Refusal::field(field, format!("The key service does not answer: {words}.")).into());
        }
        other => other?,
    };
    let (generations, before, after) = paired(before, &keys)?;
    let taken = query_scalar!(
        r#"select vault.take_own_key($1, $2, $3, $4, $5, $6) as "taken!""#,
        new.kind.as_str(),
        new.place,
        sealed,
        &generations,
        &before,
        &after
    )
    .fetch_one(tx.conn())
    .await?;
    tx.fact("kind", new.kind.words());
    tx.fact("key", new.place.clone());
    if taken { Ok(()) } else { Err(turned().into()) }
}

/// Takes the shop's keys out from under its lock, which its service has to give back once more; gives what kind it was.
///
/// # Errors
/// As [`take`]; not found where there is none.
pub async fn leave(tx: &mut WriteTx) -> Result<Kind> {
    let had = find(tx).await?.ok_or(Refusal::NotFound)?;
    let before = stored(tx).await?;
    let keys = match tx.keys()?.leave_own(&own(tx)).await {
        Err(KeydError::No(No::OwnKey { words, .. })) => {
            return Err(Refusal::Conflict(format!(
                "Your key service has to open the lock once more before it can go, and it does not: {words}. Nothing was changed."
            ))
            .into());
        }
        other => other?,
    };
    let (generations, before, after) = paired(before, &keys)?;
    let left = query_scalar!(r#"select vault.leave_own_key($1, $2, $3) as "left!""#, &generations, &before, &after)
        .fetch_one(tx.conn())
        .await?;
    tx.fact("kind", had.kind.words());
    tx.fact("key", had.place);
    if left { Ok(had.kind) } else { Err(turned().into()) }
}

fn own(tx: &impl Scope) -> vault::Place<'static> {
    place("vault.own_keys", tx.shop().uuid(), "sealed", 1)
}

fn turned() -> Refusal {
    Refusal::Conflict("The shop's keys were turned in this very moment. Nothing was changed; try again.".into())
}

/// The shop's keys as they are stored.
async fn stored(tx: &mut WriteTx) -> Result<Vec<WrappedShopKey>> {
    let shop = tx.shop().uuid();
    let rows = query!("select kek_id, wrapped from vault.shop_keys where shop_id = $1 order by kek_id", shop)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| WrappedShopKey { kek_id: row.kek_id, wrapped: row.wrapped }).collect())
}

/// Generations, what was stored of each, and what keyd made of it.
type Paired = (Vec<i32>, Vec<Vec<u8>>, Vec<Vec<u8>>);

/// The two lists of keys, side by side.
fn paired(before: Vec<WrappedShopKey>, after: &[WrappedShopKey]) -> Result<Paired> {
    let (mut generations, mut old, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for key in before {
        let made = after.iter().find(|made| made.kek_id == key.kek_id).ok_or_else(turned)?;
        generations.push(key.kek_id);
        old.push(key.wrapped);
        new.push(made.wrapped.clone());
    }
    Ok((generations, old, new))
}
