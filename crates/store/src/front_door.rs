//! Before an actor exists: signing up, signing in, invitations, links and flash. Each act is one definer function of the
//! auth login, which appends its own audit entry.

pub mod accounts;
pub mod api_keys;
pub mod breach;
pub mod confirm;
pub mod devices;
pub mod factors;
pub mod flash;
pub mod forgetting;
pub mod invites;
pub mod links;
pub mod new_password;
pub mod passkeys;
pub mod passwords;
pub mod pending;
pub mod people;
pub mod programs;
pub mod ranges;
mod recovery;
pub mod roles;
pub mod sessions;
pub mod strength;
pub mod tries;

use crate::{Db, Result, audit};
use domain::Event;
use serde_json::{Map, Value};

/// Sessions end after this many seconds without a request (30 min) …
pub const SESSION_IDLE: f64 = 30.0 * 60.0;
/// … and after this many in any case (12 h).
pub const SESSION_LIFETIME: f64 = 12.0 * 3600.0;
/// An invitation lives this many seconds (7 days).
pub const INVITE_LIFETIME: f64 = 7.0 * 86400.0;
/// A link to reset a password lives this many seconds (30 min).
pub const RESET_LIFETIME: f64 = 30.0 * 60.0;
/// A portal link lives this many seconds (30 days).
pub const LINK_LIFETIME: f64 = 30.0 * 86400.0;

/// The front door.
#[derive(Clone, Copy)]
pub struct FrontDoor<'a> {
    pub(crate) db: &'a Db,
}

impl Db {
    /// What can be done before, and about, being signed in.
    #[must_use]
    pub const fn front_door(&self) -> FrontDoor<'_> {
        FrontDoor { db: self }
    }
}

/// Words for somebody who has shown to be of a shop that is suspended.
fn suspended() -> domain::Refusal {
    domain::Refusal::Conflict("This shop is suspended. Ask whoever runs this installation.".into())
}

/// Payload and facts of an event with nothing but its origin and these values.
pub(crate) fn entry(event: &Event, origin: &crate::Origin, values: &[(&str, Value)]) -> Result<(Vec<u8>, Vec<u8>)> {
    let values: Map<String, Value> = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    audit::written(event, origin, values)
}
