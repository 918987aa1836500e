//! Root keys in a file that only its owner may read.

mod text;

use crate::aead::{self, BOXED_KEY, Key};
use crate::error::VaultError;
use crate::provider::KeyProvider;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Root keys read from a file. Losing the file loses every secret; back it up apart from the database.
pub struct KeyFile {
    active: u32,
    keys: BTreeMap<u32, Key>,
}

/// Why a key file is not used. Shown to whoever starts the server; holds no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Others than the owner may read or change it.
    #[error("the key file {path} has mode {mode:04o}: others could read it. Run: chmod 600 {path}")]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is a folder or a device.
    #[error("the key file {0} is not an ordinary file")]
    NotAFile(PathBuf),
    /// It does not read as a key file.
    #[error("the key file {path} is damaged at line {line}: {problem}. Restore it from its backup")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1; 0 for the file as a whole.
        line: usize,
        /// What is wrong, without the line's content.
        problem: &'static str,
    },
    /// It cannot be read or created.
    #[error("the key file {path} cannot be used: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// No key could be made.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// The largest file read: some hundred keys.
const MAX_BYTES: u64 = 64 * 1024;

impl KeyFile {
    /// Opens the key file, or creates it with one fresh root key when there is none. Two processes that start at once
    /// end up with the same file. Errs when it is not the owner's alone (mode 0600 or 0400), or damaged.
    pub fn create_or_open(path: impl AsRef<Path>) -> Result<KeyFile, KeyFileError> {
        let path = path.as_ref();
        match KeyFile::open(path) {
            Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                create(path)?;
                KeyFile::open(path)
            }
            other => other,
        }
    }

    /// Opens a key file that must be there.
    pub fn open(path: impl AsRef<Path>) -> Result<KeyFile, KeyFileError> {
        let path = path.as_ref();
        let failed = |source| KeyFileError::Io { path: path.into(), source };
        let file = File::open(path).map_err(failed)?;
        // Asked of the open file, not of the path, so that nobody can swap it in between.
        let about = file.metadata().map_err(failed)?;
        if !about.is_file() {
            return Err(KeyFileError::NotAFile(path.into()));
        }
        let mode = about.mode() & 0o7777;
        if !matches!(mode, 0o600 | 0o400) {
            return Err(KeyFileError::TooOpen { path: path.into(), mode });
        }
        let mut content = Zeroizing::new(String::new());
        file.take(MAX_BYTES).read_to_string(&mut content).map_err(failed)?;
        text::read(&content).map_err(|(line, problem)| KeyFileError::Damaged { path: path.into(), line, problem })
    }

    fn key(&self, root: u32) -> Result<&Key, VaultError> {
        self.keys.get(&root).ok_or(VaultError::UnknownRootKey(root))
    }
}

/// Writes a new file beside its place and links it there: whole or not at all, and never over another.
fn create(path: &Path) -> Result<(), KeyFileError> {
    let failed = |source| KeyFileError::Io { path: path.into(), source };
    let content = text::write(&aead::random_key()?);
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", u64::from_be_bytes(aead::random()?)));
    let beside = PathBuf::from(beside);
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).and_then(|mut file| {
        file.write_all(content.as_bytes())?;
        file.sync_all()
    });
    let linked = written.and_then(|()| fs::hard_link(&beside, path));
    let removed = fs::remove_file(&beside);
    match linked {
        // Another process was first: its key is the key.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.exists() => {}
        other => other.and(removed).map_err(failed)?,
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

impl KeyProvider for KeyFile {
    fn active(&self) -> u32 {
        self.active
    }

    fn wrap(&self, root: u32, bound: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        let mut wrapped = Vec::with_capacity(BOXED_KEY);
        aead::lock(self.key(root)?, aead::random()?, bound, key, &mut wrapped)?;
        Ok(wrapped)
    }

    fn unwrap(&self, root: u32, bound: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        aead::unlock_key(self.key(root)?, bound, wrapped)
    }

    fn derive(&self, root: u32, purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        Ok(aead::derived(self.key(root)?, purpose))
    }
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<u32> = self.keys.keys().copied().collect();
        f.debug_struct("KeyFile").field("active", &self.active).field("ids", &ids).finish_non_exhaustive()
    }
}
