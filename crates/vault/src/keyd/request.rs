//! What keyd is asked.

use super::wire::{Reader, Writer};
use crate::bound::Place;
use crate::shop_key::WrappedShopKey;
use uuid::Uuid;
use zeroize::Zeroizing;

/// In whose name something is asked.
#[derive(Clone)]
pub enum Bearer {
    /// A capability: 64 hexadecimal digits.
    Capability(Zeroizing<String>),
    /// A worker's claim on one row.
    Claim(Uuid),
    /// The house itself. It may seal and sign; nothing opens for it.
    House,
}

/// A [`Place`] of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// The table, such as `vault.access_notes`.
    pub table: String,
    /// The row's id.
    pub row: Uuid,
    /// The column.
    pub column: String,
    /// The row's version.
    pub version: i64,
}

impl Record {
    /// As the seal binds it.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        Place { table: &self.table, row: self.row, column: &self.column, version: self.version }
    }
}

impl From<&Place<'_>> for Record {
    fn from(place: &Place<'_>) -> Self {
        Record { table: place.table.into(), row: place.row, column: place.column.into(), version: place.version }
    }
}

/// Who asks, in which shop, about which record.
#[derive(Clone, Debug)]
pub struct Asked {
    /// In whose name.
    pub bearer: Bearer,
    /// The shop.
    pub shop: Uuid,
    /// The record.
    pub record: Record,
}

/// One sealed record of a search.
#[derive(Clone)]
pub struct Candidate {
    /// The row's id.
    pub row: Uuid,
    /// The row's version.
    pub version: i64,
    /// What is sealed in it.
    pub sealed: Vec<u8>,
}

/// What is looked for among sealed records.
pub struct Sought {
    /// Table and column of all candidates; the row is the one the search is recorded under.
    pub asked: Asked,
    /// Number of the entry that records the search.
    pub receipt: i64,
    /// What is looked for, in words that keyd's rules understand.
    pub wanted: Zeroizing<Vec<u8>>,
    /// Where to look.
    pub candidates: Vec<Candidate>,
}

/// A request.
pub enum Request {
    /// Whether somebody is there.
    Ready,
    /// Whether the root keys open now, too.
    Usable,
    /// A fresh first key for a new shop.
    NewShopKey(Uuid),
    /// Seals.
    Seal(Asked, Zeroizing<Vec<u8>>),
    /// Opens what a shop works with.
    Open(Asked, Vec<u8>),
    /// Opens against the number of the entry that records it.
    Reveal(Asked, i64, Vec<u8>),
    /// Searches.
    Find(Sought),
    /// The same secret under the newest key of the shop: only its data key is wrapped again.
    Rewrap(Asked, Vec<u8>),
    /// Makes a fresh root key the active one.
    NextRoot,
    /// Gives up a root key that nothing is under any more.
    RetireRoot(u32),
    /// Has the key service wrap the root keys under its newest key.
    RenewRoots,
    /// The same shop key wrapped under the active root key.
    RewrapShopKey(Uuid, WrappedShopKey),
    /// A fresh key for a shop that has one: the generation after this.
    NextShopKey(Uuid, i32),
    /// Puts the shop's keys under a lock that the key service of these settings keeps.
    TakeOwn(Asked, Zeroizing<Vec<u8>>),
    /// Takes them out from under it.
    LeaveOwn(Asked),
    /// What is sealed of a shop's own key service, under the active root key.
    RewrapOwn(Uuid, Vec<u8>),
    /// Signs a message with the shop's key for a purpose, which is the record's table.
    Sign(Asked, Vec<u8>),
}

const READY: u8 = 0;
const NEW_SHOP_KEY: u8 = 1;
const SEAL: u8 = 2;
const OPEN: u8 = 3;
const REVEAL: u8 = 4;
const FIND: u8 = 5;
const REWRAP: u8 = 6;
const SIGN: u8 = 7;
const NEXT_ROOT: u8 = 8;
const RETIRE_ROOT: u8 = 9;
const REWRAP_SHOP_KEY: u8 = 10;
const NEXT_SHOP_KEY: u8 = 11;
const RENEW_ROOTS: u8 = 12;
const USABLE: u8 = 13;
const TAKE_OWN: u8 = 14;
const LEAVE_OWN: u8 = 15;
const REWRAP_OWN: u8 = 16;

