//! One server to a data folder: two would migrate, seed and stop PostgreSQL under each other.

use anyhow::{Context, Result, bail};
use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Held for as long as it lives; the kernel lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct Serving(#[expect(dead_code, reason = "the lock lives as long as the open file")] File);

impl Serving {
    /// Takes the folder; `None` when a server has it.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn take(data: &Path) -> Result<Option<Self>> {
        let path = data.join("serving.lock");
        let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = opened.with_context(|| format!("SHEARLINE_DATA: cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
    }

    /// As [`Serving::take`], for those that cannot go on beside a server.
    ///
    /// # Errors
    /// A server that has the folder.
    pub fn demand(data: &Path) -> Result<Self> {
        match Self::take(data)? {
            Some(lock) => Ok(lock),
            None => bail!(
                "a shearline server already runs on {}: stop it first, or name another folder by SHEARLINE_DATA",
                data.display()
            ),
        }
    }
}
