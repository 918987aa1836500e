//! Photos, where they are HTTP: taken in before a form's function runs, and given out one look at a time.

mod receive;
mod show;

pub use receive::{receive, takes};

use axum::{Router, routing::get};

/// Where pictures are fetched.
pub fn routes() -> Router {
    Router::new().route("/photos/{id}/whole", get(show::whole)).route("/photos/{id}/small", get(show::small))
}
