//! Passkeys: several to a person, each with a name, and each enough to sign in by itself, because the authenticator has
//! asked for a finger, a face or a PIN.
//!
//! The protocol is `webauthn-rs`'s. Ours is what lies around it: a challenge is kept in the database under the hash of
//! a token, for five minutes, and is gone when it is answered, rightly or not; a passkey being added is asked of one
//! person, and nobody else's answer counts; attestation is not asked for, since any authenticator that verifies its
//! user will do.

use super::{FrontDoor, entry};
use crate::{Actor, Error, Result, Token, error::OnConstraint};
use domain::{
    Event, Refusal,
    ids::{PasskeyId, PersonId},
    second_step::{Challenge, OwnPasskey},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sqlx::{query, query_as, query_scalar};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Webauthn, WebauthnBuilder,
};

/// A challenge waits this many seconds for its answer.
pub const CHALLENGE_LIFETIME: f64 = 300.0;
/// Most bytes of an answer that are read.
const LONGEST_ANSWER: usize = 16 * 1024;

/// Whose door a passkey opened.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// Whose passkey it is.
    pub person: PersonId,
    /// The shop of the oldest membership.
    pub shop: Option<Uuid>,
}

/// The words for every answer that does not hold: which check it failed is nobody's business but the log's.
pub(crate) fn refused() -> Refusal {
    Refusal::Conflict("This passkey was not accepted. Try again, or use another way.".into())
}

/// Whether browsers will keep passkeys for this address: they bind them to a name, never to a bare network address.
#[must_use]
pub fn possible(public_url: &str) -> bool {
    relying_party(public_url).is_ok()
}

/// The site as authenticators know it: its name, and the one origin that may speak for it.
pub(crate) fn relying_party(public_url: &str) -> Result<Webauthn> {
    let none =
        || Error::Refusal(Refusal::Conflict("Passkeys need Shearline to have a name, not a bare address.".into()));
    let origin = Url::parse(public_url).map_err(|_| none())?;
    let name = origin.domain().ok_or_else(none)?;
    WebauthnBuilder::new(name, &origin).and_then(|site| site.rp_name("Shearline").build()).map_err(|_| none())
}

pub(crate) fn kept<T: Serialize>(value: &T) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| Error::Vault(error.to_string()))
}

pub(crate) fn found<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::Vault(error.to_string()))
}

/// What the browser wrote down, or a refusal.
pub(crate) fn answer<T: DeserializeOwned>(text: &str) -> Result<T> {
    let short = (text.len() <= LONGEST_ANSWER).then_some(text).ok_or_else(refused)?;
    Ok(serde_json::from_str(short).map_err(|_| refused())?)
}

/// What an authenticator is asked when it shall make a passkey, and what its answer is held against.
pub(crate) fn asked_new(
    public_url: &str,
    whose: Uuid,
    name: &str,
    known: Vec<Vec<u8>>,
) -> Result<(Value, PasskeyRegistration)> {
    let (options, state) = relying_party(public_url)?
        .start_passkey_registration(whose, name, name, Some(known))
        .map_err(|error| Error::Vault(error.to_string()))?;
    // Discoverable, so that it can sign in by itself: the library leaves that to the authenticator.
    let mut options = kept(&options)?;
    options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("required");
    options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = json!(true);
    Ok((options, state))
}

