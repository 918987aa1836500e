//! What `postmaster.pid` says about a cluster, and whether to believe it.

use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Whether a cluster runs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing runs.
    Down,
    /// Coming up or going down.
    Changing,
    /// Takes connections on the socket in this folder.
    Ready {
        /// The socket's folder.
        run: PathBuf,
    },
}

/// Reads the state. A file left by a cluster that is gone, whose number another process has since been given, is removed:
/// PostgreSQL itself would take that process for its rival and refuse to start.
pub(super) fn state(pg: &Path) -> Result<State> {
    let file = pg.join("postmaster.pid");
    let Ok(content) = fs::read_to_string(&file) else { return Ok(State::Down) };
    let mut lines = content.lines();
    let Some(pid) = lines.next().and_then(|line| line.trim().parse::<u32>().ok()) else {
        // Written in this very moment, or damaged; PostgreSQL knows what to do about the latter.
        return Ok(State::Down);
    };
    if !is_postgres(pid, pg) {
        fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        return Ok(State::Down);
    }
    let (run, status) = (lines.nth(3).unwrap_or(""), lines.nth(2).unwrap_or("").trim());
    Ok(match status {
        "ready" if !run.is_empty() => State::Ready { run: run.into() },
        _ => State::Changing,
    })
}

/// Whether this process is the cluster's: `pg_ctl` starts it with the folder among its arguments.
fn is_postgres(pid: u32, pg: &Path) -> bool {
    let Ok(line) = fs::read(format!("/proc/{pid}/cmdline")) else { return false };
    line.split(|byte| *byte == 0).any(|argument| argument == pg.as_os_str().as_encoded_bytes())
}

/// The end of the cluster's log, to say why it did not start.
pub(super) fn last_words(pg: &Path) -> String {
    let newest = fs::read_dir(pg.join("log")).into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = newest
        .chain([pg.join("start.log")])
        .max_by_key(|path| fs::metadata(path).and_then(|about| about.modified()).ok());
    let content = newest.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    let lines: Vec<&str> = content.lines().collect();
    lines[lines.len().saturating_sub(5)..].join(" | ")
}
