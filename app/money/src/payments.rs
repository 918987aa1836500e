//! Payments on an invoice: recorded and reversed on the invoice's own page.

pub mod list;
pub mod record;
pub mod server_fns;
