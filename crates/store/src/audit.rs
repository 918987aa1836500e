//! The chain: what is written, how it is read, and whether it still holds.

pub mod checkpoints;
pub mod installation;
pub mod outside;
pub(crate) mod sign;
mod stamp;
pub mod timeline;
pub mod verify;
mod walk;
pub mod watch;

pub(crate) use stamp::stamp;
pub use stamp::stamp_of;

use crate::{Error, Origin, Result, scope::origin_facts};
use domain::Event;
use serde_json::{Map, Value, json};

/// The two byte strings of an entry: what the chain holds, and the facts whose salted hash it holds. Both are RFC 8785
/// JSON, so that one meaning has one spelling.
pub(crate) fn written(event: &Event, origin: &Origin, values: Map<String, Value>) -> Result<(Vec<u8>, Vec<u8>)> {
    let payload = json!({ "about": event.about(), "event": event });
    let mut facts = origin_facts(origin);
    if !values.is_empty() {
        facts.insert("values".into(), Value::Object(values));
    }
    let jcs = |value: &Value| serde_jcs::to_vec(value).map_err(|error| Error::Vault(error.to_string()));
    Ok((jcs(&payload)?, jcs(&Value::Object(facts))?))
}
