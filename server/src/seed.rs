//! The demo shops. None are made yet: this file holds the seam that `serve --demo` and `seed` call.

use anyhow::{Result, bail};
use store::Db;

/// A person of the demo, as printed by `serve --demo`.
pub struct SignIn {
    /// Name and role.
    pub who: &'static str,
    /// E-mail address.
    pub email: &'static str,
    /// Password.
    pub password: &'static str,
}

/// Makes the demo shops unless they are there; yields who can sign in.
///
/// # Errors
/// Only faults.
#[expect(clippy::unused_async, reason = "the demo will take the road, which is async")]
pub async fn demo(_db: &Db) -> Result<Vec<SignIn>> {
    Ok(Vec::new())
}

/// Makes synthetic shops with `rows` rows, as the migrator.
///
/// # Errors
/// Always, until it is built.
#[expect(clippy::unused_async, reason = "bulk inserts will be async")]
pub async fn size(_url: &str, _rows: u32) -> Result<()> {
    bail!("`seed --size` is not built yet")
}
