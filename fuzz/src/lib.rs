//! What several targets need.

use uuid::Uuid;
use vault::{KeyFile, ShopKey, Vault};

/// The shop of all targets.
pub const SHOP: Uuid = Uuid::from_u128(1);

/// A key of [`SHOP`], under a root key that is on no disk any more.
///
/// # Panics
/// Without a temporary folder.
#[must_use]
pub fn shop_key() -> ShopKey {
    let folder = std::env::temp_dir().join(format!("shearline-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let vault = Vault::new(KeyFile::create_or_open(folder.join("root.key")).expect("a key file"));
    let _ = std::fs::remove_dir_all(folder);
    let stored = vault.new_shop_key(SHOP).expect("a key");
    vault.load_shop_key(SHOP, &stored).expect("its own key")
}
