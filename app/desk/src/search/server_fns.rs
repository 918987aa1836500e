//! The server function of search.

use domain::{Permission, search::Found};
use gate::Result;
use leptos::prelude::*;

/// Everything that fits and that whoever asks may see.
#[server(prefix = "/fn", endpoint = "desk/search")]
pub async fn search(q: String) -> Result<Found> {
    let mut tx = gate::read(Permission::SeeClients).await?;
    Ok(store::overview::search(&mut tx, &q).await?)
}
