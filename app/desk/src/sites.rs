//! Sites: page, form, how to get in; their openings.

pub(crate) mod access_notes;
pub mod codes;
pub mod form;
pub mod opening;
pub mod page;
pub mod server_fns;
