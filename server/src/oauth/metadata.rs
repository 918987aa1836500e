//! `/.well-known/oauth-authorization-server`: where everything is (RFC 8414).

use super::told::said;
use axum::{
    Extension,
    body::Body,
    http::{Response, StatusCode},
};
use domain::{
    choice::Choice,
    machines::{Namespace, Scope},
};
use serde_json::json;

/// The description.
pub async fn show(Extension(request): Extension<gate::Request>) -> Response<Body> {
    let ours = &request.public_url;
    let scopes: Vec<_> = Namespace::ALL.iter().map(|room| room.as_str()).chain([Scope::Write.as_str()]).collect();
    let body = json!({
        "issuer": &**ours,
        "authorization_endpoint": format!("{ours}/authorize"),
        "token_endpoint": format!("{ours}/oauth/token"),
        "revocation_endpoint": format!("{ours}/oauth/revoke"),
        "device_authorization_endpoint": format!("{ours}/oauth/device_authorization"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    said(StatusCode::OK, &body)
}
