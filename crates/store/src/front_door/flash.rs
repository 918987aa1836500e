//! What a person typed into a form that failed without script: kept sealed for ten minutes, read once.

use super::FrontDoor;
use crate::{Result, Token, seal};
use sqlx::{query, query_scalar};

impl FrontDoor<'_> {
    /// Keeps `content` and gives the token of the short cookie that finds it.
    ///
    /// # Errors
    /// Only faults.
    pub async fn put_flash(&self, content: &[u8]) -> Result<Token> {
        let token = Token::fresh();
        let sealed = seal::instance_seal(self.db, "flash", &token.hash(), content)?;
        query!("select auth.put_flash($1, $2)", token.hash(), sealed).execute(&self.db.auth).await?;
        Ok(token)
    }

    /// Gives back what was kept, once.
    ///
    /// # Errors
    /// Only faults.
    pub async fn take_flash(&self, token: &Token) -> Result<Option<Vec<u8>>> {
        let sealed = query_scalar!("select auth.take_flash($1)", token.hash()).fetch_one(&self.db.auth).await?;
        sealed.map(|sealed| seal::instance_open(self.db, "flash", &token.hash(), &sealed)).transpose()
    }
}
