//! The audit trail: a record's timeline, and the shop-wide page.

mod facts;
pub mod openings;
pub mod page;
pub mod server_fns;
