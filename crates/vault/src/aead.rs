//! AES-256-GCM boxes with a random nonce in front, and the random bytes they need.

use crate::cipher::{Cipher, mac};
use crate::error::VaultError;
use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

/// Bytes of an AES-256 key.
pub(crate) const KEY: usize = 32;
/// Bytes of a GCM nonce.
pub(crate) const NONCE: usize = 12;
/// Bytes of a GCM tag.
pub(crate) const TAG: usize = 16;
/// Bytes of a key in a box: nonce, key, tag.
pub(crate) const BOXED_KEY: usize = NONCE + KEY + TAG;
/// Bytes of a key check.
pub(crate) const CHECK: usize = 16;

/// A key, wiped when dropped.
pub(crate) type Key = Zeroizing<[u8; KEY]>;

/// Fresh bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| VaultError::NoRandomness)?;
    Ok(bytes)
}

/// A fresh key from the operating system.
pub(crate) fn random_key() -> Result<Key, VaultError> {
    random().map(Zeroizing::new)
}

/// Appends `nonce ‖ ciphertext ‖ tag` to `out`.
pub(crate) fn lock(
    key: &Key,
    nonce: [u8; NONCE],
    bound: &[u8],
    plaintext: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), VaultError> {
    let boxed = Cipher::new(key)?.seal(nonce, bound, plaintext)?;
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&boxed);
    Ok(())
}

/// Opens `nonce ‖ ciphertext ‖ tag`.
pub(crate) fn unlock(key: &Key, bound: &[u8], boxed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, ciphertext) = boxed.split_first_chunk::<NONCE>().ok_or(VaultError::Malformed)?;
    Cipher::new(key)?.open(*nonce, bound, ciphertext)
}

/// Opens a box that holds a key.
pub(crate) fn unlock_key(key: &Key, bound: &[u8], boxed: &[u8]) -> Result<Key, VaultError> {
    let bytes = unlock(key, bound, boxed)?;
    let mut inner = Key::default();
    if bytes.len() != KEY {
        return Err(VaultError::Malformed);
    }
    inner.copy_from_slice(&bytes);
    Ok(inner)
}

/// Sixteen bytes that name a key without giving it away. GCM alone does not commit to its key; this does.
pub(crate) fn key_check(key: &Key, purpose: &[u8]) -> [u8; CHECK] {
    let mut check = [0; CHECK];
    check.copy_from_slice(&mac(key, b"key-check", purpose)[..CHECK]);
    check
}

/// A key for one purpose, made from another. No kind (`key-check`, `derived-key`) is the beginning of another.
pub(crate) fn derived(key: &Key, purpose: &[u8]) -> Key {
    mac(key, b"derived-key", purpose)
}
