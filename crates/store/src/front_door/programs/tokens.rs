//! Tokens of programs: given for a code, renewed, used twice, given back.

use super::{challenge, reach};
use crate::{
    Error, Origin, Result, Token,
    front_door::{FrontDoor, entry},
    mail::{self, Mail},
};
use domain::{
    Event,
    ids::{MailId, PersonId, ProgramId},
    machines::Reach,
    programs::Program,
};
use sqlx::{Postgres, Transaction, query, query_as};
use uuid::Uuid;

/// What access tokens begin with, so that scanners of other people's sources can find one …
const ACCESS: &str = "shla_";
/// … and refresh tokens.
const REFRESH: &str = "shlr_";
/// An access token lives so many seconds (10 min) …
const ACCESS_LIFETIME: f64 = 600.0;
/// … and a refresh token so many (30 days).
const REFRESH_LIFETIME: f64 = 30.0 * 86400.0;

/// What a program gets.
pub struct Tokens {
    /// For ten minutes of calls.
    pub access: String,
    /// For the next pair, once.
    pub refresh: String,
    /// Seconds the first of them lives.
    pub expires_in: u32,
    /// What it reaches.
    pub reach: Reach,
}

/// Why it gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Unknown, expired, spent, or ended.
    Unknown,
    /// Nobody has answered yet.
    Waiting,
    /// Asked again too soon.
    TooSoon,
    /// A person said no.
    Denied,
    /// Nobody answered in time.
    Expired,
}

/// Tokens, or why not.
pub type Given = std::result::Result<Tokens, Refused>;

/// A pair not yet told to anybody.
pub(super) struct Fresh {
    access: Token,
    refresh: Token,
}

impl Fresh {
    pub(super) fn new() -> Self {
        Self { access: Token::fresh(), refresh: Token::fresh() }
    }

    /// Hashes and lifetimes, as the database takes them.
    pub(super) fn kept(&self) -> (Vec<u8>, Vec<u8>, f64, f64) {
        (self.access.cap().hash(), self.refresh.hash(), ACCESS_LIFETIME, REFRESH_LIFETIME)
    }

    /// A transaction in nobody's name: what comes with the request is no capability yet.
    pub(super) async fn transaction(&self, door: &FrontDoor<'_>) -> Result<Transaction<'static, Postgres>> {
        door.db.begin(&door.db.auth, "begin", &self.access.cap()).await
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "six hundred")]
    fn told(self, row: &Verdict) -> Tokens {
        Tokens {
            access: format!("{ACCESS}{}", self.access.reveal()),
            refresh: format!("{REFRESH}{}", self.refresh.reveal()),
            expires_in: ACCESS_LIFETIME as u32,
            reach: reach(row.writes.unwrap_or(false), row.namespaces.as_deref().unwrap_or_default()),
        }
    }
}

/// What the database says to a program that comes for tokens.
pub(super) struct Verdict {
    pub verdict: String,
    pub program: Option<Uuid>,
    pub person: Option<Uuid>,
    pub writes: Option<bool>,
    pub namespaces: Option<Vec<String>>,
}

/// Reads an access token; `None` for anything but the prefix and 43 characters of base64url.
#[must_use]
pub fn read_access(text: &str) -> Option<Token> {
    Token::parse(text.strip_prefix(ACCESS)?)
}

