//! Portal links: made and revoked by the office, redeemed by a client.

use super::{FrontDoor, LINK_LIFETIME, SESSION_IDLE, entry};
use crate::{
    Actor, Error, Origin, Result, Token,
    looks::Way,
    mail::{self, Mail},
    scope::Visitor,
};
use domain::{Event, Refusal, ids::*, money::Currency, portal::PortalLink};
use sha2::{Digest, Sha256};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

/// What the neutral page behind a link may show before it is redeemed.
pub struct LinkPeek {
    /// The link.
    pub link: PortalLinkId,
    /// The shop that made it.
    pub shop: ShopId,
    /// Its name.
    pub shop_name: String,
    /// Its telephone.
    pub shop_phone: String,
    /// Whose papers.
    pub client: ClientId,
    /// For whom.
    pub contact: ContactId,
}

impl FrontDoor<'_> {
    /// Makes a link for a contact and gives its token: the only time it is known.
    ///
    /// # Errors
    /// Not found when the contact is not this client's.
    pub async fn mint_portal_link(
        &self,
        actor: &Actor,
        client: ClientId,
        contact: ContactId,
    ) -> Result<(PortalLinkId, Token)> {
        let (link, token) = (PortalLinkId(Uuid::now_v7()), Token::fresh());
        match self.mint(actor, link, (client, contact), &token, None, false).await? {
            true => Ok((link, token)),
            false => Err(Refusal::NotFound.into()),
        }
    }

    /// Makes the one link of a sent form and gives its token. A form that is sent again, as by a double click, gives
    /// the same link a new token: only the last answer is shown.
    ///
    /// # Errors
    /// Not found when the contact is not this client's; a conflict when the link was used or revoked meanwhile.
    pub async fn show_portal_link(
        &self,
        actor: &Actor,
        form: &str,
        client: ClientId,
        contact: ContactId,
    ) -> Result<Token> {
        self.mint_for_form(actor, form, (client, contact), false).await
    }

    /// The same, as a decoy: only its owner ever knows. It is made and lives like any other.
    ///
    /// # Errors
    /// Not found when the contact is not this client's; a conflict when the link was made before. The database refuses all
    /// but owners.
    pub async fn lay_out_portal_link(
        &self,
        actor: &Actor,
        form: &str,
        client: ClientId,
        contact: ContactId,
    ) -> Result<Token> {
        self.mint_for_form(actor, form, (client, contact), true).await
    }

    /// Takes such a link away: it is revoked like any other, and is a decoy no more.
    ///
    /// # Errors
    /// Not found when it is revoked already.
    pub async fn take_portal_link_away(&self, actor: &Actor, link: PortalLinkId) -> Result<()> {
        let (payload, facts) = entry(&Event::PortalLinkRevoked { link }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        query_scalar!("select app.remove_decoy($1)", link.uuid()).fetch_one(&mut *tx).await?;
        // It may have been revoked by somebody of the office, who could not know.
        query_scalar!("select auth.revoke_portal_link($1, $2, $3)", link.uuid(), payload, facts)
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes the one link of a sent form and puts down the mail that `letter` writes around its token, in one
    /// transaction. Sent again, the form mails nothing more.
    ///
    /// # Errors
    /// Not found when the contact is not this client's.
    pub async fn mail_portal_link(
        &self,
        actor: &Actor,
        form: &str,
        client: ClientId,
        contact: ContactId,
        letter: impl FnOnce(&Token) -> Mail + Send,
    ) -> Result<()> {
        let (token, id) = (Token::fresh(), MailId(Uuid::now_v7()));
        let sealed = mail::sealed(self.db, id, &letter(&token))?;
        self.mint(actor, of_form(actor.shop, form), (client, contact), &token, Some((id, sealed)), false).await?;
        Ok(())
    }

    /// The one link of a sent form, whose token the answer shows.
    async fn mint_for_form(
        &self,
        actor: &Actor,
        form: &str,
        whose: (ClientId, ContactId),
        decoy: bool,
    ) -> Result<Token> {
        let token = Token::fresh();
        match self.mint(actor, of_form(actor.shop, form), whose, &token, None, decoy).await? {
            true => Ok(token),
            false => {
                Err(Refusal::Conflict("This link was made before. Open the page again to make another.".into()).into())
            }
        }
    }

    /// Whether the token opens the link now: not when its form was sent before and that answer stands.
    async fn mint(
        &self,
        actor: &Actor,
        link: PortalLinkId,
        (client, contact): (ClientId, ContactId),
        token: &Token,
        mail: Option<(MailId, Vec<u8>)>,
        decoy: bool,
    ) -> Result<bool> {
        let (payload, facts) = entry(&Event::PortalLinkCreated { link, client, contact }, &actor.origin, &[])?;
        let (mail, sealed) = mail.map(|(id, sealed)| (id.uuid(), sealed)).unzip();
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(
            "select auth.mint_portal_link($1, $2, $3, $4, make_interval(secs => $5), $6, $7, $8, $9)",
            link.uuid(),
            client.uuid(),
            contact.uuid(),
            token.hash(),
            LINK_LIFETIME,
            mail,
            sealed,
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await?;
        if decoy && done == Some(true) {
            query!("select app.plant_decoy($1, 'portal_link', $2)", link.uuid(), client.uuid())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        match done {
            Some(false) => Err(Refusal::NotFound.into()),
            done => Ok(done.is_some()),
        }
    }

    /// The links of a client, the newest first, with their last use.
    ///
    /// # Errors
    /// Only faults.
    pub async fn portal_links(&self, actor: &Actor, client: ClientId) -> Result<Vec<PortalLink>> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        Ok(query_as!(
            PortalLink,
            r#"select id as "id!: Uuid", contact_name as "contact_name!", app.local_time(created_at, $2) as "created!", app.local_date(expires_at, $2) as "expires!",
               app.local_time(last_used_at, $2) as last_used, revoked_at is null and expires_at > app.now() as "live!" from auth.portal_links_of($1)"#,
            client.uuid(), actor.zone
        )
        .fetch_all(&mut *tx)
        .await?)
    }

    /// Kills a link and every visit it opened, at once.
    ///
    /// # Errors
    /// Not found when it is not the shop's, or dead already.
    pub async fn revoke_portal_link(&self, actor: &Actor, link: PortalLinkId) -> Result<()> {
        let (payload, facts) = entry(&Event::PortalLinkRevoked { link }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done =
            query_scalar!(r#"select auth.revoke_portal_link($1, $2, $3) as "done!""#, link.uuid(), payload, facts)
                .fetch_one(&mut *tx)
                .await?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Who stands behind a live link. Changes nothing.
    ///
    /// # Errors
    /// Only faults.
    pub async fn peek_portal_link(&self, token: &Token, origin: &Origin) -> Result<Option<LinkPeek>> {
        let row = query!(
            r#"select link_id as "link!", shop_id as "shop!", shop_name as "shop_name!", shop_phone as "shop_phone!", client_id as "client!", contact_id as "contact!"
               from auth.peek_portal_link($1)"#,
            token.hash()
        )
        .fetch_optional(&self.db.auth)
        .await?;
        if let Some(row) = &row {
            self.db.looks.put(row.shop.into(), (2, row.contact), Way::Followed, &[row.link, row.client], origin);
        }
        Ok(row.map(|row| LinkPeek {
            link: row.link.into(),
            shop: row.shop.into(),
            shop_name: row.shop_name,
            shop_phone: row.shop_phone,
            client: row.client.into(),
            contact: row.contact.into(),
        }))
    }

    /// Exchanges a live link for a portal visit; gives the visit's own token for the cookie.
    ///
    /// # Errors
    /// Not found when the link is unknown, expired or revoked.
    pub async fn redeem_portal_link(&self, token: &Token, peek: &LinkPeek, origin: &Origin) -> Result<Token> {
        let visit = Token::fresh();
        let event = Event::PortalLinkRedeemed { link: peek.link, client: peek.client, contact: peek.contact };
        let (payload, facts) = entry(&event, origin, &[])?;
        let done = query_scalar!(
            r#"select auth.redeem_portal_link($1, $2, $3, make_interval(secs => $4), $5, $6, $7, $8) as "done!""#,
            token.hash(),
            Uuid::now_v7(),
            visit.cap().hash(),
            SESSION_IDLE,
            origin.user_agent,
            origin.ip,
            payload,
            facts
        )
        .fetch_one(&self.db.auth)
        .await?;
        if done { Ok(visit) } else { Err(Refusal::NotFound.into()) }
    }

    /// The visitor of a portal cookie; `None` when it is unknown, expired or its link was revoked.
    ///
    /// # Errors
    /// Only faults.
    pub async fn resolve_portal(&self, token: &Token, origin: Origin) -> Result<Option<Visitor>> {
        let cap = token.cap();
        let Some(row) = query!(
            r#"select link_id as "link!", shop_id as "shop!", shop_name as "shop_name!", shop_phone as "shop_phone!", client_id as "client!",
               client_name as "client_name!", contact_id as "contact!", contact_name as "contact_name!", time_zone as "zone!", currency as "currency!"
               from auth.resolve_portal($1)"#,
            cap.hash()
        )
        .fetch_optional(&self.db.auth)
        .await?
        else {
            return Ok(None);
        };
        Ok(Some(Visitor {
            link: row.link.into(),
            shop: row.shop.into(),
            shop_name: row.shop_name,
            shop_phone: row.shop_phone,
            client: row.client.into(),
            client_name: row.client_name,
            contact: row.contact.into(),
            contact_name: row.contact_name,
            zone: row.zone,
            currency: Currency::parse(&row.currency)
                .ok_or_else(|| Error::Vault("a stored currency cannot be read".into()))?,
            origin,
            cap,
        }))
    }
}

/// The id of the link that a form makes: the same whenever the form is sent.
fn of_form(shop: ShopId, form: &str) -> PortalLinkId {
    let digest = Sha256::new().chain_update(shop.uuid()).chain_update(form).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    PortalLinkId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
