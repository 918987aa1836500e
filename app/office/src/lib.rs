//! The office: who is here, what happened.
// The bodies of server functions are cut off for a browser, and with them what only they name.
#![cfg_attr(target_arch = "wasm32", allow(unused_imports))]

pub mod alerts;
pub mod audit;
pub mod exports;
pub mod forgetting;
pub mod identity;
pub mod machines;
pub mod own_key;
pub mod people;
pub mod programs;
pub mod shop;
pub mod trust;
pub mod webhooks;
