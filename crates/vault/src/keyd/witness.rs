//! Whom keyd asks whether what it is shown is good: the database, by a login of its own.

use super::log::Head;
use super::request::Record;
use crate::shop_key::WrappedShopKey;
use uuid::Uuid;

/// The witness cannot be reached; nothing opens meanwhile.
#[derive(Debug, thiserror::Error)]
#[error("the witness does not answer: {0}")]
pub struct Away(pub String);

/// Whom a capability stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// In which shop.
    pub shop: Uuid,
    /// Who acts: a person, a client's contact, a machine.
    pub actor: Uuid,
    /// Whether it is one of the shop's people, signed in: nobody else reveals anything.
    pub person: bool,
    /// Whether what a shop works with opens for it: not for a client's link.
    pub works: bool,
}

/// An entry of the audit chain that is to record a reveal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The shop.
    pub shop: Uuid,
    /// Who is to have revealed.
    pub actor: Uuid,
    /// The entry's number.
    pub entry: i64,
    /// Whether it is to record a search instead.
    pub search: bool,
    /// What is to have been revealed.
    pub record: Record,
}

/// Says whether capabilities, claims and receipts are good.
pub trait Witness: Send + Sync + 'static {
    /// Whom a capability stands for now; none when it is unknown, ended or idle for too long.
    fn bearer(&self, capability: &str) -> impl Future<Output = Result<Option<Standing>, Away>> + Send;

    /// Whether a worker's claim on a row of the shop stands.
    fn claimed(&self, shop: Uuid, record: &Record, claim: Uuid) -> impl Future<Output = Result<bool, Away>> + Send;

    /// The wrapped keys of a shop.
    fn keys(&self, shop: Uuid) -> impl Future<Output = Result<Vec<WrappedShopKey>, Away>> + Send;

    /// What keyd sealed of the shop's own key service; none where it has none.
    fn own_key(&self, shop: Uuid) -> impl Future<Output = Result<Option<Vec<u8>>, Away>> + Send;

    /// The root keys that shop keys are wrapped under.
    fn roots(&self) -> impl Future<Output = Result<Vec<u32>, Away>> + Send;

    /// Whether this very reveal was committed to the audit chain less than a minute ago.
    fn committed(&self, receipt: &Receipt) -> impl Future<Output = Result<bool, Away>> + Send;

    /// Writes down outside the log where the log stands. It never goes back.
    fn keep_head(&self, head: Head) -> impl Future<Output = Result<(), Away>> + Send;
}
