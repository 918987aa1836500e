//! The shop's own key: a key service that closes what the shop has sealed when the shop takes it back.

#[cfg(not(target_arch = "wasm32"))]
mod keep;
pub mod page;
pub mod server_fns;
