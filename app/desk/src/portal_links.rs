//! Portal links, as the office makes, shows once, mails and revokes them.

#[cfg(not(target_arch = "wasm32"))]
mod make;
pub mod panel;
pub mod server_fns;
