//! The shop keys in use, so that a request does not ask the provider each time. Bounded: the one used longest ago goes.

use crate::shop_key::{ShopKey, WrappedShopKey};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// The most shop keys kept: 48 bytes each and a little.
const MOST: usize = 1_024;

#[derive(Default)]
pub(crate) struct Cache(Mutex<Inner>);

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
}

impl Cache {
    pub(crate) fn get(&self, shop: Uuid, wrapped: &WrappedShopKey) -> Option<ShopKey> {
        let mut inner = self.inner();
        inner.uses += 1;
        let now = inner.uses;
        let entry = inner.keys.get_mut(&(shop, wrapped.kek_id)).filter(|entry| entry.wrapped == wrapped.wrapped)?;
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
        let entry = Entry { key, wrapped: wrapped.wrapped.clone(), used: inner.uses };
        inner.keys.insert(place, entry);
    }

    pub(crate) fn forget(&self, shop: Uuid) {
        self.inner().keys.retain(|(of, _), _| *of != shop);
    }

    /// Nothing is left half done under the lock, so a panic elsewhere does not spoil it.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn other_wrapped_bytes_are_not_the_same_key() {
        let cache = Cache::default();
        put(&cache, 1);
        assert!(cache.get(Uuid::from_u128(1), &wrapped(2)).is_none());
        cache.forget(Uuid::from_u128(1));
        assert!(cache.get(Uuid::from_u128(1), &wrapped(1)).is_none());
    }
}
