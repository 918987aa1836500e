//! Alerts: what somebody should look at soon.

pub mod decoy_fns;
pub mod decoys;
#[cfg(not(target_arch = "wasm32"))]
mod lay_out;
pub mod page;
pub mod server_fns;
