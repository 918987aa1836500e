//! What a client does: looking, signing, declining, leaving. Each is one definer function and one commit.

use crate::{
    Db, Result, audit, mail,
    scope::{PortalTx, Visitor},
    seal,
    signatures::{
        copy::{Copy, mailed},
        sealed::{Moment, Sealed, seal as seal_evidence},
        strokes_place,
    },
};
use domain::{
    Event, Refusal,
    ids::*,
    signatures::{CONSENT_TEXT, CONSENT_VERSION, Mark, NewSignature},
};
use serde_json::{Map, json};
use sqlx::{PgConnection, query, query_scalar};
use std::sync::Arc;
use uuid::Uuid;

/// A paper somebody is about to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewed {
    /// An invoice.
    Invoice(InvoiceId),
    /// The newest work order of a job.
    WorkOrder(JobId),
}

impl Db {
    /// Records that a visitor looks at a paper, in a transaction of its own, and only then opens the one to read it in:
    /// no record, no paper.
    ///
    /// # Errors
    /// Not found when it is not the client's.
    pub async fn view(&self, visitor: Arc<Visitor>, what: Viewed) -> Result<PortalTx> {
        let mut tx = self.begin(&self.portal, "begin", visitor.cap()).await?;
        let (kind, words, subject) = match what {
            Viewed::Invoice(invoice) => ("invoice", "invoice", Some(invoice.uuid())),
            Viewed::WorkOrder(job) => {
                let newest = query_scalar!(
                    "select id from app.documents where shop_id = $1 and job_id = $2 and kind = 'work_order' order by version desc limit 1",
                    visitor.shop.uuid(),
                    job.uuid()
                );
                ("work_order", "work order", newest.fetch_optional(&mut *tx).await?)
            }
        };
        let subject = subject.ok_or(Refusal::NotFound)?;
        let event = Event::DocumentViewed { subject, kind: words.into(), link: visitor.link, client: visitor.client };
        let (payload, facts) = audit::written(&event, &visitor.origin, Map::new())?;
        let recorded = query_scalar!(
            r#"select portal.record_view($1, $2, $3, $4, $5) as "recorded!""#,
            Uuid::now_v7(),
            kind,
            subject,
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await?;
        if !recorded {
            return Err(Refusal::NotFound.into());
        }
        tx.commit().await?;
        self.visit(visitor).await
    }

    /// Keeps a client's signature under the newest document. `sha256` is the hash of the bytes that were shown, in hexadecimal digits.
    ///
    /// # Errors
    /// Not found; a conflict when the document was replaced or is signed already.
    pub async fn sign_by_link(
        &self,
        visitor: &Visitor,
        job: JobId,
        document: DocumentId,
        sha256: &str,
        new: &NewSignature,
    ) -> Result<()> {
        let shown = bytes_of(sha256).ok_or_else(changed)?;
        let signature = SignatureId(Uuid::now_v7());
        let (method, strokes) = match &new.mark {
            Mark::Drawn(ink) => ("drawn", Some(ink)),
            Mark::Typed => ("typed", None),
        };
        let strokes_hash = strokes.map(|ink| ink.hash().to_vec());
        let sealed = match strokes {
            Some(ink) => {
                let keys = seal::Keys::of(self, visitor.cap(), visitor.shop)?;
                Some(keys.seal(&strokes_place(signature), ink.to_json().as_bytes()).await?)
            }
            None => None,
        };
        let evidence = self.evidence_by_link(visitor, job, document, sha256, signature, new).await?;
        let hash = Some(evidence.hash.clone());
        let event = Event::DocumentSigned { signature, document, job, client: visitor.client, evidence_sha256: hash };
        let signer = Map::from_iter([("signer".to_owned(), json!(new.name))]);
        let (payload, facts) = audit::written(&event, &visitor.origin, signer)?;
        let mut tx = self.begin(&self.portal, "begin", visitor.cap()).await?;
        let answer = query_scalar!(
            r#"select portal.sign($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as "answer!""#,
            signature.uuid(),
            document.uuid(),
            shown,
            new.name,
            new.role.as_str(),
            method,
            CONSENT_VERSION,
            CONSENT_TEXT,
            strokes_hash,
            sealed,
            new.device_time,
            visitor.origin.ip,
            visitor.origin.user_agent,
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await?;
        signed(&answer)?;
        keep_evidence(&mut tx, signature, &evidence).await?;
        self.mail_copy(&mut tx, visitor, job, document, signature).await?;
        Ok(tx.commit().await?)
    }

    /// Puts the copy down for the address the shop has of the visitor; nothing when it has none.
    async fn mail_copy(
        &self,
        tx: &mut PgConnection,
        visitor: &Visitor,
        job: JobId,
        document: DocumentId,
        signature: SignatureId,
    ) -> Result<()> {
        let row = query!(
            r#"select j.number, d.version, convert_from(d.body, 'UTF8') as "html!", encode(d.sha256, 'hex') as "sha256!", k.email
               from app.documents d join app.jobs j on j.shop_id = d.shop_id and j.id = d.job_id
               join app.contacts k on k.shop_id = d.shop_id and k.client_id = d.client_id and k.id = $4
               where d.shop_id = $1 and d.job_id = $2 and d.id = $3"#,
            visitor.shop.uuid(),
            job.uuid(),
            document.uuid(),
            visitor.contact.uuid()
        )
        .fetch_one(&mut *tx)
        .await?;
        if row.email.is_empty() {
            return Ok(());
        }
        let copy = Copy {
            to: &row.email,
            shop: &visitor.shop_name,
            number: row.number,
            version: row.version,
            sha256: &row.sha256,
            html: &row.html,
        };
        let (id, (letter, attached)) = (MailId(Uuid::now_v7()), copy.letter());
        let sealed = mail::sealed_with(self, id, &letter, Some(attached))?;
        let to = Map::from_iter([("to".to_owned(), json!(row.email))]);
        let event = mailed(signature, document, job, visitor.client);
        let (payload, facts) = audit::written(&event, &visitor.origin, to)?;
        query!("select portal.mail_copy($1, $2, $3, $4, $5)", signature.uuid(), id.uuid(), sealed, payload, facts)
            .execute(tx)
            .await?;
        Ok(())
    }

    /// The evidence of a signature by link, sealed: nobody of the shop stands beside.
    async fn evidence_by_link(
        &self,
        visitor: &Visitor,
        job: JobId,
        document: DocumentId,
        sha256: &str,
        signature: SignatureId,
        new: &NewSignature,
    ) -> Result<Sealed> {
        let version = self.version_of(visitor, job, document).await?;
        let user_agent: String = visitor.origin.user_agent.chars().take(300).collect();
        let moment = Moment {
            signature,
            document,
            version,
            sha256: &sha256.to_ascii_lowercase(),
            new,
            ip: &visitor.origin.ip,
            user_agent: &user_agent,
            witness: "",
        };
        seal_evidence(self, visitor.shop, &moment).await
    }

    /// Which version of the job's work order that is; not found when it is not the client's.
    async fn version_of(&self, visitor: &Visitor, job: JobId, document: DocumentId) -> Result<i32> {
        let mut tx = self.begin(&self.portal, "begin read only", visitor.cap()).await?;
        let version = query_scalar!(
            "select version from app.documents where shop_id = $1 and job_id = $2 and id = $3",
            visitor.shop.uuid(),
            job.uuid(),
            document.uuid()
        );
        Ok(version.fetch_one(&mut *tx).await?)
    }

    /// Puts on the chain that the client will not sign.
    ///
    /// # Errors
    /// A conflict when it is signed already; not found when it is not the client's.
    pub async fn decline_by_link(&self, visitor: &Visitor, job: JobId, document: DocumentId) -> Result<()> {
        let (payload, facts) = audit::written(
            &Event::DocumentDeclined { document, job, client: visitor.client },
            &visitor.origin,
            Map::new(),
        )?;
        let mut tx = self.begin(&self.portal, "begin", visitor.cap()).await?;
        let of_job = query_scalar!(
            "select id from app.documents where shop_id = $1 and job_id = $2 and id = $3",
            visitor.shop.uuid(),
            job.uuid(),
            document.uuid()
        );
        of_job.fetch_one(&mut *tx).await?;
        let done = query_scalar!(r#"select portal.decline($1, $2, $3) as "done!""#, document.uuid(), payload, facts)
            .fetch_one(&mut *tx)
            .await?;
        if done {
            Ok(tx.commit().await?)
        } else {
            Err(Refusal::Conflict("This work order is signed already.".into()).into())
        }
    }

    /// Ends the visit; the link stays.
    ///
    /// # Errors
    /// Only faults.
    pub async fn leave_portal(&self, visitor: &Visitor) -> Result<()> {
        let event = Event::PortalLeft { link: visitor.link, client: visitor.client, contact: visitor.contact };
        let (payload, facts) = audit::written(&event, &visitor.origin, Map::new())?;
        let mut tx = self.begin(&self.auth, "begin", visitor.cap()).await?;
        query_scalar!(r#"select auth.leave_portal($1, $2) as "left!""#, payload, facts).fetch_one(&mut *tx).await?;
        Ok(tx.commit().await?)
    }
}

async fn keep_evidence(tx: &mut PgConnection, signature: SignatureId, evidence: &Sealed) -> Result<()> {
    let (seal, salt) = (evidence.seal.as_slice(), evidence.salt.as_slice());
    query_scalar!(
        "select portal.keep_evidence($1, $2, $3, $4, $5)",
        signature.uuid(),
        evidence.body,
        evidence.key,
        seal,
        salt
    )
    .execute(tx)
    .await?;
    Ok(())
}

fn changed() -> Refusal {
    Refusal::Conflict("The shop changed this work order while you had it open, so nothing was signed. Read the new version below and sign that.".into())
}

/// 64 hexadecimal digits as bytes; none for any other text.
fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    if hex.len() != 64 || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    (0..64).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

/// What `portal.sign` answered, as a refusal unless it signed.
fn signed(answer: &str) -> Result<(), Refusal> {
    match answer {
        "signed" => Ok(()),
        "changed" => Err(changed()),
        "signed_before" => {
            Err(Refusal::Conflict("This work order is signed already. Nothing was signed a second time.".into()))
        }
        _ => Err(Refusal::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use super::bytes_of;

    #[test]
    fn a_hash_is_64_digits_and_nothing_else() {
        assert_eq!(bytes_of(&"0f".repeat(32)), Some(vec![15; 32]));
        for text in ["", "0f", &"0g".repeat(32), &"é".repeat(32), &"0f".repeat(33)] {
            assert_eq!(bytes_of(text), None, "{text}");
        }
    }
}
