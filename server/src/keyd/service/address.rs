//! Where a key service is, and which key is meant. An address holds no secret: one that seems to is refused, unrepeated.

use crate::config::is_loopback;
use anyhow::{Context, Result, bail, ensure};
use reqwest::Url;
use std::fmt;

/// A key of a key service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Of a transit engine.
    Transit(Transit),
    /// Of KMS.
    Kms(Kms),
}

/// A key of a transit engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transit {
    /// Scheme, host and port.
    pub base: Url,
    /// Where the engine is mounted.
    pub mount: String,
    /// The key's name.
    pub key: String,
}

/// A key of KMS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kms {
    /// As signatures name it.
    pub region: String,
    /// Id, ARN or alias.
    pub key: String,
    /// Where requests go.
    pub endpoint: Url,
}

const LOOKS: &str = "`file`, `vault:https://vault.example.org:8200/transit/keys/NAME`, `aws-kms:REGION:KEY` with the key's id, alias or ARN, or `pkcs11:token=TOKEN;object=KEY?module-path=/usr/lib/…/module.so`";

impl Address {
    /// Of the settings `SHEARLINE_ROOT_KEY` and `SHEARLINE_ROOT_KEY_ENDPOINT`.
    ///
    /// # Errors
    /// Says what it should look like.
    pub fn of_operator(text: &str, endpoint: Option<&str>) -> Result<Self> {
        for (name, value) in [("SHEARLINE_ROOT_KEY", Some(text)), ("SHEARLINE_ROOT_KEY_ENDPOINT", endpoint)] {
            let value = value.unwrap_or_default();
            ensure!(
                !holds_secret(value),
                "{name} holds a password or a token. Take it out, and put the credential alone into the file that SHEARLINE_ROOT_KEY_CREDENTIAL names (mode 0400): settings are shown, logged and copied; then have the key service replace it"
            );
        }
        let found = match text.split_once(':') {
            Some(("vault", url)) => {
                ensure!(
                    endpoint.is_none(),
                    "SHEARLINE_ROOT_KEY_ENDPOINT is for aws-kms; SHEARLINE_ROOT_KEY holds the address already"
                );
                Self::transit(url)
            }
            Some(("aws-kms", rest)) => {
                rest.split_once(':').context("no region").and_then(|(region, key)| Self::kms(region, key, endpoint))
            }
            _ => bail!("SHEARLINE_ROOT_KEY is none of {LOOKS}"),
        };
        let found = found.with_context(|| format!("SHEARLINE_ROOT_KEY must be {LOOKS}"))?;
        let url = found.url();
        ensure!(
            url.scheme() == "https" || url.host_str().is_some_and(|host| is_loopback(host.trim_matches(['[', ']']))),
            "SHEARLINE_ROOT_KEY would send root keys unencrypted: use https:// (http:// on this machine alone)"
        );
        Ok(found)
    }

    /// Of `https://host:port/MOUNT/keys/NAME`, with or without `/v1`.
    ///
    /// # Errors
    /// An address of another form.
    pub fn transit(text: &str) -> Result<Self> {
        let url = plain(text)?;
        let path = url.path().trim_matches('/');
        let path = path.strip_prefix("v1/").unwrap_or(path);
        let (mount, key) = path.rsplit_once("/keys/").context("it does not end in /transit/keys/NAME")?;
        ensure!(mount.split('/').all(named) && named(key), "mount and key may have letters, digits, -, _ and .");
        let (mount, key) = (mount.to_owned(), key.to_owned());
        let mut base = url;
        base.set_path("/");
        Ok(Self::Transit(Transit { base, mount, key }))
    }

    /// Of a region and a key; `endpoint` where it is not AWS's own.
    ///
    /// # Errors
    /// Names of another form.
    pub fn kms(region: &str, key: &str, endpoint: Option<&str>) -> Result<Self> {
        let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        ensure!(
            (2..=40).contains(&region.len()) && region.chars().all(small),
            "the region must be one such as eu-central-1"
        );
        let fits = |c: char| c.is_ascii_alphanumeric() || ":/_-.".contains(c);
        ensure!((1..=256).contains(&key.len()) && key.chars().all(fits), "the key must be an id, an alias or an ARN");
        let endpoint = match endpoint {
            Some(text) => plain(text)?,
            None => Url::parse(&format!("https://kms.{region}.amazonaws.com/"))?,
        };
        ensure!(endpoint.path() == "/", "the endpoint must be scheme, host and port only");
        Ok(Self::Kms(Kms { region: region.to_owned(), key: key.to_owned(), endpoint }))
    }

    /// Where requests go.
    #[must_use]
    pub const fn url(&self) -> &Url {
        match self {
            Self::Transit(at) => &at.base,
            Self::Kms(at) => &at.endpoint,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transit(Transit { base, mount, key }) => write!(f, "vault:{base}{mount}/keys/{key}"),
            Self::Kms(Kms { region, key, endpoint }) => {
                write!(f, "aws-kms:{region}:{key} at {}", endpoint.host_str().unwrap_or_default())
            }
        }
    }
}

