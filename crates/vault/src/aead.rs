//! AES-256-GCM boxes with a random nonce in front, and the random bytes they need.

use crate::error::VaultError;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use hmac::{Hmac, Mac};
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::Sha256;
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

fn cipher(key: &Key) -> Aes256Gcm {
    let bytes: &[u8; KEY] = key;
    Aes256Gcm::new(bytes.into())
}

/// Appends `nonce ‖ ciphertext ‖ tag` to `out`.
pub(crate) fn lock(
    key: &Key,
    nonce: [u8; NONCE],
    bound: &[u8],
    plaintext: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), VaultError> {
    let payload = Payload { msg: plaintext, aad: bound };
    let boxed = cipher(key).encrypt(&nonce.into(), payload).map_err(|_| VaultError::Malformed)?;
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&boxed);
    Ok(())
}

/// Opens `nonce ‖ ciphertext ‖ tag`.
pub(crate) fn unlock(key: &Key, bound: &[u8], boxed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, ciphertext) = boxed.split_first_chunk::<NONCE>().ok_or(VaultError::Malformed)?;
    let payload = Payload { msg: ciphertext, aad: bound };
    cipher(key).decrypt(nonce.into(), payload).map(Zeroizing::new).map_err(|_| VaultError::Refused)
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

/// A key for one purpose, made from another.
pub(crate) fn derived(key: &Key, purpose: &[u8]) -> Key {
    mac(key, b"derived-key", purpose)
}

/// HMAC-SHA-256 of a kind and a purpose; no kind is the beginning of another.
fn mac(key: &Key, kind: &[u8], purpose: &[u8]) -> Key {
    // HMAC pads a key with zeros to its block.
    let mut block = Zeroizing::new([0; 64]);
    block[..KEY].copy_from_slice(key.as_slice());
    let block: &[u8; 64] = &block;
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(block.into());
    mac.update(kind);
    mac.update(purpose);
    Zeroizing::new(mac.finalize().into_bytes().into())
}