impl FrontDoor<'_> {
    /// Tokens for a browser's code, once, to whoever knows the verifier behind its challenge. A code that comes twice ends
    /// what it gave.
    ///
    /// # Errors
    /// Only faults.
    pub async fn redeem_code(
        &self,
        program: &Program,
        code: &str,
        redirect: &str,
        verifier: &str,
        origin: &Origin,
    ) -> Result<Given> {
        let Some(code) = Token::parse(code) else { return Ok(Err(Refused::Unknown)) };
        let fresh = Fresh::new();
        let (access, refresh, access_life, refresh_life) = fresh.kept();
        let mut tx = fresh.transaction(self).await?;
        let row = query_as!(
            Verdict,
            r#"select verdict as "verdict!", program, person, writes, namespaces
               from auth.redeem_code($1, $2, $3, $4, $5, $6, make_interval(secs => $7), make_interval(secs => $8), $9, $10)"#,
            code.hash(), program.client_id, redirect, challenge(verifier), access, refresh, access_life, refresh_life, origin.ip, origin.user_agent
        )
        .fetch_one(&mut *tx)
        .await?;
        self.given(tx, fresh, &row, &code.hash(), origin).await
    }

    /// The next pair for a refresh token, which is spent by it. One that was spent before ends the program, and its person
    /// is told.
    ///
    /// # Errors
    /// Only faults.
    pub async fn refresh_program(&self, program: &Program, token: &str, origin: &Origin) -> Result<Given> {
        let Some(token) = read_refresh(token) else { return Ok(Err(Refused::Unknown)) };
        let fresh = Fresh::new();
        let (access, refresh, access_life, refresh_life) = fresh.kept();
        let mut tx = fresh.transaction(self).await?;
        let row = query_as!(
            Verdict,
            r#"select verdict as "verdict!", program, person, writes, namespaces
               from auth.refresh_program($1, $2, $3, $4, make_interval(secs => $5), make_interval(secs => $6), $7, $8)"#,
            token.hash(), program.client_id, access, refresh, access_life, refresh_life, origin.ip, origin.user_agent
        )
        .fetch_one(&mut *tx)
        .await?;
        // A refresh is no event; there is one every ten minutes.
        if row.verdict == "made" {
            tx.commit().await?;
            return Ok(Ok(fresh.told(&row)));
        }
        self.given(tx, fresh, &row, &token.hash(), origin).await
    }

    /// Puts on the chain what came of it, and commits.
    pub(super) async fn given(
        &self,
        mut tx: Transaction<'static, Postgres>,
        fresh: Fresh,
        row: &Verdict,
        shown: &[u8],
        origin: &Origin,
    ) -> Result<Given> {
        let (program, person) = (ProgramId(row.program.unwrap_or_default()), PersonId(row.person.unwrap_or_default()));
        let given = match row.verdict.as_str() {
            "made" => {
                record(&mut tx, &Event::ProgramSignedIn { program, person }, shown, None, origin).await?;
                Ok(fresh.told(row))
            }
            "replayed" => {
                record(&mut tx, &Event::ProgramCodeReused { program, person }, shown, None, origin).await?;
                Err(Refused::Unknown)
            }
            "reused" => {
                let letter = self.warning(&mut tx, shown, origin).await?;
                record(&mut tx, &Event::ProgramTokenReused { program, person }, shown, letter, origin).await?;
                Err(Refused::Unknown)
            }
            "wait" => Err(Refused::Waiting),
            "slower" => Err(Refused::TooSoon),
            "denied" => Err(Refused::Denied),
            "expired" => Err(Refused::Expired),
            _ => Err(Refused::Unknown),
        };
        tx.commit().await?;
        Ok(given)
    }

    /// Ends the program that any of these tokens belongs to. Says nothing about tokens nobody knows (RFC 7009).
    ///
    /// # Errors
    /// Only faults.
    pub async fn revoke_program(&self, program: &Program, token: &str, origin: &Origin) -> Result<()> {
        let (refresh, access) = (read_refresh(token), read_access(token));
        let hash = match (&refresh, &access) {
            (Some(refresh), _) => refresh.hash(),
            (None, Some(access)) => access.cap().hash(),
            (None, None) => return Ok(()),
        };
        let mut tx = Fresh::new().transaction(self).await?;
        let ended = query!(
            r#"select program as "program!", person as "person!" from auth.revoke_program($1, $2)"#,
            hash,
            program.client_id
        )
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(ended) = ended {
            let event = Event::ProgramLeft { program: ended.program.into(), person: ended.person.into() };
            record(&mut tx, &event, &hash, None, origin).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The sealed letter to a program's person: its token was used twice.
    async fn warning(
        &self,
        tx: &mut Transaction<'static, Postgres>,
        shown: &[u8],
        origin: &Origin,
    ) -> Result<Option<(Uuid, Vec<u8>)>> {
        let Some(row) = query!(
            r#"select email as "email!", shop_name as "shop_name!", name as "name!" from auth.program_person($1)"#,
            shown
        )
        .fetch_optional(&mut **tx)
        .await?
        else {
            return Ok(None);
        };
        let id = MailId(Uuid::now_v7());
        Ok(Some((id.uuid(), mail::sealed(self.db, id, &letter(row.email, &row.shop_name, &row.name, &origin.ip))?)))
    }
}

/// Reads a refresh token.
fn read_refresh(text: &str) -> Option<Token> {
    Token::parse(text.strip_prefix(REFRESH)?)
}

async fn record(
    tx: &mut Transaction<'static, Postgres>,
    event: &Event,
    shown: &[u8],
    letter: Option<(Uuid, Vec<u8>)>,
    origin: &Origin,
) -> Result<(), Error> {
    let refused = matches!(event, Event::ProgramCodeReused { .. } | Event::ProgramTokenReused { .. });
    let (payload, facts) = entry(event, origin, &[])?;
    let (mail, sealed) = letter.unzip();
    query!(
        "select auth.record_program($1, $2, $3, $4, $5, $6, $7)",
        shown,
        i32::from(event.code()),
        i32::from(refused),
        mail,
        sealed,
        payload,
        facts
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn letter(to: String, shop: &str, program: &str, ip: &str) -> Mail {
    Mail {
        to,
        subject: format!("{program} was signed out of {shop}"),
        text: format!(
            "An old token of {program}, which was signed in as you at {shop}, was just used a second time, from the network address {ip}. Two must hold it: the program itself, and somebody who copied it.\n\nThe program was signed out for both. Look at the machine it ran on before you sign it in again, and at what was done in your name: the audit trail shows each act.\n"
        ),
    }
}
