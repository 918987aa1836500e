//! Asks an address of the operator's choice for leaked passwords by range: the protocol of Have I Been Pwned, which mirrors
//! speak as well. The guard of `outbound` is not for it: the operator may keep a mirror inside.

use crate::outbound;
use anyhow::{Context, Result};
use reqwest::{Client, StatusCode, Url, redirect};
use std::time::Duration;
use store::front_door::ranges::{Answer, Ranges};

/// How long somebody who chooses a password waits for it.
const PATIENCE: Duration = Duration::from_secs(3);

/// Somebody who is asked over HTTP.
pub struct RangeServer {
    client: Client,
    address: Url,
}

impl RangeServer {
    /// Asks at `address`, to which the digits are added.
    ///
    /// # Errors
    /// A client that cannot be made.
    pub fn new(address: Url) -> Result<Self> {
        let client = Client::builder()
            .tls_backend_preconfigured(outbound::tls()?)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(PATIENCE)
            .build()
            .context("the client that asks about leaked passwords cannot be made")?;
        Ok(Self { client, address })
    }

    async fn ask(&self, digits: &str) -> Result<String, String> {
        let url = self.address.join(digits).map_err(|error| error.to_string())?;
        let sent = self.client.get(url).header("add-padding", "true").send().await;
        // Without the address: it holds the digits.
        let answer = sent.map_err(|error| error.without_url().to_string())?;
        match answer.status() {
            StatusCode::OK => answer.text().await.map_err(|error| error.without_url().to_string()),
            other => Err(format!("the answer was {other}")),
        }
    }
}

impl Ranges for RangeServer {
    fn beginning(&self, digits: String) -> Answer<'_> {
        Box::pin(async move { self.ask(&digits).await })
    }
}
