//! Money: invoices and payments.

pub mod invoices;
pub mod payments;
