//! `doctor`: looks at everything a server stands on, repairs nothing, and says what is wrong in words that lead on.
//!
//! To look into a private cluster it does what a start does: writes the cluster's settings and the folder of its socket anew,
//! starts PostgreSQL where it does not run, and stops it again. Roles, schema, key and data stay as they are.

mod archive;
mod caa;
mod outside;
mod ports;

use crate::{
    config::{Config, host_of, is_loopback},
    ground::{Ground, Threshold, open_db, read_roles},
    postgres::initialised,
    privileges,
};
use anyhow::{Result, anyhow};
use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};
use store::bootstrap::{self, Inspected};
use vault::{Guarded, KeyFile, KeyFileError, Vault, keyd::KeydError};

/// The oldest minor version of PostgreSQL 15 without known holes that matter here: 15.18.
const SAFE_VERSION: i32 = 150_018;

/// Lines printed so far, counted by kind.
#[derive(Default)]
pub struct Report {
    problems: usize,
    notes: usize,
}

impl Report {
    fn ok(&mut self, what: &str, detail: impl std::fmt::Display) {
        println!("ok       {what}: {detail}");
    }

    fn note(&mut self, what: &str, detail: impl std::fmt::Display) {
        self.notes += 1;
        println!("note     {what}: {detail}");
    }

    fn problem(&mut self, what: &str, detail: impl std::fmt::Display) {
        self.problems += 1;
        println!("PROBLEM  {what}: {detail}");
    }

    fn judge<T>(&mut self, what: &str, outcome: Result<T>, ok: impl FnOnce(&T) -> String) -> Option<T> {
        match outcome {
            Ok(value) => {
                self.ok(what, ok(&value));
                Some(value)
            }
            Err(error) => {
                self.problem(what, format!("{error:#}"));
                None
            }
        }
    }
}

/// What needs the rights one was started with: settings, assets. Then the rights are given up.
#[must_use]
pub fn before() -> (Report, Option<Threshold>) {
    let mut report = Report::default();
    let found = report.judge("settings", Threshold::find(), |_| "they can be read".into());
    if let Some(threshold) = &found {
        let site = &threshold.config.site;
        report.judge("assets", crate::assets::Assets::load(site), |_| site.display().to_string());
        outside::certificate(&mut report, &threshold.config);
        report.judge("user", privileges::step_down(&threshold.place), |()| match &threshold.place.person {
            Some(person) => format!("root becomes `{}`", person.name),
            None => "an ordinary one".into(),
        });
        if let Some(notice) = &threshold.place.notice {
            report.note("data folder", notice);
        }
    }
    (report, found)
}

/// All the rest; true when there is no problem.
pub async fn after(mut report: Report, threshold: Option<Threshold>) -> bool {
    if let Some(threshold) = threshold {
        let config = threshold.config;
        addresses(&mut report, &config);
        mail(&mut report, &config).await;
        outside::seen(&mut report, &config).await;
        caa::look(&mut report, &config).await;
        ports::listening(&mut report, &config);
        zones(&mut report, Path::new("/usr/share/zoneinfo"));
        if folder(&mut report, &config) {
            archive::look(&mut report, &config);
            database(&mut report, &config).await;
        }
    }
    println!("{} problem(s), {} note(s)", report.problems, report.notes);
    report.problems == 0
}

fn addresses(report: &mut Report, config: &Config) {
    if config.cookies_hold() {
        report.ok("address", &config.public_url);
    } else {
        report.problem("address", format!("{} is neither https nor this machine: browsers will not keep the sign-in cookie. Put a TLS proxy in front and set SHEARLINE_PUBLIC_URL", config.public_url));
    }
    if let Err(error) = config.may_serve() {
        report.problem("SHEARLINE_ADDR", error);
    }
    if let Some(url) = config.admin_url() {
        report.ok("administration", format!("{url}, on this machine alone"));
    }
    if config.security_contact.is_none() && exposed(config) {
        report.note(
            "security.txt",
            "SHEARLINE_SECURITY_CONTACT is not set: who finds a weakness is not told whom to tell",
        );
    }
    if config.dev && !config.addr.ip().is_loopback() {
        report.problem("SHEARLINE_DEV", format!("is on, though {} can be reached from outside", config.addr));
    }
    if config.trusted_proxies.is_empty() && config.tls.is_none() && config.public_url.starts_with("https://") {
        report.note(
            "SHEARLINE_TRUSTED_PROXIES",
            "is empty: behind a proxy, the audit trail shows the proxy's address for everybody, and all share one limit",
        );
    }
}

