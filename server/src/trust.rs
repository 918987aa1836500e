//! `/trust`: how this installation keeps what it is given, for everybody to read. Each sentence follows from the code's own
//! tables, from the settings, or from what the database last recorded; nothing here helps to get in, and no shop is named.

mod page;
mod retention;

use crate::config::{ArchivePlace, Config};
use axum::{Extension, Router, body::Body, extract::State, http::Response, response::IntoResponse, routing::get};
use page::page;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use store::exports::trust::Kept;
use vault::keyd::Class;

/// The page is asked for by strangers: the database is asked once in this time.
const FRESH: Duration = Duration::from_secs(60);

/// What the settings say of this installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Connections to here are encrypted.
    tls: bool,
    /// To whom a weakness is reported.
    contact: Option<String>,
    /// Others who get something: who, and what.
    others: Vec<(&'static str, &'static str)>,
}

impl Facts {
    /// Read from the settings alone.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let mut others = Vec::new();
        if config.smtp.is_some() {
            others.push((
                "A mail server named by whoever runs this installation",
                "Letters: invoices, links, invitations, and the addresses they go to.",
            ));
        }
        if config.breach_ranges.is_some() {
            others.push((
                "A list of leaked passwords",
                "The first five digits of a new password's hash, never the password, and nobody's name.",
            ));
        }
        if matches!(config.archive, ArchivePlace::Bucket(_)) {
            others.push((
                "A store of objects under lock, named by whoever runs this installation",
                "Signed checkpoints, and once a day the audit trails: who did what by number, without names, addresses and values.",
            ));
        }
        if config.root_key.keeper().is_some() {
            others.push((
                "A key service named by whoever runs this installation",
                "Keys under lock, to be opened; nothing of what they seal.",
            ));
        }
        Self { tls: config.public_url.starts_with("https:"), contact: config.security_contact.clone(), others }
    }
}

/// What the web server seals and opens by itself, with the front key: it belongs to no shop's key, or must work while keyd is
/// away.
pub const FRONT: [(&str, &str); 2] = [
    ("Letters that wait to be sent", "By this server, when it sends them. Emptied once they are sent."),
    ("Secrets of code apps", "By this server, when a code is checked."),
];

/// What a sealed table holds, in the words of the trade; a table without words fails a test. Letters are in [`FRONT`]: their
/// table holds none under a shop's key but those that waited when keyd came.
#[must_use]
pub fn holds(table: &str) -> Option<&'static str> {
    Some(match table {
        "vault.access_notes" => "How to get in",
        "vault.site_codes" => "Codes of alarms, gates, key safes, keypads and safes",
        "vault.bittings" => "Cuts and codes of keys",
        "vault.signature_strokes" => "The drawn strokes of signatures",
        "vault.file_keys" => "Photos: each file under a key of its own",
        "app.authority_checks" => "Last characters of identity documents",
        "worker.receivers" => "Addresses and secrets of webhooks",
        _ => return None,
    })
}

/// How it opens.
#[must_use]
pub const fn opens(class: Class) -> &'static str {
    match class {
        Class::Revealed => {
            "Once for each recorded reveal: a second step, a fresh proof of who is there, and a reason; so many an hour."
        }
        Class::Working => "For people of the shop at work; not for a client's link.",
        Class::Claimed => "For the background worker that has it in hand, and nobody else.",
    }
}

#[derive(Clone)]
struct Site {
    facts: Arc<Facts>,
    last: Arc<Mutex<Option<(Instant, Kept)>>>,
}

/// The page.
pub fn routes(config: &Config) -> Router {
    let site = Site { facts: Arc::new(Facts::of(config)), last: Arc::default() };
    Router::new().route("/trust", get(show)).with_state(site)
}

async fn show(
    State(site): State<Site>,
    Extension(request): Extension<gate::Request>,
    Extension(entries): Extension<Arc<app::Entries>>,
) -> Response<Body> {
    let kept = kept(&site, &request).await;
    page(&site.facts, kept, &entries).into_response()
}

/// What the database said within the last minute; nothing while it cannot be asked.
async fn kept(site: &Site, request: &gate::Request) -> Option<Kept> {
    let last = *site.last.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, kept)) = last
        && at.elapsed() < FRESH
    {
        return Some(kept);
    }
    let kept = request.db.kept().await.ok()?;
    *site.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), kept));
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vault::keyd::sealed_tables;

    #[test]
    fn every_sealed_table_has_its_words() {
        for (table, _) in sealed_tables().iter().filter(|(table, _)| *table != "worker.outbox") {
            assert!(holds(table).is_some(), "{table}: say on the page of trust what it holds");
        }
    }

    #[test]
    fn row_87_who_else_gets_something_follows_from_the_settings() {
        let with = |pairs: &[(&str, &str)]| {
            let data = std::env::temp_dir();
            let config = Config::from_sources(&data, |name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            });
            Facts::of(&config.expect("settings"))
        };
        assert!(with(&[]).others.is_empty());
        let mail =
            with(&[("SHEARLINE_SMTP_URL", "smtps://mail.example:465"), ("SHEARLINE_MAIL_FROM", "a@shop.example")]);
        assert!(mail.others.len() == 1 && mail.others[0].0.contains("mail server"), "{mail:?}");
        let ranges = with(&[("SHEARLINE_BREACH_RANGES", "https://ranges.example/range/")]);
        let bucket = with(&[
            ("SHEARLINE_ARCHIVE", "s3://store.example/bucket/prefix?region=eu"),
            ("SHEARLINE_ARCHIVE_CREDENTIALS", "/etc/credentials"),
        ]);
        assert!(bucket.others.len() == 1 && bucket.others[0].0.contains("lock"), "{bucket:?}");
        assert!(ranges.others.len() == 1 && ranges.others[0].0.contains("leaked"), "{ranges:?}");
    }
}
