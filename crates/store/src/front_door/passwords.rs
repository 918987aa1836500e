//! Password hashes: Argon2id over the password and a pepper, off the async threads, one or two at a time.
//!
//! A peppered hash names the root key its pepper comes from (`keyid=` of its PHC string), so that hashes made before there
//! was a pepper, or under an older root key, still verify; they are made anew when their owner next signs in.

use super::FrontDoor;
use crate::{Error, Result};
use argon2::{
    Algorithm, Argon2, KeyId, Params, ParamsBuilder, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{
    num::NonZeroUsize,
    sync::{LazyLock, atomic::Ordering},
    thread::available_parallelism,
};
use tokio::{sync::Semaphore, task::spawn_blocking};
use vault::Zeroizing;

/// Two at a time: each takes 46 MiB, and equal queueing keeps known and unknown addresses equally slow. One where there
/// are but two processors: with both hashing, nobody else's page would come.
static HASHING: LazyLock<Semaphore> = LazyLock::new(|| {
    let processors = available_parallelism().map_or(1, NonZeroUsize::get);
    Semaphore::new(processors.saturating_sub(1).clamp(1, 2))
});

/// m = 46 MiB, t = 1, p = 1: the OWASP row that costs least time for its memory.
const MEMORY: u32 = 47_104;
const PASSES: u32 = 1;
/// What the pepper's key is derived for.
const PEPPER: &str = "password pepper";

/// Argon2id with today's parameters; with a pepper, its root key's id is among them.
fn hasher(root: Option<u32>) -> Argon2<'static> {
    let mut params = ParamsBuilder::new();
    params.m_cost(MEMORY).t_cost(PASSES).p_cost(1);
    if let Some(id) = root.and_then(|root| KeyId::new(&root.to_be_bytes()).ok()) {
        params.keyid(id);
    }
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.build().unwrap_or_default())
}

/// The root key a stored hash was peppered under.
fn root_of(hash: &PasswordHash) -> Option<u32> {
    let params = Params::try_from(&hash.params).ok()?;
    params.keyid().try_into().ok().map(u32::from_be_bytes)
}

/// What Argon2 is given: the password as it is, or its HMAC under the pepper.
fn seasoned(password: &str, pepper: Option<&[u8; 32]>) -> Zeroizing<Vec<u8>> {
    let Some(pepper) = pepper else { return Zeroizing::new(password.as_bytes().to_vec()) };
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(pepper)
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(password.as_bytes());
    Zeroizing::new(mac.finalize().into_bytes().to_vec())
}

/// Hashes a password without pepper to a PHC string: the bare cost of a hash, and people made before any root key.
///
/// # Errors
/// Only faults.
pub async fn hash(password: String) -> Result<String> {
    let input = seasoned(&password, None);
    off_thread(move || hashed(&hasher(None), &input)).await?
}

fn hashed(hasher: &Argon2<'_>, input: &[u8]) -> Result<String> {
    hasher.hash_password(input).map(|hash| hash.to_string()).map_err(|error| Error::Vault(error.to_string()))
}

/// Passwords that may stand behind a hash, ready to be tried away from the async threads.
struct Try {
    input: Zeroizing<Vec<u8>>,
    hash: String,
}

impl Try {
    fn fits(&self) -> bool {
        PasswordHash::new(&self.hash).is_ok_and(|known| hasher(None).verify_password(&self.input, &known).is_ok())
    }
}

impl FrontDoor<'_> {
    /// Hashes a password, peppered, to a PHC string.
    ///
    /// # Errors
    /// Only faults.
    pub async fn hash_password(&self, password: String) -> Result<String> {
        let root = self.db.vault.active_root();
        let input = seasoned(&password, Some(&*self.db.vault.derived_key(root, PEPPER)?));
        self.count_hash();
        off_thread(move || hashed(&hasher(Some(root)), &input)).await?
    }

    /// Whether the password belongs to the hash. Without a hash it works just as long and says no, so that an unknown
    /// address answers no sooner than a known one.
    ///
    /// # Errors
    /// Only faults.
    pub async fn verify_password(&self, password: String, hash: Option<String>) -> Result<bool> {
        match hash {
            Some(hash) => self.is_one_of(password, vec![hash]).await,
            None => self.hash_password(password).await.map(|_| false),
        }
    }

    /// Whether the password belongs to one of these hashes.
    ///
    /// # Errors
    /// Only faults.
    pub(crate) async fn is_one_of(&self, password: String, hashes: Vec<String>) -> Result<bool> {
        let mut tries = Vec::new();
        for hash in hashes {
            let root = PasswordHash::new(&hash).ok().as_ref().and_then(root_of);
            let pepper = root.map(|root| self.db.vault.derived_key(root, PEPPER)).transpose()?;
            self.count_hash();
            tries.push(Try { input: seasoned(&password, pepper.as_deref()), hash });
        }
        off_thread(move || tries.iter().any(Try::fits)).await
    }

    /// Whether a hash is weaker than one made today.
    pub(crate) fn outdated(&self, hash: &str) -> bool {
        PasswordHash::new(hash).map_or(true, |known| {
            let today = Params::try_from(&known.params)
                .is_ok_and(|p| p.m_cost() >= MEMORY && p.t_cost() >= PASSES && known.algorithm.as_str() == "argon2id");
            !today || root_of(&known) != Some(self.db.vault.active_root())
        })
    }

    /// One more Argon2: tests hold known and unknown addresses against each other by this.
    fn count_hash(&self) {
        self.db.hashes.fetch_add(1, Ordering::Relaxed);
    }
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = HASHING.acquire().await.map_err(|error| Error::Vault(error.to_string()))?;
    spawn_blocking(work).await.map_err(|error| Error::Vault(error.to_string()))
}
