//! `shearline verify FILE [DOCUMENT]`: the check of a proof file, or of a whole exported audit trail, without server and
//! without network.

use anyhow::{Context, Result};
use clap::Args;
use proof::{LogCheck, Trusted, Verdict, verify};
use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

/// What is verified, and against which key.
#[derive(Args)]
pub struct Verify {
    /// The proof file, `….tlog-proof`, or an exported audit trail, `….ndjson`.
    pub file: PathBuf,
    /// The document it is about, as it was handed out.
    pub document: Option<PathBuf>,
    /// The shop's key or its fingerprint, from paper that you had before, or a file that holds it. Without it the answer
    /// names the fingerprint to compare, and is not yes.
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
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
    let verdict = match log(&asked.file, &trusted)? {
        Some(verdict) => verdict,
        None => verify(&read(&asked.file)?, document.as_deref(), &trusted),
    };
    print!("{verdict}");
    Ok(verdict.is_yes())
}

/// Verifies an exported audit trail, a line at a time; nothing when the file is none.
fn log(path: &Path, trusted: &Trusted) -> Result<Option<Verdict>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut lines = BufReader::new(file);
    let Some(first) = line(&mut lines)?.filter(|first| LogCheck::is_log(first)) else { return Ok(None) };
    let mut check = match LogCheck::begin(&first) {
        Ok(check) => check,
        Err(no) => return Ok(Some(no)),
    };
    while let Some(next) = line(&mut lines)? {
        if let Err(no) = check.line(&next) {
            return Ok(Some(no));
        }
    }
    Ok(Some(check.end(trusted)))
}

/// The next line as it stands there: nothing is trimmed but its end.
fn line(from: &mut impl BufRead) -> Result<Option<String>> {
    let mut bytes = Vec::new();
    from.read_until(b'\n', &mut bytes)?;
    let whole = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    // What is no text is no log; then the other check says so.
    Ok((!bytes.is_empty()).then(|| String::from_utf8_lossy(whole).into_owned()))
}
