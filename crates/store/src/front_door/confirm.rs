//! "Confirm it is you", and what else a person or owner says about sessions: how far they go, and when they end.

use super::{FrontDoor, entry};
use crate::{Actor, Result, Token};
use domain::{Event, Role};
use serde_json::json;
use sqlx::{query, query_scalar};

impl FrontDoor<'_> {
    /// The person has proved again who it is: the session goes on under this token, and counts as confirmed for ten
    /// minutes.
    ///
    /// # Errors
    /// Only faults.
    pub async fn confirm_session(&self, actor: &Actor) -> Result<Token> {
        let token = Token::fresh();
        let (payload, facts) = entry(&Event::IdentityConfirmed { person: actor.person }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        query!("select auth.confirm_session($1, $2, $3)", token.cap().hash(), payload, facts).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Ends all the person's other sessions, in every shop, and says how many there were.
    ///
    /// # Errors
    /// Only faults.
    pub async fn end_other_sessions(&self, actor: &Actor) -> Result<i32> {
        let (payload, facts) = entry(&Event::OtherSessionsEnded { person: actor.person }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let ended = query_scalar!(r#"select auth.end_other_sessions($1, $2) as "ended!""#, payload, facts)
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Roles whose members must have a second step.
    ///
    /// # Errors
    /// Only faults.
    pub async fn second_step_roles(&self, actor: &Actor) -> Result<Vec<Role>> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        let roles =
            query_scalar!(r#"select role as "role!" from auth.second_step_roles()"#).fetch_all(&mut *tx).await?;
        Ok(roles.iter().filter_map(|role| Role::parse(role)).collect())
    }

    /// Asks for a second step of these roles and no others. Members without one are let no further from now on.
    ///
    /// # Errors
    /// Forbidden for anybody but an owner.
    pub async fn require_second_step(&self, actor: &Actor, roles: Vec<Role>) -> Result<()> {
        let names: Vec<String> = roles.iter().map(|role| role.as_str().to_owned()).collect();
        let event = Event::SecondStepRequired { shop: actor.shop, roles };
        let (payload, facts) = entry(&event, &actor.origin, &[("roles", json!(names))])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        query!("select auth.require_second_step($1, $2, $3)", &names, payload, facts).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The hash of the person's password, to compare with when the person confirms. Counts the try first: a browser left
    /// open is no place to try passwords in.
    ///
    /// # Errors
    /// Words beside the field when there were too many tries.
    pub async fn own_password(&self, actor: &Actor) -> Result<Option<String>> {
        self.count_try("password", actor.person).await?;
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        Ok(query_scalar!("select password_hash from auth.my_password()").fetch_optional(&mut *tx).await?.flatten())
    }
}
