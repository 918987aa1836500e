//! Sealing and opening. What belongs to a shop goes through keyd, in the name of whoever the transaction stands for; what
//! belongs to none (flash, letters, TOTP, pepper) is sealed under the front key, which this process holds itself.

use crate::{Cap, Db, Error, ReadTx, Result, WriteTx};
use domain::{Refusal, ids::ShopId};
use uuid::Uuid;
use vault::{
    Place, WrappedShopKey, Zeroizing,
    keyd::{Asked, Bearer, Candidate, Client, KeydError, No, Record, Sought},
};

impl From<vault::VaultError> for Error {
    fn from(error: vault::VaultError) -> Self {
        Self::Vault(error.to_string())
    }
}

impl From<KeydError> for Error {
    fn from(error: KeydError) -> Self {
        let no = match error {
            KeydError::No(no) => no,
            KeydError::Away(cause) => {
                tracing::error!(%cause, "keyd does not answer");
                No::Unavailable
            }
        };
        let minutes = |wait: u32| match wait.div_ceil(60) {
            1 => "a minute".to_owned(),
            minutes => format!("{minutes} minutes"),
        };
        match no {
            No::Unavailable => Refusal::Away(
                "What is sealed can be neither read nor saved at the moment: the process that holds the keys does not answer. Everything else works. Try again in a minute.".into(),
            )
            .into(),
            No::Unguarded => Refusal::Away(
                "What is sealed can be neither read nor saved at the moment: the key service that guards the keys does not answer. Everything else works. Try again in a minute.".into(),
            )
            .into(),
            No::OwnKey { denied, words } => Refusal::Away(format!(
                "What your shop has sealed is closed: your own key service {} ({words}). Everything else works. An owner finds it under Shop, Own key.",
                if denied { "says no" } else { "does not answer" }
            ))
            .into(),
            No::PersonQuota { wait } => Refusal::TooMany(format!(
                "You have opened as many secrets as one person may in an hour. The next one opens in {}.",
                minutes(wait)
            ))
            .into(),
            No::ShopQuota { wait } => Refusal::TooMany(format!(
                "Your shop has opened as many secrets as it may in an hour. The next one opens in {}.",
                minutes(wait)
            ))
            .into(),
            No::Malformed | No::Refused | No::Forbidden => Self::Vault(no.to_string()),
        }
    }
}

/// A key for a new shop, wrapped under the root key: its generation and its bytes.
pub(crate) async fn new_shop_key(db: &Db, shop: ShopId) -> Result<(i32, Vec<u8>)> {
    let key = db.keyd()?.new_shop_key(shop.uuid()).await?;
    Ok((key.kek_id, key.wrapped))
}

/// Seals and opens in one shop, in one name.
pub(crate) struct Keys {
    keyd: Client,
    bearer: Bearer,
    shop: Uuid,
}

impl Keys {
    /// In the name of a capability.
    pub(crate) fn of(db: &Db, cap: &Cap, shop: ShopId) -> Result<Self> {
        let bearer = Bearer::Capability(Zeroizing::new(cap.digits().to_owned()));
        Ok(Self { keyd: db.keyd()?.clone(), bearer, shop: shop.uuid() })
    }

    /// In the name of a worker's claim.
    pub(crate) fn claimed(db: &Db, claim: Uuid, shop: Uuid) -> Result<Self> {
        Ok(Self { keyd: db.keyd()?.clone(), bearer: Bearer::Claim(claim), shop })
    }

    /// Whether keyd is there.
    pub(crate) async fn there(&self) -> Result<()> {
        self.keyd.ready().await?;
        Ok(())
    }

    /// Seals for one place.
    pub(crate) async fn seal(&self, place: &Place<'_>, clear: &[u8]) -> Result<Vec<u8>> {
        Ok(self.keyd.seal(self.asked(place), clear).await?)
    }

