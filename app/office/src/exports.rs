//! Exports: what leaves the shop in bulk.

pub mod page;
pub mod server_fns;
