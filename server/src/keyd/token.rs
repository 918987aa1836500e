//! Root keys wrapped in a PKCS#11 token, by a key that never leaves it: AES-256-GCM, with what a root key is bound to as
//! additional data. Asked as key services over HTTP are, and as they fails closed.
//!
//! Nothing stands open between requests, neither session nor PIN: see `session`. The module is loaded at the first request,
//! by keyd and by `shearline keys` alone.

mod refused;
mod session;
mod turn;
mod uri;

pub use uri::TokenKey;

use super::service::{Credential, LIMIT};
use cryptoki::context::Pkcs11;
use refused::Refused;
use session::Failed;
use std::{
    fmt, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use vault::{Context, KeyService, VaultError, Zeroizing};

/// A key of a token that can be asked.
pub struct Token(Arc<Inner>);

struct Inner {
    at: TokenKey,
    credential: Credential,
    refused: Refused,
    module: Mutex<Option<Pkcs11>>,
}

impl Token {
    /// `refused` is a file to remember in that a PIN was refused. Nothing is loaded yet.
    #[must_use]
    pub fn new(at: TokenKey, credential: Credential, refused: PathBuf) -> Self {
        Self(Arc::new(Inner { at, credential, refused: Refused::at(refused), module: Mutex::new(None) }))
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Pkcs11, &TokenKey, &str) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, VaultError> {
        let inner = Arc::clone(&self.0);
        turn::within(LIMIT, move || inner.ask(work))
    }
}

impl Inner {
    fn ask<T>(&self, work: impl FnOnce(&Pkcs11, &TokenKey, &str) -> Result<T, Failed>) -> Result<T, VaultError> {
        let stamp = self.credential.stamp();
        let pin = pin(&self.credential.read()?)?;
        let again = || {
            VaultError::Denied(
                "the token refused this PIN, which is not shown again until its file is written anew".into(),
            )
        };
        if self.refused.holds(&stamp) {
            return Err(again());
        }
        let module = self.module()?;
        match work(&module, &self.at, &pin) {
            Err(Failed::Pin(words)) => {
                self.refused.note(&stamp);
                Err(VaultError::Denied(format!("{words}; it is not shown again until its file is written anew")))
            }
            Err(Failed::Other(error)) => Err(error),
            Ok(done) => Ok(done),
        }
    }

    fn module(&self) -> Result<Pkcs11, VaultError> {
        let mut loaded = self.module.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = &*loaded {
            return Ok(module.clone());
        }
        let path = &self.at.module;
        let words = |words: &str| VaultError::Provider(format!("the module {}: {words}", path.display()));
        let real = fs::canonicalize(path).map_err(|error| words(&error.to_string()))?;
        guarded(&real).map_err(|problem| words(&problem))?;
        let module = Pkcs11::new(&real).map_err(|_| words("it cannot be loaded as a PKCS#11 module"))?;
        Ok(loaded.insert(module).clone())
    }
}

/// Whoever can write the module, or move another into its place, is keyd.
fn guarded(module: &Path) -> Result<(), String> {
    for path in module.ancestors() {
        let about = fs::metadata(path).map_err(|error| error.to_string())?;
        let (mode, sticky) = (about.mode() & 0o7777, about.is_dir() && about.mode() & 0o1000 != 0);
        if mode & 0o022 != 0 && !sticky {
            return Err(format!("{} has mode {mode:04o}: others than root could put their own there", path.display()));
        }
        if ![0, nix::unistd::geteuid().as_raw()].contains(&about.uid()) {
            return Err(format!("{} belongs to user number {}, not to root", path.display(), about.uid()));
        }
    }
    Ok(())
}

/// The PIN in a file's text: one line.
fn pin(text: &str) -> Result<Zeroizing<String>, VaultError> {
    let pin = text.strip_suffix('\n').unwrap_or(text);
    let pin = pin.strip_suffix('\r').unwrap_or(pin);
    if (1..=255).contains(&pin.len()) && !pin.chars().any(char::is_control) {
        Ok(Zeroizing::new(pin.to_owned()))
    } else {
        Err(VaultError::Denied("its credential is no PIN: one line".into()))
    }
}

impl KeyService for Token {
    fn name(&self) -> String {
        self.0.at.to_string()
    }

    fn wrap(&self, context: &Context, key: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        let (bound, key) = (context.bytes(), Zeroizing::new(*key));
        self.ask(move |module, at, pin| session::wrap(module, at, pin, &bound, &key))
    }

    fn unwrap(&self, context: &Context, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        let (bound, wrapped) = (context.bytes(), wrapped.to_vec());
        self.ask(move |module, at, pin| session::unwrap(module, at, pin, &bound, &wrapped))
    }

    fn renew(&self, context: &Context, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        // A key of a token has no versions: the same key, under an IV of its own.
        let key = self.unwrap(context, wrapped)?;
        self.wrap(context, &key)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("at", &self.0.at).finish_non_exhaustive()
    }
}
