//! Own factors: the code app.
//!
//! A factor belongs to a person, who may work in several shops, so no shop's key may seal its secret. It is sealed under
//! a fresh data key wrapped by the installation's root key, and bound to the purpose, the person and the factor's id: the
//! bytes moved to another person's or another factor's row do not open.

use super::{FrontDoor, entry, recovery};
use crate::{Actor, Error, Origin, Result, seal};
use domain::{Event, Refusal, ids::PersonId, second_step::Means};
use sqlx::{query, query_as, query_scalar};
use totp_rs::{Algorithm, Builder, Totp};
use uuid::Uuid;

/// Bytes of a code app's secret (RFC 4226 asks for 20).
pub const SECRET: usize = 20;
/// Seconds a code is shown. One earlier and one later are taken as well, for clocks that differ.
const STEP: u64 = 30;

/// What was typed is no code that counts now.
pub(super) fn wrong_code() -> Refusal {
    Refusal::field(
        "proof",
        "This code is not right, or was used already. Wait for the next one in your app, or use a recovery code.",
    )
}

/// The codes of a secret.
fn totp(secret: &[u8]) -> Result<Totp> {
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(1).with_step_duration(STEP);
    builder.with_secret(secret.to_vec()).build().map_err(|error| Error::Vault(error.to_string()))
}

/// The six digits of a secret at a time, for tests that play the app.
///
/// # Errors
/// A secret that is too short.
pub fn code_at(secret: &[u8], at: u64) -> Result<String> {
    Ok(totp(secret)?.generate(at).to_string())
}

/// What a secret is sealed for.
fn about(person: PersonId, factor: Uuid) -> Vec<u8> {
    [person.uuid().as_bytes().as_slice(), factor.as_bytes()].concat()
}

/// A code app of a person, opened.
struct App {
    id: Uuid,
    secret: Vec<u8>,
    at: u64,
}

impl App {
    /// The thirty seconds a code belongs to, when they are now or next to now.
    fn step(&self, typed: &str) -> Result<Option<i64>> {
        Ok(totp(&self.secret)?.check(typed, self.at).and_then(|step| i64::try_from(step).ok()))
    }
}

