//! Proof files: an entry of the shop's record, its place under the newest checkpoint, and for a signature its evidence.
//! Each is verified before it is handed out: what does not hold leaves nobody's house.

mod ground;
mod paper;

pub use paper::{Paper, PaperKind, paper};

use crate::{Error, ReadTx, Result, Scope, scope::PortalTx};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Refusal,
    ids::{InvoiceId, SignatureId},
};
use ground::{Part, file};
use proof::{Evidence, Opening, Sealed, Secrets};
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// Number of the event of a signature.
const SIGNED: i16 = 61;
/// Number of the event of an issued invoice.
const ISSUED: i16 = 71;

/// The proof of one entry of the chain.
///
/// # Errors
/// Not found; a conflict until the next checkpoint, for some seconds.
pub async fn of_entry(tx: &mut ReadTx, seq: i64) -> Result<String> {
    let (shop, mut part) = (tx.shop().uuid(), of_seq(tx, seq).await?);
    let entity = query_scalar!(
        "select entity from audit.entries where shop_id = $1 and seq = $2 and action = $3",
        shop,
        seq,
        SIGNED
    );
    if let Some(signature) = entity.fetch_optional(tx.conn()).await? {
        part.sealed = sealed(tx, signature).await?;
    }
    file(tx, part).await
}

/// The proof of a signature, with its evidence and everything personal in it opened.
///
/// # Errors
/// Not found; a conflict until the next checkpoint, for some seconds.
pub async fn of_signature(tx: &mut ReadTx, signature: SignatureId) -> Result<String> {
    let seq = seq_of(tx, signature.uuid(), SIGNED).await?;
    of_entry(tx, seq).await
}

/// The proof of an issued invoice.
///
/// # Errors
/// Not found; a conflict until the next checkpoint, for some seconds.
pub async fn of_invoice(tx: &mut ReadTx, invoice: InvoiceId) -> Result<String> {
    let seq = seq_of(tx, invoice.uuid(), ISSUED).await?;
    of_entry(tx, seq).await
}

/// The proof of a client's own signature or invoice. Of what is personal only the signer's name is opened.
///
/// # Errors
/// Not found; a conflict until the next checkpoint, for some seconds.
pub async fn of_client(tx: &mut PortalTx, subject: Uuid) -> Result<String> {
    let row = query!(
        r#"select entry as "entry!", seq as "seq!", payload as "payload!", body, key, seal, consent, signer, signer_salt from portal.proof_of($1)"#,
        subject
    )
    .fetch_one(tx.conn())
    .await?;
    let opened = row.signer.zip(row.signer_salt).map(|(value, salt)| Opening { salt: STANDARD.encode(salt), value });
    let evidence = (row.body, row.key, row.seal, row.consent);
    let sealed = match evidence {
        (Some(evidence), Some(key), Some(seal), Some(consent)) => Some(Sealed {
            evidence,
            key,
            seal: STANDARD.encode(seal),
            consent,
            opened: Secrets { signer: opened, ..Secrets::default() },
        }),
        _ => None,
    };
    file(tx, Part { entry: row.entry, seq: row.seq, payload: row.payload, sealed }).await
}

async fn seq_of(tx: &mut ReadTx, entity: Uuid, action: i16) -> Result<i64> {
    let shop = tx.shop().uuid();
    Ok(query_scalar!(
        "select e.seq from audit.subjects u join audit.entries e on e.shop_id = u.shop_id and e.seq = u.seq
         where u.shop_id = $1 and u.subject = $2 and e.entity = $2 and e.action = $3 order by e.seq limit 1",
        shop,
        entity,
        action
    )
    .fetch_one(tx.conn())
    .await?)
}

async fn of_seq(tx: &mut ReadTx, seq: i64) -> Result<Part> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select audit.entry_bytes(e) as "entry!", convert_from(e.payload, 'UTF8') as "payload!" from audit.entries e where e.shop_id = $1 and e.seq = $2"#,
        shop,
        seq
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Part { entry: row.entry, seq, payload: row.payload, sealed: None })
}

/// The evidence of a signature; none of those from before evidence was sealed.
async fn sealed(tx: &mut ReadTx, signature: Uuid) -> Result<Option<Sealed>> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select v.body, v.key, v.seal, v.salt, s.consent_text, s.signer_name, s.ip, s.user_agent, s.device_time, coalesce(m.name, '') as "witness!"
           from app.signature_evidence v join app.signatures s on s.shop_id = v.shop_id and s.id = v.signature_id
           left join app.members() m on m.person_id = s.witness_id where v.shop_id = $1 and v.signature_id = $2"#,
        shop,
        signature
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let facts = Secrets {
        signer: row.signer_name,
        ip: row.ip,
        user_agent: row.user_agent,
        device_time: row.device_time,
        witness: row.witness,
    };
    let opened = match row.salt.and_then(|salt| <[u8; 32]>::try_from(salt.as_slice()).ok()) {
        Some(salt) => opened(&row.body, facts.openings(&salt))?,
        None => Secrets::default(),
    };
    let seal = STANDARD.encode(row.seal);
    Ok(Some(Sealed { evidence: row.body, key: row.key, seal, consent: row.consent_text, opened }))
}

/// A member may have been renamed since: then who stood beside stays closed.
fn opened(body: &str, openings: Secrets<Opening>) -> Result<Secrets<Option<Opening>>> {
    let evidence = Evidence::read(body).ok_or_else(|| Error::Vault("stored evidence cannot be read".into()))?;
    let same = openings.witness.commitment() == evidence.committed.witness;
    Ok(openings.map(|name, opening| (name != "witness" || same).then_some(opening)))
}

fn soon() -> Refusal {
    Refusal::Conflict("The proof of this is just being made. Try again in a minute.".into())
}
