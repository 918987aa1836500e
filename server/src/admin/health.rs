//! Whether all is well, and what was done here.

use super::{Admin, caller, fault, page};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Response, StatusCode},
};
use domain::instance::{Health, LogLine};
use maud::{Markup, html};
use nix::sys::statvfs::statvfs;
use std::path::Path;

pub async fn show(State(admin): State<Admin>, headers: HeaderMap) -> Response<Body> {
    let caller = match caller(&admin, &headers).await {
        Ok(caller) => caller,
        Err(away) => return away,
    };
    match admin.door().health(&caller.who).await {
        Ok(health) => {
            let body = told(&admin, &health);
            page::inside(&admin, &caller, StatusCode::OK, ("Health", "/installation/health"), &body)
        }
        Err(error) => fault(&error),
    }
}

fn told(admin: &Admin, health: &Health) -> Markup {
    let fact = |name: &str, value: &str| {
        html! { div class="facts__row" { dt class="facts__name" { (name) } dd class="facts__value" { (value) } } }
    };
    let never = |moment: &Option<String>| moment.clone().unwrap_or_else(|| "never".into());
    let failed = match health.failed {
        0 => "none".to_owned(),
        some => format!("{some}, after eight tries each"),
    };
    let waiting = match &health.oldest {
        Some(since) => format!("{}, the oldest since {since}", health.waiting),
        None => "none".to_owned(),
    };
    let database = html! { dl class="facts" {
        (fact("Server", &format!("PostgreSQL {}, answers", health.server)))
        (fact("Schema", &format!("migration {}", health.schema)))
        (fact("Size", &amount(u64::try_from(health.bytes).unwrap_or_default())))
        (fact("Last audit entry", &never(&health.last_entry)))
    } };
    let letters = html! { dl class="facts" { (fact("Waiting", &waiting)) (fact("Given up", &failed)) } };
    let machine = html! { dl class="facts" {
        (fact("Shearline", env!("CARGO_PKG_VERSION")))
        (fact("Running for", &span(admin.since.elapsed().as_secs())))
        (fact("Room where the data lie", &room(&admin.data)))
    } };
    html! {
        (page::head(None, "Health", "", &html! {}))
        (page::panel("Database", &database))
        (page::panel("Letters", &letters))
        (page::panel("This server", &machine))
    }
}

fn room(data: &Path) -> String {
    match statvfs(data) {
        Ok(disk) => {
            let unit = disk.fragment_size();
            format!("{} free of {}", amount(disk.blocks_available() * unit), amount(disk.blocks() * unit))
        }
        Err(_) => "cannot be read".into(),
    }
}

/// Bytes as people read them.
fn amount(bytes: u64) -> String {
    let (unit, word) = match bytes {
        0..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes * 10 / unit;
    format!("{}.{} {word}", tenths / 10, tenths % 10)
}

/// Seconds as people read them.
fn span(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

pub async fn log(State(admin): State<Admin>, headers: HeaderMap) -> Response<Body> {
    let caller = match caller(&admin, &headers).await {
        Ok(caller) => caller,
        Err(away) => return away,
    };
    match admin.door().log(&caller.who).await {
        Ok(lines) => page::inside(&admin, &caller, StatusCode::OK, ("Log", "/installation/log"), &listed(&lines)),
        Err(error) => fault(&error),
    }
}

fn listed(lines: &[LogLine]) -> Markup {
    html! {
        (page::head(None, "Log", "What was done here, the newest first; times are UTC", &html! {}))
        div class="table-wrap" { table class="table" {
            caption class="visually-hidden" { "Log of the installation" }
            thead { tr { th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "What" } th scope="col" { "Shop" } th scope="col" { "Details" } } }
            tbody { @for line in lines { tr {
                td class="is-lead" { (line.at) }
                td data-label="Who" { (line.who) }
                td data-label="What" { (line.act) }
                td data-label=[line.shop.as_ref().map(|_| "Shop")] { @if let Some(shop) = &line.shop { (shop) } }
                td data-label=[(!line.details.is_empty()).then_some("Details")] { (line.details) }
            } } }
        } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_spans_are_told_in_words() {
        assert_eq!(
            [amount(0), amount(12_340), amount(1_500_000), amount(33_000_000_000)],
            ["0.0 kB", "12.3 kB", "1.5 MB", "33.0 GB"]
        );
        assert_eq!([span(59), span(3_700), span(200_000)], ["0 min", "1 h 1 min", "2 d 7 h"]);
    }
}
