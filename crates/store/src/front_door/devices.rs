//! Browsers a person signs in with: one never seen before is told of by mail.

use super::{FrontDoor, entry};
use crate::{
    Origin, Result, Token,
    mail::{self, Mail},
};
use domain::{
    Event,
    ids::{MailId, PersonId},
};
use sqlx::query;
use uuid::Uuid;

impl FrontDoor<'_> {
    /// Writes to a person that an unknown browser has signed in. Not for the first browser, nor for one that shows the
    /// token of an earlier sign-in.
    ///
    /// # Errors
    /// Only faults.
    pub async fn tell_of_stranger(
        &self,
        person: PersonId,
        device: Option<&Token>,
        browser: &str,
        site: &str,
        origin: &Origin,
    ) -> Result<()> {
        let Some(row) = query!(
            r#"select email as "email!", shop_id as "shop!" from auth.stranger($1, $2)"#,
            person.uuid(),
            device.map(Token::hash).unwrap_or_default()
        )
        .fetch_optional(&self.db.auth)
        .await?
        else {
            return Ok(());
        };
        let letter = Mail {
            to: row.email,
            subject: "A new browser signed in to Shearline".into(),
            text: format!(
                "Somebody has just signed in to your account with a browser not seen before:\n\n{browser}, from {}\n\nIf that was you, do nothing.\nIf not, end that session and change your password now:\n\n{site}/account\n",
                origin.ip
            ),
        };
        let id = MailId(Uuid::now_v7());
        let (payload, facts) = entry(&Event::StrangeBrowser { person }, origin, &[])?;
        query!(
            "select auth.tell_of_stranger($1, $2, $3, $4, $5, $6)",
            person.uuid(),
            row.shop,
            id.uuid(),
            mail::sealed(self.db, id, &letter)?,
            payload,
            facts
        )
        .execute(&self.db.auth)
        .await?;
        Ok(())
    }
}
