//! Numbered prints: which copy, whose, and what for stand on the sheet and on the chain.

use crate::{Db, Grant, Result, Scope, looks::Way};
use domain::{
    Event,
    ids::BittingId,
    reveal::{Printed, Reason},
};
use sqlx::query;

/// A record's cuts and code for a sheet of paper. The copy is counted and its entry committed before it is opened.
///
/// # Errors
/// As for [`super::bitting`].
pub async fn print(db: &Db, grant: Grant, id: BittingId, reason: &Reason) -> Result<Printed> {
    let (mut tx, again) = super::to_reveal(db, grant).await?;
    let (record, sealed) = super::to_open(&mut tx, id, Way::Printed).await?;
    super::told(&mut tx, record.client, reason).await?;
    let (shop, zone, reader) = (tx.shop().uuid(), tx.zone(), tx.actor().name.clone());
    let row = query!(
        r#"update vault.bittings set prints = prints + 1 where shop_id = $1 and id = $2 returning prints, app.local_time(app.now(), $3) as "at!""#,
        shop,
        id.uuid(),
        zone
    )
    .fetch_one(tx.conn())
    .await?;
    let job = match reason.job {
        Some(job) => {
            let number = query!("select number from app.jobs where shop_id = $1 and id = $2", shop, job.uuid());
            format!("Job {}", number.fetch_one(tx.conn()).await?.number)
        }
        None => String::new(),
    };
    let event =
        Event::SecretPrinted { record: id, client: record.client.into(), copy: row.prints, person: tx.actor().person };
    let clear = super::committed(tx, again, event, &sealed).await?;
    let why = [job, reason.words.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    Ok(Printed {
        secret: super::parts(&record, &clear)?,
        about: format!("{} · {}", record.label, record.client_name),
        copy: row.prints,
        reader,
        at: row.at,
        reason: why,
    })
}
