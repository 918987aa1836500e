//! What a program is told: JSON, and the errors of RFC 6749 section 5.2.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use serde_json::{Value, json};
use store::front_door::programs::Refused;

/// An error by its code.
#[derive(Debug)]
pub struct Told {
    status: StatusCode,
    error: &'static str,
    words: &'static str,
}

impl Told {
    /// Something is missing, said twice, or cannot be read.
    pub const fn invalid(words: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error: "invalid_request", words }
    }

    /// By code.
    pub const fn new(error: &'static str, words: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, words }
    }

    /// No program of that name, or one that claims to have a secret.
    pub const fn client() -> Self {
        let words = "no such client; clients here have no secret and send their client_id alone";
        Self { status: StatusCode::UNAUTHORIZED, error: "invalid_client", words }
    }
}

impl IntoResponse for Told {
    fn into_response(self) -> Response<Body> {
        let body = json!({ "error": self.error, "error_description": self.words });
        let mut response = said(self.status, &body);
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Refused> for Told {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unknown => Self::new("invalid_grant", "unknown, expired, spent or ended"),
            Refused::Waiting => Self::new("authorization_pending", "nobody has answered yet"),
            Refused::TooSoon => Self::new("slow_down", "wait five seconds longer between two requests"),
            Refused::Denied => Self::new("access_denied", "a person refused"),
            Refused::Expired => Self::new("expired_token", "nobody answered in time"),
        }
    }
}

impl From<store::Error> for Told {
    fn from(error: store::Error) -> Self {
        let (status, error_code) = match &error {
            store::Error::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        };
        tracing::error!(%error, "a program could not be answered");
        Self { status, error: error_code, words: "try again in a minute" }
    }
}

/// JSON that nobody keeps.
pub fn said(status: StatusCode, body: &Value) -> Response<Body> {
    (status, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body.to_string())
        .into_response()
}
