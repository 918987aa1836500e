//! Sealing and opening secret columns, in the name of whoever the transaction stands for.

use crate::{Cap, Db, Error, ReadTx, Result, WriteTx};
use domain::ids::ShopId;
use sqlx::query;
use vault::{Place, ShopKey, WrappedShopKey};

impl From<vault::VaultError> for Error {
    fn from(error: vault::VaultError) -> Self {
        Self::Vault(error.to_string())
    }
}

/// A key for a new shop, wrapped under the root key: its generation and its bytes.
pub(crate) fn new_shop_key(db: &Db, shop: ShopId) -> Result<(i32, Vec<u8>)> {
    let key = db.vault.new_shop_key(shop.uuid())?;
    Ok((key.kek_id, key.wrapped))
}

/// The key of the shop a capability stands for.
pub(crate) async fn shop_key(db: &Db, cap: &Cap, shop: ShopId) -> Result<ShopKey> {
    let mut tx = db.begin(&db.auth, "begin read only", cap).await?;
    let row =
        query!(r#"select kek_id as "kek_id!", wrapped as "wrapped!" from auth.shop_key()"#).fetch_one(&mut *tx).await?;
    Ok(db.vault.load_shop_key(shop.uuid(), &WrappedShopKey { kek_id: row.kek_id, wrapped: row.wrapped })?)
}

/// A secret column's place: table and row by name and id, so that a blob moved elsewhere does not open.
#[must_use]
pub const fn place<'a>(table: &'a str, row: uuid::Uuid, column: &'a str, version: i64) -> Place<'a> {
    Place { table, row, column, version }
}

macro_rules! seals {
    ($tx:ty, $who:ident) => {
        impl $tx {
            /// The shop's key, for the secret columns of this transaction.
            ///
            /// # Errors
            /// Only faults.
            pub(crate) async fn key(&self) -> Result<ShopKey> {
                shop_key(self.db(), self.$who().cap(), self.$who().shop).await
            }
        }
    };
}
seals!(ReadTx, actor);
seals!(WriteTx, actor);

/// Seals something that belongs to no shop.
pub(crate) fn instance_seal(db: &Db, purpose: &str, about: &[u8], content: &[u8]) -> Result<Vec<u8>> {
    Ok(db.vault.instance_seal(purpose, about, content)?)
}

/// Opens what [`instance_seal`] sealed.
pub(crate) fn instance_open(db: &Db, purpose: &str, about: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    Ok(db.vault.instance_open(purpose, about, sealed)?.to_vec())
}
