//! Visits: sending somebody, and a technician's own day.

pub mod day;
pub mod server_fns;
pub mod today;
pub mod visit_form;
