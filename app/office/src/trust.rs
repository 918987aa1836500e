//! How the shop's records are kept, for its own people.

pub mod page;
pub mod server_fns;
