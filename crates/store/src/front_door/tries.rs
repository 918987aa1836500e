//! A password tried: counted before it is looked at, by the database, so that neither a restart, a second server nor fifty
//! tries at once get around the count.

use super::{FrontDoor, accounts::Account, entry};
use crate::{Origin, Result, Token};
use domain::{Event, Refusal, ids::*};
use sqlx::query;
use uuid::Uuid;

/// Failures in a row that close an account to a kind of browser.
const MOST: i32 = 10;

/// What came of a try.
pub enum Tried {
    /// The password was right.
    Right(Account),
    /// It was wrong, or nobody has that address, or the account is closed for a while: none of which is told apart.
    Wrong,
    /// Too many tries too fast: the next after so many seconds. Nothing was looked at.
    Wait(i32),
}

impl Tried {
    /// The account, or words beside the password that tell a stranger nothing.
    ///
    /// # Errors
    /// Words beside `field`.
    pub fn right(self, field: &str, wrong: &str) -> Result<Account, Refusal> {
        match self {
            Self::Right(account) => Ok(account),
            Self::Wrong => Err(Refusal::field(
                field,
                format!(
                    "{wrong} After ten wrong tries an account stays closed for half an hour; a link to choose a new password opens it sooner."
                ),
            )),
            Self::Wait(1) => Err(Refusal::field(field, "That was fast. Wait a second, then try again.")),
            Self::Wait(seconds) => {
                Err(Refusal::field(field, format!("Several tries went wrong. Wait {seconds} seconds, then try again.")))
            }
        }
    }
}

/// A try the database let through, or did not.
struct Begun {
    verdict: String,
    failures: i32,
    wait: i32,
    tried_by: Vec<u8>,
    account: Option<Account>,
}

impl FrontDoor<'_> {
    /// Tries a password for an address, from a browser that may be known there.
    ///
    /// # Errors
    /// Only faults.
    pub async fn try_password(
        &self,
        email: &str,
        password: String,
        device: Option<&Token>,
        origin: &Origin,
    ) -> Result<Tried> {
        let begun = self.begin_sign_in(email, device).await?;
        if begun.verdict == "wait" {
            return Ok(Tried::Wait(begun.wait));
        }
        // A closed account costs as much as an open one, whatever the password.
        let hash = begun.account.as_ref().map(|account| account.password_hash.clone());
        let right = self.verify_password(password.clone(), hash).await?;
        match begun.account {
            Some(account) if right => {
                self.sign_in_right(&account, password, &begun.tried_by).await?;
                Ok(Tried::Right(account))
            }
            account => {
                let person = account.map(|account| account.person);
                match (begun.verdict.as_str(), begun.failures) {
                    ("go", MOST) => self.record_lock(email, person, origin).await?,
                    ("go", _) => self.record_failure(email, person, origin).await?,
                    // On the chains stands already that it is closed.
                    _ => (),
                }
                Ok(Tried::Wrong)
            }
        }
    }

    async fn begin_sign_in(&self, email: &str, device: Option<&Token>) -> Result<Begun> {
        let device = device.map(Token::hash).unwrap_or_default();
        let row = query!(
            r#"select verdict as "verdict!", failures as "failures!", wait_seconds, tried_by as "tried_by!", person_id, name, password_hash, shops
               from auth.begin_sign_in($1, $2)"#,
            email,
            device
        )
        .fetch_one(&self.db.auth)
        .await?;
        let account = match (row.person_id, row.name, row.password_hash) {
            (Some(person), Some(name), Some(password_hash)) => Some(Account {
                person: person.into(),
                name,
                password_hash,
                memberships: row.shops.unwrap_or_default().into_iter().map(ShopId).collect(),
            }),
            _ => None,
        };
        Ok(Begun {
            verdict: row.verdict,
            failures: row.failures,
            wait: row.wait_seconds.unwrap_or(1),
            tried_by: row.tried_by,
            account,
        })
    }

    /// Gives the tries back, and makes the hash anew where it is weaker than one made today.
    async fn sign_in_right(&self, account: &Account, password: String, tried_by: &[u8]) -> Result<()> {
        let renewed = match self.outdated(&account.password_hash) {
            true => Some(self.hash_password(password).await?),
            false => None,
        };
        query!(
            "select auth.sign_in_right($1, $2, $3, $4)",
            account.person.uuid(),
            account.password_hash,
            renewed,
            tried_by
        )
        .execute(&self.db.auth)
        .await?;
        Ok(())
    }

    async fn record_lock(&self, email: &str, person: Option<PersonId>, origin: &Origin) -> Result<()> {
        let person = person.unwrap_or(PersonId(Uuid::nil()));
        let (payload, facts) = entry(&Event::SignInLocked { person }, origin, &[])?;
        query!("select auth.record_lock($1, $2, $3)", email, payload, facts).execute(&self.db.auth).await?;
        Ok(())
    }

    /// Remembers the browser somebody has signed in with: `known` if it had a token already. Gives the token for its cookie.
    ///
    /// # Errors
    /// Only faults.
    pub async fn know_device(&self, person: PersonId, known: Option<Token>) -> Result<Token> {
        let token = known.unwrap_or_else(Token::fresh);
        query!("select auth.know_device($1, $2)", person.uuid(), token.hash()).execute(&self.db.auth).await?;
        Ok(token)
    }
}
