//! What the operator decides: `shearline.toml` in the data folder, and the environment, which wins.

mod archive;
mod outside;
mod raw;
mod secret_file;

pub use archive::{ArchivePlace, BucketPlace};
pub use outside::{TlsFiles, exposed};
pub use secret_file::SecretFile;
pub(crate) use secret_file::holds_nobody;

use crate::{
    keyd::service::{RootKey, Written},
    mailer::Post,
    privileges::Person,
};
use anyhow::{Context, Result, bail, ensure};
use ipnet::IpNet;
use raw::Raw;
use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
};

/// Name of the settings file in the data folder.
pub const FILE: &str = "shearline.toml";

/// Checked settings: what is in here can be used as it stands.
#[derive(Clone)]
pub struct Config {
    /// Where the server listens.
    pub addr: SocketAddr,
    /// Where whoever runs the installation is answered, on this machine alone; `None`: nowhere.
    pub admin_addr: Option<SocketAddr>,
    /// Absolute path of the data folder.
    pub data: PathBuf,
    /// Absolute path of the built assets.
    pub site: PathBuf,
    /// How people reach this server: scheme, host and port, without a slash at the end.
    pub public_url: String,
    /// Proxies whose `X-Forwarded-For` is believed; none by default.
    pub trusted_proxies: Vec<IpNet>,
    /// Started by a developer: readable logs, mails to be read in the browser.
    pub dev: bool,
    /// How mail leaves the house; `None`: it is laid down in [`Config::outbox`].
    pub smtp: Option<Post>,
    /// Sender of every mail, as in `Shearline <shop@example.org>`.
    pub mail_from: String,
    /// Folder for mails when no SMTP server is named.
    pub outbox: PathBuf,
    /// Certificate and key of our own TLS; `None`: plain HTTP, on this machine or behind a proxy.
    pub tls: Option<TlsFiles>,
    /// Where plain HTTP is answered with nothing but the way to https.
    pub redirect: Option<SocketAddr>,
    /// Value of `Strict-Transport-Security`; `None` where people do not come by https.
    pub hsts: Option<&'static str>,
    /// Requests one address may send a minute.
    pub requests_a_minute: NonZeroU32,
    /// Where weaknesses are reported, as `security.txt` says it.
    pub security_contact: Option<String>,
    /// Leaked passwords, as `shearline breach build` writes them; `None`: the built-in list alone.
    pub breach_filter: Option<PathBuf>,
    /// Who is asked for leaked passwords by the first digits of their SHA-1; `None`: nobody.
    pub breach_ranges: Option<reqwest::Url>,
    /// Networks that webhooks may reach though they are inside, by plain http as well; none by default.
    pub webhook_networks: Vec<IpNet>,
    /// Where the process that holds the keys keeps them, and as whom it runs.
    pub keyd: crate::keyd::Place,
    /// Who guards the root keys: a file, or a key service.
    pub root_key: RootKey,
    /// Where checkpoints are kept outside the database.
    pub archive: ArchivePlace,
    /// Login that may migrate, of a database of the operator's own; `None`: the private cluster.
    pub database_url: Option<String>,
}

impl Config {
    /// Reads the settings. `data` is the data folder, already decided on and absolute.
    ///
    /// # Errors
    /// Names the setting that cannot be used, and what it should look like.
    pub fn load(data: &Path) -> Result<Self> {
        Self::for_person(data, None)
    }

