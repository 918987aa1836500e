//! The shop keys in use, so that a request does not ask the provider each time. Bounded: the one used longest ago goes, and
//! each after a minute, so that a provider that closes is noticed.

use crate::shop_key::{ShopKey, WrappedShopKey};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long a key is used before it is unwrapped again.
pub(crate) const KEEPS: Duration = Duration::from_secs(60);
/// The most shop keys kept: 48 bytes each and a little.
const MOST: usize = 1_024;

pub(crate) struct Cache {
    inner: Mutex<Inner>,
    keeps: Duration,
}

impl Default for Cache {
    fn default() -> Self {
        Cache::keeping(KEEPS)
    }
}

#[derive(Default)]
struct Inner {
    keys: HashMap<(Uuid, i32), Entry>,
    uses: u64,
}

struct Entry {
    key: ShopKey,
    /// Other wrapped bytes are another key, or damaged: those go to the provider.
    wrapped: Vec<u8>,
    used: u64,
    since: Instant,
}

impl Cache {
    pub(crate) fn keeping(keeps: Duration) -> Cache {
        Cache { inner: Mutex::default(), keeps }
    }

    pub(crate) fn get(&self, shop: Uuid, wrapped: &WrappedShopKey) -> Option<ShopKey> {
        let mut inner = self.inner();
        inner.uses += 1;
        let now = inner.uses;
        let place = (shop, wrapped.kek_id);
        if inner.keys.get(&place).is_some_and(|entry| entry.since.elapsed() >= self.keeps) {
            inner.keys.remove(&place);
        }
        let entry = inner.keys.get_mut(&place).filter(|entry| entry.wrapped == wrapped.wrapped)?;
        entry.used = now;
        Some(entry.key.clone())
    }

    pub(crate) fn put(&self, wrapped: &WrappedShopKey, key: ShopKey) {
        let mut inner = self.inner();
        inner.uses += 1;
        let place = (key.shop(), key.kek_id());
        if inner.keys.len() >= MOST
            && !inner.keys.contains_key(&place)
            && let Some(oldest) = inner.keys.iter().min_by_key(|(_, entry)| entry.used).map(|(place, _)| *place)
        {
            inner.keys.remove(&oldest);
        }
        let entry = Entry { key, wrapped: wrapped.wrapped.clone(), used: inner.uses, since: Instant::now() };
        inner.keys.insert(place, entry);
    }

    pub(crate) fn forget(&self, shop: Uuid) {
        self.inner().keys.retain(|(of, _), _| *of != shop);
    }

    /// Nothing is left half done under the lock, so a panic elsewhere does not spoil it.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aead::Key;

    fn wrapped(byte: u8) -> WrappedShopKey {
        WrappedShopKey { kek_id: 1, wrapped: vec![byte] }
    }

    fn put(cache: &Cache, shop: u128) {
        cache.put(&wrapped(1), ShopKey::new(Uuid::from_u128(shop), 1, Key::default()));
    }

    #[test]
    fn holds_so_many_and_drops_the_least_used() {
        let cache = Cache::default();
        (0..MOST as u128).for_each(|shop| put(&cache, shop));
        assert!(cache.get(Uuid::from_u128(0), &wrapped(1)).is_some());
        put(&cache, 5_000);
        assert_eq!(cache.inner().keys.len(), MOST);
        assert!(cache.get(Uuid::from_u128(0), &wrapped(1)).is_some());
        assert!(cache.get(Uuid::from_u128(1), &wrapped(1)).is_none());
        assert!(cache.get(Uuid::from_u128(5_000), &wrapped(1)).is_some());
    }

    #[test]
    fn after_its_time_it_is_asked_for_again() {
        let cache = Cache::keeping(Duration::from_millis(20));
        put(&cache, 1);
        assert!(cache.get(Uuid::from_u128(1), &wrapped(1)).is_some());
        std::thread::sleep(Duration::from_millis(25));
        assert!(cache.get(Uuid::from_u128(1), &wrapped(1)).is_none());
        assert!(cache.inner().keys.is_empty(), "kept though nobody may use it");
    }

    #[test]
    fn other_wrapped_bytes_are_not_the_same_key() {
        let cache = Cache::default();
        put(&cache, 1);
        assert!(cache.get(Uuid::from_u128(1), &wrapped(2)).is_none());
        cache.forget(Uuid::from_u128(1));
        assert!(cache.get(Uuid::from_u128(1), &wrapped(1)).is_none());
    }
}
