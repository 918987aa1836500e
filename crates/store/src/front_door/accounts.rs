//! Shops and people: signing up, and what a password check needs.

use super::{FrontDoor, entry};
use crate::{Origin, Result, error::OnConstraint};
use domain::{
    Event, Refusal,
    ids::*,
    shop::{NewShop, NewTaxRate},
};
use serde_json::json;
use sqlx::query;
use uuid::Uuid;

/// A person's account, for checking a password. `memberships` may be empty.
pub struct Account {
    /// Who.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// Argon2id, PHC string.
    pub password_hash: String,
    /// Shops, the oldest membership first.
    pub memberships: Vec<ShopId>,
}

/// A new owner.
pub struct NewOwner<'a> {
    /// Lower-case address.
    pub email: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// Argon2id, PHC string.
    pub password_hash: &'a str,
}

impl FrontDoor<'_> {
    /// Opens a shop with its owner, taxes, number series, key and audit chain.
    ///
    /// # Errors
    /// A field error when the e-mail or the shop's short name is taken.
    pub async fn sign_up(
        &self,
        shop: &NewShop,
        taxes: &[NewTaxRate],
        owner: &NewOwner<'_>,
        origin: &Origin,
    ) -> Result<(ShopId, PersonId)> {
        let (id, person) = (ShopId(Uuid::now_v7()), PersonId(Uuid::now_v7()));
        let (kek, wrapped) = crate::seal::new_shop_key(self.db, id).await?;
        let (payload, facts) = entry(
            &Event::ShopSignedUp { shop: id, person },
            origin,
            &[("shop", json!(shop.name)), ("owner", json!(owner.name))],
        )?;
        let rates: Vec<_> = taxes.iter().enumerate().map(|(position, rate)| json!({
            "id": Uuid::now_v7(), "position": position, "name": rate.name, "rate_micro": rate.rate_micro, "compound": rate.compound, "kinds": rate.kinds,
        })).collect();
        query!(
            "select auth.sign_up($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            id.uuid(),
            shop.slug,
            json!(shop),
            json!(rates),
            person.uuid(),
            owner.email,
            owner.name,
            owner.password_hash,
            kek,
            wrapped,
            payload,
            facts
        )
        .execute(&self.db.auth)
        .await
        .map(drop)
        .on_constraint("people_email_key", || {
            Refusal::field("email", "This e-mail address already has an account. Sign in instead, or use another.")
        })
        .map_err(|error| match error.is_constraint("shops_slug_key") {
            true => Refusal::field("slug", "This short name is taken. Try another.").into(),
            false => error,
        })?;
        Ok((id, person))
    }

    /// The account of an address, if there is one.
    ///
    /// # Errors
    /// Only faults.
    pub async fn find_account(&self, email: &str) -> Result<Option<Account>> {
        let rows = query!(
            r#"select person_id as "person!", name as "name!", password_hash as "password_hash!", shop_id from auth.find_account($1)"#,
            email
        )
        .fetch_all(&self.db.auth)
        .await?;
        Ok(rows.first().map(|first| Account {
            person: first.person.into(),
            name: first.name.clone(),
            password_hash: first.password_hash.clone(),
            memberships: rows.iter().filter_map(|row| row.shop_id.map(ShopId)).collect(),
        }))
    }

    /// Records a refused sign-in on the chain of every shop the account belongs to.
    ///
    /// # Errors
    /// Only faults.
    pub async fn record_failure(&self, email: &str, person: Option<PersonId>, origin: &Origin) -> Result<()> {
        let person = person.unwrap_or(PersonId(Uuid::nil()));
        let (payload, facts) = entry(&Event::SignInRefused { person }, origin, &[])?;
        query!("select auth.record_failure($1, $2, $3)", email, payload, facts).execute(&self.db.auth).await?;
        Ok(())
    }
}
