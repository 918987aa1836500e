//! Who holds the root keys.

use crate::error::VaultError;
use zeroize::Zeroizing;

/// Holds the root keys and wraps other keys under them. The root keys themselves never leave the provider.
///
/// `bound` is additional data: a key wrapped with it unwraps only with the same.
pub trait KeyProvider: Send + Sync {
    /// The id of the root key that new keys are wrapped under.
    fn active(&self) -> u32;

    /// Wraps a 32-byte key under a root key. Errs when the root key is unknown or the provider does not answer.
    fn wrap(&self, root: u32, bound: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, VaultError>;

    /// Unwraps what [`KeyProvider::wrap`] gave. Errs when anything differs.
    fn unwrap(&self, root: u32, bound: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError>;

    /// The key a root key gives for a purpose, the same each time: HMAC-SHA-256, or what a key service calls a MAC.
    /// Errs when the root key is unknown or the provider does not answer.
    fn derive(&self, root: u32, purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError>;

    /// Makes a fresh root key the active one; the others stay. Errs where the keys are turned elsewhere, in a key service.
    fn begin_next(&self) -> Result<u32, VaultError> {
        Err(VaultError::Provider("its root keys are turned in the key service".into()))
    }

    /// Gives up a root key for good. Errs as [`KeyProvider::begin_next`], and for the active one.
    fn retire(&self, _root: u32) -> Result<(), VaultError> {
        Err(VaultError::Provider("its root keys are retired in the key service".into()))
    }

    /// Has what guards the root keys wrap them under its newest key, and tells the active one; nothing to do for most.
    fn renew(&self) -> Result<u32, VaultError> {
        Ok(self.active())
    }
}

/// How providers that hold their root keys in memory wrap under them.
pub(crate) mod sealed {
    use crate::aead::{self, BOXED_KEY, Key};
    use crate::error::VaultError;

    pub(crate) fn wrap(root: &Key, bound: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        let mut wrapped = Vec::with_capacity(BOXED_KEY);
        aead::lock(root, aead::random()?, bound, key, &mut wrapped)?;
        Ok(wrapped)
    }
}

impl<P: KeyProvider + ?Sized> KeyProvider for std::sync::Arc<P> {
    fn active(&self) -> u32 {
        (**self).active()
    }

    fn wrap(&self, root: u32, bound: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        (**self).wrap(root, bound, key)
    }

    fn unwrap(&self, root: u32, bound: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        (**self).unwrap(root, bound, wrapped)
    }

    fn derive(&self, root: u32, purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        (**self).derive(root, purpose)
    }

    fn begin_next(&self) -> Result<u32, VaultError> {
        (**self).begin_next()
    }

    fn retire(&self, root: u32) -> Result<(), VaultError> {
        (**self).retire(root)
    }

    fn renew(&self) -> Result<u32, VaultError> {
        (**self).renew()
    }
}
