//! Root keys in a file that opens nothing by itself: each is wrapped by a key service, and unwrapped for a while at a time.

mod text;

use crate::aead::{self, CHECK, Key, key_check};
use crate::error::VaultError;
use crate::key_file::{self, KeyFile, KeyFileError, Keys};
use crate::provider::{KeyProvider, sealed};
use crate::service::{self, Context, KeyService};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};
use uuid::Uuid;
use zeroize::Zeroizing;

/// How long root keys are used before the service is asked for them again.
const KEEPS: Duration = Duration::from_secs(240);
/// How long a service that failed is not asked again: whoever waits would wait in vain, one after the other.
const RESTS: Duration = Duration::from_secs(2);

/// Root keys that a key service guards.
pub struct ServiceKeys {
    path: PathBuf,
    service: Box<dyn KeyService>,
    held: RwLock<Held>,
    open: Mutex<Open>,
    keeps: Duration,
}

/// What the file holds.
#[derive(Clone)]
struct Held {
    /// What the service is told each time, so that the keys of one installation do not open for another.
    installation: Uuid,
    /// The service's name when they were wrapped; for people.
    service: String,
    active: u32,
    keys: BTreeMap<u32, Wrapped>,
}

#[derive(Clone)]
struct Wrapped {
    bytes: Vec<u8>,
    check: [u8; CHECK],
}

/// What is unwrapped, and since when.
#[derive(Default)]
struct Open {
    keys: BTreeMap<u32, (Key, Instant)>,
    failed: Option<(Instant, bool, String)>,
}

/// What kind of file lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guarded {
    /// The keys themselves.
    ByFile,
    /// Keys wrapped by this service.
    ByService(String),
}

impl Guarded {
    /// Of the file at that place. Errs as [`KeyFile::open`].
    pub fn read(path: impl AsRef<Path>) -> Result<Guarded, KeyFileError> {
        let path = path.as_ref();
        let content = key_file::content(path)?;
        if !text::is_ours(&content) {
            return KeyFile::open(path).map(|_| Guarded::ByFile);
        }
        text::read(&content).map(|held| Guarded::ByService(held.service)).map_err(key_file::damaged(path))
    }
}

impl ServiceKeys {
    /// Opens a file that must be there. The service is not asked yet.
    pub fn open(path: impl AsRef<Path>, service: impl KeyService + 'static) -> Result<ServiceKeys, KeyFileError> {
        let path = path.as_ref();
        let held = text::read(&key_file::content(path)?).map_err(key_file::damaged(path))?;
        let (held, open) = (RwLock::new(held), Mutex::default());
        Ok(ServiceKeys { path: path.into(), service: Box::new(service), held, open, keeps: KEEPS })
    }

    /// Makes a file with one fresh root key, if the service does what it is needed for. Errs when there is a file.
    pub fn create(path: impl AsRef<Path>, service: impl KeyService + 'static) -> Result<ServiceKeys, KeyFileError> {
        ServiceKeys::written(path.as_ref(), service, &Keys::first()?, false)
    }

    /// Has the service wrap the keys of a plain file, which is replaced by the wrapped ones.
    pub fn adopt(path: impl AsRef<Path>, service: impl KeyService + 'static) -> Result<ServiceKeys, KeyFileError> {
        let keys = KeyFile::open(&path)?.keys().clone();
        ServiceKeys::written(path.as_ref(), service, &keys, true)
    }

    /// Writes the file with the keys themselves in it, in place of the wrapped ones.
    pub fn release(&self) -> Result<KeyFile, KeyFileError> {
        key_file::replace(&self.path, &key_file::text::write(&self.all()?))?;
        KeyFile::open(&self.path)
    }

    /// Makes the file of what [`ServiceKeys::packed`] gave. Errs when there is one.
    pub fn restore(
        path: impl AsRef<Path>,
        service: impl KeyService + 'static,
        packed: &[u8],
    ) -> Result<ServiceKeys, KeyFileError> {
        let path = path.as_ref();
        ServiceKeys::written(path, service, &Keys::restored(path, packed)?, false)
    }

    fn written(
        path: &Path,
        service: impl KeyService + 'static,
        keys: &Keys,
        over: bool,
    ) -> Result<ServiceKeys, KeyFileError> {
        let installation = Uuid::from_bytes(aead::random()?);
        let mut held = Held { installation, service: service.name(), active: keys.active, keys: BTreeMap::default() };
        for (id, key) in &keys.keys {
            // Tried out with each: it costs two calls, once.
            let bytes = service::try_out(&service, &context(installation, *id), key)?;
            held.keys.insert(*id, Wrapped { bytes, check: key_check(key, b"root") });
        }
        let content = text::write(&held);
        if over {
            key_file::replace(path, &content)?
        } else {
            key_file::create(path, &content)?
        }
        ServiceKeys::open(path, service)
    }

