//! Server functions of the shop's view of how its records are kept.

use domain::{Permission, exports::trust::ShopTrust};
use gate::Result;
use leptos::prelude::*;

/// What is known of the shop's own records.
#[server(prefix = "/fn", endpoint = "office/find_shop_trust")]
pub async fn find_shop_trust() -> Result<ShopTrust> {
    let mut tx = gate::read(Permission::SeeAudit).await?;
    Ok(store::exports::trust::of_shop(&mut tx).await?)
}
