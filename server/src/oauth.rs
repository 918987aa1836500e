//! Programs that sign in as a person: OAuth 2.1 with PKCE (RFC 6749, 7636, 8252, 9207), devices (RFC 8628), giving tokens
//! back (RFC 7009), and the description of it all (RFC 8414). No cookie is looked at here: what a person answers stands on
//! the pages `/authorize` and `/device`.

mod authorize;
mod back;
mod form;
mod metadata;
mod token;
mod told;

pub use authorize::before;

use axum::{
    Router,
    routing::{get, post},
};

/// The doors of programs.
pub fn routes() -> Router {
    Router::new()
        .route("/authorize/back", get(back::show))
        .route("/oauth/token", post(token::give))
        .route("/oauth/revoke", post(token::revoke))
        .route("/oauth/device_authorization", post(token::begin_device))
        .route("/.well-known/oauth-authorization-server", get(metadata::show))
}
