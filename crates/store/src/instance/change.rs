//! What an administrator changes about a shop: opened, suspended, resumed, capped. Each act stands on the shop's own audit
//! chain and on the installation's log, and the database asks for a passkey shown within ten minutes.

use super::{Administrator, Instance, stale};
use crate::{
    Error, Origin, Result, Token,
    error::OnConstraint,
    front_door::{INVITE_LIFETIME, entry},
    mail::{self, Mail},
};
use domain::{
    Event, Refusal,
    ids::{InviteId, MailId, ShopId},
    instance::Caps,
    shop::NewShop,
};
use serde_json::{Value, json};
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// An invitation about to be put down: its token is in the letter alone.
struct Invitation {
    id: InviteId,
    token: Token,
    mail: MailId,
}

impl Invitation {
    fn new() -> Self {
        Self { id: InviteId(Uuid::now_v7()), token: Token::fresh(), mail: MailId(Uuid::now_v7()) }
    }
}

impl Instance<'_> {
    /// Opens a shop nobody works in yet and invites its owner by the letter that `letter` writes around the token.
    ///
    /// # Errors
    /// A field error when the short name is taken; forbidden when the passkey was shown too long ago.
    pub async fn open_shop(
        &self,
        who: &Administrator,
        origin: &Origin,
        shop: &NewShop,
        email: &str,
        letter: impl FnOnce(&Token) -> Mail + Send,
    ) -> Result<ShopId> {
        let (id, invitation) = (ShopId(Uuid::now_v7()), Invitation::new());
        let (kek_id, wrapped) = crate::seal::new_shop_key(self.db, id).await?;
        let sealed = self.sealed(&invitation, letter)?;
        let event = Event::ShopOpenedFor { shop: id, invite: invitation.id };
        let (payload, facts) =
            entry(&event, origin, &[("by", json!(who.name)), ("shop", json!(shop.name)), ("email", json!(email))])?;
        let mut tx = self.presenting("begin", &who.cap).await?;
        query!(
            "select instance.open_shop($1, $2, $3, $4, $5, $6, $7, $8, make_interval(secs => $9), $10, $11, $12, $13)",
            id.uuid(),
            shop.slug,
            json!(shop),
            kek_id,
            wrapped,
            invitation.id.uuid(),
            email,
            invitation.token.hash(),
            INVITE_LIFETIME,
            invitation.mail.uuid(),
            sealed,
            payload,
            facts
        )
        .execute(&mut *tx)
        .await
        .map(drop)
        .on_constraint("shops_slug_key", || Refusal::field("slug", "This short name is taken. Try another."))
        .map_err(stale)?;
        tx.commit().await?;
        Ok(id)
    }

    /// Invites the owner of a shop once more, as long as nobody works there; `letter` is given the shop's name, too.
    ///
    /// # Errors
    /// Not found when there is no such shop, or somebody works there.
    pub async fn invite_owner(
        &self,
        who: &Administrator,
        origin: &Origin,
        shop: ShopId,
        email: &str,
        letter: impl FnOnce(&str, &Token) -> Mail + Send,
    ) -> Result<()> {
        let mut tx = self.presenting("begin", &who.cap).await?;
        let row = query!(r#"select name as "name!" from instance.empty_shop($1)"#, shop.uuid())
            .fetch_optional(&mut *tx)
            .await?
            .ok_or(Refusal::NotFound)?;
        let invitation = Invitation::new();
        let sealed = self.sealed(&invitation, |token| letter(&row.name, token))?;
        let event = Event::OwnerInvited { shop, invite: invitation.id };
        let (payload, facts) = entry(&event, origin, &[("by", json!(who.name)), ("email", json!(email))])?;
        let done = query_scalar!(
            r#"select instance.invite_owner($1, $2, $3, $4, make_interval(secs => $5), $6, $7, $8, $9) as "done!""#,
            invitation.id.uuid(),
            shop.uuid(),
            email,
            invitation.token.hash(),
            INVITE_LIFETIME,
            invitation.mail.uuid(),
            sealed,
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(|error| stale(error.into()))?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    fn sealed(&self, invitation: &Invitation, letter: impl FnOnce(&Token) -> Mail) -> Result<Vec<u8>> {
        mail::sealed(self.db, invitation.mail, &letter(&invitation.token))
    }

    /// Shuts a shop: nobody acts there until it is resumed; nothing of it is lost.
    ///
    /// # Errors
    /// Not found when there is no such shop, or it is suspended already.
    pub async fn suspend(&self, who: &Administrator, origin: &Origin, shop: ShopId, reason: &str) -> Result<()> {
        let (payload, facts) = acted(who, origin, &Event::ShopSuspended { shop }, &[("reason", json!(reason))])?;
        let mut tx = self.presenting("begin", &who.cap).await?;
        let done =
            query_scalar!(r#"select instance.suspend($1, $2, $3, $4) as "done!""#, shop.uuid(), reason, payload, facts)
                .fetch_one(&mut *tx)
                .await;
        let done = done.map_err(|error| stale(error.into()))?;
        tx.commit().await?;
        found(done)
    }

    /// Opens a suspended shop again, as it was.
    ///
    /// # Errors
    /// Not found when there is no such shop, or it is not suspended.
    pub async fn resume(&self, who: &Administrator, origin: &Origin, shop: ShopId) -> Result<()> {
        let (payload, facts) = acted(who, origin, &Event::ShopResumed { shop }, &[])?;
        let mut tx = self.presenting("begin", &who.cap).await?;
        let done = query_scalar!(r#"select instance.resume($1, $2, $3) as "done!""#, shop.uuid(), payload, facts)
            .fetch_one(&mut *tx)
            .await;
        let done = done.map_err(|error| stale(error.into()))?;
        tx.commit().await?;
        found(done)
    }

    /// Sets how many members and keys a shop may have from now on; what it has it keeps.
    ///
    /// # Errors
    /// Not found when there is no such shop.
    pub async fn set_caps(&self, who: &Administrator, origin: &Origin, shop: ShopId, caps: Caps) -> Result<()> {
        let event = Event::CapsChanged { shop, members: caps.members, api_keys: caps.api_keys };
        let (payload, facts) = acted(who, origin, &event, &[])?;
        let mut tx = self.presenting("begin", &who.cap).await?;
        let done = query_scalar!(
            r#"select instance.set_caps($1, $2, $3, $4, $5) as "done!""#,
            shop.uuid(),
            caps.members,
            caps.api_keys,
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await;
        let done = done.map_err(|error| stale(error.into()))?;
        tx.commit().await?;
        found(done)
    }
}

fn acted(
    who: &Administrator,
    origin: &Origin,
    event: &Event,
    more: &[(&str, Value)],
) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let by = [("by", json!(who.name))];
    entry(event, origin, &[&by, more].concat())
}

fn found(done: bool) -> Result<()> {
    if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
}
