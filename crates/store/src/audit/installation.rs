//! The chains of a whole installation, verified in one snapshot by the migrator.

use super::{
    checkpoints::Kept,
    verify::{self, Verdict},
    watch::believed,
};
use crate::{Error, Origin, Result, audit};
use domain::{Event, Refusal, ids::ShopId};
use serde_json::Map;
use sqlx::{ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions};
use std::str::FromStr;
use uuid::Uuid;

/// What of the outside is taken as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// The archive of checkpoints.
    Archive,
    /// keyd's log of openings.
    Openings,
}

/// In words, how an archive is smaller than it was.
#[must_use]
pub fn shrunk(held: i64, reached: i64) -> String {
    match held {
        0 => format!("the archive of checkpoints is gone: it reached {reached} entries"),
        _ => format!("the archive of checkpoints reaches {held} entries, and it reached {reached}"),
    }
}

/// Size of the newest of these checkpoints; 0 without any.
#[must_use]
pub fn newest(shop: Uuid, kept: &[Kept]) -> i64 {
    kept.iter().filter_map(|kept| kept.checkpoint(shop)).map(|it| it.size.cast_signed()).max().unwrap_or(0)
}

async fn reached(conn: &mut PgConnection, shop: Uuid) -> Result<i64> {
    let reached = sqlx::query_scalar("select coalesce((select archived from audit.rounds where shop_id = $1), 0)");
    Ok(reached.bind(shop).fetch_one(conn).await?)
}

/// Takes what lies outside as it is, on the record of each shop it changes anything for: a line about each of them.
///
/// # Errors
/// Only faults, an archive that cannot be read among them.
pub async fn accept(
    url: &str,
    what: Outside,
    archived: impl Fn(Uuid) -> std::io::Result<Vec<Kept>>,
) -> Result<Vec<String>> {
    let mut conn = PgConnectOptions::from_str(url)?.disable_statement_logging().connect().await?;
    sqlx::raw_sql("begin; set local role shearline_owner").execute(&mut conn).await?;
    let shops = sqlx::query("select id, slug from auth.shops order by slug").fetch_all(&mut conn).await?;
    let mut taken = Vec::new();
    for shop in shops {
        let (id, slug): (Uuid, String) = (shop.get("id"), shop.get("slug"));
        let (said, held) = match what {
            Outside::Openings => ("the log of openings as it is now".to_owned(), 0),
            Outside::Archive => {
                let kept =
                    archived(id).map_err(|error| Error::Setup(format!("the archive of checkpoints: {error}")))?;
                let (held, reached) = (newest(id, &kept), reached(&mut conn, id).await?);
                if held >= reached {
                    continue;
                }
                (format!("an archive over {held} entries for one over {reached}"), held)
            }
        };
        let event = Event::OutsideAccepted { shop: ShopId(id), what: said.clone() };
        let (payload, facts) = audit::written(&event, &Origin::default(), Map::new())?;
        match what {
            Outside::Archive => {
                let accept = sqlx::query("select audit.accept_archive($1, $2, $3, $4)").bind(id).bind(held);
                accept.bind(payload).bind(facts).execute(&mut conn).await?;
            }
            Outside::Openings => {
                let accept = sqlx::query("select audit.accept_openings($1, $2, $3)").bind(id);
                accept.bind(payload).bind(facts).execute(&mut conn).await?;
            }
        }
        taken.push(format!("{slug}: {said}"));
    }
    sqlx::raw_sql("commit").execute(&mut conn).await?;
    conn.close().await?;
    Ok(taken)
}

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
        let (held, reached) = (newest(id, &archived), reached(&mut conn, id).await?);
        let verdict = match verdict {
            Verdict::Holds { entries } if held < reached => {
                Verdict::Broken { seq: entries, why: shrunk(held, reached) }
            }
            verdict => verdict,
        };
        verdicts.push((shop.get("slug"), verdict));
    }
    conn.close().await?;
    Ok(verdicts)
}
