//! Webhooks: receivers to which entries of the audit trail are sent.

#[cfg(not(target_arch = "wasm32"))]
mod keep;
pub mod page;
pub mod receiver;
pub mod server_fns;