    /// As [`Config::load`], for a server that root starts and that becomes this person.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn for_person(data: &Path, person: Option<&Person>) -> Result<Self> {
        Self::read(data, |name| std::env::var(name).ok(), person)
    }

    /// As [`Config::load`], with the environment as a function, so that tests need not change the real one.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_sources(data: &Path, env: impl Fn(&str) -> Option<String>) -> Result<Self> {
        Self::read(data, env, None)
    }

    fn read(data: &Path, env: impl Fn(&str) -> Option<String>, person: Option<&Person>) -> Result<Self> {
        let raw = Raw::read(&data.join(FILE), env)?;
        let text = raw.addr.as_deref().unwrap_or("127.0.0.1:3000");
        let addr: SocketAddr = text.parse().with_context(|| {
            format!("SHEARLINE_ADDR is `{text}`; it must be an IP address and a port, as in 127.0.0.1:3000")
        })?;
        let tls = outside::tls(raw.tls_cert.as_deref(), raw.tls_key.as_deref())?;
        let public_url = match raw.public_url {
            Some(url) => public_url(&url)?,
            None if tls.is_some() => format!("https://{}", addr.to_string().trim_end_matches(":443")),
            None => format!("http://{addr}"),
        };
        ensure!(
            tls.is_none() || public_url.starts_with("https://"),
            "SHEARLINE_TLS_CERT is set, so SHEARLINE_PUBLIC_URL must begin with https://"
        );
        let (mail_from, smtp) = mail(raw.mail_from, raw.smtp_url.as_deref(), raw.smtp_credentials.as_deref())?;
        raw.database_url.as_deref().map(database).transpose()?;
        Ok(Self {
            addr,
            admin_addr: outside::admin(raw.admin_addr.as_deref(), addr)?,
            data: data.to_owned(),
            site: absolute(raw.site.as_deref().unwrap_or("target/site"))?,
            trusted_proxies: networks(
                "SHEARLINE_TRUSTED_PROXIES",
                &raw.trusted_proxies,
                "anyone could then write any address into the audit trail",
            )?,
            dev: raw.dev,
            smtp,
            mail_from,
            outbox: data.join("outbox"),
            redirect: outside::redirect(raw.redirect_addr.as_deref(), addr, tls.is_some())?,
            hsts: outside::hsts(raw.hsts.as_deref(), &public_url)?,
            requests_a_minute: outside::rate(raw.requests_a_minute.as_deref())?,
            security_contact: raw.security_contact.as_deref().map(outside::contact).transpose()?,
            tls,
            public_url,
            breach_filter: raw.breach_filter.as_deref().map(absolute).transpose()?,
            breach_ranges: raw.breach_ranges.as_deref().map(outside::ranges).transpose()?,
            webhook_networks: networks(
                "SHEARLINE_WEBHOOK_NETWORKS",
                &raw.webhook_networks,
                "any shop could then reach what only this server should",
            )?,
            keyd: crate::keyd::Place::find(data, raw.keyd_data.as_deref().map(absolute).transpose()?, person),
            root_key: RootKey::read(Written {
                root_key: raw.root_key.as_deref(),
                endpoint: raw.root_key_endpoint.as_deref(),
                credential: raw.root_key_credential.as_deref(),
                authority: raw.root_key_ca.as_deref(),
            })?,
            archive: ArchivePlace::read(raw.archive.as_deref(), raw.archive_credentials.as_deref(), data)?,
            database_url: raw.database_url,
        })
    }

    /// The address of the administration, as its passkeys know it.
    #[must_use]
    pub fn admin_url(&self) -> Option<String> {
        let port = self.admin_addr?.port();
        Some(if port == 80 { "http://localhost".to_owned() } else { format!("http://localhost:{port}") })
    }

    /// The file that holds the passwords of the serving logins.
    #[must_use]
    pub fn roles_file(&self) -> PathBuf {
        self.data.join("roles.toml")
    }

    /// The file that holds the front key: for what belongs to no shop. The root keys are keyd's.
    #[must_use]
    pub fn front_key_file(&self) -> PathBuf {
        let beside = self.web_folder();
        // Inside only where nothing may be made beside the data folder.
        let folder = if beside.is_dir() { &beside } else { &self.data };
        folder.join("front.key")
    }

    /// The web's own folder beside the data: a copy of the data alone opens nothing.
    #[must_use]
    pub fn web_folder(&self) -> PathBuf {
        PathBuf::from(format!("{}.web", self.data.display()))
    }

    /// Root keys of an installation from before keyd, until keyd takes them.
    #[must_use]
    pub fn handed_over(&self) -> PathBuf {
        self.data.join("root.key.before")
    }

    /// Whether browsers will keep the sign-in cookie: https, or this very machine.
    #[must_use]
    pub fn cookies_hold(&self) -> bool {
        self.public_url.starts_with("https://") || host_of(&self.public_url).is_some_and(is_loopback)
    }
}

