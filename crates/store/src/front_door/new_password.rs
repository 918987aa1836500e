//! A new password for somebody known: by the one before, or by a link from the mailbox. With it every other session ends.

use super::{FrontDoor, RESET_LIFETIME, entry};
use crate::{
    Actor, Origin, Result, Token,
    mail::{self, Mail},
};
use domain::{
    Event, Refusal, fields,
    ids::*,
    passwords::{self, Policy, Weight},
};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

/// What a new password is held against, and the key that seals the letter about it.
struct Present {
    person_id: Uuid,
    email: String,
    name: String,
    password_hash: String,
    earlier: Vec<String>,
    own: Vec<String>,
    cmmc: bool,
    shop_id: Option<Uuid>,
}

impl Present {
    /// What is tried first by whoever knows the person.
    fn names(&self) -> Vec<&str> {
        self.own.iter().chain([&self.name, &self.email]).map(String::as_str).collect()
    }
}

/// A letter, sealed for the outbox of a shop.
struct Sealed {
    shop: Uuid,
    id: Uuid,
    bytes: Vec<u8>,
}

impl FrontDoor<'_> {
    /// Changes the actor's own password, once the present one is shown; ends all other sessions, in every shop.
    ///
    /// # Errors
    /// Words beside `password_now` and `password`.
    pub async fn change_password(
        &self,
        actor: &Actor,
        now: String,
        new: String,
        device: Option<&Token>,
        letter: impl FnOnce(&str, &str) -> Mail,
    ) -> Result<()> {
        let present = self.present(actor).await?;
        let tried = self.try_password(&present.email, now, device, &actor.origin).await?;
        tried.right("password_now", "This is not your password.")?;
        let hash = self.acceptable(&present, new).await?;
        let sealed = self.sealed(&present, letter(&present.email, &present.name))?;
        let (payload, facts) = entry(&Event::PasswordChanged { person: actor.person }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        // The hash may have been made anew by the very check of the present password.
        let was =
            query_scalar!(r#"select password_hash as "was!" from auth.my_password()"#).fetch_one(&mut *tx).await?;
        let done = query_scalar!(
            r#"select auth.change_password($1, $2, $3, $4, $5, $6, $7, $8) as "done!""#,
            was,
            hash,
            device.map(Token::hash),
            sealed.shop,
            sealed.id,
            sealed.bytes,
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        if done {
            Ok(())
        } else {
            Err(Refusal::Conflict("Your password was changed meanwhile. Try again.".into()).into())
        }
    }

    /// Mails a link to reset the password, if anybody who works somewhere has that address. `letter` is written around the
    /// token and the person's name. For nobody the same work is done.
    ///
    /// # Errors
    /// Only faults.
    pub async fn ask_reset(
        &self,
        email: &str,
        origin: &Origin,
        letter: impl FnOnce(&Token, &str) -> Mail,
    ) -> Result<()> {
        let row = query!(
            r#"select person_id as "person!", name as "name!", shop_id as "shop!" from auth.reset_account($1)"#,
            email
        )
        .fetch_optional(&self.db.auth)
        .await?;
        let token = Token::fresh();
        let (person, sealed) = match row {
            Some(row) => (row.person, self.sealed_by(row.shop, &letter(&token, &row.name))?),
            None => (Uuid::now_v7(), self.sealed_by(Uuid::nil(), &letter(&token, "Nobody Nowhere"))?),
        };
        let (payload, facts) = entry(&Event::PasswordResetAsked { person: person.into() }, origin, &[])?;
        query!(
            "select auth.open_reset($1, $2, make_interval(secs => $3), $4, $5, $6, $7, $8)",
            email,
            token.hash(),
            RESET_LIFETIME,
            sealed.shop,
            sealed.id,
            sealed.bytes,
            payload,
            facts
        )
        .execute(&self.db.auth)
        .await?;
        Ok(())
    }

    /// Whether a link to reset a password works now. Changes nothing.
    ///
    /// # Errors
    /// Only faults.
    pub async fn reset_lives(&self, token: &Token) -> Result<bool> {
        Ok(self.find_reset(token).await?.is_some())
    }

    /// Uses such a link, once: the new password stands, every session of the person has ended.
    ///
    /// # Errors
    /// Words beside `password`; not found when the link was used, replaced or has expired.
    pub async fn reset_password(
        &self,
        token: &Token,
        new: String,
        origin: &Origin,
        letter: impl FnOnce(&str, &str) -> Mail,
    ) -> Result<()> {
        let present = self.find_reset(token).await?.ok_or(Refusal::NotFound)?;
        let hash = self.acceptable(&present, new).await?;
        let sealed = self.sealed(&present, letter(&present.email, &present.name))?;
        let (payload, facts) = entry(&Event::PasswordReset { person: present.person_id.into() }, origin, &[])?;
        let done = query_scalar!(
            r#"select auth.reset_password($1, $2, $3, $4, $5, $6, $7, $8) as "done!""#,
            token.hash(),
            present.password_hash,
            hash,
            sealed.shop,
            sealed.id,
            sealed.bytes,
            payload,
            facts
        )
        .fetch_one(&self.db.auth)
        .await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    async fn find_reset(&self, token: &Token) -> Result<Option<Present>> {
        Ok(query_as!(
            Present,
            r#"select person_id as "person_id!", email as "email!", name as "name!", password_hash as "password_hash!", earlier as "earlier!", own as "own!",
               cmmc as "cmmc!", shop_id from auth.find_reset($1)"#,
            token.hash()
        )
        .fetch_optional(&self.db.auth)
        .await?)
    }

    async fn present(&self, actor: &Actor) -> Result<Present> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        Ok(query_as!(
            Present,
            r#"select person_id as "person_id!", email as "email!", name as "name!", password_hash as "password_hash!", earlier as "earlier!", own as "own!",
               cmmc as "cmmc!", shop_id from auth.my_password()"#
        )
        .fetch_one(&mut *tx)
        .await?)
    }

    /// How hard to guess what is typed so far would be: for whoever is signed in, or for somebody new.
    ///
    /// # Errors
    /// Only faults.
    pub async fn weigh_password(&self, actor: Option<&Actor>, typed: &str) -> Result<Weight> {
        let Some(actor) = actor else {
            return Ok(passwords::weigh(typed, Policy { second_factor: false, cmmc: false }, &[], self.judge()));
        };
        let present = self.present(actor).await?;
        Ok(passwords::weigh(typed, self.policy(&present).await?, &present.names(), self.judge()))
    }

    async fn policy(&self, present: &Present) -> Result<Policy> {
        let (means, _) = self.means(present.person_id.into()).await?;
        Ok(Policy { second_factor: means.any(), cmmc: present.cmmc })
    }

    /// Holds a new password against the rules and the last ones, and hashes it.
    async fn acceptable(&self, present: &Present, new: String) -> Result<String> {
        let (policy, judge) = (self.policy(present).await?, self.judge_of(&new).await);
        let new = fields::check(|c| passwords::read(c, "password", &new, policy, &present.names(), judge))?;
        let mut last = present.earlier.clone();
        last.push(present.password_hash.clone());
        if self.is_one_of(new.clone(), last).await? {
            return Err(Refusal::field(
                "password",
                format!(
                    "This was one of your last {} passwords. Choose one you have not used here.",
                    passwords::REMEMBERED
                ),
            )
            .into());
        }
        self.hash_password(new).await
    }

    fn sealed(&self, present: &Present, mail: Mail) -> Result<Sealed> {
        // Nobody works anywhere any more who had a link.
        self.sealed_by(present.shop_id.ok_or(Refusal::NotFound)?, &mail)
    }

    fn sealed_by(&self, shop: Uuid, mail: &Mail) -> Result<Sealed> {
        let id = MailId(Uuid::now_v7());
        Ok(Sealed { shop, id: id.uuid(), bytes: mail::sealed(self.db, id, mail)? })
    }

    /// Whether the shop of an invitation asks for three of four kinds of characters.
    ///
    /// # Errors
    /// Only faults.
    pub async fn invite_asks_cmmc(&self, token: &Token) -> Result<bool> {
        Ok(query_scalar!(r#"select auth.invite_asks_cmmc($1) as "asks!""#, token.hash())
            .fetch_one(&self.db.auth)
            .await?)
    }
}
