//! Errors as RFC 9457 problems.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{FieldErrors, Refusal};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};
use uuid::Uuid;

/// Why a request was not done.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says which kind of problem it is.
    pub r#type: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    /// Words beside fields of the body: field → sentence.
    #[serde(skip_serializing_if = "FieldErrors::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, String>, required = false)]
    pub errors: FieldErrors,
}

/// What every request may come to.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub enum Problems {
    /// The address cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Bad(#[to_schema] Problem),
    /// No valid key.
    #[response(status = 401, content_type = "application/problem+json")]
    Unknown(#[to_schema] Problem),
    /// The key does not reach this far.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] Problem),
    /// There is nothing here, or not for this key.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] Problem),
    /// Too many requests.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(#[to_schema] Problem),
    /// The database cannot be reached now.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(#[to_schema] Problem),
}

/// What a request that changes something may come to besides.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub enum WriteProblems {
    /// The record is not in a state for that, or the Idempotency-Key was used for something else.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] Problem),
    /// More than a body may hold.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] Problem),
    /// The body is not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(#[to_schema] Problem),
    /// Some fields need another look.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(#[to_schema] Problem),
}

/// What a PATCH may come to besides.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub enum ChangeProblems {
    /// The record is not in a state for that.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] Problem),
    /// Somebody changed the record meanwhile: read it again.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(#[to_schema] Problem),
    /// More than a body may hold.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] Problem),
    /// The body is not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(#[to_schema] Problem),
    /// Some fields need another look.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(#[to_schema] Problem),
    /// If-Match is missing.
    #[response(status = 428, content_type = "application/problem+json")]
    Unconditional(#[to_schema] Problem),
}

impl Problem {
    /// A problem of that status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Problem"),
            status: status.as_u16(),
            detail: detail.into(),
            errors: FieldErrors::new(),
        }
    }

    /// An address, header or body nobody can read.
    pub fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// The one answer for unknown, expired and revoked keys, for traps, and for none.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Send a valid API key of the shop: Authorization: Bearer shl_…")
    }

    /// The one answer for what is not there and for what is hidden.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing here.")
    }

    /// A method this path does not have.
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This path does not have that method.")
    }

    /// Somebody was quicker.
    pub fn stale() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "The record was changed meanwhile. Read it again and send its new ETag.",
        )
    }

    /// A fault of ours: logged once under a reference.
    pub fn fault(cause: &str) -> Self {
        let reference = Uuid::now_v7().simple().to_string()[20..].to_owned();
        tracing::error!(reference, cause, "unexpected");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("Something went wrong on our side. Reference: {reference}"),
        )
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(errors) => errors.into(),
            Refusal::Conflict(words) => Self::new(StatusCode::CONFLICT, words),
            Refusal::NotFound => Self::not_found(),
            Refusal::Forbidden(words) => Self::new(StatusCode::FORBIDDEN, words),
            Refusal::TooMany(words) => Self::new(StatusCode::TOO_MANY_REQUESTS, words),
            Refusal::Away(words) => Self::new(StatusCode::SERVICE_UNAVAILABLE, words),
        }
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        let errors = errors.into_iter().map(|(name, words)| (field(&name), words)).collect();
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Some fields need another look.") }
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Refusal(refusal) => refusal.into(),
            store::Error::Unavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "The database cannot be reached at the moment. Try again in a minute.",
            ),
            other => Self::fault(&other.to_string()),
        }
    }
}

/// A field of the pages' forms, by its name here.
fn field(name: &str) -> String {
    let row = |list: &str, rest: &str| {
        let (row, part) = rest.split_once('_').unwrap_or((rest, "value"));
        let row = row.parse::<usize>().unwrap_or(1).saturating_sub(1);
        format!("{list}[{row}].{part}")
    };
    match name {
        "another" => "allow_duplicate".into(),
        "ceiling" | "limit" | "amount" => format!("{name}_minor"),
        _ => match (name.strip_prefix("phone_"), name.strip_prefix("email_")) {
            (Some(rest), _) => row("phones", rest),
            (_, Some(rest)) => row("emails", rest),
            _ => name.replace("][", "."),
        },
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"shearline\""));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            _ => {}
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_have_the_names_of_the_body() {
        for (form, body) in [
            ("name", "name"),
            ("phone_2", "phones[1].value"),
            ("email_1_label", "emails[0].label"),
            ("limit", "limit_minor"),
            ("another", "allow_duplicate"),
            ("answers][pets", "answers.pets"),
        ] {
            assert_eq!(field(form), body);
        }
    }
}
