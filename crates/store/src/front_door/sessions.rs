//! Sessions: opening, resolving, listing, ending.

use super::{FrontDoor, SESSION_IDLE, SESSION_LIFETIME, entry};
use crate::{Actor, Error, Origin, Result, Token, error::OnConstraint};
use domain::{Event, Permission, Power, Refusal, Role, ids::*, money::Currency, shop::OwnSession};
use serde_json::json;
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

impl FrontDoor<'_> {
    /// Opens a session and gives its token: the only time it is known. For somebody who has just proved to be this
    /// person: the session counts as confirmed.
    ///
    /// # Errors
    /// A conflict, in words, when the shop is suspended.
    pub async fn open_session(&self, shop: ShopId, person: PersonId, origin: &Origin) -> Result<Token> {
        let token = Token::fresh();
        let (payload, facts) = entry(&Event::SignedIn { person }, origin, &[])?;
        query!(
            "select auth.open_session($1, $2, $3, $4, make_interval(secs => $5), make_interval(secs => $6), $7, $8, $9, $10)",
            Uuid::now_v7(), token.cap().hash(), shop.uuid(), person.uuid(), SESSION_IDLE, SESSION_LIFETIME, origin.user_agent, origin.ip, payload, facts
        )
        .execute(&self.db.auth)
        .await
        .map(drop)
        .on_constraint("shops_suspended", super::suspended)?;
        query!("select auth.opened_by_proof($1)", token.cap().hash()).execute(&self.db.auth).await?;
        Ok(token)
    }

    /// The actor of a cookie; `None` when it is unknown, expired, idle too long or revoked.
    ///
    /// # Errors
    /// Only faults.
    pub async fn resolve_session(&self, token: &Token, origin: Origin) -> Result<Option<Actor>> {
        let cap = token.cap();
        let Some(row) = query!(
            r#"select session_id as "session!", person_id as "person!", person_name as "name!", shop_id as "shop!", shop_name as "shop_name!",
               shop_slug as "shop_slug!", role as "role!", time_zone as "zone!", currency as "currency!", s.confirmed as "confirmed!", s.second_step_due as "second_step_due!", w.permissions as "withheld!"
               from auth.resolve_session($1), auth.standing($1) s, auth.withheld($1) w"#,
            cap.hash()
        )
        .fetch_optional(&self.db.auth)
        .await?
        else {
            return Ok(None);
        };
        let unreadable = || Error::Vault("a stored role or currency cannot be read".into());
        let role = Role::parse(&row.role).ok_or_else(unreadable)?;
        Ok(Some(Actor {
            session: row.session.into(),
            person: row.person.into(),
            name: row.name,
            shop: row.shop.into(),
            shop_name: row.shop_name,
            shop_slug: row.shop_slug,
            role,
            power: Power::less(role, &super::roles::permissions(&row.withheld)),
            zone: row.zone,
            currency: Currency::parse(&row.currency).ok_or_else(unreadable)?,
            origin,
            confirmed: row.confirmed,
            second_step_due: row.second_step_due,
            key: None,
            cap,
        }))
    }

    /// The actor's own live sessions, the latest used first.
    ///
    /// # Errors
    /// Only faults.
    pub async fn own_sessions(&self, actor: &Actor) -> Result<Vec<OwnSession>> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        Ok(query_as!(
            OwnSession,
            r#"select id as "id!: Uuid", user_agent as "user_agent!", ip as "ip!", app.local_time(created_at, $1) as "since!",
               app.local_time(last_seen_at, $1) as "last_seen!", current as "current!" from auth.my_sessions()"#,
            actor.zone
        )
        .fetch_all(&mut *tx)
        .await?)
    }

    /// Ends one of the actor's own sessions: this one (signing out) or another.
    ///
    /// # Errors
    /// Not found when it is not the actor's, or has ended.
    pub async fn end_session(&self, actor: &Actor, session: SessionId) -> Result<()> {
        let event = if session == actor.session {
            Event::SignedOut { person: actor.person }
        } else {
            Event::SessionRevoked { person: actor.person }
        };
        let (payload, facts) = entry(&event, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let ended = query_scalar!(
            r#"select auth.end_session($1, $2, $3, $4) as "ended!""#,
            session.uuid(),
            i32::from(event.code()),
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        if ended { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Puts a refused permission on the chain, at most one a minute for each actor and permission.
    ///
    /// # Errors
    /// Only faults.
    pub async fn record_denial(&self, actor: &Actor, permission: Permission) -> Result<()> {
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let unrecorded =
            query_scalar!("select auth.count_denial($1)", permission.to_string()).fetch_one(&mut *tx).await?;
        if let Some(unrecorded) = unrecorded {
            let event = Event::AccessDenied { person: actor.person, permission: permission.to_string(), unrecorded };
            let (payload, facts) = entry(&event, &actor.origin, &[("role", json!(actor.role.as_str()))])?;
            query!("select auth.record_denial($1, $2)", payload, facts).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
