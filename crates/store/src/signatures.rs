//! Documents and their signatures: frozen once, signed once in each role, never changed.

pub(crate) mod copy;
mod evidence;
pub(crate) mod sealed;
mod snapshot;

pub use evidence::find;

use crate::{Error, Result, Scope, WriteTx, error::OnConstraint, identity, mail, seal::place};
use domain::{
    Event, Refusal,
    choice::Choice,
    ids::*,
    jobs::SignerRole,
    signatures::{CONSENT_TEXT, CONSENT_VERSION, Mark, NewSignature, Paper, SignPage, SignatureRow},
};
use serde_json::{Map, json};
use sqlx::{query, query_as, query_scalar};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Freezes the job's work order as the next version of its document, unless the newest version says the same already.
/// Gives the event to commit; none when there is nothing new.
///
/// # Errors
/// Not found; a conflict for a job that was called off.
pub async fn prepare(tx: &mut WriteTx, job: JobId) -> Result<Option<Event>> {
    let (shop, actor) = (tx.shop().uuid(), tx.actor().person);
    // Two people preparing at once would both make the same version.
    query!("select id from app.jobs where shop_id = $1 and id = $2 for update", shop, job.uuid())
        .fetch_one(tx.conn())
        .await?;
    identity::still_sent(tx, job).await?;
    let snapshot = snapshot::of(tx, job).await?;
    may_be_signed(&snapshot.status)?;
    let body = snapshot.order.to_html().into_bytes();
    let newest = newest(tx, job).await?;
    if newest.as_ref().is_some_and(|paper| paper.html.as_bytes() == body) {
        return Ok(None);
    }
    let (document, version) = (DocumentId(Uuid::now_v7()), newest.map_or(1, |paper| paper.version + 1));
    query!(
        "insert into app.documents (shop_id, id, client_id, job_id, kind, version, body, sha256, created_by) values ($1, $2, $3, $4, 'work_order', $5, $6, sha256($6), $7)",
        shop, document.uuid(), snapshot.client.uuid(), job.uuid(), version, body, actor.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(Some(Event::DocumentPrepared { document, job, version }))
}

/// The newest document of a job.
///
/// # Errors
/// Only faults.
pub async fn newest(tx: &mut impl Scope, job: JobId) -> Result<Option<Paper>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    Ok(query_as!(
        Paper,
        r#"select id as "id!: Uuid", version, convert_from(body, 'UTF8') as "html!", encode(sha256, 'hex') as "sha256!", app.local_time(created_at, $3) as "prepared!"
           from app.documents where shop_id = $1 and job_id = $2 and kind = 'work_order' order by version desc limit 1"#,
        shop, job.uuid(), zone
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// The signatures under a job's documents, newest first.
///
/// # Errors
/// Only faults.
pub async fn of_job(tx: &mut impl Scope, job: JobId) -> Result<Vec<SignatureRow>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query!(
        r#"select s.id, d.version, s.signer_name, s.signer_role, s.method = 'drawn' as "drawn!", app.local_time(s.signed_at, $3) as "at!"
           from app.signatures s join app.documents d on d.shop_id = s.shop_id and d.id = s.document_id
           where s.shop_id = $1 and s.job_id = $2 order by s.signed_at desc, s.id desc"#,
        shop, job.uuid(), zone
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(SignatureRow {
                id: row.id.into(),
                version: row.version,
                name: row.signer_name,
                role: role(&row.signer_role)?,
                drawn: row.drawn,
                at: row.at,
            })
        })
        .collect()
}

/// Who has signed the newest document of a job: what [`domain::jobs::missing`] asks.
///
/// # Errors
/// Only faults.
pub async fn signed_roles(tx: &mut impl Scope, job: JobId) -> Result<BTreeSet<SignerRole>> {
    let shop = tx.shop().uuid();
    let roles = query_scalar!(
        "select s.signer_role from app.signatures s join app.documents d on d.shop_id = s.shop_id and d.id = s.document_id
         where s.shop_id = $1 and s.job_id = $2 and not exists (select from app.documents n where n.shop_id = d.shop_id and n.job_id = d.job_id and n.kind = d.kind and n.version > d.version)",
        shop, job.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    roles.iter().map(|text| role(text)).collect()
}

/// Everything the page shows on which a job is signed in person.
///
/// # Errors
/// Not found.
pub async fn page(tx: &mut impl Scope, job: JobId) -> Result<SignPage> {
    let snapshot = snapshot::of(tx, job).await?;
    let paper = newest(tx, job).await?;
    let signatures = of_job(tx, job).await?;
    let current = paper.as_ref().is_some_and(|paper| paper.html == snapshot.order.to_html());
    let version = paper.as_ref().map_or(0, |paper| paper.version);
    let demanded = snapshot.requirements.signatures.iter();
    let mut open_roles: Vec<SignerRole> = Vec::new();
    for role in demanded.chain(SignerRole::ALL) {
        if !open_roles.contains(role)
            && !signatures.iter().any(|signature| signature.version == version && signature.role == *role)
        {
            open_roles.push(*role);
        }
    }
    Ok(SignPage {
        job,
        number: snapshot.order.number,
        client: snapshot.order.client,
        contact: snapshot.contact,
        email: snapshot.email,
        paper,
        current,
        open_roles,
        signatures,
        signable: may_be_signed(&snapshot.status).is_ok(),
    })
}

/// Keeps a signature made in the presence of the actor, under the newest document. `sha256` is the hash of the bytes the
/// signer was shown, in hexadecimal digits. Gives the event to commit.
///
/// # Errors
/// Not found; a conflict when there is a newer document, other bytes, a job changed since, or a signature in this role.
pub async fn sign(
    tx: &mut WriteTx,
    job: JobId,
    document: DocumentId,
    sha256: &str,
    new: &NewSignature,
) -> Result<Event> {
    let shop = tx.shop().uuid();
    query!("select id from app.jobs where shop_id = $1 and id = $2 for update", shop, job.uuid())
        .fetch_one(tx.conn())
        .await?;
    identity::still_sent(tx, job).await?;
    let snapshot = snapshot::of(tx, job).await?;
    may_be_signed(&snapshot.status)?;
    let paper = newest(tx, job).await?.ok_or(Refusal::NotFound)?;
    if paper.id != document || paper.sha256 != sha256 || paper.html != snapshot.order.to_html() {
        return Err(Refusal::Conflict("The work order was changed since this page was opened, so nothing was signed. Read the new version and sign that.".into()).into());
    }
    let (signature, evidence) = keep(tx, &snapshot, job, &paper, new).await?;
    tx.fact("signer", json!(new.name));
    if !new.copy_to.is_empty() {
        let shop = tx.actor().shop_name.clone();
        let copy = copy::Copy {
            to: &new.copy_to,
            shop: &shop,
            number: snapshot.order.number,
            version: paper.version,
            sha256: &paper.sha256,
            html: &paper.html,
        };
        let (letter, attached) = copy.letter();
        let about = copy::about(tx, job, &new.copy_to).await?;
        mail::post_with(tx, &about, &letter, Some(attached)).await?;
        let to = Map::from_iter([("to".to_owned(), json!(new.copy_to))]);
        tx.also(copy::mailed(signature, document, job, snapshot.client), to);
    }
    Ok(Event::DocumentSigned { signature, document, job, client: snapshot.client, evidence_sha256: Some(evidence) })
}

async fn keep(
    tx: &mut WriteTx,
    snapshot: &snapshot::Snapshot,
    job: JobId,
    paper: &Paper,
    new: &NewSignature,
) -> Result<(SignatureId, String)> {
    let (shop, signature) = (tx.shop().uuid(), SignatureId(Uuid::now_v7()));
    let (witness, origin) = (tx.actor().person, tx.actor().origin.clone());
    let (method, strokes_hash) = match &new.mark {
        Mark::Drawn(ink) => ("drawn", Some(ink.hash().to_vec())),
        Mark::Typed => ("typed", None),
    };
    query!(
        "insert into app.signatures (shop_id, id, client_id, job_id, document_id, document_sha256, signer_name, signer_role, method, consent_version, consent_text,
           strokes_sha256, device_time, ip, user_agent, witness_id)
         values ($1, $2, $3, $4, $5, decode($6, 'hex'), $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        shop, signature.uuid(), snapshot.client.uuid(), job.uuid(), paper.id.uuid(), paper.sha256, new.name, new.role.as_str(), method, CONSENT_VERSION,
        CONSENT_TEXT, strokes_hash, new.device_time, origin.ip, origin.user_agent, witness.uuid()
    )
    .execute(tx.conn())
    .await
    .on_constraint("signatures_once", || Refusal::Conflict(format!("This work order is signed by the {} already.", new.role.words().to_lowercase())))?;
    if let Mark::Drawn(ink) = &new.mark {
        let sealed = tx.keys()?.seal(&strokes_place(signature), ink.to_json().as_bytes()).await?;
        query!(
            "insert into vault.signature_strokes (shop_id, signature_id, sealed) values ($1, $2, $3)",
            shop,
            signature.uuid(),
            sealed
        )
        .execute(tx.conn())
        .await?;
    }
    let beside = tx.actor().name.clone();
    let moment = sealed::Moment {
        signature,
        document: paper.id,
        version: paper.version,
        sha256: &paper.sha256,
        new,
        ip: &origin.ip,
        user_agent: &origin.user_agent,
        witness: &beside,
    };
    let sealed = sealed::seal(tx.db(), tx.shop(), &moment).await?;
    query!(
        "insert into app.signature_evidence (shop_id, signature_id, body, key, seal, salt) values ($1, $2, $3, $4, $5, $6)",
        shop, signature.uuid(), sealed.body, sealed.key, sealed.seal.as_slice(), sealed.salt.as_slice()
    )
    .execute(tx.conn())
    .await?;
    Ok((signature, sealed.hash))
}

/// Where the strokes of a signature are sealed to.
pub(crate) fn strokes_place(signature: SignatureId) -> vault::Place<'static> {
    place("vault.signature_strokes", signature.uuid(), "sealed", 1)
}

fn may_be_signed(status: &str) -> Result<()> {
    match status {
        "cancelled" | "refused" => {
            Err(Refusal::Conflict("This job was called off, so there is nothing to sign.".into()).into())
        }
        _ => Ok(()),
    }
}

fn role(text: &str) -> Result<SignerRole> {
    SignerRole::parse(text).ok_or_else(|| Error::Vault("a stored signer's role cannot be read".into()))
}
