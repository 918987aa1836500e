//! Settings as written: every key of the file has its name in the environment.

use anyhow::{Context, Result, anyhow};
use figment::{
    Figment,
    providers::{Format, Toml},
};
use serde::{Deserialize, Deserializer, de::Error};
use std::{fs, path::Path};

/// Key in the file → name in the environment. The data folder is no key of the file that lies in it.
const NAMES: [(&str, &str); 26] = [
    ("addr", "SHEARLINE_ADDR"),
    ("admin_addr", "SHEARLINE_ADMIN_ADDR"),
    ("site", "SHEARLINE_SITE"),
    ("public_url", "SHEARLINE_PUBLIC_URL"),
    ("trusted_proxies", "SHEARLINE_TRUSTED_PROXIES"),
    ("dev", "SHEARLINE_DEV"),
    ("smtp_url", "SHEARLINE_SMTP_URL"),
    ("smtp_credentials", "SHEARLINE_SMTP_CREDENTIALS"),
    ("mail_from", "SHEARLINE_MAIL_FROM"),
    ("tls_cert", "SHEARLINE_TLS_CERT"),
    ("tls_key", "SHEARLINE_TLS_KEY"),
    ("redirect_addr", "SHEARLINE_REDIRECT_ADDR"),
    ("hsts", "SHEARLINE_HSTS"),
    ("requests_a_minute", "SHEARLINE_REQUESTS_A_MINUTE"),
    ("security_contact", "SHEARLINE_SECURITY_CONTACT"),
    ("breach_filter", "SHEARLINE_BREACH_FILTER"),
    ("breach_ranges", "SHEARLINE_BREACH_RANGES"),
    ("webhook_networks", "SHEARLINE_WEBHOOK_NETWORKS"),
    ("keyd_data", "SHEARLINE_KEYD_DATA"),
    ("root_key", "SHEARLINE_ROOT_KEY"),
    ("root_key_endpoint", "SHEARLINE_ROOT_KEY_ENDPOINT"),
    ("root_key_credential", "SHEARLINE_ROOT_KEY_CREDENTIAL"),
    ("root_key_ca", "SHEARLINE_ROOT_KEY_CA"),
    ("archive", "SHEARLINE_ARCHIVE"),
    ("archive_credentials", "SHEARLINE_ARCHIVE_CREDENTIALS"),
    ("database_url", "DATABASE_URL"),
];

/// What was written, not yet understood.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    pub addr: Option<String>,
    pub admin_addr: Option<String>,
    pub site: Option<String>,
    pub public_url: Option<String>,
    #[serde(deserialize_with = "list")]
    pub trusted_proxies: Vec<String>,
    #[serde(deserialize_with = "switch")]
    pub dev: bool,
    pub smtp_url: Option<String>,
    pub smtp_credentials: Option<String>,
    pub mail_from: Option<String>,
    pub tls_cert: Option<String>,
    pub tls_key: Option<String>,
    pub redirect_addr: Option<String>,
    pub hsts: Option<String>,
    #[serde(deserialize_with = "number")]
    pub requests_a_minute: Option<String>,
    pub security_contact: Option<String>,
    pub breach_filter: Option<String>,
    pub breach_ranges: Option<String>,
    #[serde(deserialize_with = "list")]
    pub webhook_networks: Vec<String>,
    pub keyd_data: Option<String>,
    pub root_key: Option<String>,
    pub root_key_endpoint: Option<String>,
    pub root_key_credential: Option<String>,
    pub root_key_ca: Option<String>,
    pub archive: Option<String>,
    pub archive_credentials: Option<String>,
    pub database_url: Option<String>,
}

impl Raw {
    /// Reads the file, if there is one, and then the environment; an empty variable counts as not set.
    pub(super) fn read(file: &Path, env: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let mut settings = if file.exists() { Figment::from(Toml::string(&read(file)?)) } else { Figment::new() };
        for (key, name) in NAMES {
            if let Some(value) = env(name).filter(|value| !value.trim().is_empty()) {
                // As text, whatever it looks like: figment's own reading would make a list of [::1]:3000.
                settings = settings.merge((key, value.trim()));
            }
        }
        settings.extract().with_context(|| {
            format!("the settings in {} or in the environment cannot be read (names: {})", file.display(), names())
        })
    }
}

/// The file's text, once it is known to be TOML: figment's own error would repeat the line, and with it a password.
fn read(file: &Path) -> Result<String> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    match toml::from_str::<toml::Table>(&text) {
        Ok(_) => Ok(text),
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let (line, column) =
                (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
            let kind = error.message().lines().next().unwrap_or_default();
            Err(anyhow!(
                "{}, line {line}, column {column}: {kind}. Texts stand in quotes, as in addr = \"127.0.0.1:3000\"",
                file.display()
            ))
        }
    }
}

fn names() -> String {
    NAMES.map(|(key, name)| format!("{key} = {name}")).join(", ")
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Switch(bool),
    Number(i64),
    Text(String),
    List(Vec<String>),
}

fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    match Loose::deserialize(from)? {
        Loose::List(list) => Ok(list),
        Loose::Text(text) => {
            Ok(text.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect())
        }
        _ => Err(D::Error::custom("must be a list of networks")),
    }
}

/// A number, written as one or as a text.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    match Loose::deserialize(from)? {
        Loose::Number(number) => Ok(Some(number.to_string())),
        Loose::Text(text) => Ok(Some(text)),
        _ => Err(D::Error::custom("requests_a_minute (SHEARLINE_REQUESTS_A_MINUTE) must be a number")),
    }
}

fn switch<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    match Loose::deserialize(from)? {
        Loose::Switch(on) => Ok(on),
        Loose::Number(1) => Ok(true),
        Loose::Number(0) => Ok(false),
        Loose::Text(text) if matches!(&*text, "1" | "true" | "yes") => Ok(true),
        Loose::Text(text) if matches!(&*text, "0" | "false" | "no") => Ok(false),
        _ => Err(D::Error::custom("dev (SHEARLINE_DEV) must be 1 or 0")),
    }
}
