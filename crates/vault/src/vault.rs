//! The vault: makes, wraps and loads shop keys, and seals what belongs to no shop.
//!
//! A wrapped shop key: `0x01 ‖ alg ‖ root(4) ‖ check(16) ‖ what the provider wrapped`.
//! One with a lock of the shop's own: `0x01 ‖ alg ‖ root(4) ‖ check(16) ‖ length(2) ‖ wrapped half ‖ nonce(12) ‖ boxed key(48)`; the
//! box opens with a key made of both the half and the lock.
//! Sealed without a shop: `0x01 ‖ alg ‖ root(4) ‖ length(2) ‖ wrapped data key ‖ nonce(12) ‖ ciphertext ‖ tag(16)`.

use crate::aead::{self, BOXED_KEY, CHECK, Key};
use crate::bound::{self, FORMAT};
use crate::cache::Cache;
use crate::error::VaultError;
use crate::provider::KeyProvider;
use crate::shop_key::{ShopKey, WrappedShopKey};
use std::time::Duration;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Second byte of a wrapped shop key.
const SHOP_KEY: u8 = 0x11;
/// Second byte of a shop key with a lock of the shop's own.
const LOCKED: u8 = 0x12;
/// Second byte of what is sealed without a shop.
const INSTANCE: u8 = 0x21;
/// Format, kind and root key id.
const HEAD: usize = 6;

/// Seals and opens secrets under keys that a [`KeyProvider`] guards. Share one behind an `Arc`.
pub struct Vault {
    provider: Box<dyn KeyProvider>,
    cache: Cache,
}

impl Vault {
    /// A vault on this provider.
    pub fn new(provider: impl KeyProvider + 'static) -> Vault {
        Vault { provider: Box::new(provider), cache: Cache::default() }
    }

    /// A fresh first key for a new shop, wrapped for storage. Errs when the provider or the randomness fails.
    pub fn new_shop_key(&self, shop: Uuid) -> Result<WrappedShopKey, VaultError> {
        self.wrap_shop_key(&ShopKey::new(shop, 1, aead::random_key()?))
    }

    /// A fresh key for a shop that has one: the generation after `newest`. Errs as [`Vault::new_shop_key`].
    pub fn next_shop_key(&self, shop: Uuid, newest: i32) -> Result<WrappedShopKey, VaultError> {
        let next = newest.checked_add(1).ok_or(VaultError::Malformed)?;
        self.wrap_shop_key(&ShopKey::new(shop, next, aead::random_key()?))
    }

    /// The root key that a stored shop key is wrapped under. Errs when it is of no known format.
    pub fn root_of(stored: &WrappedShopKey) -> Result<u32, VaultError> {
        let kind = if Vault::is_locked(stored) { LOCKED } else { SHOP_KEY };
        read_head(&stored.wrapped, kind).map(|(root, _)| root)
    }

    /// The shop's key from storage, ready for use. The provider is asked only the first time. Errs when it was wrapped
    /// for another shop or generation, changed, or under a root key that is gone.
    pub fn load_shop_key(&self, shop: Uuid, stored: &WrappedShopKey) -> Result<ShopKey, VaultError> {
        if let Some(key) = self.cache.get(shop, stored) {
            return Ok(key);
        }
        let (root, rest) = read_head(&stored.wrapped, SHOP_KEY)?;
        let (check, boxed) = rest.split_first_chunk::<CHECK>().ok_or(VaultError::Malformed)?;
        let bound = bound::shop_key(shop, stored.kek_id);
        let key = self.provider.unwrap(root, &bound, boxed)?;
        if aead::key_check(&key, &bound) != *check {
            return Err(VaultError::Refused);
        }
        let key = ShopKey::new(shop, stored.kek_id, key);
        self.cache.put(stored, key.clone());
        Ok(key)
    }

