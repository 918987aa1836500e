//! Letting in a program from a device without a browser: it shows a code, and a person types it elsewhere (RFC 8628).

use super::{
    reach, rooms,
    tokens::{Fresh, Given, Refused, Verdict},
};
use crate::{
    Actor, Error, Origin, Result, Token,
    front_door::{FrontDoor, entry},
};
use domain::{
    Event, Refusal, fields,
    ids::ProgramId,
    machines::{Reach, Scope},
    programs::{self, CODE_LETTERS, Program},
};
use rand::RngExt;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

/// A device's code can be typed for so many seconds (10 min).
pub const DEVICE_LIFETIME: u32 = 600;

/// What a device asks for.
pub struct DeviceAsk {
    /// Which program it runs.
    pub program: &'static Program,
    /// What it wants to reach.
    pub reach: Reach,
    /// From which network address it asked.
    pub ip: String,
    /// What it calls itself.
    pub machine: String,
}

impl FrontDoor<'_> {
    /// A device asks: gives what it comes back with, and the eight letters a person types.
    ///
    /// # Errors
    /// Only faults.
    pub async fn begin_device(&self, program: &Program, asked: &Reach, origin: &Origin) -> Result<(Token, String)> {
        let (device, code) = (Token::fresh(), fresh_code());
        query!(
            "select auth.begin_device($1, $2, $3, $4, $5, $6, $7, make_interval(secs => $8), $9, $10)",
            device.hash(),
            Uuid::now_v7(),
            code_hash(&code),
            program.client_id,
            program.name,
            asked.scope == Scope::Write,
            &rooms(asked),
            f64::from(DEVICE_LIFETIME),
            origin.ip,
            origin.user_agent
        )
        .execute(&self.db.auth)
        .await?;
        Ok((device, code))
    }

    /// Somebody typed a code: that device is theirs to answer from now on.
    ///
    /// # Errors
    /// Words beside the field, for a wrong code and for too many.
    pub async fn find_device(&self, actor: &Actor, typed: &str) -> Result<ProgramId> {
        let words = "No device waits with this code. Look at its screen again: a code is good for ten minutes.";
        // What cannot be a code is counted like a wrong one: the database is asked for nobody's.
        let hash = programs::typed_code(typed).map(|code| code_hash(&code)).unwrap_or_default();
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let found =
            query!(r#"select verdict as "verdict!", ask from auth.find_device($1)"#, hash).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        let wrong =
            |words: &str| Error::Refusal(fields::check(|c| c.refuse("code", words)).err().unwrap_or_default().into());
        match (found.verdict.as_str(), found.ask) {
            ("found", Some(ask)) => Ok(ask.into()),
            ("locked", _) => Err(wrong("That was one code too many. Wait ten minutes, then take a new one.")),
            _ => Err(wrong(words)),
        }
    }

    /// What the device asks for, to whoever typed its code; `None` once that is answered or too old.
    ///
    /// # Errors
    /// Only faults.
    pub async fn device_asked(&self, actor: &Actor, ask: ProgramId) -> Result<Option<DeviceAsk>> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        let row = query!(
            r#"select client as "client!", writes as "writes!", namespaces as "namespaces!", asked_ip as "ip!", asked_by as "machine!" from auth.device_asked($1)"#,
            ask.uuid()
        )
        .fetch_optional(&mut *tx)
        .await?;
        Ok(row.and_then(|row| {
            let program = programs::program(&row.client)?;
            Some(DeviceAsk { program, reach: reach(row.writes, &row.namespaces), ip: row.ip, machine: row.machine })
        }))
    }

    /// Lets the device in with this reach, or refuses it.
    ///
    /// # Errors
    /// Not found once it was answered, or is too old.
    pub async fn answer_device(
        &self,
        actor: &Actor,
        ask: ProgramId,
        program: &Program,
        given: Option<&Reach>,
    ) -> Result<()> {
        let words = given.map(Reach::words);
        let (payload, facts) = entry(
            &Event::ProgramLetIn { program: ask, person: actor.person },
            &actor.origin,
            &[("name", json!(program.name)), ("reach", json!(words))],
        )?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(
            r#"select auth.answer_device($1, $2, $3, $4, $5, $6) as "done!""#,
            ask.uuid(),
            given.is_some(),
            given.is_some_and(|reach| reach.scope == Scope::Write),
            &given.map(rooms).unwrap_or_default(),
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// The device asks whether it was let in.
    ///
    /// # Errors
    /// Only faults.
    pub async fn poll_device(&self, program: &Program, device: &str, origin: &Origin) -> Result<Given> {
        let Some(device) = Token::parse(device) else { return Ok(Err(Refused::Unknown)) };
        let fresh = Fresh::new();
        let (access, refresh, access_life, refresh_life) = fresh.kept();
        let mut tx = fresh.transaction(self).await?;
        let row = query_as!(
            Verdict,
            r#"select verdict as "verdict!", program, person, writes, namespaces
               from auth.poll_device($1, $2, $3, $4, make_interval(secs => $5), make_interval(secs => $6), $7, $8)"#,
            device.hash(),
            program.client_id,
            access,
            refresh,
            access_life,
            refresh_life,
            origin.ip,
            origin.user_agent
        )
        .fetch_one(&mut *tx)
        .await?;
        self.given(tx, fresh, &row, &device.hash(), origin).await
    }
}

/// Eight letters, each as likely as any other.
fn fresh_code() -> String {
    let mut random = rand::rng();
    (0..8).map(|_| char::from(CODE_LETTERS[random.random_range(0..CODE_LETTERS.len())])).collect()
}

fn code_hash(code: &str) -> Vec<u8> {
    Sha256::digest(code).to_vec()
}
