//! `audit accept`: what lies outside the database is taken as it is, on the record of the shops.

use super::{archived, open};
use crate::{config::Config, ground::Ground};
use anyhow::Result;
use std::sync::Arc;
use store::audit::installation::{self, Outside};

/// Takes it, beside a running server, and says what was taken.
///
/// # Errors
/// A database or an archive that cannot be reached.
pub async fn run(config: Arc<Config>, what: Outside) -> Result<()> {
    let ground = Ground::visit(config).await?;
    let archive = open(&ground.config.archive)?;
    let taken = installation::accept(&ground.url(), what, |shop| archived(&*archive, shop)).await;
    ground.leave(None).await?;
    let taken = taken?;
    for line in &taken {
        println!("{line}");
    }
    if taken.is_empty() {
        println!("nothing is missed: nothing was changed");
    }
    Ok(())
}
