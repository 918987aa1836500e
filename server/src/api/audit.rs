//! `/audit`: the shop's chain, in order, for whoever keeps a copy of it elsewhere.

use super::{Answer, Asked, Caller, Problem, page, problem::Problems, sent::rows};
use domain::{Permission, machines::Namespace};
use serde::Deserialize;
use store::machines::{Page, TrailEntry, trail};
use utoipa::IntoParams;

const ROOM: Namespace = Namespace::Audit;

/// A page of entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrailAsked {
    /// The `next_cursor` of the page before, or the last position there is a copy of.
    #[param(minimum = 0)]
    cursor: Option<i64>,
    /// Entries of the page, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Entries of the audit trail, by their position.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(TrailAsked), responses((status = 200, body = Page<TrailEntry>), Problems), security(("key" = ["audit:read"])))]
pub async fn list(caller: Caller, asked: Asked) -> Answer {
    let mut tx = caller.read(ROOM, Permission::SeeAudit).await?;
    let asked = asked.read::<TrailAsked>()?;
    let limit = rows(asked.limit)?;
    let after = asked.cursor.unwrap_or(0);
    if after < 0 {
        return Err(Problem::bad("cursor is a position, from 0."));
    }
    Ok(page(trail(&mut tx, after, limit).await?, limit))
}
