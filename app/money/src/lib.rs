//! Money: invoices and payments.

pub mod invoices;