impl FrontDoor<'_> {
    /// Own passkeys, the oldest first.
    ///
    /// # Errors
    /// Only faults.
    pub async fn own_passkeys(&self, actor: &Actor) -> Result<Vec<OwnPasskey>> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        Ok(query_as!(
            OwnPasskey,
            r#"select id as "id!", name as "name!", app.local_date(created_at, $1) as "since!", app.local_time(last_used_at, $1) as last_used
               from auth.my_passkeys()"#,
            actor.zone
        )
        .fetch_all(&mut *tx)
        .await?)
    }

    /// Asks an authenticator to make a passkey of this person.
    ///
    /// # Errors
    /// A conflict when this installation cannot have passkeys.
    pub async fn ask_new_passkey(&self, actor: &Actor, public_url: &str) -> Result<Challenge> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        let known =
            query_scalar!(r#"select credential_id as "id!" from auth.my_passkeys()"#).fetch_all(&mut *tx).await?;
        drop(tx);
        let (options, state) = asked_new(public_url, actor.person.uuid(), &actor.name, known)?;
        self.put_challenge(Some(actor.person), &options, kept(&state)?).await
    }

    /// Asks any authenticator for any passkey of ours.
    ///
    /// # Errors
    /// A conflict when this installation cannot have passkeys.
    pub async fn ask_passkey(&self, public_url: &str) -> Result<Challenge> {
        let (options, state) = relying_party(public_url)?
            .start_discoverable_authentication()
            .map_err(|error| Error::Vault(error.to_string()))?;
        self.put_challenge(None, &kept(&options)?, kept(&state)?).await
    }

    async fn put_challenge(&self, person: Option<PersonId>, options: &Value, state: Value) -> Result<Challenge> {
        let token = Token::fresh();
        query!(
            "select auth.put_challenge($1, $2, $3, make_interval(secs => $4))",
            token.hash(),
            person.map(PersonId::uuid),
            state,
            CHALLENGE_LIFETIME
        )
        .execute(&self.db.auth)
        .await?;
        Ok(Challenge { token: token.reveal(), options: options["publicKey"].to_string() })
    }

    /// The challenge of a token, taken away whatever comes of it.
    async fn take_challenge<T: DeserializeOwned>(&self, token: &str, person: Option<PersonId>) -> Result<T> {
        let token = Token::parse(token).ok_or_else(refused)?;
        let state = query_scalar!("select auth.take_challenge($1, $2)", token.hash(), person.map(PersonId::uuid))
            .fetch_one(&self.db.auth)
            .await?;
        found(state.ok_or_else(refused)?)
    }

    /// Adds the passkey an authenticator made. Gives recovery codes to show, when there are none left.
    ///
    /// # Errors
    /// A conflict when the answer does not hold.
    pub async fn add_passkey(
        &self,
        actor: &Actor,
        public_url: &str,
        token: &str,
        credential: &str,
        name: &str,
    ) -> Result<Option<Vec<String>>> {
        let state: PasskeyRegistration = self.take_challenge(token, Some(actor.person)).await?;
        let made: RegisterPublicKeyCredential = answer(credential)?;
        let passkey = relying_party(public_url)?.finish_passkey_registration(&made, &state).map_err(|error| {
            tracing::info!(%error, "a new passkey was refused");
            refused()
        })?;
        let id = PasskeyId(Uuid::now_v7());
        let event = Event::PasskeyAdded { person: actor.person, passkey: id };
        let (payload, facts) = entry(&event, &actor.origin, &[("name", json!(name))])?;
        let fresh = match self.means(actor.person).await? {
            (_, 0) => Some(super::recovery::fresh().await?),
            _ => None,
        };
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        query!(
            "select auth.add_passkey($1, $2, $3, $4, $5, $6)",
            id.uuid(),
            name,
            passkey.cred_id().as_slice(),
            kept(&passkey)?,
            payload,
            facts
        )
        .execute(&mut *tx)
        .await
        .map(drop)
        .on_constraint("passkeys_credential", refused)?;
        if let Some(set) = &fresh {
            set.keep(&mut tx, actor).await?;
        }
        tx.commit().await?;
        Ok(fresh.map(|set| set.codes))
    }

    /// Whose passkey answered the challenge of this token.
    ///
    /// # Errors
    /// A conflict when the answer does not hold.
    pub async fn open_by_passkey(&self, public_url: &str, token: &str, credential: &str) -> Result<Opened> {
        let state: DiscoverableAuthentication = self.take_challenge(token, None).await?;
        let shown: PublicKeyCredential = answer(credential)?;
        let site = relying_party(public_url)?;
        let (person, credential_id) = site.identify_discoverable_authentication(&shown).map_err(|_| refused())?;
        let row = query!(
            r#"select id as "id!", person_id as "person!", credential as "credential!", shop_id from auth.passkey_by_id($1)"#,
            credential_id
        )
        .fetch_optional(&self.db.auth)
        .await?
        .filter(|row| row.person == person)
        .ok_or_else(refused)?;
        let mut passkey: Passkey = found(row.credential)?;
        // The library refuses a counter that did not grow, an authenticator that did not verify its user, and any other
        // origin than ours.
        let result = site.finish_discoverable_authentication_v2(&shown, state, &passkey).map_err(|error| {
            tracing::info!(%error, "a passkey was refused");
            refused()
        })?;
        if !result.user_verified() {
            return Err(refused().into());
        }
        passkey.update_credential(&result);
        query!("select auth.used_passkey($1, $2)", row.id, kept(&passkey)?).execute(&self.db.auth).await?;
        Ok(Opened { person: row.person.into(), shop: row.shop_id })
    }

    /// Gives a passkey another name.
    ///
    /// # Errors
    /// Not found when it is not the actor's.
    pub async fn rename_passkey(&self, actor: &Actor, passkey: PasskeyId, name: &str) -> Result<()> {
        let event = Event::PasskeyRenamed { person: actor.person, passkey };
        let (payload, facts) = entry(&event, &actor.origin, &[("name", json!(name))])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(
            r#"select auth.rename_passkey($1, $2, $3, $4) as "done!""#,
            passkey.uuid(),
            name,
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Takes a passkey away: it opens nothing any more, and the person's other sessions end.
    ///
    /// # Errors
    /// Not found when it is not the actor's.
    pub async fn remove_passkey(&self, actor: &Actor, passkey: PasskeyId) -> Result<()> {
        let event = Event::PasskeyRemoved { person: actor.person, passkey };
        let (payload, facts) = entry(&event, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done =
            query_scalar!(r#"select auth.remove_passkey($1, $2, $3) as "done!""#, passkey.uuid(), payload, facts)
                .fetch_one(&mut *tx)
                .await?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }
}
