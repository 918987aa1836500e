//! Server functions of home.

use domain::Permission;
use gate::Result;
use leptos::prelude::*;

/// The first page of whoever is signed in.
#[server(prefix = "/fn", endpoint = "desk/open_home")]
pub async fn open_home() -> Result<domain::home::Home> {
    let mut tx = gate::read(Permission::SeeJobs).await?;
    Ok(store::home::page(&mut tx).await?)
}