impl FrontDoor<'_> {
    /// What a person can show besides the password.
    ///
    /// # Errors
    /// Only faults.
    pub async fn means(&self, person: PersonId) -> Result<(Means, i64)> {
        let row = query!(
            r#"select app as "app!", passkeys as "passkeys!", codes as "codes!" from auth.factors_of($1)"#,
            person.uuid()
        )
        .fetch_one(&self.db.auth)
        .await?;
        Ok((Means { app: row.app, codes: row.codes > 0, passkeys: row.passkeys > 0 }, row.codes))
    }

    async fn app(&self, person: PersonId, confirmed: bool) -> Result<Option<App>> {
        struct Row {
            id: Uuid,
            sealed: Vec<u8>,
            at: i64,
        }
        let row = query_as!(
            Row,
            r#"select id as "id!", sealed as "sealed!", at as "at!" from auth.totp_of($1, $2)"#,
            person.uuid(),
            confirmed
        )
        .fetch_optional(&self.db.auth)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let secret = seal::instance_open(self.db, "totp", &about(person, row.id), &row.sealed)?;
        Ok(Some(App { id: row.id, secret, at: row.at.unsigned_abs() }))
    }

    /// Begins anew with a code app: its secret waits for its first code.
    ///
    /// # Errors
    /// Only faults.
    pub async fn begin_app(&self, actor: &Actor) -> Result<()> {
        let (factor, secret) = (Uuid::now_v7(), rand::random::<[u8; SECRET]>());
        let sealed = seal::instance_seal(self.db, "totp", &about(actor.person, factor), &secret)?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        query!("select auth.begin_totp($1, $2)", factor, sealed).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The secret that waits for its first code.
    ///
    /// # Errors
    /// Not found when none waits.
    pub async fn new_app(&self, actor: &Actor) -> Result<Vec<u8>> {
        Ok(self.app(actor.person, false).await?.ok_or(Refusal::NotFound)?.secret)
    }

    /// The first code: the app counts from now on, and every other session of the person ends. Gives recovery codes to
    /// show, when there are none left.
    ///
    /// # Errors
    /// Words beside the field when the code is wrong; not found when no app waits.
    pub async fn confirm_app(&self, actor: &Actor, typed: &str) -> Result<Option<Vec<String>>> {
        let app = self.app(actor.person, false).await?.ok_or(Refusal::NotFound)?;
        self.count_try("proof", actor.person).await?;
        let step = app.step(&digits(typed))?.ok_or_else(wrong_code)?;
        let (payload, facts) = entry(&Event::CodeAppAdded { person: actor.person }, &actor.origin, &[])?;
        let fresh = match self.means(actor.person).await? {
            (_, 0) => Some(recovery::fresh().await?),
            _ => None,
        };
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done =
            query_scalar!(r#"select auth.confirm_totp($1, $2, $3, $4) as "done!""#, app.id, step, payload, facts)
                .fetch_one(&mut *tx)
                .await?;
        if !done {
            return Err(Refusal::NotFound.into());
        }
        if let Some(set) = &fresh {
            set.keep(&mut tx, actor).await?;
        }
        tx.commit().await?;
        Ok(fresh.map(|set| set.codes))
    }

    /// Takes the code app away.
    ///
    /// # Errors
    /// Not found when there is none.
    pub async fn remove_app(&self, actor: &Actor) -> Result<()> {
        let (payload, facts) = entry(&Event::CodeAppRemoved { person: actor.person }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done =
            query_scalar!(r#"select auth.remove_totp($1, $2) as "done!""#, payload, facts).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Uses up a code of the app or a recovery code, whichever was typed.
    ///
    /// # Errors
    /// Words beside the field when it is wrong, spent, or tried too often.
    pub async fn prove(&self, person: PersonId, typed: &str, origin: &Origin) -> Result<()> {
        let typed = digits(typed);
        let proved = if recovery::is_code(&typed) {
            self.spend_recovery(person, &typed, origin).await?
        } else {
            self.count_try("proof", person).await?;
            self.spend_app(person, &typed).await?
        };
        if proved {
            return Ok(());
        }
        let (payload, facts) = entry(&Event::SecondStepRefused { person }, origin, &[])?;
        query!("select auth.refuse_second_step($1, $2, $3)", person.uuid(), payload, facts)
            .execute(&self.db.auth)
            .await?;
        Err(wrong_code().into())
    }

    async fn spend_app(&self, person: PersonId, typed: &str) -> Result<bool> {
        let Some(app) = self.app(person, true).await? else { return Ok(false) };
        let Some(step) = app.step(typed)? else { return Ok(false) };
        Ok(query_scalar!(r#"select auth.spend_totp($1, $2, $3) as "spent!""#, person.uuid(), app.id, step)
            .fetch_one(&self.db.auth)
            .await?)
    }

    /// Counted before anything is compared, so that tries made at once do not slip through together.
    pub(super) async fn count_try(&self, field: &str, person: PersonId) -> Result<()> {
        let counts = query_scalar!(r#"select auth.count_code_try($1) as "counts!""#, person.uuid())
            .fetch_one(&self.db.auth)
            .await?;
        if counts {
            return Ok(());
        }
        Err(Refusal::field(field, "Too many wrong tries. Wait half an hour, or use a passkey.").into())
    }
}

/// Without the spaces and hyphens people and apps put in.
fn digits(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_28_codes_of_rfc_6238_and_one_step_either_way() {
        let secret = b"12345678901234567890".to_vec();
        // RFC 6238, appendix B, SHA-1, cut to six digits.
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(code_at(&secret, at).unwrap(), code);
        }
        let app = App { id: Uuid::nil(), secret: secret.clone(), at: 1_000_000_020 };
        let step_of = |shift: i64| {
            let at = app.at.checked_add_signed(shift * 30).unwrap();
            app.step(&code_at(&secret, at).unwrap()).unwrap()
        };
        let now = i64::try_from(app.at / 30).unwrap();
        assert_eq!([-1, 0, 1].map(step_of), [Some(now - 1), Some(now), Some(now + 1)]);
        assert_eq!([step_of(-2), step_of(2)], [None, None]);
        assert_eq!(app.step("").unwrap(), None);
        assert_eq!(app.step("12345").unwrap(), None);
    }
}