/// Whether others than this machine are meant to come.
fn exposed(config: &Config) -> bool {
    !host_of(&config.public_url).is_some_and(is_loopback)
}

async fn mail(report: &mut Report, config: &Config) {
    match &config.smtp {
        Some(post) => {
            report.judge("mail", post.reach().await, |()| format!("{} answers", post.host()));
        }
        None => {
            report.note("mail", format!("no SHEARLINE_SMTP_URL: mails are laid down in {}", config.outbox.display()))
        }
    }
}

fn zones(report: &mut Report, folder: &Path) {
    if folder.join("America/New_York").is_file() {
        report.ok("time zones", folder.display());
    } else {
        report.problem("time zones", format!("none in {}: apt-get install tzdata", folder.display()));
    }
}

/// Modes of the data folder and of the files in it; false when there is nothing to look at.
fn folder(report: &mut Report, config: &Config) -> bool {
    let data = &config.data;
    let Ok(about) = fs::metadata(data) else {
        report.note("data folder", format!("{} is made at the first start", data.display()));
        return config.database_url.is_some();
    };
    match about.mode() & 0o777 {
        0o700 | 0o710 => report.ok("data folder", data.display()),
        mode => report.problem("data folder", format!("{0} has mode {mode:o}: chmod 700 {0}", data.display())),
    }
    let key = config.front_key_file();
    if key.exists() || config.roles_file().exists() {
        report.judge("front key", KeyFile::open(&key).map_err(|error| anyhow!("{error}")), |_| {
            format!("{} (back it up apart from the database)", key.display())
        });
        if key.starts_with(data) {
            report.note("front key", "lies inside the data folder: whoever copies that folder has both");
        }
        root_key(report, config);
        report.judge("logins", read_roles(config), |_| config.roles_file().display().to_string());
    } else {
        report.note("front key", "is made with the database");
    }
    true
}

/// keyd's key, as far as it may be seen from here: where keyd is a user of its own, it may not.
fn root_key(report: &mut Report, config: &Config) {
    let path = config.keyd.root_key();
    let said = config.root_key.keeper();
    if path.starts_with(&config.data) && path.exists() && said.is_none() {
        report.problem(
            "root key",
            format!(
                "{} lies inside the data folder: a copy of that folder opens everything. With the server stopped, move keyd's folder beside it: mv {} {}.keyd",
                path.display(),
                config.keyd.folder.display(),
                config.data.display()
            ),
        );
    }
    if let Some(address) = said {
        report.ok("key service", format!("{address} guards the root keys, says SHEARLINE_ROOT_KEY"));
    }
    match (Guarded::read(&path), said) {
        (Ok(Guarded::ByFile), None) => {
            report.ok("root key", format!("{} (back it up apart from the database)", path.display()));
        }
        (Ok(Guarded::ByService(_)), Some(_)) => {
            report.ok("root key", format!("{}, wrapped by the key service (back it up all the same)", path.display()));
        }
        (Ok(Guarded::ByFile), Some(_)) => report.problem(
            "root key",
            format!(
                "{} holds the keys themselves, though a key service is to guard them: `shearline keys move`",
                path.display()
            ),
        ),
        (Ok(Guarded::ByService(name)), None) => report.problem(
            "root key",
            format!("{} is wrapped by {name}, which SHEARLINE_ROOT_KEY does not name", path.display()),
        ),
        (Err(KeyFileError::Io { source, .. }), _) if source.kind() == std::io::ErrorKind::PermissionDenied => {
            report.ok("root key", format!("{} is keyd's alone, as it should be", path.display()));
        }
        (Err(KeyFileError::Io { source, .. }), _) if source.kind() == std::io::ErrorKind::NotFound => {
            report.note("root key", format!("keyd makes {} for the first shop", path.display()));
        }
        (Err(error), _) => report.problem("root key", error),
    }
}

