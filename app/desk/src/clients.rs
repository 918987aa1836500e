//! Clients: list, page, form; their contacts and notes.

pub mod contact;
pub mod form;
pub mod list;
mod notes;
pub mod page;
pub(crate) mod panels;
pub mod server_fns;
