//! The log, on standard error: a JSON object a line, or readable lines for a developer who looks on.
//!
//! No line holds personal data; `SHEARLINE_LOG` filters, as in `info,sqlx=debug`.

use std::io::IsTerminal;
use tracing_subscriber::{EnvFilter, fmt};

/// Without the database's notices (each emptied connection makes one) and the search for a `.pgpass` nobody needs.
const USUAL: &str = "info,sqlx::postgres::notice=error,sqlx_postgres::options::pgpass=error";

/// Begins the log. Later calls change nothing.
pub fn start(dev: bool) {
    let filter = std::env::var("SHEARLINE_LOG")
        .ok()
        .and_then(|text| EnvFilter::try_new(text).ok())
        .unwrap_or_else(|| EnvFilter::new(USUAL));
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let begun = if dev && std::io::stderr().is_terminal() {
        log.compact().try_init()
    } else {
        log.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    };
    if begun.is_ok() {
        log_panics(dev);
    }
}

/// A panic is a line of the log as well. Its message may quote data, so it is kept to developers.
fn log_panics(dev: bool) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = if dev { panic.payload_as_str().unwrap_or_default() } else { "" };
        tracing::error!(place, message, "panic");
    }));
}
