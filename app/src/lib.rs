//! The two applications: OfficeApp and PortalApp, their shells and routes.

mod entry;
mod routes;
mod shell;

pub use entry::{Entries, Entry};
pub use routes::OfficeApp;
pub use shell::shell;
