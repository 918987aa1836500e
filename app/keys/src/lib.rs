//! Keys: bitting records of loose keys, and the revealing of what is sealed.
// The bodies of server functions are cut off for a browser, and with them what only they name.
#![cfg_attr(target_arch = "wasm32", allow(unused_imports))]

pub mod bittings;
