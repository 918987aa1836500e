//! keyd's watch over its own log: where it stands is written down in the database, and once a day it is read again, held
//! against that, and against the audit chains. What is wrong is written down there, too, for the shops to be told.

use anyhow::Error;
use std::{path::Path, time::Duration};
use store::keyd::DbWitness;
use tokio::time::Instant;
use vault::keyd::{Head, Keyd, Log, LogError, Opening, OpeningKind};

/// How often it is written down where the log stands. What was revealed does not wait for it.
const PAUSE: Duration = Duration::from_secs(10);
/// How often the log is read again.
const DAY: Duration = Duration::from_secs(24 * 3600);
/// How soon again, where the database was away.
const AGAIN: Duration = Duration::from_secs(60);

/// Where the log stood. Waits for the database: without it nothing opens anyway.
pub(super) async fn stood(witness: &DbWitness) -> Option<Head> {
    loop {
        match witness.head().await {
            Ok(head) => return head,
            Err(error) => {
                tracing::warn!(%error, "keyd waits for the database, which knows where its log stood");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// The fault, after it was written down.
pub(super) async fn complained(witness: &DbWitness, fault: LogError) -> Error {
    if let Err(error) = witness.complain(&fault.to_string()).await {
        tracing::warn!(%error, "nobody can be told that the log of openings was changed");
    }
    fault.into()
}

/// Watches; gives back a fault of the log, with which keyd must not go on.
pub(super) async fn run(keyd: &Keyd<DbWitness>, witness: &DbWitness, log: &Path) -> Error {
    let (mut written, mut next) = (None, Instant::now());
    loop {
        let head = keyd.head();
        if written != Some(head) {
            match keyd.keep_head().await {
                Ok(()) => written = Some(head),
                Err(error) => tracing::warn!(%error, "where the log of openings stands cannot be written down"),
            }
        }
        if Instant::now() >= next {
            next = match look(witness, head, log).await {
                Ok(true) => Instant::now() + DAY,
                Ok(false) => Instant::now() + AGAIN,
                Err(fault) => return complained(witness, fault).await,
            };
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Reads the log again and compares; false where the database could not be asked.
async fn look(witness: &DbWitness, head: Head, log: &Path) -> Result<bool, LogError> {
    let path = log.to_owned();
    let lines = tokio::task::spawn_blocking(move || reviewed(&path, head)).await;
    let Ok(lines) = lines else { return Ok(false) };
    let found = match witness.reconciled(&lines?).await {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, "the log of openings cannot be held against the audit chains; trying again");
            return Ok(false);
        }
    };
    if found.unopened > 0 {
        tracing::info!(entries = found.unopened, "entries on the audit chains that nothing was opened against");
    }
    for difference in &found.differences {
        tracing::error!(difference, "the log of openings does not agree with the audit chains");
    }
    let told = witness.complain(&found.differences.join("; ")).await;
    Ok(told.inspect_err(|error| tracing::warn!(%error, "nobody can be told of the log of openings")).is_ok())
}

/// What the comparison needs of the log, which has to lead past this.
fn reviewed(path: &Path, stood: Head) -> Result<Vec<Opening>, LogError> {
    let mut lines = Vec::new();
    Log::review_past(path, Some(stood), |line| {
        if line.kind.is_reveal() || line.kind == OpeningKind::Sign {
            lines.push(line);
        }
    })?;
    Ok(lines)
}
