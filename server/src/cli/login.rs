//! Signing in by a browser on this machine, or by a code typed on another; and out.

use super::{callback, credentials::Keep, there::There};
use anyhow::{Context, Result, bail};
use domain::{
    choice::Choice,
    machines::{Namespace, Reach, Scope as May},
    programs::scope_of,
};
use oauth2::{
    AuthorizationCode, CsrfToken, PkceCodeChallenge, RedirectUrl, RequestTokenError, Scope,
    StandardDeviceAuthorizationResponse, basic::BasicTokenResponse,
};
use std::{borrow::Cow, env, process};
use tokio::net::TcpListener;

/// Signs in and keeps what was given.
///
/// # Errors
/// Refused, too late, or no such server.
pub async fn sign_in(url: &str, device: bool, read_only: bool) -> Result<()> {
    let keep = Keep::find()?;
    let there = There::find(url).await?;
    let may = if read_only { May::Read } else { May::Write };
    let scope = scope_of(&Reach { scope: may, namespaces: Namespace::ALL.to_vec() });
    let given = if device { by_code(&there, scope).await? } else { by_browser(&there, scope).await? };
    let fresh = there.credentials(&given)?;
    let _held = keep.hold()?;
    let before = keep.read().ok().flatten();
    keep.write(&fresh)?;
    if let Some(before) = before.filter(|before| before.server == fresh.server) {
        // The earlier sign-in would stand on the account's page for a month.
        let _ = there.give_back(&before).await;
    }
    println!("Signed in to {}.", there.base);
    Ok(())
}

/// A browser on this machine asks the person, and brings a code back here.
async fn by_browser(there: &There, scope: String) -> Result<BasicTokenResponse> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("no port to listen on")?;
    let redirect = RedirectUrl::new(format!("http://{}/callback", listener.local_addr()?))?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (address, state) = there
        .doors
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new(scope))
        .set_pkce_challenge(challenge)
        .set_redirect_uri(Cow::Borrowed(&redirect))
        .url();
    println!("Open this address in a browser on this machine:\n\n{address}\n");
    open(address.as_str());
    let code = callback::wait(&listener, state.secret(), &there.base).await?;
    let road = there.road();
    let exchange = there
        .doors
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .set_redirect_uri(Cow::Borrowed(&redirect));
    exchange.request_async(&road).await.context("the server gave no tokens")
}

/// Opens a browser where there is a screen; the address stands in the terminal in any case.
fn open(address: &str) {
    if env::var_os("DISPLAY").is_some() || env::var_os("WAYLAND_DISPLAY").is_some() {
        let quiet = process::Stdio::null;
        let _ = process::Command::new("xdg-open").arg(address).stdout(quiet()).stderr(quiet()).spawn();
    }
}

/// A person types a code elsewhere, while we ask every few seconds.
async fn by_code(there: &There, scope: String) -> Result<BasicTokenResponse> {
    let road = there.road();
    let asked: StandardDeviceAuthorizationResponse = there
        .doors
        .exchange_device_code()
        .add_scope(Scope::new(scope))
        .request_async(&road)
        .await
        .context("the server gave no code")?;
    println!("Open {} and type the code {}", asked.verification_uri().as_str(), asked.user_code().secret());
    match there.doors.exchange_device_access_token(&asked).request_async(&road, tokio::time::sleep, None).await {
        Ok(given) => Ok(given),
        Err(RequestTokenError::ServerResponse(refused)) => bail!("not signed in: {refused}"),
        Err(error) => Err(error).context("the server could not be asked"),
    }
}

/// Gives the tokens back and forgets them.
///
/// # Errors
/// A file that cannot be removed.
pub async fn sign_out() -> Result<()> {
    let keep = Keep::find()?;
    let _held = keep.hold()?;
    let Some(kept) = keep.read()? else {
        println!("Nobody is signed in.");
        return Ok(());
    };
    let given_back = async { There::find(&kept.server).await?.give_back(&kept).await };
    if let Err(error) = given_back.await {
        eprintln!("{} was not told ({error:#}): sign the program out on your account's page there.", kept.server);
    }
    keep.remove()?;
    println!("Signed out of {}.", kept.server);
    Ok(())
}