impl std::fmt::Debug for Config {
    /// Without what is only worth knowing where it is used.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("addr", &self.addr)
            .field("data", &self.data)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}

/// The sender of every mail, and the server that takes them, if one is named.
fn mail(sender: Option<String>, server: Option<&str>, secret: Option<&str>) -> Result<(String, Option<Post>)> {
    let sender = sender.unwrap_or_else(|| "Shearline <shearline@localhost>".to_owned());
    crate::mailer::check_sender(&sender).with_context(|| {
        format!("SHEARLINE_MAIL_FROM is `{sender}`; it must be an address, as in Shearline <shop@example.org>")
    })?;
    let secret = secret.map(SecretFile::named).transpose()?;
    let server = server.map(|url| Post::read(url, secret)).transpose()?;
    ensure!(
        server.is_none() || !sender.ends_with("@localhost>"),
        "SHEARLINE_SMTP_URL is set, so SHEARLINE_MAIL_FROM must be too: it is the sender of every mail"
    );
    Ok((sender, server))
}

/// Refuses an address of a database that cannot be one, or that holds a password.
fn database(url: &str) -> Result<()> {
    let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
    let rest = rest.context("DATABASE_URL must begin with postgres://")?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let who = place.rsplit_once('@').map_or("", |(who, _)| who);
    let written = who.contains(':') || query.split('&').any(|part| part.starts_with("password="));
    ensure!(
        !written,
        "DATABASE_URL holds a password; let it stand in a password file (chmod 600), ~/.pgpass or the one PGPASSFILE names"
    );
    Ok(())
}

/// The data folder as asked for, and whether anybody asked.
///
/// # Errors
/// A working folder that is gone.
pub fn asked_data() -> Result<(PathBuf, bool)> {
    let asked = std::env::var("SHEARLINE_DATA").ok().filter(|text| !text.is_empty());
    Ok((absolute(asked.as_deref().unwrap_or("data"))?, asked.is_some()))
}

fn absolute(path: &str) -> Result<PathBuf> {
    // Lexical: the folder need not be there yet.
    let path = std::path::absolute(path)
        .with_context(|| format!("cannot make `{path}` absolute: is the working folder gone?"))?;
    Ok(path.components().collect())
}

fn public_url(text: &str) -> Result<String> {
    let Some((scheme @ ("https" | "http"), rest)) = text.split_once("://") else {
        bail!("SHEARLINE_PUBLIC_URL is `{text}`; it must begin with https:// (or http:// on this machine)");
    };
    let rest = rest.trim_end_matches('/');
    let plain = !rest.is_empty() && !rest.contains(['/', '?', '#', '@']) && !rest.contains(char::is_whitespace);
    ensure!(
        plain,
        "SHEARLINE_PUBLIC_URL is `{text}`; it must be scheme, host and port only, as in https://shop.example.org"
    );
    Ok(format!("{scheme}://{rest}"))
}

/// Networks as written; none of them may be everybody, for the reason given.
fn networks(setting: &str, list: &[String], reason: &str) -> Result<Vec<IpNet>> {
    list.iter()
        .map(|text| {
            let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            let net = net.ok().with_context(|| {
                format!("{setting} holds `{text}`; each must be an address or a network, as in 10.0.0.0/8")
            })?;
            ensure!(net.prefix_len() > 0, "{setting} holds `{text}`, which is everybody: {reason}");
            Ok(net.trunc())
        })
        .collect()
}

/// The host of an address of ours, without port.
pub(crate) fn host_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    Some(match rest.strip_prefix('[') {
        Some(six) => six.split(']').next()?,
        None => rest.split([':', '/']).next()?,
    })
}

/// Whether a host name or address means this machine.
pub fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests;
