//! The chains of a whole installation, verified in one snapshot by the migrator.

use super::verify::{self, Verdict};
use crate::{Error, Result};
use domain::Refusal;
use sqlx::{ConnectOptions, Connection, Row, postgres::PgConnectOptions};
use std::str::FromStr;

/// Verifies the chains of all shops, or of the one named; `url` names a login that may become the owner. Each shop's
/// slug with its verdict, by slug.
///
/// # Errors
/// A slug no shop has, and faults; a broken chain is a verdict.
pub async fn verify(url: &str, slug: Option<&str>) -> Result<Vec<(String, Verdict)>> {
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
        verdicts.push((shop.get("slug"), verify::shop(&mut conn, shop.get("id")).await?));
    }
    conn.close().await?;
    Ok(verdicts)
}
