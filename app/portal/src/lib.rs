//! What a client sees by link: invoices, jobs, sites, and the work order to sign. Rendered on the server, without script
//! but for the signature pad.
// The bodies of server functions are cut off for a browser, and with them what only they name.
#![cfg_attr(target_arch = "wasm32", allow(unused_imports))]

mod frame;
pub mod home;
pub mod invoices;
pub mod jobs;
mod lists;
mod pad;
pub mod server_fns;
mod shown;
pub mod sign;
pub mod sites;

pub use pad::PadEntry;