impl Request {
    /// As a frame.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let writer = match self {
            Request::Ready => Writer::new(READY, 0),
            Request::Usable => Writer::new(USABLE, 0),
            Request::NewShopKey(shop) => {
                let mut writer = Writer::new(NEW_SHOP_KEY, 0);
                writer.id(*shop);
                writer
            }
            Request::NextRoot => Writer::new(NEXT_ROOT, 0),
            Request::RenewRoots => Writer::new(RENEW_ROOTS, 0),
            Request::RetireRoot(root) => {
                let mut writer = Writer::new(RETIRE_ROOT, 0);
                writer.number(*root);
                writer
            }
            Request::RewrapShopKey(shop, key) => {
                let mut writer = Writer::new(REWRAP_SHOP_KEY, key.wrapped.len());
                writer.id(*shop).number(key.kek_id.cast_unsigned()).bytes(&key.wrapped);
                writer
            }
            Request::NextShopKey(shop, newest) => {
                let mut writer = Writer::new(NEXT_SHOP_KEY, 0);
                writer.id(*shop).number(newest.cast_unsigned());
                writer
            }
            Request::Seal(asked, clear) => with(SEAL, asked, clear),
            Request::Open(asked, sealed) => with(OPEN, asked, sealed),
            Request::Rewrap(asked, sealed) => with(REWRAP, asked, sealed),
            Request::Sign(asked, message) => with(SIGN, asked, message),
            Request::TakeOwn(asked, settings) => with(TAKE_OWN, asked, settings),
            Request::LeaveOwn(asked) => with(LEAVE_OWN, asked, &[]),
            Request::RewrapOwn(shop, sealed) => {
                let mut writer = Writer::new(REWRAP_OWN, sealed.len());
                writer.id(*shop).bytes(sealed);
                writer
            }
            Request::Reveal(asked, receipt, sealed) => {
                let mut writer = with(REVEAL, asked, sealed);
                writer.long(*receipt);
                writer
            }
            Request::Find(sought) => find(sought),
        };
        writer.done()
    }

    /// Reads a frame; none when it is not one of ours to the last byte.
    #[must_use]
    pub fn from_bytes(frame: &[u8]) -> Option<Request> {
        let (kind, mut reader) = Reader::new(frame)?;
        let request = match kind {
            READY => Request::Ready,
            USABLE => Request::Usable,
            NEW_SHOP_KEY => Request::NewShopKey(reader.id()?),
            NEXT_ROOT => Request::NextRoot,
            RENEW_ROOTS => Request::RenewRoots,
            RETIRE_ROOT => Request::RetireRoot(reader.number()?),
            REWRAP_SHOP_KEY => {
                let (shop, kek_id) = (reader.id()?, reader.number()?.cast_signed());
                Request::RewrapShopKey(shop, WrappedShopKey { kek_id, wrapped: reader.bytes()?.to_vec() })
            }
            NEXT_SHOP_KEY => Request::NextShopKey(reader.id()?, reader.number()?.cast_signed()),
            SEAL => Request::Seal(asked(&mut reader)?, reader.secret()?),
            OPEN => Request::Open(asked(&mut reader)?, reader.bytes()?.to_vec()),
            REWRAP => Request::Rewrap(asked(&mut reader)?, reader.bytes()?.to_vec()),
            TAKE_OWN => Request::TakeOwn(asked(&mut reader)?, reader.secret()?),
            LEAVE_OWN => {
                let asked = asked(&mut reader)?;
                reader.bytes().filter(|rest| rest.is_empty())?;
                Request::LeaveOwn(asked)
            }
            REWRAP_OWN => Request::RewrapOwn(reader.id()?, reader.bytes()?.to_vec()),
            SIGN => Request::Sign(asked(&mut reader)?, reader.bytes()?.to_vec()),
            REVEAL => {
                let (asked, sealed) = (asked(&mut reader)?, reader.bytes()?.to_vec());
                Request::Reveal(asked, reader.long()?, sealed)
            }
            FIND => Request::Find(sought(&mut reader)?),
            _ => return None,
        };
        reader.end(request)
    }
}

