//! Mail that waits to be sent: put down in the transaction it belongs to, sealed, sent by the worker, then emptied.

use crate::{
    Db, Error, Result, Scope, WriteTx,
    seal::{Keys, instance_open, instance_seal, place},
};
use domain::ids::{MailId, ShopId};
use serde::{Deserialize, Serialize};
use sqlx::{query, query_scalar};
use uuid::Uuid;
use vault::{ShopKey, Zeroizing};

/// A letter in plain text.
#[derive(Clone, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// Body.
    pub text: String,
}

/// A document that goes with a letter, as it is.
#[derive(Clone, Serialize, Deserialize)]
pub struct Attached {
    /// What the file is called.
    pub name: String,
    /// Its bytes: HTML in UTF-8.
    pub html: String,
}

/// As the outbox keeps it.
#[derive(Serialize, Deserialize)]
struct Letter {
    #[serde(flatten)]
    mail: Mail,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attached: Option<Attached>,
}

/// A letter the worker has taken and must send or put back.
pub struct Claimed {
    shop: ShopId,
    id: MailId,
    /// What to send.
    pub mail: Mail,
    /// What goes with it.
    pub attached: Option<Attached>,
}

/// The bytes for `worker.outbox.sealed`: under the front key, so that letters go out while keyd is away.
pub(crate) fn sealed(db: &Db, id: MailId, mail: &Mail) -> Result<Vec<u8>> {
    sealed_with(db, id, mail, None)
}

/// The same, with a document.
pub(crate) fn sealed_with(db: &Db, id: MailId, mail: &Mail, attached: Option<Attached>) -> Result<Vec<u8>> {
    let letter = Letter { mail: mail.clone(), attached };
    let clear = Zeroizing::new(serde_json::to_vec(&letter).map_err(|error| Error::Vault(error.to_string()))?);
    instance_seal(db, "letter", id.uuid().as_bytes(), &clear)
}

/// Puts a letter down, to be sent once the transaction is committed. Whoever it is about, a client or a contact, takes it
/// along when they are forgotten.
///
/// # Errors
/// Only faults.
pub async fn post(tx: &mut WriteTx, about: &[Uuid], mail: &Mail) -> Result<()> {
    post_with(tx, about, mail, None).await
}

/// The same, with a document.
pub(crate) async fn post_with(tx: &mut WriteTx, about: &[Uuid], mail: &Mail, attached: Option<Attached>) -> Result<()> {
    let (shop, id) = (tx.shop(), MailId(Uuid::now_v7()));
    let sealed = sealed_with(tx.db(), id, mail, attached)?;
    query!(
        "insert into worker.outbox (shop_id, id, sealed, about) values ($1, $2, $3, $4)",
        shop.uuid(),
        id.uuid(),
        sealed,
        about
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

impl Db {
    /// Takes one letter that is due. One to a member who left meanwhile is dropped.
    ///
    /// # Errors
    /// Faults, and a letter that cannot be opened: it is put back as one that could not be sent, and given up in time.
    pub async fn claim_mail(&self) -> Result<Option<Claimed>> {
        loop {
            let Some(row) =
                query!(r#"select shop_id as "shop!", id as "id!", sealed as "sealed!" from worker.claim()"#)
                    .fetch_optional(&self.worker)
                    .await?
            else {
                return Ok(None);
            };
            match self.opened(row.shop, row.id, &row.sealed).await {
                Ok(Letter { mail, .. }) if self.left_unsent(row.shop, row.id, &mail.to).await? => {}
                Ok(Letter { mail, attached }) => {
                    return Ok(Some(Claimed { shop: row.shop.into(), id: row.id.into(), mail, attached }));
                }
                Err(error) => {
                    self.put_back(row.shop, row.id).await?;
                    return Err(error);
                }
            }
        }
    }

    async fn left_unsent(&self, shop: Uuid, id: Uuid, to: &str) -> Result<bool> {
        let left = query_scalar!(r#"select worker.left_unsent($1, $2, $3) as "left!""#, shop, id, to);
        Ok(left.fetch_one(&self.worker).await?)
    }

    /// Empties letters that could not be sent, thirty days after; how many.
    ///
    /// # Errors
    /// Only faults.
    pub async fn empty_failed_mail(&self) -> Result<i64> {
        Ok(query_scalar!(r#"select worker.empty_failed() as "emptied!""#).fetch_one(&self.worker).await?)
    }

    async fn opened(&self, shop: Uuid, id: Uuid, sealed: &[u8]) -> Result<Letter> {
        // Letters that waited when keyd came are sealed under their shop's key.
        let clear = if ShopKey::generation_of(sealed).is_ok() {
            Keys::claimed(self, id, shop)?.open(&place("worker.outbox", id, "sealed", 1), sealed).await?
        } else {
            Zeroizing::new(instance_open(self, "letter", id.as_bytes(), sealed)?)
        };
        serde_json::from_slice(&clear).map_err(|error| Error::Vault(error.to_string()))
    }

    async fn put_back(&self, shop: Uuid, id: Uuid) -> Result<()> {
        query!("select worker.put_back($1, $2)", shop, id).execute(&self.worker).await?;
        Ok(())
    }

    /// The letter was sent: its text is emptied.
    ///
    /// # Errors
    /// Only faults.
    pub async fn mail_sent(&self, claimed: &Claimed) -> Result<()> {
        query!("select worker.sent($1, $2)", claimed.shop.uuid(), claimed.id.uuid()).execute(&self.worker).await?;
        Ok(())
    }

    /// The letter could not be sent: it is tried again later, eight times in all.
    ///
    /// # Errors
    /// Only faults.
    pub async fn mail_failed(&self, claimed: &Claimed) -> Result<()> {
        self.put_back(claimed.shop.uuid(), claimed.id.uuid()).await
    }
}
