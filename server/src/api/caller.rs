//! Who calls: the actor of a key, and the transactions it may open.

use super::{Problem, Sent};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use domain::{
    Permission, Refusal,
    machines::{Namespace, Scope},
};
use std::sync::Arc;
use store::{
    Actor, Db, Grant, ReadTx, Token, WriteTx,
    front_door::{
        api_keys::{self, Presented},
        programs,
    },
};
use uuid::Uuid;

/// A machine with a valid key.
pub struct Caller {
    db: Db,
    actor: Arc<Actor>,
}

/// A change about to be made.
pub enum Begun {
    /// For the first time.
    Now(Box<WriteTx>),
    /// It was made before, under the same Idempotency-Key: its record.
    Before(Uuid),
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let request = parts
            .extensions
            .get::<gate::Request>()
            .cloned()
            .ok_or_else(|| Problem::fault("the API ran outside a request"))?;
        if let Some(token) = shown(&parts.headers).and_then(programs::read_access) {
            let actor = request.db.front_door().resolve_program(&token, request.origin.clone()).await?;
            return actor.map(|actor| Self::known(&request, Arc::new(actor))).ok_or_else(Problem::unauthorized);
        }
        let token = bearer(&parts.headers).ok_or_else(Problem::unauthorized)?;
        match request.db.front_door().resolve_api_key(&token, request.origin.clone()).await? {
            Presented::Machine(actor) => Ok(Self::known(&request, Arc::from(actor))),
            Presented::Nobody => Err(Problem::unauthorized()),
            Presented::Trap(cap) => {
                // Afterwards and beside: the answer must come as soon as for an unknown key.
                tokio::spawn(async move {
                    if let Err(error) = request.db.front_door().spring_trap(&cap, &request.origin).await {
                        tracing::error!(%error, "a honeypot key was used, and its owners could not be told");
                    }
                });
                Err(Problem::unauthorized())
            }
        }
    }
}

/// The key of the one Authorization header.
pub fn bearer(headers: &HeaderMap) -> Option<Token> {
    api_keys::parse(shown(headers)?)
}

/// The token of a key or program that a request shows, whether or not it is good.
pub fn shown_token(headers: &HeaderMap) -> Option<Token> {
    shown(headers).and_then(programs::read_access).or_else(|| bearer(headers))
}

/// What the one Authorization header shows.
fn shown(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (only, None) = (all.next()?, all.next()) else { return None };
    let (scheme, key) = only.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

impl Caller {
    /// Whom the layers around may name, too.
    fn known(request: &gate::Request, actor: Arc<Actor>) -> Self {
        let _ = request.actor.set(Some(Arc::clone(&actor)));
        Self { db: request.db.clone(), actor }
    }

    /// The shop's currency.
    pub fn currency(&self) -> domain::money::Currency {
        self.actor.currency
    }

    /// The right to do that: the key's room first, then what its maker may.
    pub fn may(&self, room: Namespace, scope: Scope, permission: Permission) -> Result<Grant, Problem> {
        if self.actor.second_step_due {
            return Err(Refusal::Forbidden(gate::AppError::SecondStep.to_string()).into());
        }
        let reaches = self.actor.key.as_ref().is_some_and(|key| key.reach.includes(room, scope));
        if !reaches {
            return Err(Refusal::Forbidden(format!(
                "This key may not {} {}.",
                if scope == Scope::Write { "write" } else { "read" },
                room.as_str()
            ))
            .into());
        }
        Ok(self.actor.allow(permission)?)
    }

    /// A transaction to read in.
    pub async fn read(&self, room: Namespace, permission: Permission) -> Result<ReadTx, Problem> {
        Ok(self.db.read(self.may(room, Scope::Read, permission)?).await?)
    }

    /// A transaction to change something in, which nothing repeats: a record guarded by its version.
    pub async fn write(&self, grant: Grant) -> Result<WriteTx, Problem> {
        Ok(self.db.write(grant).await?)
    }

    /// A transaction to make something in: once for each Idempotency-Key.
    pub async fn begin(&self, grant: Grant, sent: &Sent) -> Result<Begun, Problem> {
        let mut tx = self.db.write(grant).await?;
        let Some(key) = sent.idempotency_key()? else { return Ok(Begun::Now(Box::new(tx))) };
        let form = format!("api.{}.{key}", self.actor.session);
        match tx.once(&form, &sent.digest()).await {
            Ok(()) => Ok(Begun::Now(Box::new(tx))),
            Err(store::Error::Replayed(path)) => {
                let id = path.rsplit('/').next().and_then(|id| Uuid::parse_str(id).ok());
                id.map(Begun::Before).ok_or_else(|| Problem::fault("a replayed request has no record"))
            }
            Err(store::Error::Refusal(Refusal::Conflict(_))) => Err(Problem::new(
                axum::http::StatusCode::CONFLICT,
                "This Idempotency-Key was used for another request. Take a new one.",
            )),
            Err(other) => Err(other.into()),
        }
    }
}
