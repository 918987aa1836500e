//! Money: invoices and payments.
