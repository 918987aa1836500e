//! Bitting records: list, page, form, search; revealing, releasing, printing.

pub mod find;
pub mod form;
pub mod list;
pub mod page;
mod print;
mod releases;
pub mod server_fns;
