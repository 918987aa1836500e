//! What a sign-in gave, in a file of its own that nobody else may read.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{
    env,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
    process,
    time::{SystemTime, UNIX_EPOCH},
};

/// A token so near its end (seconds) is renewed before it is used.
const NEAR: u64 = 60;

/// What a sign-in gave.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Address of the server.
    pub server: String,
    /// For calls.
    pub access_token: String,
    /// For the next pair, once.
    pub refresh_token: String,
    /// When the first of them ends, in seconds of Unix time.
    pub expires_at: u64,
}

impl Credentials {
    /// Whether the access token is over, or nearly.
    pub fn stale(&self) -> bool {
        self.expires_at <= now() + NEAR
    }
}

/// Seconds of Unix time.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The folder they lie in.
pub struct Keep {
    folder: PathBuf,
}

/// Held while tokens are renewed: a refresh token is good once, and two processes may want it.
pub struct Held {
    _file: File,
}

impl Keep {
    /// `$XDG_CONFIG_HOME/shearline`, or `~/.config/shearline`.
    ///
    /// # Errors
    /// Neither is known, or it cannot be made.
    pub fn find() -> Result<Self> {
        let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = absolute("XDG_CONFIG_HOME")
            .or_else(|| Some(absolute("HOME")?.join(".config")))
            .context("neither XDG_CONFIG_HOME nor HOME says where to keep the sign-in")?;
        let folder = base.join("shearline");
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self { folder })
    }

    fn file(&self) -> PathBuf {
        self.folder.join("credentials.json")
    }

    /// What is kept, if anything.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(&self) -> Result<Option<Credentials>> {
        match fs::read(self.file()) {
            Ok(text) => {
                let kept = serde_json::from_slice(&text);
                kept.map(Some).with_context(|| format!("{} is not what was written there", self.file().display()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", self.file().display())),
        }
    }

    /// Writes beside, then puts it in place: whoever reads finds the old or the new.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub fn write(&self, credentials: &Credentials) -> Result<()> {
        let beside = self.folder.join(format!("credentials.{}.new", process::id()));
        let written = || -> Result<()> {
            let _ = fs::remove_file(&beside);
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
            file.write_all(&serde_json::to_vec_pretty(credentials)?)?;
            file.sync_all()?;
            fs::rename(&beside, self.file())?;
            Ok(())
        };
        written().with_context(|| format!("{} cannot be written", self.file().display()))
    }

    /// Forgets it.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn remove(&self) -> Result<()> {
        match fs::remove_file(self.file()) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Waits until no other process renews tokens here.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub fn hold(&self) -> Result<Held> {
        let path = self.folder.join("credentials.lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path)?;
        file.lock().with_context(|| format!("{} cannot be locked", path.display()))?;
        Ok(Held { _file: file })
    }
}
