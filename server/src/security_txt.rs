//! `/.well-known/security.txt` (RFC 9116): to whom a weakness of this installation is reported.

use crate::config::Config;
use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use std::time::{SystemTime, UNIX_EPOCH};

/// How long what it says may be relied on, from each look: half a year, and less than the year the RFC advises.
const GOOD_FOR: u64 = 182 * DAY;
const DAY: u64 = 24 * 3600;

/// The route, or none where nobody is named.
pub fn routes(config: &Config) -> Router {
    let Some(contact) = config.security_contact.clone() else { return Router::new() };
    let public_url = config.public_url.clone();
    let shown = move || {
        let text = text(&contact, &public_url, SystemTime::now());
        async move { plain(text) }
    };
    Router::new().route("/.well-known/security.txt", get(shown))
}

fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

fn text(contact: &str, public_url: &str, now: SystemTime) -> String {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let expires = date((now + GOOD_FOR) / DAY);
    format!(
        "Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: en\nCanonical: {public_url}/.well-known/security.txt\n"
    )
}

/// A day of the calendar, from the number of days since 1970 (Howard Hinnant's `civil_from_days`, for days after 1970).
fn date(days: u64) -> String {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        for (days, expected) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_454, "2026-01-01"),
            (47_540, "2100-02-28"),
        ] {
            assert_eq!(date(days), expected);
        }
    }
}
