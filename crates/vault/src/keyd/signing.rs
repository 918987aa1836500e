//! Signatures by keys that a root key gives: the seed never leaves.

use super::answer::Signed;
use crate::error::VaultError;
use crate::vault::Vault;
use ed25519_dalek::{Signer, SigningKey};
use uuid::Uuid;

fn key(vault: &Vault, shop: Uuid, purpose: &str) -> Result<SigningKey, VaultError> {
    let seed = vault.derived_key(vault.active_root(), &format!("sign/{purpose}/{shop}"))?;
    Ok(SigningKey::from_bytes(&seed))
}

/// The key by which a shop's signatures for a purpose are checked.
pub fn public_key(vault: &Vault, shop: Uuid, purpose: &str) -> Result<[u8; 32], VaultError> {
    Ok(key(vault, shop, purpose)?.verifying_key().to_bytes())
}

pub(super) fn sign(vault: &Vault, shop: Uuid, purpose: &str, message: &[u8]) -> Result<Signed, VaultError> {
    let key = key(vault, shop, purpose)?;
    Ok(Signed { public_key: key.verifying_key().to_bytes(), signature: key.sign(message).to_bytes() })
}

/// Over how many entries a checkpoint is, as its second line says; 0 where it is none.
pub(super) fn size_in(message: &[u8]) -> i64 {
    let text = std::str::from_utf8(message).unwrap_or_default();
    text.lines().nth(1).and_then(|size| size.parse().ok()).unwrap_or(0)
}
