//! A PIN that the token refused: remembered by when and where its file was written, so that it is not shown again before the
//! file was written anew. Tokens lock themselves after a few wrong ones, and whoever watches keyd starts it again and again.

use std::{
    fs,
    fs::OpenOptions,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What was refused: in a file, for the next process, and here, should that not be to be written.
pub(super) struct Refused {
    path: PathBuf,
    here: Mutex<Option<String>>,
}

impl Refused {
    pub(super) const fn at(path: PathBuf) -> Self {
        Self { path, here: Mutex::new(None) }
    }

    /// Whether that was refused before.
    pub(super) fn holds(&self, stamp: &str) -> bool {
        self.here().as_deref() == Some(stamp) || fs::read_to_string(&self.path).is_ok_and(|kept| kept.trim() == stamp)
    }

    /// Remembers it.
    pub(super) fn note(&self, stamp: &str) {
        *self.here() = Some(stamp.to_owned());
        // Written by root's hand, too, beside a running keyd, which must be able to read it.
        let _ = fs::remove_file(&self.path);
        let opened = OpenOptions::new().create_new(true).write(true).mode(0o444).open(&self.path);
        if let Err(error) = opened.and_then(|mut file| writeln!(file, "{stamp}")) {
            tracing::warn!(%error, path = %self.path.display(), "a refused PIN is remembered only until keyd ends");
        }
    }

    fn here(&self) -> MutexGuard<'_, Option<String>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