    /// The same shop key wrapped again under the root key now active; what was sealed stays as it is. A lock stays, too: it
    /// need not open for that.
    pub fn rewrap_shop_key(&self, shop: Uuid, stored: &WrappedShopKey) -> Result<WrappedShopKey, VaultError> {
        if !Vault::is_locked(stored) {
            return self.wrap_shop_key(&self.load_shop_key(shop, stored)?);
        }
        let (check, half, boxed) = self.halved(shop, stored)?;
        self.put_together(shop, stored.kek_id, &check, &half, boxed)
    }

    /// Whether a stored key opens with a lock of the shop's own alone.
    pub fn is_locked(stored: &WrappedShopKey) -> bool {
        stored.wrapped.starts_with(&[FORMAT, LOCKED])
    }

    /// The key from memory, if it is there.
    pub fn remembered(&self, shop: Uuid, stored: &WrappedShopKey) -> Option<ShopKey> {
        self.cache.get(shop, stored)
    }

    /// A shop's key that has a lock, opened by it. Errs as [`Vault::load_shop_key`], and for another lock.
    pub fn load_locked(&self, shop: Uuid, stored: &WrappedShopKey, lock: &[u8; 32]) -> Result<ShopKey, VaultError> {
        let (check, half, boxed) = self.halved(shop, stored)?;
        let bound = bound::locked_shop_key(shop, stored.kek_id);
        let key = aead::unlock_key(&aead::derived(&half, &bound::lock(lock)), &bound, boxed)?;
        if aead::key_check(&key, &bound) != check {
            return Err(VaultError::Refused);
        }
        let key = ShopKey::new(shop, stored.kek_id, key);
        self.cache.put(stored, key.clone());
        Ok(key)
    }

    /// The same shop key, from now on under a lock as well as under the root key: neither opens it alone.
    pub fn lock_shop_key(&self, key: &ShopKey, lock: &[u8; 32]) -> Result<WrappedShopKey, VaultError> {
        let (half, bound) = (aead::random_key()?, bound::locked_shop_key(key.shop(), key.kek_id()));
        let mut boxed = Vec::with_capacity(BOXED_KEY);
        aead::lock(
            &aead::derived(&half, &bound::lock(lock)),
            aead::random()?,
            &bound,
            key.bytes().as_slice(),
            &mut boxed,
        )?;
        self.put_together(key.shop(), key.kek_id(), &aead::key_check(key.bytes(), &bound), &half, &boxed)
    }

    /// The same shop key under the root key alone.
    pub fn unlock_shop_key(&self, key: &ShopKey) -> Result<WrappedShopKey, VaultError> {
        self.wrap_shop_key(key)
    }

    /// As [`Vault::next_shop_key`], under a lock.
    pub fn next_locked(&self, shop: Uuid, newest: i32, lock: &[u8; 32]) -> Result<WrappedShopKey, VaultError> {
        let next = newest.checked_add(1).ok_or(VaultError::Malformed)?;
        self.lock_shop_key(&ShopKey::new(shop, next, aead::random_key()?), lock)
    }