async fn database(report: &mut Report, config: &Config) {
    if config.database_url.is_none() && !initialised(&config.data.join("pg")) {
        return report.note("database", "the first start makes one");
    }
    let ground = match Ground::visit(config.clone().into()).await {
        Ok(ground) => ground,
        Err(error) => return report.problem("database", format!("{error:#}")),
    };
    let found = bootstrap::inspect(&ground.url()).await.map_err(|error| anyhow!("cannot be read: {error}"));
    if let Some(found) = report.judge("database", found, |found| version(found.version)) {
        schema(report, &found, config.database_url.is_none());
        clock(report, found.clock);
        if let Some(outcome) = keys(config, &ground.url()).await {
            report.judge("shops' keys", outcome, |shops| format!("the root key opens those of {shops} shop(s)"));
        }
    }
    match config.keyd.client().usable().await {
        Ok(root) => report.ok("keyd", format!("answers; root key {root} is the active one, and opens")),
        Err(KeydError::Away(error)) => report.note("keyd", format!("{error} (it runs with the server)")),
        Err(KeydError::No(no)) => report.problem("keyd", no),
    }
    if let Ok(roles) = read_roles(config) {
        report.judge("walls", walls(config, &roles).await, |()| "no serving login is too powerful".into());
    }
    if let Err(error) = ground.leave(None).await {
        report.problem("database", format!("{error:#}"));
    }
}

/// Whether the root key is the one the shops' keys are wrapped under; `None` where the key was found wanting already.
async fn keys(config: &Config, url: &str) -> Option<Result<usize>> {
    let file = config.keyd.root_key();
    let path = file.display();
    if config.keyd.is_apart() {
        return None;
    }
    if !file.exists() {
        let missing = |shops| match shops {
            true => {
                Err(anyhow!("the database holds shops, but their root key is missing: put its backup back as {path}"))
            }
            false => Ok(0),
        };
        return Some(bootstrap::inhabited(url).await.map_err(Into::into).and_then(missing));
    }
    // What a key service wraps, keyd is asked about.
    if Guarded::read(&file).ok()? != Guarded::ByFile {
        return None;
    }
    let vault = Vault::new(KeyFile::open(&file).ok()?);
    Some(match bootstrap::opened_keys(url, &vault).await {
        Ok((opened, 0)) => Ok(opened),
        Ok((opened, not)) => Err(anyhow!(
            "{path} does not open those of {not} of {} shops: put the backup of the right one back",
            opened + not
        )),
        Err(error) => Err(error.into()),
    })
}

fn schema(report: &mut Report, found: &Inspected, own: bool) {
    if found.version / 10_000 < 15 || (found.version / 10_000 == 15 && found.version < SAFE_VERSION) {
        report.note(
            "database",
            format!("{} is older than {}: apt-get upgrade", version(found.version), version(SAFE_VERSION)),
        );
    }
    match (found.foreign, found.pending.as_slice()) {
        (true, _) => report.problem("migrations", "the database was made by another version of Shearline"),
        (_, []) => report.ok("migrations", "up to date"),
        (_, pending) if own => {
            report.note("migrations", format!("{} to come at the next start: {}", pending.len(), pending.join(", ")))
        }
        (_, pending) => report.problem(
            "migrations",
            format!("{} missing ({}): run `shearline migrate`", pending.len(), pending.join(", ")),
        ),
    }
}

/// Sessions and links end by the database's clock, codes of authenticator apps are judged by ours.
fn clock(report: &mut Report, there: i64) {
    let here = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    match here.cast_signed().abs_diff(there) {
        0..=5 => report.ok("clock", "the database has the same"),
        apart => {
            report.problem("clock", format!("this machine and the database are {apart} seconds apart: set both by NTP"))
        }
    }
}

async fn walls(config: &Config, roles: &store::Roles) -> Result<()> {
    let db = open_db(config, roles)?;
    let held = db.check_walls().await;
    db.close().await;
    Ok(held?)
}

fn version(number: i32) -> String {
    format!("PostgreSQL {}.{}", number / 10_000, number % 10_000)
}
