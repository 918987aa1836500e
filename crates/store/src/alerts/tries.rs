//! Puts down that somebody was refused, or found nothing, too often within a minute. What is too often is counted by the
//! server, which sees every door; the worker writes it, because a program that may only read can write nothing itself.

use crate::{Actor, Db, Origin, Result, audit, scope::Visitor};
use domain::Event;
use serde_json::Map;
use sqlx::query;
use uuid::Uuid;

impl Db {
    /// By a person, or a key or program of theirs.
    ///
    /// # Errors
    /// Only faults.
    pub async fn record_tries(&self, actor: &Actor, times: i32) -> Result<()> {
        let (kind, who) = actor.key.as_ref().map_or((1, actor.person.uuid()), |key| (4, key.id.uuid()));
        self.tries(actor.shop.uuid(), kind, who, &actor.origin, times).await
    }

    /// By a client's link.
    ///
    /// # Errors
    /// Only faults.
    pub async fn record_visitors_tries(&self, visitor: &Visitor, times: i32) -> Result<()> {
        self.tries(visitor.shop.uuid(), 2, visitor.contact.uuid(), &visitor.origin, times).await
    }

    async fn tries(&self, shop: Uuid, kind: i32, who: Uuid, origin: &Origin, times: i32) -> Result<()> {
        let (payload, facts) = audit::written(&Event::DoorsTried { who, times }, origin, Map::new())?;
        query!("select worker.record_tries($1, $2, $3, $4, $5)", shop, kind, who, payload, facts)
            .execute(&self.worker)
            .await?;
        Ok(())
    }
}
