//! Shops' own keys: a shop that has a key service of its own has a lock kept there, without which its keys open for nobody.
//!
//! The service keeps the lock and never sees the shop's key. Nor does the root key open it without the lock: who takes the
//! lock back closes what is sealed, as soon as keyd's memory of the key has passed.

use super::answer::No;
use crate::aead::Key;
use crate::bound::parts;
use crate::error::VaultError;
use crate::service::{Context, KeyService, try_out};
use crate::vault::Vault;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;
use zeroize::Zeroizing;

/// How many requests of one shop may wait for its service: the others must not find every place taken.
const MOST_WAITING: usize = 8;
/// How long a service that failed is not asked again.
const RESTS: Duration = Duration::from_secs(3);
/// What is sealed is sealed as this.
const PURPOSE: &str = "own-key";

/// What keyd keeps of a shop's service: the settings as the shop wrote them, and the lock as the service wrapped it.
pub(super) struct OwnKey {
    pub(super) settings: Zeroizing<Vec<u8>>,
    wrapped: Vec<u8>,
}

impl OwnKey {
    /// Has a service keep a fresh lock, once it was seen to give it back, and for its context alone.
    pub(super) fn begin(service: &dyn KeyService, shop: Uuid, settings: &[u8]) -> Result<(OwnKey, Key), VaultError> {
        let lock = crate::aead::random_key()?;
        let wrapped = try_out(service, &context(shop), &lock)?;
        Ok((OwnKey { settings: Zeroizing::new(settings.to_vec()), wrapped }, lock))
    }

    pub(super) fn seal(&self, vault: &Vault, shop: Uuid) -> Result<Vec<u8>, VaultError> {
        vault.instance_seal(PURPOSE, shop.as_bytes(), &Zeroizing::new(parts(&[&self.settings, &self.wrapped])))
    }

    pub(super) fn open(vault: &Vault, shop: Uuid, sealed: &[u8]) -> Result<OwnKey, VaultError> {
        let bytes = vault.instance_open(PURPOSE, shop.as_bytes(), sealed)?;
        let mut rest = bytes.as_slice();
        let mut next = || {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let (part, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
            rest = after;
            Some(part.to_vec())
        };
        let settings = Zeroizing::new(next().ok_or(VaultError::Malformed)?);
        Ok(OwnKey { settings, wrapped: next().ok_or(VaultError::Malformed)? })
    }

    /// The lock, if its service gives it back.
    pub(super) fn lock(&self, service: &dyn KeyService, shop: Uuid) -> Result<Key, VaultError> {
        service.unwrap(&context(shop), &self.wrapped)
    }
}

fn context(shop: Uuid) -> Context {
    Context::new(vec![("shearline-shop", shop.to_string()), ("shearline-purpose", "lock".into())])
}

/// What a service's error is to whoever asked.
pub(super) fn no(error: VaultError) -> No {
    let (denied, words) = match error {
        VaultError::Provider(words) => (false, words),
        VaultError::Denied(words) => (true, words),
        _ => (true, "what it gives back is not what it was given".into()),
    };
    No::OwnKey { denied, words: words.chars().take(150).collect() }
}

/// One at a time for each shop, and not all who come: a service that is slow or gone is its own shop's trouble.
#[derive(Default)]
pub(super) struct Gates(Mutex<HashMap<Uuid, Arc<Gate>>>);

#[derive(Default)]
struct Gate {
    waiting: AtomicUsize,
    failed: Mutex<Option<(Instant, No)>>,
}

impl Gates {
    /// Asks, unless it failed a moment ago.
    pub(super) fn pass<T>(&self, shop: Uuid, ask: impl FnOnce() -> Result<T, No>) -> Result<T, No> {
        let gate = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(shop).or_default());
        let place = Place::take(&gate.waiting)?;
        let mut failed = gate.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, no)) = &*failed
            && at.elapsed() < RESTS
        {
            return Err(no.clone());
        }
        let asked = ask();
        *failed = match &asked {
            Err(no @ No::OwnKey { .. }) => Some((Instant::now(), no.clone())),
            _ => None,
        };
        drop(place);
        asked
    }

    /// Forgets that it failed: the shop has another, or none any more.
    pub(super) fn forget(&self, shop: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&shop);
    }
}

struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Place<'a>, No> {
        let place = Place(waiting);
        if waiting.fetch_add(1, Ordering::SeqCst) < MOST_WAITING {
            Ok(place)
        } else {
            Err(No::OwnKey { denied: false, words: "too many wait for it".into() })
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_service_keeps_eight_waiting_and_no_other_shop() {
        let gates = Arc::new(Gates::default());
        let (slow, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let waits = || {
            let gates = Arc::clone(&gates);
            std::thread::spawn(move || {
                gates.pass(slow, || {
                    std::thread::sleep(Duration::from_millis(100));
                    Ok(())
                })
            })
        };
        let held: Vec<_> = (0..8).map(|_| waits()).collect();
        std::thread::sleep(Duration::from_millis(30));
        assert!(matches!(gates.pass(slow, || Ok(())), Err(No::OwnKey { denied: false, .. })), "the ninth");
        assert_eq!(gates.pass(other, || Ok(7)), Ok(7));
        assert!(held.into_iter().all(|one| one.join().is_ok_and(|passed| passed.is_ok())));
        assert_eq!(gates.pass(slow, || Ok(7)), Ok(7));
    }

    #[test]
    fn what_failed_a_moment_ago_is_not_asked_again() {
        let (gates, shop) = (Gates::default(), Uuid::from_u128(1));
        let gone = No::OwnKey { denied: true, words: "taken back".into() };
        assert_eq!(gates.pass(shop, || Err::<(), _>(gone.clone())), Err(gone.clone()));
        assert_eq!(gates.pass(shop, || Ok(())), Err(gone));
        gates.forget(shop);
        assert_eq!(gates.pass(shop, || Ok(())), Ok(()));
    }
}
