//! `shearline verify FILE [DOCUMENT]`: the check of a proof file, without server and without network.

use anyhow::{Context, Result};
use clap::Args;
use proof::{Trusted, Verdict, verify};
use std::{fs, path::PathBuf};

/// What is verified, and against which key.
#[derive(Args)]
pub struct Verify {
    /// The proof file, `….tlog-proof`.
    file: PathBuf,
    /// The document it is about, as it was handed out.
    document: Option<PathBuf>,
    /// The shop's key or its fingerprint, from paper that you had before, or a file that holds it. Without it the answer
    /// names the fingerprint to compare, and is not yes.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

/// Verifies and prints; false unless the answer is yes.
///
/// # Errors
/// A file that cannot be read, a key that is none.
pub fn run(asked: &Verify) -> Result<bool> {
    let read = |path: &PathBuf| fs::read(path).with_context(|| format!("{} cannot be read", path.display()));
    let document = asked.document.as_ref().map(read).transpose()?;
    let key = asked.key.as_deref().unwrap_or_default();
    let text = fs::read_to_string(key).unwrap_or_else(|_| key.to_owned());
    let trusted = Trusted::read(&text).with_context(|| format!("--key {key}"))?;
    let verdict: Verdict = verify(&read(&asked.file)?, document.as_deref(), &trusted);
    print!("{verdict}");
    Ok(verdict.is_yes())
}
