//! Signing in a shop's name: keyd holds the keys, one for checkpoints and one for evidence.

use crate::{Db, Error, Result};
use proof::{Key, Origin};
use uuid::Uuid;
use vault::keyd::{Asked, Bearer, Record};

/// What a signature is for: a key of its own each.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// Checkpoints of the chain.
    Checkpoint,
    /// Evidence of signatures.
    Evidence,
}

/// The signature of a message, and the key it is checked with.
///
/// # Errors
/// Away, where keyd does not answer.
pub(crate) async fn sign(db: &Db, shop: Uuid, purpose: Purpose, message: &[u8]) -> Result<(Key, [u8; 64])> {
    let purpose = match purpose {
        Purpose::Checkpoint => "checkpoint",
        Purpose::Evidence => "evidence",
    };
    // The house asks: what is signed is the same whoever acts.
    let record = Record { table: purpose.into(), row: shop, column: String::new(), version: 1 };
    let signed = db.keyd()?.sign(Asked { bearer: Bearer::House, shop, record }, purpose, message).await?;
    let key = Key::new(Origin(shop), &signed.public_key);
    Ok((key.ok_or_else(|| Error::Vault("keyd's key is no key".into()))?, signed.signature))
}
