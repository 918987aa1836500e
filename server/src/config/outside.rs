//! How this installation stands to the outside: TLS, the plain port, who may connect, how often.

use super::{absolute, is_loopback};
use anyhow::{Context, Result, bail, ensure};
use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
};

/// Requests one address may send a minute when nothing is said.
pub const REQUESTS_A_MINUTE: NonZeroU32 = NonZeroU32::new(240).unwrap();

/// Files of our own TLS, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and those between it and the authority.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Both files or neither.
pub(super) fn tls(cert: Option<&str>, key: Option<&str>) -> Result<Option<TlsFiles>> {
    match (cert, key) {
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert: absolute(cert)?, key: absolute(key)? })),
        (None, None) => Ok(None),
        (Some(_), None) => bail!("SHEARLINE_TLS_CERT is set, so SHEARLINE_TLS_KEY must be too"),
        (None, Some(_)) => bail!("SHEARLINE_TLS_KEY is set, so SHEARLINE_TLS_CERT must be too"),
    }
}

/// Where plain HTTP leads to https: as said, else port 80 beside port 443.
pub(super) fn redirect(said: Option<&str>, addr: SocketAddr, tls: bool) -> Result<Option<SocketAddr>> {
    let Some(said) = said else {
        return Ok((tls && addr.port() == 443).then(|| SocketAddr::new(addr.ip(), 80)));
    };
    ensure!(tls, "SHEARLINE_REDIRECT_ADDR is set, but there is no TLS to lead to: set SHEARLINE_TLS_CERT and _KEY");
    let parsed = said.parse().ok();
    parsed.map(Some).with_context(|| {
        format!("SHEARLINE_REDIRECT_ADDR is `{said}`; it must be an IP address and a port, as in 0.0.0.0:80")
    })
}

/// Where the administration listens: on this machine alone, and never where people come in.
pub(super) fn admin(said: Option<&str>, addr: SocketAddr) -> Result<Option<SocketAddr>> {
    let Some(said) = said else { return Ok(None) };
    let parsed: SocketAddr = said.parse().ok().with_context(|| {
        format!("SHEARLINE_ADMIN_ADDR is `{said}`; it must be an IP address and a port, as in 127.0.0.1:3001")
    })?;
    ensure!(
        parsed.ip().is_loopback(),
        "SHEARLINE_ADMIN_ADDR is {parsed}, which others can reach: the administration answers on this machine alone, as in 127.0.0.1:3001. \
         Come to it from elsewhere through SSH: ssh -L {0}:localhost:{0} this-machine",
        parsed.port()
    );
    ensure!(
        parsed.port() != addr.port(),
        "SHEARLINE_ADMIN_ADDR and SHEARLINE_ADDR have the same port; give the administration one of its own"
    );
    Ok(Some(parsed))
}

/// For how far browsers are told to insist on https. Only who comes by https is told, as RFC 6797 wants it.
pub(super) fn hsts(said: Option<&str>, public_url: &str) -> Result<Option<&'static str>> {
    let value = match said.unwrap_or("preload") {
        "preload" => "max-age=63072000; includeSubDomains; preload",
        "subdomains" => "max-age=63072000; includeSubDomains",
        "host" => "max-age=63072000",
        other => bail!("SHEARLINE_HSTS is `{other}`; it must be preload, subdomains or host"),
    };
    Ok(public_url.starts_with("https://").then_some(value))
}

pub(super) fn rate(said: Option<&str>) -> Result<NonZeroU32> {
    let Some(said) = said else { return Ok(REQUESTS_A_MINUTE) };
    said.parse()
        .ok()
        .with_context(|| format!("SHEARLINE_REQUESTS_A_MINUTE is `{said}`; it must be a whole number, 1 or more"))
}

/// An address of RFC 9116: mail, page or telephone.
pub(super) fn contact(said: &str) -> Result<String> {
    let known = ["mailto:", "https://", "tel:"].iter().any(|scheme| said.starts_with(scheme));
    ensure!(
        known && !said.contains(|c: char| c.is_whitespace() || c.is_control()),
        "SHEARLINE_SECURITY_CONTACT is `{said}`; it must begin with mailto:, https:// or tel:"
    );
    Ok(said.to_owned())
}

/// Where leaked passwords are asked for by range: the digits are added to the address.
pub(super) fn ranges(text: &str) -> Result<reqwest::Url> {
    let url = reqwest::Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http") && url.path().ends_with('/'));
    url.with_context(|| {
        format!("SHEARLINE_BREACH_RANGES is `{text}`; it must be an address that ends in /, as in https://mirror.example/range/")
    })
}

impl super::Config {
    /// Whether this address may be served as the settings stand.
    ///
    /// # Errors
    /// Plain HTTP that others than this machine and a named proxy could reach.
    pub fn may_serve(&self) -> Result<()> {
        ensure!(
            self.tls.is_some() || !exposed(self.addr.ip()) || !self.trusted_proxies.is_empty(),
            "SHEARLINE_ADDR is {}, which others can reach, and passwords would travel unencrypted. Either set SHEARLINE_TLS_CERT \
             and SHEARLINE_TLS_KEY, or name the proxy that speaks TLS in SHEARLINE_TRUSTED_PROXIES, or listen on 127.0.0.1",
            self.addr
        );
        Ok(())
    }

    /// Whether a peer may connect: over plain HTTP only this machine and the named proxies.
    #[must_use]
    pub fn admits(&self, peer: IpAddr) -> bool {
        self.tls.is_some() || !exposed(peer) || self.trusted_proxies.iter().any(|net| net.contains(&peer))
    }
}

/// Whether an address is another machine's, or reachable from one.
#[must_use]
pub fn exposed(ip: IpAddr) -> bool {
    !is_loopback(&ip.to_string())
}
