//! Signing up, in and out; members; own sessions.

pub mod account;
pub mod at_door;
#[cfg(target_arch = "wasm32")]
mod authenticator;
pub mod confirm;
pub mod factor_fns;
pub mod forgot;
pub mod frame;
pub mod invite;
pub mod members;
#[cfg(not(target_arch = "wasm32"))]
mod new_password;
pub mod own_password;
pub mod passkeys;
pub mod password_fns;
#[cfg(not(target_arch = "wasm32"))]
mod proof;
pub mod second_step;
pub mod second_step_roles;
pub mod server_fns;
pub mod sign_in;
pub mod sign_up;
mod strength;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod way_in;
