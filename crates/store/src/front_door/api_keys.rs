//! Keys of machines: made, replaced and revoked by the office; turned into an actor by the API; and traps, which open
//! nothing and tell the owners that they were tried.

use super::{FrontDoor, entry};
use crate::{
    Actor, Cap, Error, Origin, Result, Token,
    error::OnConstraint,
    mail::{self, Mail},
    scope::Key,
};
use domain::{
    Event, Power, Refusal, Role,
    ids::*,
    machines::{ApiKeyRow, Namespace, NewApiKey, Reach, Scope},
    money::Currency,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// What keys begin with, so that scanners of other people's sources can find one that was left there.
pub const PREFIX: &str = "shl_";

/// For whom a presented key speaks.
pub enum Presented {
    /// A machine of a shop.
    Machine(Box<Actor>),
    /// A honeypot: to be answered like an unknown key, and reported.
    Trap(Cap),
    /// Nobody: unknown, expired or revoked.
    Nobody,
}

/// The text of a key, to be shown once.
#[must_use]
pub fn text(token: &Token) -> String {
    format!("{PREFIX}{}", token.reveal())
}

/// Reads a key; `None` for anything but the prefix and 43 characters of base64url.
#[must_use]
pub fn parse(text: &str) -> Option<Token> {
    Token::parse(text.strip_prefix(PREFIX)?)
}

impl FrontDoor<'_> {
    /// Makes the one key of a sent form and gives its secret: the only time it is known. A form that is sent again gives
    /// the same key a new secret, so that only the last answer is good.
    ///
    /// # Errors
    /// Refuses one more than the shop may have; a conflict when the key was used meanwhile. The database refuses all but owner and admin.
    pub async fn make_api_key(&self, actor: &Actor, form: &str, new: &NewApiKey) -> Result<Token> {
        let (key, token) = (of_form(actor.shop, form), Token::fresh());
        let event = if new.trap { Event::HoneypotMade { key } } else { Event::ApiKeyMade { key } };
        let rooms: Vec<String> = new.reach.namespaces.iter().map(|room| room.as_str().to_owned()).collect();
        let (payload, facts) = entry(
            &event,
            &actor.origin,
            &[("name", json!(new.name)), ("reach", json!(new.reach.words())), ("days", json!(new.days))],
        )?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let shown = query_scalar!(
            "select auth.make_api_key($1, $2, $3, $4, $5, $6, make_interval(days => $7), $8, $9, $10)",
            key.uuid(),
            token.cap().hash(),
            new.trap,
            new.name,
            new.reach.scope == Scope::Write,
            &rooms,
            new.days,
            i32::from(event.code()),
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await
        .on_constraint("api_keys_most", full)?;
        tx.commit().await?;
        shown.map(|_| token).ok_or_else(made_before)
    }

    /// Puts a new key in the place of an old one, which is dead at once; gives the new secret.
    ///
    /// # Errors
    /// Not found when the shop has no such live key; a conflict when its form was sent before and the key was used.
    pub async fn rotate_api_key(&self, actor: &Actor, form: &str, old: ApiKeyId) -> Result<Token> {
        let (key, token) = (of_form(actor.shop, form), Token::fresh());
        let (payload, facts) = entry(&Event::ApiKeyRotated { key, replaced: old }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let shown = query_scalar!(
            "select auth.rotate_api_key($1, $2, $3, $4, $5)",
            old.uuid(),
            key.uuid(),
            token.cap().hash(),
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await
        .on_constraint("api_keys_most", full)?;
        tx.commit().await?;
        match shown {
            Some(true) => Ok(token),
            Some(false) => Err(Refusal::NotFound.into()),
            None => Err(made_before()),
        }
    }

    /// Kills a key at once.
    ///
    /// # Errors
    /// Not found when it is not the shop's, or dead already.
    pub async fn revoke_api_key(&self, actor: &Actor, key: ApiKeyId) -> Result<()> {
        let (payload, facts) = entry(&Event::ApiKeyRevoked { key }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(r#"select auth.revoke_api_key($1, $2, $3) as "done!""#, key.uuid(), payload, facts)
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// The shop's keys, the newest first.
    ///
    /// # Errors
    /// Only faults.
    pub async fn api_keys(&self, actor: &Actor) -> Result<Vec<ApiKeyRow>> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        let rows = query!(
            r#"select id as "id!", trap as "trap!", name as "name!", writes as "writes!", namespaces as "namespaces!", made_by as "made_by!",
               app.local_date(created_at, $1) as "made!", app.local_date(expires_at, $1) as "expires!", app.local_time(last_used_at, $1) as last_used,
               last_ip as "last_ip!", live as "live!" from auth.api_keys()"#,
            actor.zone
        )
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| ApiKeyRow {
                id: row.id,
                name: row.name,
                trap: row.trap,
                reach: if row.trap { "Nothing: a honeypot".into() } else { reach(row.writes, &row.namespaces).words() },
                made_by: row.made_by,
                made: row.made,
                expires: row.expires,
                last_used: row.last_used,
                last_ip: row.last_ip,
                live: row.live,
            })
            .collect())
    }

    /// For whom a key speaks. Notes its use, at most once a minute.
    ///
    /// # Errors
    /// Only faults.
    pub async fn resolve_api_key(&self, token: &Token, origin: Origin) -> Result<Presented> {
        let cap = token.cap();
        let Some(row) = query!(
            r#"select key_id as "key!", trap as "trap!", person_id as "person!", person_name as "name!", shop_id as "shop!", shop_name as "shop_name!",
               shop_slug as "shop_slug!", role as "role!", time_zone as "zone!", currency as "currency!", writes as "writes!", namespaces as "namespaces!"
               from auth.resolve_api_key($1, $2)"#,
            cap.hash(),
            origin.ip
        )
        .fetch_optional(&self.db.auth)
        .await?
        else {
            return Ok(Presented::Nobody);
        };
        if row.trap {
            return Ok(Presented::Trap(cap));
        }
        let unreadable = || Error::Vault("a stored role or currency cannot be read".into());
        let role = Role::parse(&row.role).ok_or_else(unreadable)?;
        Ok(Presented::Machine(Box::new(Actor {
            session: row.key.into(),
            person: row.person.into(),
            name: row.name,
            shop: row.shop.into(),
            shop_name: row.shop_name,
            shop_slug: row.shop_slug,
            role,
            // Who may make keys holds a whole role; see migrations/0025_roles.sql.
            power: Power::whole(role),
            zone: row.zone,
            currency: Currency::parse(&row.currency).ok_or_else(unreadable)?,
            origin,
            // No key can say that a person sits before it.
            confirmed: false,
            second_step_due: false,
            key: Some(Key { id: row.key.into(), reach: reach(row.writes, &row.namespaces) }),
            cap,
        })))
    }

    /// A honeypot was tried: an entry on the chain and a letter to owners and admins, at most one a minute.
    ///
    /// # Errors
    /// Only faults.
    pub async fn spring_trap(&self, cap: &Cap, origin: &Origin) -> Result<()> {
        // The capability of a trap stands for nobody; it only has to stand somewhere.
        let mut tx = self.db.begin(&self.db.auth, "begin", cap).await?;
        let sprung = query!(
            r#"select key_id as "key!", shop_name as "shop_name!", name as "name!", missed as "missed!", owners as "owners!"
               from auth.spring_trap($1, $2)"#,
            cap.hash(),
            origin.ip
        )
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(sprung) = sprung {
            let (mut ids, mut sealed) = (Vec::new(), Vec::new());
            for owner in sprung.owners {
                let id = MailId(Uuid::now_v7());
                sealed.push(mail::sealed(self.db, id, &alarm(owner, &sprung.shop_name, &sprung.name, &origin.ip))?);
                ids.push(id.uuid());
            }
            let event = Event::HoneypotTriggered { key: sprung.key.into(), unrecorded: sprung.missed };
            let (payload, facts) =
                entry(&event, origin, &[("severity", json!("critical")), ("name", json!(sprung.name))])?;
            query!("select auth.record_trap($1, $2, $3, $4, $5)", cap.hash(), &ids, &sealed, payload, facts)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

fn reach(writes: bool, namespaces: &[String]) -> Reach {
    Reach {
        scope: if writes { Scope::Write } else { Scope::Read },
        namespaces: namespaces.iter().filter_map(|room| Namespace::parse(room)).collect(),
    }
}

fn alarm(to: String, shop: &str, key: &str, ip: &str) -> Mail {
    Mail {
        to,
        subject: format!("Somebody used a honeypot key of {shop}"),
        text: format!(
            "The honeypot key “{key}” of {shop} was just used, from the network address {ip}.\n\nNobody of yours uses it: whoever did has read something where it was laid out. It opened nothing. Look there who could read it, and replace the real keys that were kept beside it.\n\nThe audit trail shows each use.\n"
        ),
    }
}

/// Words for a shop that has as many keys as it may have.
fn full() -> Refusal {
    Refusal::Conflict("Your shop has as many API keys as it may have. Revoke one that is not used any more, or ask whoever runs this installation for more.".into())
}

fn made_before() -> Error {
    Refusal::Conflict("This key was made before. Open the page again to make another.".into()).into()
}

/// The id of the key that a form makes: the same whenever the form is sent.
fn of_form(shop: ShopId, form: &str) -> ApiKeyId {
    let digest = Sha256::new().chain_update("api key").chain_update(shop.uuid()).chain_update(form).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    ApiKeyId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_prefix_and_forty_three_characters() {
        let key = text(&Token::fresh());
        assert_eq!((key.len(), key.starts_with("shl_")), (47, true));
        assert!(parse(&key).is_some_and(|token| text(&token) == key));
        for other in [&key[4..], &key[..46], "shl_", "", "SHL_AAAA", &format!("{key}A")] {
            assert!(parse(other).is_none(), "{other}");
        }
    }
}
