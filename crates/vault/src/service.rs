//! Key services: what wraps a key under one that never leaves it, such as Vault's transit engine, a cloud's KMS, or a token.

use crate::bound;
use crate::error::VaultError;
use zeroize::Zeroizing;

/// What a wrapped key is bound to: the service gives it back for the same names and values alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context(Vec<(&'static str, String)>);

impl Context {
    /// Of names and what they hold.
    #[must_use]
    pub fn new(pairs: Vec<(&'static str, String)>) -> Context {
        Context(pairs)
    }

    /// For services that take names and values.
    #[must_use]
    pub fn pairs(&self) -> &[(&'static str, String)] {
        &self.0
    }

    /// For services that take bytes: no two contexts read the same.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let parts: Vec<&[u8]> = self.0.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]).collect();
        bound::parts(&parts)
    }
}

/// Wraps 32-byte keys. Its errors name no key, no credential and nothing of what was sent: [`VaultError::Provider`] where
/// it does not answer, [`VaultError::Denied`] where it answers no.
pub trait KeyService: Send + Sync {
    /// What it is and where, for people.
    fn name(&self) -> String;

    /// Wraps a key. Errs when the service is away or says no.
    fn wrap(&self, context: &Context, key: &[u8; 32]) -> Result<Vec<u8>, VaultError>;

    /// Gives it back, for the same context alone.
    fn unwrap(&self, context: &Context, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError>;

    /// The same under the newest version of the service's key, without showing it.
    fn renew(&self, context: &Context, wrapped: &[u8]) -> Result<Vec<u8>, VaultError>;
}

impl<S: KeyService + ?Sized> KeyService for Box<S> {
    fn name(&self) -> String {
        (**self).name()
    }

    fn wrap(&self, context: &Context, key: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        (**self).wrap(context, key)
    }

    fn unwrap(&self, context: &Context, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        (**self).unwrap(context, wrapped)
    }

    fn renew(&self, context: &Context, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        (**self).renew(context, wrapped)
    }
}

/// Whether a service does what it is needed for: gives back what it wrapped, and not for another context.
///
/// # Errors
/// What it said; [`VaultError::Denied`] where it does not keep a key to its context.
pub fn try_out(service: &dyn KeyService, context: &Context, key: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
    let wrapped = service.wrap(context, key)?;
    if *service.unwrap(context, &wrapped)? != *key {
        return Err(VaultError::Denied("it does not give back what it wrapped".into()));
    }
    let mut other = context.clone();
    other.0.push(("other", "1".into()));
    match service.unwrap(&other, &wrapped) {
        Ok(_) => Err(VaultError::Denied(
            "it gives a key back for another context than it was wrapped with, so nothing would be bound to its place"
                .into(),
        )),
        Err(VaultError::Provider(away)) => Err(VaultError::Provider(away)),
        Err(_) => Ok(wrapped),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_that_differ_have_other_bytes() {
        let of = |a: &str, b: &str| Context::new(vec![("a", a.into()), ("b", b.into())]).bytes();
        assert_ne!(of("xy", "z"), of("x", "yz"));
        assert_ne!(of("x", ""), Context::new(vec![("a", "x".into())]).bytes());
    }
}
