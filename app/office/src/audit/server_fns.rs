//! Server functions of the audit trail.

use domain::{
    Permission,
    audit::{AuditFilter, TimelineEntry},
    reveal::{Openings, OpeningsFilter},
};
use gate::Result;
use leptos::prelude::*;

/// One page of the shop's chain, newest first.
#[server(prefix = "/fn", endpoint = "office/audit")]
pub async fn audit(#[server(default)] filter: AuditFilter) -> Result<Vec<TimelineEntry>> {
    let mut tx = gate::read(Permission::SeeAudit).await?;
    Ok(store::audit::timeline::page(&mut tx, &filter).await?)
}

/// Who opened what is sealed, when and why: of one client, by one person, or all.
#[server(prefix = "/fn", endpoint = "office/openings")]
pub async fn who_opened(#[server(default)] filter: OpeningsFilter) -> Result<Openings> {
    let mut tx = gate::read(Permission::SeeAudit).await?;
    Ok(store::reveal::openings(&mut tx, &filter).await?)
}
