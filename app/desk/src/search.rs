//! The one search box.

pub mod page;
pub mod server_fns;
