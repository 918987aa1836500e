//! Programs that ask to be let in as a person, and those that were.

#[cfg(not(target_arch = "wasm32"))]
mod answer;
pub mod authorize;
mod consent;
pub mod device;
pub mod list;
pub mod server_fns;

/// Name of the flash that holds where a browser goes on to from `/authorize/back`.
pub const BACK: &str = "program-back";
/// The address in it.
pub const TO: &str = "to";
