//! What keyd answers.

use super::wire::{Reader, Writer};
use crate::shop_key::WrappedShopKey;
use zeroize::Zeroizing;

/// A signature and the key that checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Ed25519.
    pub public_key: [u8; 32],
    /// Over the message as it was sent.
    pub signature: [u8; 64],
}

/// Why not. The words are for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum No {
    /// The request is not one that keyd knows.
    #[error("the request was not understood")]
    Malformed,
    /// The sealed bytes do not open there.
    #[error("the sealed bytes do not open here")]
    Refused,
    /// The capability, the claim or the recorded reveal is not good for this.
    #[error("nothing here allows that")]
    Forbidden,
    /// This person has opened as much as one may in an hour.
    #[error("this person has opened as much as one may in an hour")]
    PersonQuota {
        /// Seconds until one more opens.
        wait: u32,
    },
    /// The shop has opened as much as one may in an hour.
    #[error("the shop has opened as much as one may in an hour")]
    ShopQuota {
        /// Seconds until one more opens.
        wait: u32,
    },
    /// Keys, database or log cannot be reached: nothing is sealed or opened now.
    #[error("keys cannot be used at the moment")]
    Unavailable,
    /// What guards the root keys, a file or a key service, is away or says no.
    #[error("what guards the root keys does not answer, or says no; keyd's log tells more")]
    Unguarded,
    /// The shop's own key service is away, or says no.
    #[error("the shop's own key service {}: {words}", if *.denied { "says no" } else { "does not answer" })]
    OwnKey {
        /// It answered, and said no.
        denied: bool,
        /// Why, in few words.
        words: String,
    },
}

/// An answer.
#[derive(PartialEq, Eq)]
pub enum Answer {
    /// Keys can be used; the active root key's id.
    Ready(u32),
    /// A wrapped key for a new shop.
    ShopKey(WrappedShopKey),
    /// Sealed bytes.
    Sealed(Vec<u8>),
    /// A secret.
    Clear(Zeroizing<Vec<u8>>),
    /// The places of the candidates that match.
    Found(Vec<u32>),
    /// A signature.
    Signed(Signed),
    /// What is sealed of the shop's own key service, and its keys under that, or out from under it.
    Own(Vec<u8>, Vec<WrappedShopKey>),
    /// Why not.
    No(No),
}

const READY: u8 = 0;
const SHOP_KEY: u8 = 1;
const SEALED: u8 = 2;
const CLEAR: u8 = 3;
const FOUND: u8 = 4;
const SIGNED: u8 = 5;
const NO: u8 = 6;
const OWN: u8 = 7;

impl Answer {
    /// As a frame.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut writer;
        match self {
            Answer::Ready(root) => {
                writer = Writer::new(READY, 0);
                writer.number(*root);
            }
            Answer::ShopKey(key) => {
                writer = Writer::new(SHOP_KEY, key.wrapped.len());
                writer.number(key.kek_id.cast_unsigned()).bytes(&key.wrapped);
            }
            Answer::Sealed(sealed) => {
                writer = Writer::new(SEALED, sealed.len());
                writer.bytes(sealed);
            }
            Answer::Clear(clear) => {
                writer = Writer::new(CLEAR, clear.len());
                writer.bytes(clear);
            }
            Answer::Found(places) => {
                writer = Writer::new(FOUND, places.len() * 4);
                writer.number(places.len() as u32);
                for place in places {
                    writer.number(*place);
                }
            }
            Answer::Signed(signed) => {
                writer = Writer::new(SIGNED, 0);
                writer.bytes(&signed.public_key).bytes(&signed.signature);
            }
            Answer::Own(sealed, keys) => {
                writer = Writer::new(OWN, sealed.len() + keys.iter().map(|key| key.wrapped.len() + 8).sum::<usize>());
                writer.bytes(sealed).number(keys.len() as u32);
                for key in keys {
                    writer.number(key.kek_id.cast_unsigned()).bytes(&key.wrapped);
                }
            }
            Answer::No(No::OwnKey { denied, words }) => {
                writer = Writer::new(NO, words.len());
                writer.byte(7).number((*denied).into()).bytes(words.as_bytes());
            }
            Answer::No(no) => {
                let (kind, wait) = match no {
                    No::Malformed => (0, 0),
                    No::Refused => (1, 0),
                    No::Forbidden => (2, 0),
                    No::PersonQuota { wait } => (3, *wait),
                    No::ShopQuota { wait } => (4, *wait),
                    No::Unavailable => (5, 0),
                    No::Unguarded | No::OwnKey { .. } => (6, 0),
                };
                writer = Writer::new(NO, 0);
                writer.byte(kind).number(wait);
            }
        }
        writer.done()
    }

    /// Reads a frame; none when it is not one of ours to the last byte.
    #[must_use]
    pub fn from_bytes(frame: &[u8]) -> Option<Answer> {
        let (kind, mut reader) = Reader::new(frame)?;
        let answer = match kind {
            READY => Answer::Ready(reader.number()?),
            SHOP_KEY => {
                let kek_id = reader.number()?.cast_signed();
                Answer::ShopKey(WrappedShopKey { kek_id, wrapped: reader.bytes()?.to_vec() })
            }
            SEALED => Answer::Sealed(reader.bytes()?.to_vec()),
            CLEAR => Answer::Clear(reader.secret()?),
            FOUND => {
                let mut places = Vec::new();
                for _ in 0..reader.number()? {
                    places.push(reader.number()?);
                }
                Answer::Found(places)
            }
            SIGNED => {
                let (public_key, signature) = (reader.bytes()?, reader.bytes()?);
                Answer::Signed(Signed {
                    public_key: public_key.try_into().ok()?,
                    signature: signature.try_into().ok()?,
                })
            }
            OWN => {
                let (sealed, mut keys) = (reader.bytes()?.to_vec(), Vec::new());
                for _ in 0..reader.number()? {
                    let kek_id = reader.number()?.cast_signed();
                    keys.push(WrappedShopKey { kek_id, wrapped: reader.bytes()?.to_vec() });
                }
                Answer::Own(sealed, keys)
            }
            NO => match (reader.byte()?, reader.number()?) {
                (7, denied @ (0 | 1)) => Answer::No(No::OwnKey { denied: denied == 1, words: reader.name()? }),
                (kind, wait) => Answer::No(no(kind, wait)?),
            },
            _ => return None,
        };
        reader.end(answer)
    }
}

fn no(kind: u8, wait: u32) -> Option<No> {
    Some(match (kind, wait) {
        (0, 0) => No::Malformed,
        (1, 0) => No::Refused,
        (2, 0) => No::Forbidden,
        (3, wait) => No::PersonQuota { wait },
        (4, wait) => No::ShopQuota { wait },
        (5, 0) => No::Unavailable,
        (6, 0) => No::Unguarded,
        _ => return None,
    })
}

impl std::fmt::Debug for Answer {
    /// The kind alone; never a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Answer::No(no) => f.debug_tuple("No").field(no).finish(),
            Answer::Found(places) => write!(f, "Found({} places)", places.len()),
            Answer::Ready(root) => write!(f, "Ready({root})"),
            Answer::ShopKey(_) => f.write_str("ShopKey(…)"),
            Answer::Sealed(_) => f.write_str("Sealed(…)"),
            Answer::Clear(_) => f.write_str("Clear(…)"),
            Answer::Signed(_) => f.write_str("Signed(…)"),
            Answer::Own(..) => f.write_str("Own(…)"),
        }
    }
}
