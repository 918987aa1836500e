//! The server on the other side: where its doors are, and what it says.

use super::credentials::{Credentials, now};
use crate::config::{host_of, is_loopback};
use anyhow::{Context, Result, bail, ensure};
use domain::programs::PROGRAMS;
use oauth2::{
    AuthUrl, ClientId, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, RefreshToken,
    RequestTokenError, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse},
};
use serde::Deserialize;
use std::{fs, future::Future, time::Duration};

/// The client of this server, with all its doors known.
pub type Doors = BasicClient<EndpointSet, EndpointSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A server.
pub struct There {
    /// For requests of our own.
    pub http: reqwest::Client,
    /// Its address, as it says itself.
    pub base: String,
    /// Its doors.
    pub doors: Doors,
    revocation: String,
}

/// What it says of itself (RFC 8414).
#[derive(Deserialize)]
struct Description {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    device_authorization_endpoint: String,
    revocation_endpoint: String,
}

impl There {
    /// Asks a server where its doors are.
    ///
    /// # Errors
    /// An address that tokens must not be sent to; no such server; one that speaks for another.
    pub async fn find(url: &str) -> Result<Self> {
        let base = url.trim_end_matches('/').to_owned();
        let private =
            base.starts_with("https://") || base.starts_with("http://") && host_of(&base).is_some_and(is_loopback);
        ensure!(private, "{base}: tokens travel by https only (or to this very machine)");
        let http = client()?;
        let at = format!("{base}/.well-known/oauth-authorization-server");
        let answer = http.get(&at).send().await.with_context(|| format!("{base} cannot be reached"))?;
        ensure!(answer.status().is_success(), "{base} is no Shearline server, or an older one ({})", answer.status());
        let said: Description = answer.json().await.with_context(|| format!("{at} cannot be read"))?;
        ensure!(said.issuer == base, "{base} calls itself {}: sign in there", said.issuer);
        let endpoints = [
            &said.authorization_endpoint,
            &said.token_endpoint,
            &said.device_authorization_endpoint,
            &said.revocation_endpoint,
        ];
        for endpoint in endpoints {
            ensure!(endpoint.starts_with(&format!("{base}/")), "{base} names a door elsewhere: {endpoint}");
        }
        let doors = BasicClient::new(ClientId::new(PROGRAMS[0].client_id.into()))
            .set_auth_uri(AuthUrl::new(said.authorization_endpoint)?)
            .set_token_uri(TokenUrl::new(said.token_endpoint)?)
            .set_device_authorization_url(DeviceAuthorizationUrl::new(said.device_authorization_endpoint)?);
        Ok(Self { http, base, doors, revocation: said.revocation_endpoint })
    }

    /// How the sign-in's own requests travel.
    pub fn road(&self) -> impl Fn(HttpRequest) -> Travel + use<> {
        let http = self.http.clone();
        move |request| Box::pin(send(http.clone(), request))
    }

    /// What a sign-in gave, to be kept.
    ///
    /// # Errors
    /// No refresh token among it.
    pub fn credentials(&self, given: &BasicTokenResponse) -> Result<Credentials> {
        let refresh = given.refresh_token().context("the server gave no refresh token")?;
        Ok(Credentials {
            server: self.base.clone(),
            access_token: given.access_token().secret().clone(),
            refresh_token: refresh.secret().clone(),
            expires_at: now() + given.expires_in().map_or(0, |lives| lives.as_secs()),
        })
    }

    /// The next pair.
    ///
    /// # Errors
    /// Signed out, or not to be had now.
    pub async fn renew(&self, kept: &Credentials) -> Result<Credentials> {
        let token = RefreshToken::new(kept.refresh_token.clone());
        match self.doors.exchange_refresh_token(&token).request_async(&self.road()).await {
            Ok(given) => self.credentials(&given),
            Err(RequestTokenError::ServerResponse(refused))
                if matches!(refused.error(), BasicErrorResponseType::InvalidGrant) =>
            {
                bail!("signed out: run `shearline login {}`", self.base)
            }
            Err(error) => Err(error).context("the sign-in could not be renewed"),
        }
    }

    /// Gives the tokens back.
    ///
    /// # Errors
    /// The server cannot be reached, or does not take them.
    pub async fn give_back(&self, kept: &Credentials) -> Result<()> {
        let form = [("client_id", PROGRAMS[0].client_id), ("token", &kept.refresh_token)];
        self.http.post(&self.revocation).form(&form).send().await?.error_for_status()?;
        Ok(())
    }
}

type Travel = std::pin::Pin<Box<dyn Future<Output = Result<HttpResponse, reqwest::Error>> + Send>>;

async fn send(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let answer = http.execute(request.try_into()?).await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut response = HttpResponse::new(answer.bytes().await?.to_vec());
    (*response.status_mut(), *response.headers_mut()) = (status, headers);
    Ok(response)
}

/// Trusts what this machine trusts, follows no redirects, and says which machine it is: people read that on their pages.
fn client() -> Result<reqwest::Client> {
    // Set already when a server runs in this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let host = fs::read_to_string("/etc/hostname").unwrap_or_default();
    let host: String = host.trim().chars().filter(|c| c.is_ascii_alphanumeric() || "-.".contains(*c)).collect();
    let on = if host.is_empty() { String::new() } else { format!(" on {host}") };
    let agent = format!("shearline/{}{on}", env!("CARGO_PKG_VERSION"));
    let limit = Duration::from_secs(60);
    Ok(reqwest::Client::builder()
        .user_agent(agent)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(limit)
        .build()?)
}
