//! One call of the API, with a token that is renewed when it is near its end.

use super::{
    credentials::{Credentials, Keep},
    there::There,
};
use anyhow::{Context, Result, ensure};
use reqwest::{Method, Response, StatusCode, header};

/// Calls, and prints what came back; false when the API refused.
///
/// # Errors
/// Nobody is signed in; the server cannot be reached.
pub async fn call(method: &str, path: &str, data: Option<String>, headers: &[String]) -> Result<bool> {
    ensure!(path.starts_with("/api/"), "a path of the API begins with /api/");
    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).context("the method is none")?;
    let keep = Keep::find()?;
    let kept = keep.read()?.context("nobody is signed in: run `shearline login URL`")?;
    let there = There::find(&kept.server).await?;
    let kept = if kept.stale() { renewed(&keep, &there, &kept).await? } else { kept };
    let mut answer = send(&there, &kept, &method, path, data.as_deref(), headers).await?;
    if answer.status() == StatusCode::UNAUTHORIZED {
        // Another process renewed it meanwhile, or this machine's clock is wrong.
        let kept = renewed(&keep, &there, &kept).await?;
        answer = send(&there, &kept, &method, path, data.as_deref(), headers).await?;
    }
    let status = answer.status();
    println!("{}", answer.text().await.context("the answer broke off")?);
    if !status.is_success() {
        eprintln!("shearline: the API answered {status}");
    }
    Ok(status.is_success())
}

/// Fresh tokens: those another process has just got, or new ones. One process asks at a time, because a refresh token that
/// comes twice ends the sign-in.
async fn renewed(keep: &Keep, there: &There, had: &Credentials) -> Result<Credentials> {
    let _held = keep.hold()?;
    let kept = keep.read()?.context("signed out meanwhile")?;
    if kept != *had && !kept.stale() {
        return Ok(kept);
    }
    let fresh = there.renew(&kept).await?;
    keep.write(&fresh)?;
    Ok(fresh)
}

async fn send(
    there: &There,
    kept: &Credentials,
    method: &Method,
    path: &str,
    data: Option<&str>,
    headers: &[String],
) -> Result<Response> {
    let mut request =
        there.http.request(method.clone(), format!("{}{path}", there.base)).bearer_auth(&kept.access_token);
    for line in headers {
        let (name, value) = line.split_once(':').with_context(|| format!("{line}: write NAME: VALUE"))?;
        request = request.header(name.trim(), value.trim());
    }
    if let Some(data) = data {
        request = request.header(header::CONTENT_TYPE, "application/json").body(data.to_owned());
    }
    request.send().await.with_context(|| format!("{} cannot be reached", there.base))
}
