//! The way in: every server function opens its transaction here, every page loads and fails here.
//!
//! The road of a request: `gate::read(Permission)` or `gate::write(Permission, &post)`, one call of `store`, and for a
//! write `gate::done(tx, event, path)`, which is audit entry, commit and answer in one act.

mod error;
mod form;
pub mod history;
mod load;
pub mod paths;
pub mod reveal;
pub mod saved;
pub mod seen;
#[cfg(not(target_arch = "wasm32"))]
mod way_in;
#[cfg(target_arch = "wasm32")]
#[path = "browser.rs"]
mod way_in;

pub use error::AppError;
pub use form::{Action, action, action_away, action_with_files};
pub use load::{NotShown, PageStatus, Shown, load, param, query};
pub use paths::confirm_path;
pub use way_in::Loaded;
#[cfg(not(target_arch = "wasm32"))]
pub use way_in::{
    Request, actor, brought, confirmed, cookie, cookie_name, cookie_text, cookie_token, done, door, front, go,
    origin_url, own_path, page, portal, portal_view, rate, read, request, secret, staff_cookie, visitor, write,
};
use way_in::{held, send, send_away, send_files};

/// Shorthand of server functions.
pub type Result<T, E = AppError> = std::result::Result<T, E>;
