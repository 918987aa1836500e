//! A shop's key, and sealing under it.
//!
//! Sealed bytes: `0x01 ‖ alg ‖ kek_id(4) ‖ wrap_nonce(12) ‖ wrapped_dek(48) ‖ nonce(12) ‖ ciphertext ‖ tag(16)`.

use crate::aead::{self, BOXED_KEY, Key, NONCE};
use crate::bound::{self, FORMAT, Place};
use crate::error::VaultError;
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

/// AES-256-GCM for both the data key's box and the secret's.
const ALGORITHM: u8 = 1;
/// Format, algorithm and key generation.
const HEAD: usize = 6;

/// A shop's key as it is stored: useless without the root key it is wrapped under.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedShopKey {
    /// The generation of the shop's key, from 1. Sealed bytes name the one they need.
    pub kek_id: i32,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

impl std::fmt::Debug for WrappedShopKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WrappedShopKey").field("kek_id", &self.kek_id).finish_non_exhaustive()
    }
}

/// A shop's key in memory, wiped when the last holder drops it. Cloning shares it.
#[derive(Clone)]
pub struct ShopKey(Arc<Inner>);

struct Inner {
    shop: Uuid,
    kek_id: i32,
    key: Key,
}

/// The fresh randomness of one sealing.
pub(crate) struct Fresh {
    pub(crate) data_key: Key,
    pub(crate) wrap_nonce: [u8; NONCE],
    pub(crate) nonce: [u8; NONCE],
}

impl Fresh {
    pub(crate) fn new() -> Result<Fresh, VaultError> {
        Ok(Fresh { data_key: aead::random_key()?, wrap_nonce: aead::random()?, nonce: aead::random()? })
    }
}

impl ShopKey {
    pub(crate) fn new(shop: Uuid, kek_id: i32, key: Key) -> ShopKey {
        ShopKey(Arc::new(Inner { shop, kek_id, key }))
    }

    /// The shop it belongs to.
    pub fn shop(&self) -> Uuid {
        self.0.shop
    }

    /// Its generation.
    pub fn kek_id(&self) -> i32 {
        self.0.kek_id
    }

    pub(crate) fn bytes(&self) -> &Key {
        &self.0.key
    }

    /// Seals a secret for one place in this shop, under a data key of its own. 94 bytes longer than the plaintext.
    /// Errs when the operating system gives no randomness.
    pub fn seal(&self, place: &Place<'_>, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.seal_with(Fresh::new()?, place, plaintext)
    }

    /// Opens what was sealed for this very place in this shop. Errs when a byte, the place, the version or the shop
    /// differs.
    pub fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let needed = ShopKey::generation_of(sealed)?;
        if needed != self.0.kek_id {
            return Err(VaultError::OtherGeneration { needed, loaded: self.0.kek_id });
        }
        let (boxed_key, boxed) = sealed[HEAD..].split_at_checked(BOXED_KEY).ok_or(VaultError::Malformed)?;
        let bound_key = bound::data_key(self.0.shop, place, self.0.kek_id);
        let data_key = aead::unlock_key(&self.0.key, &bound_key, boxed_key)?;
        aead::unlock(&data_key, &bound::secret(self.0.shop, place), boxed)
    }

    /// The same sealed bytes with their data key wrapped under another generation of the shop's key: the secret's own box
    /// stays as it is, byte for byte. Errs when the data key does not open for this place.
    pub fn rewrap(&self, newer: &ShopKey, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let needed = ShopKey::generation_of(sealed)?;
        if needed != self.0.kek_id {
            return Err(VaultError::OtherGeneration { needed, loaded: self.0.kek_id });
        }
        let (boxed_key, boxed) = sealed[HEAD..].split_at_checked(BOXED_KEY).ok_or(VaultError::Malformed)?;
        let data_key = aead::unlock_key(&self.0.key, &bound::data_key(self.0.shop, place, self.0.kek_id), boxed_key)?;
        let mut out = Vec::with_capacity(sealed.len());
        out.extend_from_slice(&[FORMAT, ALGORITHM]);
        out.extend_from_slice(&newer.0.kek_id.to_be_bytes());
        let bound_key = bound::data_key(newer.0.shop, place, newer.0.kek_id);
        aead::lock(&newer.0.key, aead::random()?, &bound_key, data_key.as_slice(), &mut out)?;
        out.extend_from_slice(boxed);
        Ok(out)
    }

    /// The generation of the shop's key that sealed bytes need. Errs when they are of no known format.
    pub fn generation_of(sealed: &[u8]) -> Result<i32, VaultError> {
        match sealed.first_chunk::<HEAD>() {
            Some([FORMAT, ALGORITHM, id @ ..]) => Ok(i32::from_be_bytes(*id)),
            _ => Err(VaultError::Malformed),
        }
    }

    pub(crate) fn seal_with(&self, fresh: Fresh, place: &Place<'_>, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
        let Inner { shop, kek_id, key } = &*self.0;
        let mut out = Vec::with_capacity(HEAD + BOXED_KEY + NONCE + plaintext.len() + aead::TAG);
        out.extend_from_slice(&[FORMAT, ALGORITHM]);
        out.extend_from_slice(&kek_id.to_be_bytes());
        let bound_key = bound::data_key(*shop, place, *kek_id);
        aead::lock(key, fresh.wrap_nonce, &bound_key, fresh.data_key.as_slice(), &mut out)?;
        aead::lock(&fresh.data_key, fresh.nonce, &bound::secret(*shop, place), plaintext, &mut out)?;
        Ok(out)
    }

    /// The data key inside sealed bytes, to show that no two writes share one.
    #[cfg(test)]
    pub(crate) fn data_key_of(&self, place: &Place<'_>, sealed: &[u8]) -> Key {
        let bound_key = bound::data_key(self.0.shop, place, self.0.kek_id);
        aead::unlock_key(&self.0.key, &bound_key, &sealed[HEAD..HEAD + BOXED_KEY]).expect("sealed here")
    }
}

impl std::fmt::Debug for ShopKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShopKey").field("shop", &self.0.shop).field("kek_id", &self.0.kek_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