fn with(kind: u8, asked: &Asked, bytes: &[u8]) -> Writer {
    let mut writer = Writer::new(kind, bytes.len());
    write_asked(&mut writer, asked);
    writer.bytes(bytes);
    writer
}

fn write_asked(writer: &mut Writer, asked: &Asked) {
    match &asked.bearer {
        Bearer::Capability(digits) => writer.byte(0).bytes(digits.as_bytes()),
        Bearer::Claim(claim) => writer.byte(1).id(*claim),
        Bearer::House => writer.byte(2),
    };
    let Record { table, row, column, version } = &asked.record;
    writer.id(asked.shop).bytes(table.as_bytes()).id(*row).bytes(column.as_bytes()).long(*version);
}

fn asked(reader: &mut Reader<'_>) -> Option<Asked> {
    let bearer = match reader.byte()? {
        0 => Bearer::Capability(Zeroizing::new(reader.name()?)),
        1 => Bearer::Claim(reader.id()?),
        2 => Bearer::House,
        _ => return None,
    };
    let shop = reader.id()?;
    let (table, row, column) = (reader.name()?, reader.id()?, reader.name()?);
    Some(Asked { bearer, shop, record: Record { table, row, column, version: reader.long()? } })
}

fn find(sought: &Sought) -> Writer {
    let room = sought.candidates.iter().map(|one| one.sealed.len() + 28).sum::<usize>() + sought.wanted.len();
    let mut writer = Writer::new(FIND, room);
    write_asked(&mut writer, &sought.asked);
    writer.long(sought.receipt).bytes(&sought.wanted).number(sought.candidates.len() as u32);
    for Candidate { row, version, sealed } in &sought.candidates {
        writer.id(*row).long(*version).bytes(sealed);
    }
    writer
}

fn sought(reader: &mut Reader<'_>) -> Option<Sought> {
    let (asked, receipt, wanted) = (asked(reader)?, reader.long()?, reader.secret()?);
    // Never more room than bytes came: the count is only a claim.
    let count = reader.number()?;
    let mut candidates = Vec::new();
    for _ in 0..count {
        let (row, version) = (reader.id()?, reader.long()?);
        candidates.push(Candidate { row, version, sealed: reader.bytes()?.to_vec() });
    }
    Some(Sought { asked, receipt, wanted, candidates })
}

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Bearer::Capability(_) => "Capability(…)",
            Bearer::Claim(_) => "Claim(…)",
            Bearer::House => "House",
        })
    }
}

impl std::fmt::Debug for Request {
    /// What is asked, and about what; never a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, asked) = match self {
            Request::Ready => return f.write_str("Ready"),
            Request::Usable => return f.write_str("Usable"),
            Request::NewShopKey(shop) => return write!(f, "NewShopKey({shop})"),
            Request::NextRoot => return f.write_str("NextRoot"),
            Request::RenewRoots => return f.write_str("RenewRoots"),
            Request::RetireRoot(root) => return write!(f, "RetireRoot({root})"),
            Request::RewrapShopKey(shop, key) => return write!(f, "RewrapShopKey({shop}, {})", key.kek_id),
            Request::NextShopKey(shop, newest) => return write!(f, "NextShopKey({shop}, {newest})"),
            Request::RewrapOwn(shop, _) => return write!(f, "RewrapOwn({shop})"),
            Request::TakeOwn(asked, _) => ("TakeOwn", asked),
            Request::LeaveOwn(asked) => ("LeaveOwn", asked),
            Request::Seal(asked, _) => ("Seal", asked),
            Request::Open(asked, _) => ("Open", asked),
            Request::Reveal(asked, ..) => ("Reveal", asked),
            Request::Find(sought) => ("Find", &sought.asked),
            Request::Rewrap(asked, _) => ("Rewrap", asked),
            Request::Sign(asked, _) => ("Sign", asked),
        };
        f.debug_tuple(name).field(asked).finish_non_exhaustive()
    }
}
