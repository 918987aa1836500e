//! The SMTP server: how its address is read, and when it may be spoken to without encryption.

use crate::config::{SecretFile, holds_nobody, is_loopback};
use anyhow::{Context, Result, anyhow, ensure};
use lettre::{
    AsyncSmtpTransport, Tokio1Executor,
    transport::smtp::{AsyncSmtpTransportBuilder, authentication::Credentials},
};
use std::time::Duration;

/// A connection to the SMTP server, opened for each letter.
pub(super) type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// How long the server may keep us waiting for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The SMTP server of the settings, and the file with what opens it.
#[derive(Clone)]
pub struct Post {
    url: String,
    host: String,
    secret: Option<SecretFile>,
}

impl Post {
    /// Reads `smtps://host`, or `smtp://host:587?tls=required`. Without encryption only on this machine:
    /// mails hold invitations and portal links.
    ///
    /// # Errors
    /// What is wrong, without repeating the address.
    pub fn read(url: &str, secret: Option<SecretFile>) -> Result<Self> {
        holds_nobody(
            url,
            "SHEARLINE_SMTP_URL holds a user or a password; both stand in the file that SHEARLINE_SMTP_CREDENTIALS names",
        )?;
        let rest = url.strip_prefix("smtps://").or_else(|| url.strip_prefix("smtp://"));
        let rest = rest.context("SHEARLINE_SMTP_URL must begin with smtps:// (or smtp:// with ?tls=required)")?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let place = place.split_once('/').map_or(place, |(place, _)| place);
        let host = match place.strip_prefix('[') {
            Some(six) => six.split_once(']').map_or(six, |(host, _)| host),
            None => place.split_once(':').map_or(place, |(host, _)| host),
        };
        ensure!(!host.is_empty(), "SHEARLINE_SMTP_URL names no host");
        let sealed = url.starts_with("smtps://") || query.split('&').any(|part| part == "tls=required");
        ensure!(
            sealed || is_loopback(host),
            "SHEARLINE_SMTP_URL would send mail unencrypted to {host}: use smtps://, or add ?tls=required"
        );
        let post = Self { url: url.to_owned(), host: host.to_owned(), secret };
        post.builder()?;
        Ok(post)
    }

    /// The server's name, for messages.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the server answers, encrypted as the address demands. It signs in where it has something to sign in with, and sends nothing.
    ///
    /// # Errors
    /// What is wrong, without repeating the address.
    pub async fn reach(&self) -> Result<()> {
        match self.transport()?.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(anyhow!("{} answers, but not as a mail server does", self.host)),
            Err(error) => Err(anyhow!("{}: {}", self.host, without_addresses(&format!("{error:#}")))),
        }
    }

    /// A way to the server, with what the file holds by now.
    pub(super) fn transport(&self) -> Result<Transport> {
        let mut builder = self.builder()?;
        if let Some(file) = &self.secret {
            let (user, password) = file.read()?;
            builder = builder.credentials(Credentials::new(user, password.to_string()));
        }
        Ok(builder.build())
    }

    fn builder(&self) -> Result<AsyncSmtpTransportBuilder> {
        // The cause is left out, for it repeats the address.
        let builder = Transport::from_url(&self.url)
            .ok()
            .context("SHEARLINE_SMTP_URL cannot be read: it must look like smtps://mail.example.org")?;
        Ok(builder.timeout(Some(PATIENCE)))
    }
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").field("host", &self.host).field("secret", &self.secret).finish_non_exhaustive()
    }
}

/// What a server answered, without the addresses it likes to repeat.
pub(super) fn without_addresses(text: &str) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|word| if word.contains('@') { "(address) " } else { word })
        .collect::<String>()
        .trim_end()
        .to_owned()
}
