//! Photos of jobs and openings: the panel on their pages, and a page for each photo.

pub mod page;
pub mod panel;
pub mod server_fns;
