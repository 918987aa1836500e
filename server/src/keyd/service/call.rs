//! One request to a key service, and what its answer means. Nothing of what was sent or answered gets into words.

use crate::outbound::{self, Outbound};
use anyhow::{Context, Result};
use reqwest::{
    Client, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
    redirect, retry,
};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::{path::Path, time::Duration};
use vault::VaultError;

/// How long a request may take, to the last byte of its answer. Whoever waits for keyd waits ten seconds.
pub const LIMIT: Duration = Duration::from_secs(4);
/// The longest answer.
const MOST: usize = 64 * 1024;

/// How a service is reached.
#[derive(Clone)]
pub enum Road {
    /// Where the operator says it is.
    Operator(Client),
    /// Where a shop says it is: not inside the server's own network.
    Guarded(Outbound),
}

/// What came back.
pub(super) struct Answered {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Road {
    /// To a service of the operator's; `authority` alone is believed where there is one, else those that browsers believe.
    ///
    /// # Errors
    /// A file that holds no certificate.
    pub fn of_operator(authority: Option<&Path>) -> Result<Self> {
        let tls = match authority {
            None => outbound::tls()?,
            Some(path) => {
                let found: Vec<_> = CertificateDer::pem_file_iter(path)
                    .and_then(Iterator::collect)
                    .ok()
                    .with_context(|| format!("{} holds no certificate in PEM", path.display()))?;
                outbound::tls_of(&found)
                    .with_context(|| format!("{} holds no certificate that can be used", path.display()))?
            }
        };
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .referer(false)
            .connect_timeout(LIMIT / 2)
            .timeout(LIMIT)
            .build()
            .context("the client of key services cannot be made")?;
        Ok(Self::Operator(client))
    }

    /// Posts a body of JSON.
    pub(super) async fn post(
        &self,
        url: Url,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: Vec<u8>,
    ) -> Result<Answered, VaultError> {
        let mut all = HeaderMap::from_iter(headers);
        all.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        all.insert(USER_AGENT, HeaderValue::from_static("Shearline-Keys/1"));
        let (status, body) = match self {
            Self::Operator(client) => {
                let sent = async {
                    let mut answer = client.post(url).headers(all).body(body).send().await?;
                    Ok((answer.status().as_u16(), outbound::short(&mut answer, MOST).await?))
                };
                sent.await.map_err(|error: reqwest::Error| VaultError::Provider(outbound::words(&error, LIMIT)))?
            }
            Self::Guarded(outbound) => {
                outbound.exchange(url.as_str(), all, body, MOST).await.map_err(VaultError::Provider)?
            }
        };
        let body = body.ok_or_else(|| VaultError::Provider("its answer is too long".into()))?;
        Ok(Answered { status, body })
    }
}

impl Answered {
    /// The answer as JSON, if it is a yes. `kind` names the service; `code` finds the service's own word for a no.
    pub(super) fn json<T: serde::de::DeserializeOwned>(
        &self,
        code: impl Fn(&serde_json::Value) -> Option<String>,
    ) -> Result<T, VaultError> {
        if self.status == 200 {
            // The cause might repeat what was answered.
            return serde_json::from_slice(&self.body)
                .map_err(|_| VaultError::Provider("its answer is not one of a key service".into()));
        }
        let said = serde_json::from_slice(&self.body).ok().as_ref().and_then(code).map(|word| short(&word));
        let words =
            said.map_or_else(|| format!("status {}", self.status), |word| format!("{word}, status {}", self.status));
        Err(match self.status {
            400..=499 if !matches!(self.status, 408 | 412 | 429 | 472 | 473) => VaultError::Denied(words),
            _ => VaultError::Provider(words),
        })
    }
}

/// A word of the service's, and never a sentence: that might hold what was sent.
fn short(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').take(60).collect()
}
