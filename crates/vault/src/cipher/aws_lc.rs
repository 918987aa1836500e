//! The module that AWS-LC had validated after FIPS 140-3, for those who must have one. Built with CMake, Go and a C compiler.

use crate::{
    aead::{KEY, Key, NONCE},
    error::VaultError,
};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    hmac,
};
use zeroize::Zeroizing;

/// AES-256-GCM under one key.
pub(crate) struct Cipher(LessSafeKey);

impl Cipher {
    /// Errs where the module does not run: its self-test failed.
    pub(crate) fn new(key: &Key) -> Result<Self, VaultError> {
        aws_lc_rs::try_fips_mode().map_err(|_| VaultError::Provider("no FIPS module".into()))?;
        let bytes: &[u8; KEY] = key;
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| VaultError::Malformed)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// `ciphertext ‖ tag`.
    pub(crate) fn seal(&self, nonce: [u8; NONCE], bound: &[u8], clear: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut out = clear.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(nonce, Aad::from(bound), &mut out).map_err(|_| VaultError::Malformed)?;
        Ok(out)
    }

    /// Opens `ciphertext ‖ tag`.
    pub(crate) fn open(
        &self,
        nonce: [u8; NONCE],
        bound: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let mut out = Zeroizing::new(sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key(nonce);
        let clear = self.0.open_in_place(nonce, Aad::from(bound), &mut out).map_err(|_| VaultError::Refused)?.len();
        out.truncate(clear);
        Ok(out)
    }
}

/// HMAC-SHA-256 of two parts, one after the other.
pub(crate) fn mac(key: &Key, first: &[u8], second: &[u8]) -> Key {
    let bytes: &[u8; KEY] = key;
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, bytes));
    mac.update(first);
    mac.update(second);
    let mut made = Key::default();
    made.copy_from_slice(mac.sign().as_ref());
    made
}
