//! Root keys in a file that only its owner may read.

pub(crate) mod text;
mod written;

pub(crate) use written::{create, replace};

use crate::aead::{self, Key};
use crate::error::VaultError;
use crate::provider::{KeyProvider, sealed};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use zeroize::Zeroizing;

/// Root keys read from a file. Losing the file loses every secret; back it up apart from the database.
pub struct KeyFile {
    path: PathBuf,
    keys: RwLock<Keys>,
}

/// What a key file holds.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) active: u32,
    pub(crate) keys: BTreeMap<u32, Key>,
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
/// The most root keys a file holds: whoever keeps turning keys without retiring any is stopped.
const MOST: usize = 16;

impl KeyFile {
    /// Opens the key file, or creates it with one fresh root key when there is none. Two processes that start at once
    /// end up with the same file. Errs when it is not the owner's alone (mode 0600 or 0400), or damaged.
    pub fn create_or_open(path: impl AsRef<Path>) -> Result<KeyFile, KeyFileError> {
        let path = path.as_ref();
        match KeyFile::open(path) {
            Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                create(path, &text::write(&Keys::first()?))?;
                KeyFile::open(path)
            }
            other => other,
        }
    }

    /// Opens a key file that must be there.
    pub fn open(path: impl AsRef<Path>) -> Result<KeyFile, KeyFileError> {
        let path = path.as_ref();
        let keys = text::read(&content(path)?).map_err(damaged(path))?;
        Ok(KeyFile { path: path.into(), keys: RwLock::new(keys) })
    }

    /// A key file made of an older one: its keys, and a fresh one that is active. Whoever held the older file does not hold
    /// what is sealed from now on.
    pub fn renewed(older: impl AsRef<Path>, path: impl AsRef<Path>) -> Result<KeyFile, KeyFileError> {
        let keys = KeyFile::open(older)?.keys().clone().with_next()?;
        create(path.as_ref(), &text::write(&keys))?;
        KeyFile::open(path)
    }

    /// Makes a fresh root key the active one, in the file and here. The others stay, for what was sealed under them.
    pub fn begin_next(&self) -> Result<u32, KeyFileError> {
        self.change(|keys| keys.clone().with_next())
    }

    /// Takes a root key out of the file and out of memory: nothing that is under it opens ever again.
    pub fn retire(&self, root: u32) -> Result<u32, KeyFileError> {
        self.change(|keys| {
            let mut keys = keys.clone();
            if root == keys.active || keys.keys.remove(&root).is_none() {
                return Err(VaultError::UnknownRootKey(root));
            }
            Ok(keys)
        })
    }

    /// The ids of the root keys in it.
    pub fn ids(&self) -> Vec<u32> {
        self.keys().keys.keys().copied().collect()
    }

    /// Its keys in few bytes, for recovery sheets: `0x01 ‖ active(4)`, then `id(4) ‖ key(32)` for each.
    pub fn packed(&self) -> Zeroizing<Vec<u8>> {
        self.keys().packed()
    }

    /// Writes a key file of what [`KeyFile::packed`] gave. Errs when there is one, or when these are no keys.
    pub fn restore(path: impl AsRef<Path>, packed: &[u8]) -> Result<KeyFile, KeyFileError> {
        let path = path.as_ref();
        create(path, &text::write(&Keys::restored(path, packed)?))?;
        KeyFile::open(path)
    }

    /// Changes file and memory together; the file first.
    fn change(&self, make: impl FnOnce(&Keys) -> Result<Keys, VaultError>) -> Result<u32, KeyFileError> {
        let mut held = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let keys = make(&held)?;
        replace(&self.path, &text::write(&keys))?;
        *held = keys;
        Ok(held.active)
    }

    pub(crate) fn keys(&self) -> RwLockReadGuard<'_, Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, root: u32) -> Result<Key, VaultError> {
        self.keys().keys.get(&root).cloned().ok_or(VaultError::UnknownRootKey(root))
    }
}

/// The text of a key file that is its owner's alone.
pub(crate) fn content(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
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
    Ok(content)
}

/// What a line that does not read becomes.
pub(crate) fn damaged(path: &Path) -> impl Fn((usize, &'static str)) -> KeyFileError {
    move |(line, problem)| KeyFileError::Damaged { path: path.into(), line, problem }
}

impl Keys {
    pub(crate) fn first() -> Result<Keys, VaultError> {
        Ok(Keys { active: 1, keys: BTreeMap::from([(1, aead::random_key()?)]) })
    }

    pub(crate) fn packed(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(5 + self.keys.len() * 36));
        out.push(1);
        out.extend_from_slice(&self.active.to_be_bytes());
        for (id, key) in &self.keys {
            out.extend_from_slice(&id.to_be_bytes());
            out.extend_from_slice(key.as_slice());
        }
        out
    }

    /// Of what was packed, for a place where there is no file yet.
    pub(crate) fn restored(path: &Path, packed: &[u8]) -> Result<Keys, KeyFileError> {
        let problem = "what was kept holds no root keys";
        let keys = Keys::unpacked(packed).ok_or(KeyFileError::Damaged { path: path.into(), line: 0, problem })?;
        if path.exists() {
            let source = io::Error::new(io::ErrorKind::AlreadyExists, "there is one already");
            return Err(KeyFileError::Io { path: path.into(), source });
        }
        Ok(keys)
    }

    fn unpacked(packed: &[u8]) -> Option<Keys> {
        let (active, rest) = packed.strip_prefix(&[1])?.split_first_chunk::<4>()?;
        let (active, mut keys) = (u32::from_be_bytes(*active), BTreeMap::new());
        for one in rest.chunks(36) {
            let (id, bytes) = one.split_first_chunk::<4>()?;
            let mut key = Key::default();
            key.copy_from_slice(bytes.first_chunk::<32>()?);
            keys.insert(u32::from_be_bytes(*id), key);
        }
        keys.contains_key(&active).then_some(Keys { active, keys })
    }

    /// The id of the key after these.
    pub(crate) fn next_id<'a>(ids: impl ExactSizeIterator<Item = &'a u32>) -> Result<u32, VaultError> {
        if ids.len() >= MOST {
            return Err(VaultError::Provider(format!("there are {MOST} root keys already: retire some")));
        }
        Ok(ids.max().map_or(1, |newest| newest + 1))
    }

    fn with_next(mut self) -> Result<Keys, VaultError> {
        let next = Keys::next_id(self.keys.keys())?;
        self.keys.insert(next, aead::random_key()?);
        self.active = next;
        Ok(self)
    }
}

impl KeyProvider for KeyFile {
    fn active(&self) -> u32 {
        self.keys().active
    }

    fn wrap(&self, root: u32, bound: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        sealed::wrap(&self.key(root)?, bound, key)
    }

    fn unwrap(&self, root: u32, bound: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        aead::unlock_key(&self.key(root)?, bound, wrapped)
    }

    fn derive(&self, root: u32, purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        Ok(aead::derived(&self.key(root)?, purpose))
    }

    fn begin_next(&self) -> Result<u32, VaultError> {
        KeyFile::begin_next(self).map_err(|error| VaultError::Provider(error.to_string()))
    }

    fn retire(&self, root: u32) -> Result<(), VaultError> {
        match KeyFile::retire(self, root) {
            Ok(_) => Ok(()),
            Err(KeyFileError::Vault(error)) => Err(error),
            Err(error) => Err(VaultError::Provider(error.to_string())),
        }
    }
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyFile").field("active", &self.active()).field("ids", &self.ids()).finish_non_exhaustive()
    }
}
