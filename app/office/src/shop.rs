//! The shop's own page: details, terms, taxes.

pub mod details;
mod hours;
pub mod page;
pub mod passwords;
pub mod server_fns;
pub mod taxes;
