//! The bytes of one entry of a shop's audit chain, as the database writes them:
//! `0x01 | shop(16) | seq(be64) | time_us(be64) | action(be16) | actor_kind(1) | actor(16) | entity(16) | result(1)
//! | sha256(payload)(32) | commitment(32)`.

use crate::hash::{Hash, sha256};
use uuid::Uuid;

/// The first byte.
const FORMAT: u8 = 1;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose chain.
    pub shop: Uuid,
    /// Position, from one.
    pub seq: u64,
    /// When, in microseconds since 1970, by the database's clock.
    pub time_us: i64,
    /// Number of the kind of event.
    pub action: i16,
    /// 0 nobody, 1 person, 2 client, 3 background job, 4 key, 5 the installation.
    pub actor_kind: u8,
    /// Who.
    pub actor: Uuid,
    /// What it is about.
    pub entity: Uuid,
    /// 0 done, 1 refused.
    pub result: u8,
    /// SHA-256 of the payload.
    pub payload: Hash,
    /// Salted SHA-256 of what is personal, which is kept apart and may be erased.
    pub commitment: Hash,
}

impl Entry {
    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        bytes.extend_from_slice(self.shop.as_bytes());
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.time_us.to_be_bytes());
        bytes.extend_from_slice(&self.action.to_be_bytes());
        bytes.push(self.actor_kind);
        bytes.extend_from_slice(self.actor.as_bytes());
        bytes.extend_from_slice(self.entity.as_bytes());
        bytes.push(self.result);
        bytes.extend_from_slice(&self.payload);
        bytes.extend_from_slice(&self.commitment);
        bytes
    }

    /// The entry of these bytes; none when they are not an entry's.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let [FORMAT] = *take::<1>(&mut rest)? else { return None };
        let entry = Self {
            shop: Uuid::from_bytes(*take(&mut rest)?),
            seq: u64::from_be_bytes(*take(&mut rest)?),
            time_us: i64::from_be_bytes(*take(&mut rest)?),
            action: i16::from_be_bytes(*take(&mut rest)?),
            actor_kind: take::<1>(&mut rest)?[0],
            actor: Uuid::from_bytes(*take(&mut rest)?),
            entity: Uuid::from_bytes(*take(&mut rest)?),
            result: take::<1>(&mut rest)?[0],
            payload: *take(&mut rest)?,
            commitment: *take(&mut rest)?,
        };
        rest.is_empty().then_some(entry)
    }
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(head)
}

/// The hash before a chain's first entry.
#[must_use]
pub fn genesis(shop: Uuid, created_us: i64) -> Hash {
    sha256(&[b"shearline-audit-v1", shop.as_bytes(), &created_us.to_be_bytes()])
}

/// The hash of an entry behind the one before it.
#[must_use]
pub fn chain(before: &Hash, entry: &[u8]) -> Hash {
    sha256(&[&[2], before, &sha256(&[entry])])
}
