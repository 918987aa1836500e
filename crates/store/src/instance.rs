//! Whoever runs this installation: they get in by passkey alone, and see names and counts of shops. Their login reaches a
//! handful of definer functions and no table; a passkey is made by a link from the command line alone.

pub mod change;
pub mod command_line;
pub mod health;
pub mod passkeys;
pub mod shops;

use crate::{Cap, Db, Error, Result, Token};
use sqlx::{Postgres, Transaction, query};

/// What an administrator may do.
#[derive(Clone, Copy)]
pub struct Instance<'a> {
    db: &'a Db,
}

/// An administrator who is signed in.
#[derive(Clone, Debug)]
pub struct Administrator {
    /// As named at the command line.
    pub name: String,
    /// For so many seconds more the passkey last shown counts; 0 when it must be shown again before anything changes.
    pub fresh: i32,
    cap: Cap,
}

impl Db {
    /// What whoever runs this installation may do.
    #[must_use]
    pub const fn instance(&self) -> Instance<'_> {
        Instance { db: self }
    }
}

impl Instance<'_> {
    /// Who holds this token; `None` when it is unknown, idle for fifteen minutes, four hours old or ended.
    ///
    /// # Errors
    /// Only faults.
    pub async fn resolve(&self, token: &Token) -> Result<Option<Administrator>> {
        let cap = token.cap();
        let mut tx = self.presenting("begin", &cap).await?;
        let row = query!(r#"select name as "name!", fresh as "fresh!" from instance.resolve()"#)
            .fetch_optional(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(row.map(|row| Administrator { name: row.name, fresh: row.fresh, cap }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Only faults.
    pub async fn sign_out(&self, who: &Administrator) -> Result<()> {
        let mut tx = self.presenting("begin", &who.cap).await?;
        query!("select instance.sign_out()").execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn presenting(&self, begin: &'static str, cap: &Cap) -> Result<Transaction<'static, Postgres>> {
        self.db.begin(&self.db.instance, begin, cap).await
    }
}

/// Words for a passkey that was shown too long ago.
pub(crate) fn stale(error: Error) -> Error {
    match error.is_constraint("instance_confirm") {
        true => domain::Refusal::Forbidden("Show your passkey again: it is more than ten minutes ago.".into()).into(),
        false => error,
    }
}
