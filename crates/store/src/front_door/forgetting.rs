//! Forgetting somebody: one act of the database, with its entry. The reason stands under the keys of those who remain.

use super::{FrontDoor, entry};
use crate::{Actor, Error, Result};
use domain::{
    Event, Refusal,
    ids::{ClientId, ContactId, PersonId},
};
use serde_json::json;
use sqlx::query_scalar;

impl FrontDoor<'_> {
    /// Forgets a client and all their contacts.
    ///
    /// # Errors
    /// Not found; a conflict while a job, an invoice or a legal hold is open.
    pub async fn forget_client(&self, actor: &Actor, client: ClientId, reason: &str) -> Result<()> {
        let (payload, facts) = entry(&Event::ClientForgotten { client }, &actor.origin, &[("reason", json!(reason))])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let act = query_scalar!(r#"select auth.forget_client($1, $2, $3) as "done!""#, client.uuid(), payload, facts);
        let done = act.fetch_one(&mut *tx).await.map_err(|error| refused(error.into()))?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Forgets one person of a client.
    ///
    /// # Errors
    /// Not found; a conflict while a job they asked for, or a legal hold, is open.
    pub async fn forget_contact(
        &self,
        actor: &Actor,
        client: ClientId,
        contact: ContactId,
        reason: &str,
    ) -> Result<()> {
        let event = Event::ContactForgotten { contact, client };
        let (payload, facts) = entry(&event, &actor.origin, &[("reason", json!(reason))])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let act = query_scalar!(r#"select auth.forget_contact($1, $2, $3) as "done!""#, contact.uuid(), payload, facts);
        let done = act.fetch_one(&mut *tx).await.map_err(|error| refused(error.into()))?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Forgets somebody who was a member.
    ///
    /// # Errors
    /// Not found; a conflict while they are one.
    pub async fn forget_member(&self, actor: &Actor, person: PersonId, reason: &str) -> Result<()> {
        let (payload, facts) = entry(&Event::MemberForgotten { person }, &actor.origin, &[("reason", json!(reason))])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let act = query_scalar!(r#"select auth.forget_member($1, $2, $3) as "done!""#, person.uuid(), payload, facts);
        let done = act.fetch_one(&mut *tx).await.map_err(|error| refused(error.into()))?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }
}

/// Words for what the database says stands in the way.
fn refused(error: Error) -> Error {
    let words = [
        ("forget_held", "There is a legal hold on this client. Lift it first."),
        (
            "forget_held_with",
            "What the audit trail notes about a client under legal hold would go with them. Lift that hold first.",
        ),
        ("forget_jobs", "A job is open. Close or cancel it first."),
        ("forget_invoices", "There is an invoice that is a draft or not paid. Settle or void it first."),
        ("forget_member", "They are still a member. Let them go first."),
    ];
    match words.iter().find(|(name, _)| error.is_constraint(name)) {
        Some((_, words)) => Refusal::Conflict((*words).into()).into(),
        None => error,
    }
}