    /// Uses unwrapped keys for so long before it asks again.
    #[must_use]
    pub fn keeping(self, keeps: Duration) -> ServiceKeys {
        ServiceKeys { keeps, ..self }
    }

    /// The ids of the root keys in it.
    pub fn ids(&self) -> Vec<u32> {
        self.held().keys.keys().copied().collect()
    }

    /// Its keys in few bytes, as [`KeyFile::packed`] gives them. The service unwraps them.
    pub fn packed(&self) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        Ok(self.all()?.packed())
    }

    fn all(&self) -> Result<Keys, VaultError> {
        let ids = self.ids();
        let keys = ids.into_iter().map(|id| Ok((id, self.key(id)?)));
        Ok(Keys { active: self.active(), keys: keys.collect::<Result<_, VaultError>>()? })
    }

    /// The key, unwrapped before and not too long ago, or now.
    fn key(&self, root: u32) -> Result<Key, VaultError> {
        let wrapped = self.held().keys.get(&root).cloned().ok_or(VaultError::UnknownRootKey(root))?;
        let installation = self.held().installation;
        // Held while the service is asked: the others wait for the one answer instead of asking, too.
        let mut open = self.opened();
        if let Some((key, since)) = open.keys.get(&root)
            && since.elapsed() < self.keeps
        {
            return Ok(key.clone());
        }
        if let Some((at, denied, words)) = &open.failed
            && at.elapsed() < RESTS
        {
            return Err(if *denied { VaultError::Denied(words.clone()) } else { VaultError::Provider(words.clone()) });
        }
        open.keys.remove(&root);
        let found = self
            .service
            .unwrap(&context(installation, root), &wrapped.bytes)
            .and_then(|key| if key_check(&key, b"root") == wrapped.check { Ok(key) } else { Err(VaultError::Refused) });
        open.failed = match &found {
            Err(VaultError::Denied(words)) => Some((Instant::now(), true, words.clone())),
            Err(VaultError::Provider(words)) => Some((Instant::now(), false, words.clone())),
            _ => None,
        };
        let key = found?;
        open.keys.insert(root, (key.clone(), Instant::now()));
        Ok(key)
    }

    /// Changes file and memory together; the file first.
    fn change(&self, make: impl FnOnce(&mut Held) -> Result<(), VaultError>) -> Result<u32, VaultError> {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let mut changed = held.clone();
        make(&mut changed)?;
        key_file::replace(&self.path, &text::write(&changed))
            .map_err(|error| VaultError::Provider(error.to_string()))?;
        *held = changed;
        Ok(held.active)
    }

    fn held(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the service binds a root key to.
fn context(installation: Uuid, root: u32) -> Context {
    Context::new(vec![("shearline-installation", installation.to_string()), ("shearline-root-key", root.to_string())])
}

impl KeyProvider for ServiceKeys {
    fn active(&self) -> u32 {
        self.held().active
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
        self.change(|held| {
            let next = Keys::next_id(held.keys.keys())?;
            let key = aead::random_key()?;
            let bytes = service::try_out(&*self.service, &context(held.installation, next), &key)?;
            held.keys.insert(next, Wrapped { bytes, check: key_check(&key, b"root") });
            (held.active, held.service) = (next, self.service.name());
            Ok(())
        })
    }

    fn retire(&self, root: u32) -> Result<(), VaultError> {
        self.change(|held| {
            if root == held.active || held.keys.remove(&root).is_none() {
                return Err(VaultError::UnknownRootKey(root));
            }
            Ok(())
        })?;
        self.opened().keys.remove(&root);
        Ok(())
    }

    fn renew(&self) -> Result<u32, VaultError> {
        self.change(|held| {
            for (id, wrapped) in &mut held.keys {
                let context = context(held.installation, *id);
                let bytes = self.service.renew(&context, &wrapped.bytes)?;
                // Not before it is seen to open is the older form given up.
                if key_check(&self.service.unwrap(&context, &bytes)?, b"root") != wrapped.check {
                    return Err(VaultError::Refused);
                }
                wrapped.bytes = bytes;
            }
            held.service = self.service.name();
            Ok(())
        })
    }
}

impl std::fmt::Debug for ServiceKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServiceKeys")
            .field("active", &self.active())
            .field("ids", &self.ids())
            .field("service", &self.service.name())
            .finish_non_exhaustive()
    }
}
