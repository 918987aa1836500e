//! Password hashes: Argon2id off the async threads, two at a time.

use crate::{Error, Result};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Two at a time: each takes 46 MiB, and equal queueing keeps known and unknown addresses equally slow.
static HASHING: Semaphore = Semaphore::const_new(2);

/// m = 46 MiB, t = 1, p = 1: the OWASP row that costs least time for its memory.
fn hasher() -> Argon2<'static> {
    let params = Params::new(47_104, 1, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password to a PHC string.
///
/// # Errors
/// Only faults.
pub async fn hash(password: String) -> Result<String> {
    off_thread(move || {
        hasher()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| Error::Vault(error.to_string()))
    })
    .await?
}

/// Whether the password belongs to the hash. Without a hash it works just as long and says no, so that an unknown
/// address answers no sooner than a known one.
///
/// # Errors
/// Only faults.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    off_thread(move || match hash.as_deref().map(PasswordHash::new) {
        Some(Ok(known)) => hasher().verify_password(password.as_bytes(), &known).is_ok(),
        _ => {
            let _ = hasher().hash_password(password.as_bytes());
            false
        }
    })
    .await
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = HASHING.acquire().await.map_err(|error| Error::Vault(error.to_string()))?;
    spawn_blocking(work).await.map_err(|error| Error::Vault(error.to_string()))
}
