//! Sign-ins that wait for their second step: ten minutes, five tries. The password was right; no session is open.

use super::FrontDoor;
use crate::{Origin, Result, Token, error::OnConstraint};
use domain::{
    Refusal,
    ids::{PersonId, ShopId},
    second_step::Means,
};
use sqlx::{query, query_scalar};

/// A sign-in waits this many seconds.
pub const PENDING_LIFETIME: f64 = 600.0;

/// Who waits, and for which shop.
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    /// The shop to sign in to.
    pub shop: ShopId,
    /// Whose password was right.
    pub person: PersonId,
}

/// It waits no more.
fn over() -> Refusal {
    Refusal::Conflict(
        "This sign-in took too long, or too many codes were wrong. Sign in with your password again.".into(),
    )
}

impl FrontDoor<'_> {
    /// What the person must show besides the password that was just right: then a token for the cookie, and no session.
    ///
    /// # Errors
    /// A conflict, in words, when the shop is suspended.
    pub async fn second_step(&self, shop: ShopId, person: PersonId) -> Result<Option<Token>> {
        if !self.means(person).await?.0.any() {
            return Ok(None);
        }
        let token = Token::fresh();
        query!(
            "select auth.begin_pending($1, $2, $3, make_interval(secs => $4))",
            token.hash(),
            shop.uuid(),
            person.uuid(),
            PENDING_LIFETIME
        )
        .execute(&self.db.auth)
        .await
        .map(drop)
        .on_constraint("shops_suspended", super::suspended)?;
        Ok(Some(token))
    }

    /// What may be shown for a sign-in that waits.
    ///
    /// # Errors
    /// A conflict when it waits no more.
    pub async fn pending_means(&self, token: &Token) -> Result<Means> {
        let person = query_scalar!(r#"select person_id as "person!" from auth.find_pending($1)"#, token.hash())
            .fetch_optional(&self.db.auth)
            .await?
            .ok_or_else(over)?;
        Ok(self.means(PersonId(person)).await?.0)
    }

    /// Shows a code for a sign-in that waits. Each call uses up one of five tries, whatever comes of it.
    ///
    /// # Errors
    /// Words beside the field when the code is wrong; a conflict when nothing waits any more.
    pub async fn take_second_step(&self, token: &Token, typed: &str, origin: &Origin) -> Result<Pending> {
        let row =
            query!(r#"select shop_id as "shop!", person_id as "person!" from auth.try_pending($1)"#, token.hash())
                .fetch_optional(&self.db.auth)
                .await?
                .ok_or_else(over)?;
        let pending = Pending { shop: row.shop.into(), person: row.person.into() };
        self.prove(pending.person, typed, origin).await?;
        let first =
            query_scalar!(r#"select auth.end_pending($1) as "first!""#, token.hash()).fetch_one(&self.db.auth).await?;
        if first { Ok(pending) } else { Err(over().into()) }
    }
}
