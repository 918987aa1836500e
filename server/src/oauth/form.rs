//! What a program sends: a URL-encoded form, each field once, in the name of a program we know.

use super::told::Told;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::header,
};
use domain::programs::{Program, program};
use std::collections::BTreeMap;

/// A program's form.
pub struct Sent {
    /// Who sends it.
    pub program: &'static Program,
    /// For what it needs.
    pub request: gate::Request,
    fields: BTreeMap<String, String>,
}

impl Sent {
    /// A field that must be there.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn field(&self, name: &str) -> Result<&str, Told> {
        match self.optional(name) {
            "" => Err(Told::invalid("a parameter is missing")),
            value => Ok(value),
        }
    }

    /// A field, or nothing.
    pub fn optional(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Told;

    async fn from_request(request: Request, state: &S) -> Result<Self, Told> {
        let context = request
            .extensions()
            .get::<gate::Request>()
            .cloned()
            .ok_or(Told::invalid("this cannot be answered outside a request"))?;
        let urlencoded =
            request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| {
                kind.split(';').next().unwrap_or_default().trim() == "application/x-www-form-urlencoded"
            });
        if request.headers().contains_key(header::AUTHORIZATION) {
            return Err(Told::client());
        }
        let body = Bytes::from_request(request, state).await.map_err(|_| Told::invalid("the body cannot be read"))?;
        if !urlencoded || body.contains(&0) {
            return Err(Told::invalid("send application/x-www-form-urlencoded"));
        }
        let pairs = serde_urlencoded::from_bytes::<Vec<(String, String)>>(&body)
            .map_err(|_| Told::invalid("the body cannot be read"))?;
        let mut fields = BTreeMap::new();
        for (name, value) in pairs {
            if value.contains('\0') || fields.insert(name, value).is_some() {
                return Err(Told::invalid("a parameter was sent twice"));
            }
        }
        let program = fields.get("client_id").and_then(|id| program(id)).ok_or(Told::client())?;
        Ok(Self { program, request: context, fields })
    }
}
