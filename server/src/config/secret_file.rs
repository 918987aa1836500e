//! Secrets of the settings: never in an address, always in a file of their own.

use super::absolute;
use anyhow::{Context, Result, ensure};
use std::{
    fmt, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// A file of two lines, who and the secret, that nobody else may read. Read whenever it is needed, so that one that was
/// replaced is simply used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretFile(PathBuf);

impl SecretFile {
    /// The file a setting names; it need not be there yet.
    pub(super) fn named(path: &str) -> Result<Self> {
        absolute(path).map(Self)
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Who, and the secret.
    ///
    /// # Errors
    /// Names the file and what is wrong with it.
    pub fn read(&self) -> Result<(String, Zeroizing<String>)> {
        let at = self.0.display();
        let about = fs::metadata(&self.0).with_context(|| format!("{at} cannot be read"))?;
        ensure!(about.mode() & 0o077 == 0, "{at} may be read by others: chmod 600");
        let text = Zeroizing::new(fs::read_to_string(&self.0).with_context(|| format!("{at} cannot be read"))?);
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        match (lines.next(), lines.next()) {
            (Some(who), Some(secret)) => Ok((who.to_owned(), Zeroizing::new(secret.to_owned()))),
            _ => anyhow::bail!("{at} must hold the user (or key id) on its first line and the secret on its second"),
        }
    }
}

impl fmt::Display for SecretFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

/// Refuses an address that says who signs in, without repeating it.
pub(crate) fn holds_nobody(url: &str, words: &str) -> Result<()> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    // A password may hold any sign, an @ or a / as well: the last @ of all decides.
    ensure!(!rest.contains('@'), "{words}");
    Ok(())
}
