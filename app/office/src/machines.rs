//! Machines: the keys by which programs come in.

#[cfg(not(target_arch = "wasm32"))]
mod make;
pub mod page;
pub mod server_fns;
