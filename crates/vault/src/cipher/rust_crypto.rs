//! RustCrypto's AES and HMAC: the default, pure Rust.

use crate::{
    aead::{KEY, Key, NONCE},
    error::VaultError,
};
use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// AES-256-GCM under one key.
pub(crate) struct Cipher(Aes256Gcm);

impl Cipher {
    /// Errs in the other implementation alone.
    #[allow(clippy::unnecessary_wraps)]
    pub(crate) fn new(key: &Key) -> Result<Self, VaultError> {
        let bytes: &[u8; KEY] = key;
        Ok(Self(Aes256Gcm::new(bytes.into())))
    }

    /// `ciphertext ‖ tag`.
    pub(crate) fn seal(&self, nonce: [u8; NONCE], bound: &[u8], clear: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.0.encrypt(&nonce.into(), Payload { msg: clear, aad: bound }).map_err(|_| VaultError::Malformed)
    }

    /// Opens `ciphertext ‖ tag`.
    pub(crate) fn open(
        &self,
        nonce: [u8; NONCE],
        bound: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let opened = self.0.decrypt(&nonce.into(), Payload { msg: sealed, aad: bound });
        opened.map(Zeroizing::new).map_err(|_| VaultError::Refused)
    }
}

/// HMAC-SHA-256 of two parts, one after the other.
pub(crate) fn mac(key: &Key, first: &[u8], second: &[u8]) -> Key {
    // HMAC pads a key with zeros to its block.
    let mut block = Zeroizing::new([0; 64]);
    block[..KEY].copy_from_slice(key.as_slice());
    let block: &[u8; 64] = &block;
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(block.into());
    mac.update(first);
    mac.update(second);
    Zeroizing::new(mac.finalize().into_bytes().into())
}
