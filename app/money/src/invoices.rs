//! Invoices: drafted, issued, shown, called off.

pub mod act;
pub mod draft;
pub mod lines;
pub mod list;
pub mod mail;
pub mod new;
pub mod page;
pub mod server_fns;
