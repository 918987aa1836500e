//! The chains of a whole installation, verified in one snapshot by the migrator.

use super::{
    checkpoints::Kept,
    verify::{self, Verdict},
    watch::believed,
};
use crate::{Error, Result};
use domain::Refusal;
use sqlx::{ConnectOptions, Connection, Row, postgres::PgConnectOptions};
use std::str::FromStr;
use uuid::Uuid;

/// Verifies the chains of all shops, or of the one named, each against its checkpoints, those in the database and those
/// that `archived` gives of it; `url` names a login that may become the owner. Each shop's slug with its verdict, by slug.
///
/// # Errors
/// A slug no shop has, and faults; a broken chain is a verdict.
pub async fn verify(
    url: &str,
    slug: Option<&str>,
    archived: impl Fn(Uuid) -> std::io::Result<Vec<Kept>>,
) -> Result<Vec<(String, Verdict)>> {
    let mut conn = PgConnectOptions::from_str(url)?.disable_statement_logging().connect().await?;
    // One snapshot: an entry written meanwhile would look like a chain longer than its head.
    sqlx::raw_sql("begin isolation level repeatable read read only; set local role shearline_owner")
        .execute(&mut conn)
        .await?;
    let shops = sqlx::query("select id, slug from auth.shops where $1::text is null or slug = $1 order by slug")
        .bind(slug)
        .fetch_all(&mut conn)
        .await?;
    if slug.is_some() && shops.is_empty() {
        return Err(Error::Refusal(Refusal::NotFound));
    }
    let mut verdicts = Vec::with_capacity(shops.len());
    for shop in shops {
        let id = shop.get("id");
        let stored = sqlx::query("select key, note from audit.checkpoints where shop_id = $1").bind(id);
        let stored = stored.fetch_all(&mut conn).await?;
        let stored: Vec<_> = stored.iter().map(|row| Kept { key: row.get("key"), note: row.get("note") }).collect();
        let archived = archived(id).map_err(|error| Error::Setup(format!("the archive of checkpoints: {error}")))?;
        let verdict = match believed(id, &stored, &archived) {
            Ok(checkpoints) => verify::shop(&mut conn, id, &checkpoints).await?,
            Err(why) => Verdict::Broken { seq: 0, why: why.into() },
        };
        verdicts.push((shop.get("slug"), verdict));
    }
    conn.close().await?;
    Ok(verdicts)
}
