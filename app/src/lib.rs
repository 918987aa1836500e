//! The two applications: OfficeApp and PortalApp, their shells and routes.

mod entry;
mod portal_app;
mod portal_shell;
mod routes;
mod shell;

pub use entry::{Entries, Entry};
pub use portal_app::PortalApp;
pub use portal_shell::portal_shell;
pub use routes::OfficeApp;
pub use shell::shell;

/// A page's title without the one sign that could end it: leptos_meta prints titles into the page as they are.
pub(crate) fn titled(page: &str) -> String {
    page.replace('<', "‹")
}
