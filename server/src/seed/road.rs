//! People who enter things: each signs in and goes the same road as a request.

use anyhow::{Context, Result, anyhow};
use domain::{
    Permission, Role,
    calendar::Date,
    ids::*,
    shop::{NewShop, NewTaxRate},
};
use std::sync::Arc;
use store::{Actor, Db, Origin, ReadTx, Token, WriteTx, front_door::accounts::NewOwner, mail::Mail};

/// Somebody of a shop.
pub struct Person {
    /// Name.
    pub name: &'static str,
    /// Lower-case address.
    pub email: &'static str,
    /// Standing.
    pub role: Role,
}

/// A signed-in person at work.
#[derive(Clone)]
pub struct Hand {
    db: Db,
    actor: Arc<Actor>,
}

fn origin() -> Origin {
    Origin { ip: "127.0.0.1".into(), user_agent: "Shearline demo data".into() }
}

impl Hand {
    /// Opens a shop; its owner is the first who works there.
    ///
    /// # Errors
    /// Only faults.
    pub async fn open(db: &Db, shop: &NewShop, taxes: &[NewTaxRate], owner: &Person, hash: &str) -> Result<Self> {
        let new = NewOwner { email: owner.email, name: owner.name, password_hash: hash };
        let (shop, person) = db.front_door().sign_up(shop, taxes, &new, &origin()).await?;
        Self::sign_in(db, shop, person).await
    }

    /// Invites somebody, who accepts and signs in.
    ///
    /// # Errors
    /// Only faults.
    pub async fn invite(&self, guest: &Person, hash: &str) -> Result<Self> {
        let (door, mut kept) = (self.db.front_door(), None);
        let (inviter, shop) = (&self.actor.name, &self.actor.shop_name);
        let letter = |token: &Token| {
            kept = Token::parse(&token.reveal());
            Mail {
                to: guest.email.to_owned(),
                subject: format!("Join {shop} on Shearline"),
                text: format!(
                    "{inviter} invites you to work with {shop} on Shearline, as {}.\n\nThis invitation of the demo was accepted at once: sign in with your address.\n",
                    guest.role
                ),
            }
        };
        door.invite(&self.actor, guest.email, guest.role, letter).await?;
        let token = kept.context("an invitation without a token")?;
        let invite = door.find_invite(&token).await?.context("an invitation that is not there")?;
        let person = door.accept_invite(&token, invite.id, guest.name, hash, &origin()).await?;
        Self::sign_in(&self.db, self.actor.shop, person).await
    }

    async fn sign_in(db: &Db, shop: ShopId, person: PersonId) -> Result<Self> {
        let token = db.front_door().open_session(shop, person, &origin()).await?;
        let actor = db
            .front_door()
            .resolve_session(&token, origin())
            .await?
            .ok_or_else(|| anyhow!("a session that ended at once"))?;
        Ok(Self { db: db.clone(), actor: Arc::new(actor) })
    }

    /// Signs out.
    ///
    /// # Errors
    /// Only faults.
    pub async fn leave(self) -> Result<()> {
        Ok(self.db.front_door().end_session(&self.actor, self.actor.session).await?)
    }

    /// Who it is.
    pub fn person(&self) -> PersonId {
        self.actor.person
    }

    /// In which shop.
    pub fn shop(&self) -> ShopId {
        self.actor.shop
    }

    /// Begins an act.
    ///
    /// # Errors
    /// A role that does not allow it.
    pub async fn begin(&self, permission: Permission) -> Result<WriteTx> {
        Ok(self.db.write(self.actor.allow(permission)?).await?)
    }

    /// Looks.
    ///
    /// # Errors
    /// A role that does not allow it.
    pub async fn look(&self, permission: Permission) -> Result<ReadTx> {
        Ok(self.db.read(self.actor.allow(permission)?).await?)
    }

    /// Today in the shop's zone.
    ///
    /// # Errors
    /// Only faults.
    pub async fn today(&self) -> Result<Date> {
        let mut tx = self.look(Permission::SeeJobs).await?;
        let today = store::identity::today(&mut tx).await?;
        Ok(Date::parse(&today)?)
    }
}
