//! The only way in: a passkey, made once by a link from the command line, shown at each sign-in and before changes.

use super::{Administrator, Instance, stale};
use crate::{
    Error, Result, Token,
    front_door::passkeys::{answer, asked_new, found, kept, refused, relying_party},
};
use domain::{Refusal, second_step::Challenge};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::{query, query_scalar};
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
};

/// A passkey that was shown and held.
struct Shown {
    passkey: Uuid,
    credential: Value,
}

impl Instance<'_> {
    /// For whom a link makes a passkey; `None` when it was used, is older than half an hour, or never was.
    ///
    /// # Errors
    /// Only faults.
    pub async fn find_enrolment(&self, link: &Token) -> Result<Option<String>> {
        Ok(query_scalar!(r#"select name as "name!" from instance.find_enrolment($1)"#, link.hash())
            .fetch_optional(&self.db.instance)
            .await?)
    }

    /// Asks an authenticator to make the passkey of a link.
    ///
    /// # Errors
    /// Not found when the link does not live.
    pub async fn ask_enrolment(&self, link: &Token, site: &str) -> Result<Challenge> {
        let row =
            query!(r#"select admin_id as "admin!", name as "name!" from instance.find_enrolment($1)"#, link.hash())
                .fetch_optional(&self.db.instance)
                .await?
                .ok_or(Refusal::NotFound)?;
        let (options, state) = asked_new(site, row.admin, &row.name, Vec::new())?;
        self.put_challenge(Some(link), &options, kept(&state)?).await
    }

    /// Makes the passkey of a link, once.
    ///
    /// # Errors
    /// A conflict when the answer does not hold; not found when the link does not live any more.
    pub async fn enrol(&self, link: &Token, site: &str, token: &str, credential: &str) -> Result<()> {
        let state: PasskeyRegistration = self.take_challenge(token, Some(link)).await?;
        let made: RegisterPublicKeyCredential = answer(credential)?;
        let passkey = relying_party(site)?.finish_passkey_registration(&made, &state).map_err(|error| {
            tracing::info!(%error, "an administrator's new passkey was refused");
            refused()
        })?;
        let done = query_scalar!(
            r#"select instance.enrol($1, $2, $3, $4) as "done!""#,
            link.hash(),
            Uuid::now_v7(),
            passkey.cred_id().as_slice(),
            kept(&passkey)?
        )
        .fetch_one(&self.db.instance)
        .await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Asks any authenticator for an administrator's passkey.
    ///
    /// # Errors
    /// Only faults.
    pub async fn ask_passkey(&self, site: &str) -> Result<Challenge> {
        let (options, state) = relying_party(site)?
            .start_discoverable_authentication()
            .map_err(|error| Error::Vault(error.to_string()))?;
        self.put_challenge(None, &kept(&options)?, kept(&state)?).await
    }

    /// Opens a session for whoever showed a passkey, and gives its token: the only time it is known.
    ///
    /// # Errors
    /// A conflict when the answer does not hold.
    pub async fn sign_in(&self, site: &str, token: &str, credential: &str) -> Result<Token> {
        let (shown, session) = (self.shown(site, token, credential).await?, Token::fresh());
        query!(
            "select instance.open_session($1, $2, $3, $4)",
            Uuid::now_v7(),
            session.cap().hash(),
            shown.passkey,
            shown.credential
        )
        .execute(&self.db.instance)
        .await?;
        Ok(session)
    }

    /// The same administrator showed a passkey again: the session goes on under another token.
    ///
    /// # Errors
    /// A conflict when the answer does not hold, or is somebody else's.
    pub async fn confirm(&self, who: &Administrator, site: &str, token: &str, credential: &str) -> Result<Token> {
        let (shown, session) = (self.shown(site, token, credential).await?, Token::fresh());
        let mut tx = self.presenting("begin", &who.cap).await?;
        let done = query_scalar!(
            r#"select instance.confirm($1, $2, $3) as "done!""#,
            session.cap().hash(),
            shown.passkey,
            shown.credential
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(|error| stale(error.into()))?;
        tx.commit().await?;
        if done { Ok(session) } else { Err(refused().into()) }
    }

    /// The passkey that answered the challenge of this token.
    async fn shown(&self, site: &str, token: &str, credential: &str) -> Result<Shown> {
        let state: DiscoverableAuthentication = self.take_challenge(token, None).await?;
        let shown: PublicKeyCredential = answer(credential)?;
        let site = relying_party(site)?;
        let (whose, credential_id) = site.identify_discoverable_authentication(&shown).map_err(|_| refused())?;
        let row = query!(
            r#"select id as "id!", admin_id as "admin!", credential as "credential!" from instance.passkey_by_id($1)"#,
            credential_id
        )
        .fetch_optional(&self.db.instance)
        .await?
        .filter(|row| row.admin == whose)
        .ok_or_else(refused)?;
        let mut passkey: Passkey = found(row.credential)?;
        let result = site.finish_discoverable_authentication_v2(&shown, state, &passkey).map_err(|error| {
            tracing::warn!(%error, "an administrator's passkey was refused");
            refused()
        })?;
        if !result.user_verified() {
            return Err(refused().into());
        }
        passkey.update_credential(&result);
        Ok(Shown { passkey: row.id, credential: kept(&passkey)? })
    }

    async fn put_challenge(&self, link: Option<&Token>, options: &Value, state: Value) -> Result<Challenge> {
        let token = Token::fresh();
        query!("select instance.put_challenge($1, $2, $3)", token.hash(), link.map(Token::hash), state)
            .execute(&self.db.instance)
            .await?;
        Ok(Challenge { token: token.reveal(), options: options["publicKey"].to_string() })
    }

    async fn take_challenge<T: DeserializeOwned>(&self, token: &str, link: Option<&Token>) -> Result<T> {
        let token = Token::parse(token).ok_or_else(refused)?;
        let state = query_scalar!("select instance.take_challenge($1, $2)", token.hash(), link.map(Token::hash))
            .fetch_one(&self.db.instance)
            .await?;
        found(state.ok_or_else(refused)?)
    }
}