fn named(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !text.is_empty() && text.len() <= 128 && text.chars().all(fits) && text.chars().any(|c| c != '.')
}

/// Scheme, host, port and path, and nothing that could hold a secret.
fn plain(text: &str) -> Result<Url> {
    let url = Url::parse(text).ok().context("it is no address")?;
    ensure!(matches!(url.scheme(), "https" | "http") && url.host_str().is_some(), "it must begin with https://");
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    ensure!(bare, "a user, a question mark or a # has no place in it: credentials stand in a file of their own");
    Ok(url)
}

/// Whether something is written into a setting that has no place there: what stands before an @ or behind a question mark,
/// a token of Vault's, an access key of AWS's.
pub(super) fn holds_secret(text: &str) -> bool {
    let token = ["hvs.", "hvb.", "hvr."].iter().any(|start| text.contains(start));
    let access_key = text.as_bytes().windows(20).any(|window| {
        (window.starts_with(b"AKIA") || window.starts_with(b"ASIA"))
            && window.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    });
    token || access_key || text.contains(['@', '?', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_shown_as_they_are_written() {
        for (text, shown) in [
            (
                "vault:https://vault.example.org:8200/transit/keys/shearline",
                "vault:https://vault.example.org:8200/transit/keys/shearline",
            ),
            (
                "vault:https://vault.example.org/v1/team/transit/keys/a.b",
                "vault:https://vault.example.org/team/transit/keys/a.b",
            ),
            ("vault:http://127.0.0.1:8200/transit/keys/k", "vault:http://127.0.0.1:8200/transit/keys/k"),
            (
                "aws-kms:eu-central-1:alias/shearline",
                "aws-kms:eu-central-1:alias/shearline at kms.eu-central-1.amazonaws.com",
            ),
            (
                "aws-kms:eu-central-1:arn:aws:kms:eu-central-1:111122223333:key/1234",
                "aws-kms:eu-central-1:arn:aws:kms:eu-central-1:111122223333:key/1234 at kms.eu-central-1.amazonaws.com",
            ),
        ] {
            assert_eq!(
                Address::of_operator(text, None).map(|at| at.to_string()).unwrap_or_else(|error| format!("{error:#}")),
                shown
            );
        }
        for text in [
            "",
            "vault",
            "vault:",
            "vault:https://vault.example.org/transit",
            "vault:https://vault.example.org/transit/keys/",
            "vault:https://vault.example.org/transit/keys/..",
            "vault:https://vault.example.org/../keys/x y",
            "vault:http://vault.example.org/transit/keys/k",
            "vault:ftp://vault.example.org/transit/keys/k",
            "aws-kms:eu-central-1",
            "aws-kms:EU:k",
            "aws-kms:eu-central-1:",
            "aws-kms:eu-central-1:a b",
            "pkcs11:token",
        ] {
            assert!(Address::of_operator(text, None).is_err(), "{text}");
        }
        let kms = |endpoint| Address::of_operator("aws-kms:eu-central-1:k", Some(endpoint));
        assert!(kms("http://127.0.0.1:4566").is_ok());
        assert!(kms("http://kms.example.org").is_err() && kms("https://kms.example.org/x").is_err());
        assert!(
            Address::of_operator("vault:https://vault.example.org/transit/keys/k", Some("https://x.example.org"))
                .is_err()
        );
    }

    #[test]
    fn row_46_a_secret_in_an_address_is_refused_and_not_repeated() {
        for (text, endpoint, secret) in [
            ("vault:https://hvs.CAESIJ@vault.example.org/transit/keys/k", None, "CAESIJ"),
            ("vault:https://root:s3cr3t@vault.example.org/transit/keys/k", None, "s3cr3t"),
            ("vault:https://vault.example.org/transit/keys/k?token=s3cr3t", None, "s3cr3t"),
            ("vault:https://vault.example.org/transit/keys/hvs.CAESIJ", None, "CAESIJ"),
            ("vault:https://vault.example.org/transit/keys/k#s3cr3t", None, "s3cr3t"),
            ("aws-kms:eu-central-1:AKIAIOSFODNN7EXAMPLE", None, "AKIA"),
            ("aws-kms:eu-central-1:k", Some("https://AKIAIOSFODNN7EXAMPLE:s3cr3t@kms.example.org"), "s3cr3t"),
        ] {
            let words =
                Address::of_operator(text, endpoint).map_or_else(|error| format!("{error:#}"), |_| "accepted".into());
            assert!(words.contains("SHEARLINE_ROOT_KEY_CREDENTIAL") && !words.contains(secret), "{words}");
        }
    }
}
