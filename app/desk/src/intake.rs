//! Taking a call: one page, by keyboard, in under a minute.

mod form;
mod matches;
pub mod page;
pub mod server_fns;