    /// Opens what the shop works with; what is to be revealed does not open so.
    pub(crate) async fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        Ok(self.keyd.open(self.asked(place), sealed).await?)
    }

    /// As [`Keys::open`]; none where the shop's own key service closes what the shop has sealed.
    pub(crate) async fn open_if_let(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match self.keyd.open(self.asked(place), sealed).await {
            Err(KeydError::No(No::OwnKey { .. })) => Ok(None),
            other => Ok(Some(other?)),
        }
    }

    /// Opens against the number of the entry that records it, which must be committed, this person's, and no older than a
    /// minute.
    pub(crate) async fn reveal(&self, place: &Place<'_>, entry: i64, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        Ok(self.keyd.reveal(self.asked(place), entry, sealed).await?)
    }

    /// Which of the candidates, all of the column of `place`, hold what is wanted; against the entry of the search.
    pub(crate) async fn find(
        &self,
        place: &Place<'_>,
        entry: i64,
        wanted: Zeroizing<Vec<u8>>,
        candidates: Vec<Candidate>,
    ) -> Result<Vec<usize>> {
        Ok(self.keyd.find(Sought { asked: self.asked(place), receipt: entry, wanted, candidates }).await?)
    }

    /// The shop's keys under the lock that a key service of these settings keeps.
    pub(crate) async fn take_own(
        &self,
        place: &Place<'_>,
        settings: &[u8],
    ) -> Result<(Vec<u8>, Vec<WrappedShopKey>), KeydError> {
        self.keyd.take_own(self.asked(place), settings).await
    }

    /// The shop's keys out from under it.
    pub(crate) async fn leave_own(&self, place: &Place<'_>) -> Result<Vec<WrappedShopKey>, KeydError> {
        self.keyd.leave_own(self.asked(place)).await
    }

    fn asked(&self, place: &Place<'_>) -> Asked {
        Asked { bearer: self.bearer.clone(), shop: self.shop, record: Record::from(place) }
    }
}

/// What was opened; none while keyd is away, so that a page can show the rest of it.
pub(crate) fn unless_away<T>(opened: Result<T>) -> Result<Option<T>> {
    match opened {
        Err(Error::Refusal(Refusal::Away(_))) => Ok(None),
        other => other.map(Some),
    }
}

/// A secret column's place: table and row by name and id, so that a blob moved elsewhere does not open.
#[must_use]
pub const fn place<'a>(table: &'a str, row: Uuid, column: &'a str, version: i64) -> Place<'a> {
    Place { table, row, column, version }
}

macro_rules! seals {
    ($tx:ty, $who:ident) => {
        impl $tx {
            /// The shop's keys, for the secret columns of this transaction.
            ///
            /// # Errors
            /// Where no keyd was named.
            pub(crate) fn keys(&self) -> Result<Keys> {
                Keys::of(self.db(), self.$who().cap(), self.$who().shop)
            }
        }
    };
}
seals!(ReadTx, actor);
seals!(WriteTx, actor);

impl Db {
    /// From now on what belongs to a shop is sealed and opened by this keyd.
    #[must_use]
    pub fn asking_keyd(self, keyd: Client) -> Self {
        Self { keyd: Some(keyd), ..self }
    }

    /// The keyd; without one secrets stay closed.
    pub(crate) fn keyd(&self) -> Result<&Client> {
        self.keyd.as_ref().ok_or_else(|| KeydError::No(No::Unavailable).into())
    }
}

/// Seals something that belongs to no shop.
pub(crate) fn instance_seal(db: &Db, purpose: &str, about: &[u8], content: &[u8]) -> Result<Vec<u8>> {
    Ok(db.vault.instance_seal(purpose, about, content)?)
}

/// Opens what [`instance_seal`] sealed.
pub(crate) fn instance_open(db: &Db, purpose: &str, about: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    Ok(db.vault.instance_open(purpose, about, sealed)?.to_vec())
}
