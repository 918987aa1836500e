//! Signing up, in and out; members; own sessions.

pub mod account;
pub mod frame;
pub mod invite;
pub mod members;
pub mod server_fns;
pub mod sign_in;
pub mod sign_up;
#[cfg(not(target_arch = "wasm32"))]
mod way_in;