    /// The parts of a key with a lock: its check, the half that is kept here, the box.
    fn halved<'a>(&self, shop: Uuid, stored: &'a WrappedShopKey) -> Result<([u8; CHECK], Key, &'a [u8]), VaultError> {
        let (root, rest) = read_head(&stored.wrapped, LOCKED)?;
        let (check, rest) = rest.split_first_chunk::<CHECK>().ok_or(VaultError::Malformed)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(VaultError::Malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (wrapped, boxed) = rest.split_at_checked(length).ok_or(VaultError::Malformed)?;
        let half = self.provider.unwrap(root, &bound::locked_shop_key(shop, stored.kek_id), wrapped)?;
        Ok((*check, half, boxed))
    }

    fn put_together(
        &self,
        shop: Uuid,
        kek_id: i32,
        check: &[u8; CHECK],
        half: &Key,
        boxed: &[u8],
    ) -> Result<WrappedShopKey, VaultError> {
        let root = self.provider.active();
        let half = self.provider.wrap(root, &bound::locked_shop_key(shop, kek_id), half)?;
        let mut wrapped = head(LOCKED, root);
        wrapped.extend_from_slice(check);
        wrapped.extend_from_slice(&u16::try_from(half.len()).map_err(|_| VaultError::Malformed)?.to_be_bytes());
        wrapped.extend_from_slice(&half);
        wrapped.extend_from_slice(boxed);
        Ok(WrappedShopKey { kek_id, wrapped })
    }

    /// Drops a shop's keys from memory, once nobody holds them any more.
    pub fn forget_shop(&self, shop: Uuid) {
        self.cache.forget(shop);
    }

    fn wrap_shop_key(&self, key: &ShopKey) -> Result<WrappedShopKey, VaultError> {
        let root = self.provider.active();
        let bound = bound::shop_key(key.shop(), key.kek_id());
        let mut wrapped = head(SHOP_KEY, root);
        wrapped.extend_from_slice(&aead::key_check(key.bytes(), &bound));
        wrapped.extend_from_slice(&self.provider.wrap(root, &bound, key.bytes())?);
        Ok(WrappedShopKey { kek_id: key.kek_id(), wrapped })
    }

    /// Makes a fresh root key the active one. Errs where they are turned elsewhere.
    pub fn begin_next_root(&self) -> Result<u32, VaultError> {
        self.provider.begin_next()
    }

    /// Gives up a root key. What is still under it is lost: whoever asks has made sure that nothing is.
    pub fn retire_root(&self, root: u32) -> Result<(), VaultError> {
        self.provider.retire(root)
    }

    /// Has what guards the root keys wrap them under its newest key. Errs where a key service is away or says no.
    pub fn renew_roots(&self) -> Result<u32, VaultError> {
        self.provider.renew()
    }

    /// Uses a shop's key from memory for so long before it is unwrapped again.
    #[must_use]
    pub fn keeping(self, keeps: Duration) -> Vault {
        Vault { cache: Cache::keeping(keeps), ..self }
    }

    /// The root key now active, by its id.
    pub fn active_root(&self) -> u32 {
        self.provider.active()
    }

    /// The key of an installation for one purpose, such as the pepper of passwords: nothing of it is stored, and it is the
    /// same as long as that root key is kept. Errs when the root key is unknown.
    pub fn derived_key(&self, root: u32, purpose: &str) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        self.provider.derive(root, &bound::instance(b"derived", purpose, b""))
    }

    /// Seals something that belongs to no shop, such as the input of a form before sign-in. It opens only with the same
    /// purpose and the same `about` (a session's hash, a row's id).
    pub fn instance_seal(&self, purpose: &str, about: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (root, data_key) = (self.provider.active(), aead::random_key()?);
        let wrapped = self.provider.wrap(root, &bound::instance(b"dek", purpose, about), &data_key)?;
        let length = u16::try_from(wrapped.len()).map_err(|_| VaultError::Malformed)?;
        let mut out = head(INSTANCE, root);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&wrapped);
        aead::lock(&data_key, aead::random()?, &bound::instance(b"x", purpose, about), plaintext, &mut out)?;
        Ok(out)
    }

    /// Opens what [`Vault::instance_seal`] sealed for the same purpose and `about`.
    pub fn instance_open(&self, purpose: &str, about: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (root, rest) = read_head(sealed, INSTANCE)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(VaultError::Malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (wrapped, boxed) = rest.split_at_checked(length).ok_or(VaultError::Malformed)?;
        let data_key = self.provider.unwrap(root, &bound::instance(b"dek", purpose, about), wrapped)?;
        aead::unlock(&data_key, &bound::instance(b"x", purpose, about), boxed)
    }
}

fn head(kind: u8, root: u32) -> Vec<u8> {
    let mut out = vec![FORMAT, kind];
    out.extend_from_slice(&root.to_be_bytes());
    out
}

/// The root key's id and what follows the head.
fn read_head(bytes: &[u8], kind: u8) -> Result<(u32, &[u8]), VaultError> {
    match bytes.split_first_chunk::<HEAD>() {
        Some(([FORMAT, is, root @ ..], rest)) if *is == kind => Ok((u32::from_be_bytes(*root), rest)),
        _ => Err(VaultError::Malformed),
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("active", &self.provider.active()).finish_non_exhaustive()
    }
}
