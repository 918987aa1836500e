//! Server functions of the audit trail.

use domain::{
    Permission,
    audit::{AuditFilter, TimelineEntry},
};
use gate::Result;
use leptos::prelude::*;

/// One page of the shop's chain, newest first.
#[server(prefix = "/fn", endpoint = "office/audit")]
pub async fn audit(#[server(default)] filter: AuditFilter) -> Result<Vec<TimelineEntry>> {
    let mut tx = gate::read(Permission::SeeAudit).await?;
    Ok(store::audit::timeline::page(&mut tx, &filter).await?)
}
