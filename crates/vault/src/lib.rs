//! Envelope encryption for secret columns: root key → shop key → a fresh data key for every write → AES-256-GCM.
//!
//! What is sealed opens only where it was sealed: the shop, table, row, column and row version are bound to it.
//! Storage is the caller's: a shop's key comes out wrapped ([`WrappedShopKey`]) and goes back in to be used.

#![forbid(unsafe_code)]

mod aead;
mod bound;
mod cache;
mod cipher;
mod error;
mod key_file;
pub mod keyd;
mod provider;
mod service;
mod service_keys;
mod sheets;
mod shop_key;
mod stream;
mod vault;

pub use bound::Place;
pub use error::VaultError;
pub use key_file::{KeyFile, KeyFileError};
pub use provider::KeyProvider;
pub use service::{Context, KeyService, try_out};
pub use service_keys::{Guarded, ServiceKeys};
pub use sheets::{Sheet, SheetError, join, split};
pub use shop_key::{ShopKey, WrappedShopKey};
pub use stream::{CHUNK, FileKey, FilePlace};
pub use vault::Vault;

pub use zeroize::Zeroizing;
