//! Programs that sign in as a person: let in by a browser, or from a device that has none; their tokens; what they may do.
//! A program is one family of tokens. Of each only a hash is kept.

mod devices;
mod signed_in;
mod tokens;

pub use devices::{DEVICE_LIFETIME, DeviceAsk};
pub use tokens::{Given, Refused, Tokens, read_access};

use super::{FrontDoor, entry};
use crate::{Actor, Result, Token};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Event,
    ids::ProgramId,
    machines::{Namespace, Reach, Scope},
    programs::Asked,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::query;
use uuid::Uuid;

/// A code in a browser's address is good for so many seconds.
const CODE_LIFETIME: f64 = 60.0;

impl FrontDoor<'_> {
    /// Lets a program in as this person: gives the code its browser page goes back with.
    ///
    /// # Errors
    /// Only faults.
    pub async fn let_program_in(&self, actor: &Actor, asked: &Asked, reach: &Reach) -> Result<Token> {
        let (code, program) = (Token::fresh(), ProgramId(Uuid::now_v7()));
        let event = Event::ProgramLetIn { program, person: actor.person };
        let (payload, facts) =
            entry(&event, &actor.origin, &[("name", json!(asked.program.name)), ("reach", json!(reach.words()))])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        query!(
            "select auth.let_program_in($1, $2, $3, $4, $5, $6, $7, $8, make_interval(secs => $9), $10, $11)",
            code.hash(),
            program.uuid(),
            asked.program.client_id,
            asked.program.name,
            asked.redirect,
            asked.challenge,
            reach.scope == Scope::Write,
            &rooms(reach),
            CODE_LIFETIME,
            payload,
            facts
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(code)
    }
}

/// What PKCE shows of a verifier beforehand.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn rooms(reach: &Reach) -> Vec<String> {
    reach.namespaces.iter().map(|room| room.as_str().to_owned()).collect()
}

fn reach(writes: bool, namespaces: &[String]) -> Reach {
    Reach {
        scope: if writes { Scope::Write } else { Scope::Read },
        namespaces: namespaces.iter().filter_map(|room| Namespace::parse(room)).collect(),
    }
}
