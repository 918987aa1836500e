//! The token endpoint, and its two neighbours: a device's beginning, and giving tokens back.

use super::{
    form::Sent,
    told::{Told, said},
};
use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use domain::programs::{reach_of, scope_of};
use serde_json::json;
use store::front_door::programs::{DEVICE_LIFETIME, Given};

/// Seconds a device waits between two requests; the database holds it to that.
const INTERVAL: u32 = 5;

/// Tokens, for a code, a refresh token or a device's code.
pub async fn give(sent: Sent) -> Result<Response<Body>, Told> {
    let door = sent.request.db.front_door();
    let (program, origin) = (sent.program, &sent.request.origin);
    let given: Given = match sent.field("grant_type")? {
        "authorization_code" => {
            let (code, redirect) = (sent.field("code")?, sent.field("redirect_uri")?);
            let verifier = verifier(sent.field("code_verifier")?)?;
            door.redeem_code(program, code, redirect, verifier, origin).await?
        }
        "refresh_token" => door.refresh_program(program, sent.field("refresh_token")?, origin).await?,
        "urn:ietf:params:oauth:grant-type:device_code" => {
            door.poll_device(program, sent.field("device_code")?, origin).await?
        }
        _ => return Err(Told::new("unsupported_grant_type", "see /.well-known/oauth-authorization-server")),
    };
    let tokens = given?;
    let body = json!({
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "refresh_token": tokens.refresh,
        "scope": scope_of(&tokens.reach),
    });
    Ok(said(StatusCode::OK, &body))
}

/// What PKCE allows a verifier to be (RFC 7636, section 4.1).
fn verifier(text: &str) -> Result<&str, Told> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    if plain && (43..=128).contains(&text.len()) {
        Ok(text)
    } else {
        Err(Told::new("invalid_grant", "the code_verifier is none"))
    }
}

/// Ends the program a token belongs to. Tokens nobody knows are answered alike.
pub async fn revoke(sent: Sent) -> Result<StatusCode, Told> {
    let token = sent.field("token")?;
    sent.request.db.front_door().revoke_program(sent.program, token, &sent.request.origin).await?;
    Ok(StatusCode::OK)
}

/// A device asks for a code that a person types elsewhere.
pub async fn begin_device(sent: Sent) -> Result<Response<Body>, Told> {
    let reach = reach_of(sent.optional("scope")).ok_or(Told::new("invalid_scope", "an unknown scope was asked for"))?;
    let request = &sent.request;
    let (device, code) = request.db.front_door().begin_device(sent.program, &reach, &request.origin).await?;
    let code = format!("{}-{}", &code[..4], &code[4..]);
    let page = format!("{}/device", request.public_url);
    let body = json!({
        "device_code": device.reveal(),
        "user_code": code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?code={code}"),
        "expires_in": DEVICE_LIFETIME,
        "interval": INTERVAL,
    });
    Ok(said(StatusCode::OK, &body))
}
