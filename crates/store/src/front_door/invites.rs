//! Invitations: bound to one address, used once.

use super::{FrontDoor, INVITE_LIFETIME, entry};
use crate::{
    Actor, Origin, Result, Token,
    error::OnConstraint,
    mail::{self, Mail},
};
use domain::{Event, Refusal, Role, ids::*};
use serde_json::json;
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// A live invitation, found by its token.
pub struct Invite {
    /// Which.
    pub id: InviteId,
    /// Into which shop.
    pub shop: ShopId,
    /// That shop's name.
    pub shop_name: String,
    /// The only address that may accept.
    pub email: String,
    /// As what.
    pub role: String,
    /// The account of that address and its password hash, when there is one already.
    pub account: Option<(PersonId, String)>,
}

/// Words for a shop that has as many members as it may have.
fn full() -> Refusal {
    Refusal::Conflict(
        "Your shop has as many members and open invitations as it may have. End a membership, withdraw an invitation, or ask whoever runs this installation for more.".into(),
    )
}

impl FrontDoor<'_> {
    /// Invites an address by the mail that `letter` writes around the token; an earlier open invitation of it dies.
    ///
    /// # Errors
    /// Refuses one more than the shop may have, an address that is or was a member's, and an owner's role by anybody but an owner; the database refuses all
    /// but owner and admin.
    pub async fn invite(
        &self,
        actor: &Actor,
        email: &str,
        role: Role,
        letter: impl FnOnce(&Token) -> Mail + Send,
    ) -> Result<()> {
        let (invite, token, mail) = (InviteId(Uuid::now_v7()), Token::fresh(), MailId(Uuid::now_v7()));
        let sealed = mail::sealed(self.db, mail, &letter(&token))?;
        let (payload, facts) =
            entry(&Event::MemberInvited { invite, role }, &actor.origin, &[("email", json!(email))])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        query!(
            "select auth.invite($1, $2, $3, $4, make_interval(secs => $5), $6, $7, $8, $9)",
            invite.uuid(),
            email,
            role.as_str(),
            token.hash(),
            INVITE_LIFETIME,
            mail.uuid(),
            sealed,
            payload,
            facts
        )
        .execute(&mut *tx)
        .await
        .map(drop)
        .on_constraint("members_most", full)
        .map_err(|error| match error.is_constraint("invites_owner") {
            true => Refusal::field("role", "Only an owner can make somebody an owner.").into(),
            false => error,
        })
        .map_err(|error| match error.is_constraint("invites_member") {
            true => Refusal::field(
                "email",
                "This person is or was in the shop: change the role in the list, or restore the membership there.",
            )
            .into(),
            false => error,
        })?;
        tx.commit().await?;
        Ok(())
    }

    /// Withdraws an open invitation.
    ///
    /// # Errors
    /// Not found when there is no such open invitation in the actor's shop.
    pub async fn revoke_invite(&self, actor: &Actor, invite: InviteId) -> Result<()> {
        let (payload, facts) = entry(&Event::InviteRevoked { invite }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(r#"select auth.revoke_invite($1, $2, $3) as "done!""#, invite.uuid(), payload, facts)
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// A live invitation by its token.
    ///
    /// # Errors
    /// Only faults.
    pub async fn find_invite(&self, token: &Token) -> Result<Option<Invite>> {
        let row = query!(
            r#"select id as "id!", shop_id as "shop!", shop_name as "shop_name!", email as "email!", role as "role!", person_id, password_hash
               from auth.find_invite($1)"#,
            token.hash()
        )
        .fetch_optional(&self.db.auth)
        .await?;
        Ok(row.map(|row| Invite {
            id: row.id.into(),
            shop: row.shop.into(),
            shop_name: row.shop_name,
            email: row.email,
            role: row.role,
            account: row.person_id.map(PersonId).zip(row.password_hash),
        }))
    }

    /// Accepts an invitation, once. A new account is made when the invited address has none.
    ///
    /// # Errors
    /// Not found when it was used, withdrawn or expired meanwhile.
    pub async fn accept_invite(
        &self,
        token: &Token,
        invite: InviteId,
        name: &str,
        password_hash: &str,
        origin: &Origin,
    ) -> Result<PersonId> {
        let (payload, facts) = entry(&Event::InviteAccepted { invite }, origin, &[("name", json!(name))])?;
        let person = query_scalar!(
            "select auth.accept_invite($1, $2, $3, $4, $5, $6)",
            token.hash(),
            Uuid::now_v7(),
            name,
            password_hash,
            payload,
            facts
        )
        .fetch_one(&self.db.auth)
        .await?;
        person.map(PersonId).ok_or_else(|| Refusal::NotFound.into())
    }

    /// Changes a member's role or standing; ends that member's sessions.
    ///
    /// # Errors
    /// A conflict for the last owner, or when there is no place to come back to; not found otherwise.
    pub async fn set_member(
        &self,
        actor: &Actor,
        member: PersonId,
        role: Role,
        enabled: bool,
        event: &Event,
    ) -> Result<()> {
        use crate::error::OnConstraint;
        let (payload, facts) = entry(event, &actor.origin, &[("role", json!(role.as_str()))])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(
            r#"select auth.set_member($1, $2, $3, $4, $5, $6) as "done!""#,
            member.uuid(),
            role.as_str(),
            enabled,
            i32::from(event.code()),
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await
        .on_constraint("memberships_last_owner", || Refusal::Conflict("A shop keeps at least one owner.".into()))
        .map_err(|error| if error.is_constraint("members_most") { full().into() } else { error })?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }
}
