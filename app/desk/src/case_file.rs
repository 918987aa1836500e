//! Case files: everything about one job, client or site, to be taken along.

pub mod panel;
pub mod server_fns;
