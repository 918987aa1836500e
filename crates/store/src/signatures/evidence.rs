//! Everything kept of one signature, for the page that must convince somebody.

use super::{role, strokes_place};
use crate::{Error, ReadTx, Result, Scope, audit, seal::unless_away};
use domain::{
    ids::SignatureId,
    signatures::{Evidence, Paper, SignatureRow},
};
use ink::Ink;
use sqlx::{query, query_scalar};

/// A signature with its document, its strokes opened, and its place on the chain. The hashes are worked out anew.
///
/// # Errors
/// Not found.
pub async fn find(tx: &mut ReadTx, signature: SignatureId) -> Result<Evidence> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let row = query!(
        r#"select s.job_id, j.number, c.name as client, d.id as document, d.version, convert_from(d.body, 'UTF8') as "html!", encode(sha256(d.body), 'hex') as "body_sha256!",
             app.local_time(d.created_at, $3) as "prepared!", encode(s.document_sha256, 'hex') as "signed_sha256!", s.signer_name, s.signer_role,
             s.method = 'drawn' as "drawn!", app.local_time(s.signed_at, $3) as "at!", encode(s.strokes_sha256, 'hex') as strokes_sha256, s.consent_version,
             s.consent_text, s.device_time, s.ip, s.user_agent, m.name as "witness?", e.seq as "seq?", coalesce(encode(e.hash, 'hex'), '') as "entry_hash!",
             v.signature_id is not null as "provable!", coalesce((v.body::jsonb ->> 'could_read')::boolean, false) as "could_read!"
           from app.signatures s
           join app.documents d on d.shop_id = s.shop_id and d.id = s.document_id
           join app.jobs j on j.shop_id = s.shop_id and j.id = s.job_id
           join app.clients c on c.shop_id = s.shop_id and c.id = s.client_id
           left join app.signature_evidence v on v.shop_id = s.shop_id and v.signature_id = s.id
           left join app.members() m on m.person_id = s.witness_id
           left join audit.entries e on e.shop_id = s.shop_id and e.entity = s.id and e.action = 61
             and e.seq in (select u.seq from audit.subjects u where u.shop_id = s.shop_id and u.subject = s.id)
           where s.shop_id = $1 and s.id = $2"#,
        shop, signature.uuid(), zone
    )
    .fetch_one(tx.conn())
    .await?;
    // While keyd is away nothing can be said of the strokes; the rest is shown.
    let opened = unless_away(strokes(tx, signature, row.drawn).await)?;
    let strokes_hold = opened
        .as_ref()
        .filter(|_| row.drawn)
        .map(|ink| ink.as_ref().is_some_and(|ink| Some(hex(&ink.hash())) == row.strokes_sha256));
    let ink = opened.flatten();
    let copy = copy_mailed(tx, signature).await?.unwrap_or_default();
    let seen = audit::timeline::seen(tx, &[signature.uuid(), row.document]).await?;
    Ok(Evidence {
        seen,
        signature: SignatureRow {
            id: signature,
            version: row.version,
            role: role(&row.signer_role)?,
            drawn: row.drawn,
            at: row.at,
            name: row.signer_name.clone(),
        },
        job: row.job_id.into(),
        number: row.number,
        client: row.client,
        bytes_hold: row.body_sha256 == row.signed_sha256,
        paper: Paper {
            id: row.document.into(),
            version: row.version,
            html: row.html,
            sha256: row.body_sha256,
            prepared: row.prepared,
        },
        signed_sha256: row.signed_sha256,
        drawing: ink.map(|ink| ink.to_svg_titled(&format!("Signature of {}", row.signer_name))),
        strokes_sha256: row.strokes_sha256,
        strokes_hold,
        could_read: row.could_read,
        copy_at: copy.0,
        copy_to: copy.1,
        consent_version: row.consent_version,
        consent_text: row.consent_text,
        device_time: row.device_time,
        ip: row.ip,
        user_agent: row.user_agent,
        witness: row.witness,
        seq: row.seq,
        entry_hash: row.entry_hash,
        provable: row.provable,
        stamp: audit::stamp(tx).await?,
    })
}

/// When a copy was mailed and to whom; the address only for those who read facts, and as long as nobody was forgotten.
async fn copy_mailed(tx: &mut ReadTx, signature: SignatureId) -> Result<Option<(String, String)>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let row = query!(
        r#"select app.local_time(to_timestamp(e.time_us / 1e6), $3) as "at!", coalesce(convert_from(f.facts, 'UTF8')::jsonb #>> '{values,to}', '') as "to!"
           from audit.subjects u join audit.entries e on e.shop_id = u.shop_id and e.seq = u.seq
           left join lateral audit.facts_of(array[e.seq]) f on true
           where u.shop_id = $1 and u.subject = $2 and e.entity = $2 and e.action = 213 order by e.seq desc limit 1"#,
        shop, signature.uuid(), zone
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| (row.at, row.to)))
}

/// The strokes, opened and read; none for a typed name.
async fn strokes(tx: &mut ReadTx, signature: SignatureId, drawn: bool) -> Result<Option<Ink>> {
    if !drawn {
        return Ok(None);
    }
    let shop = tx.shop().uuid();
    let sealed = query_scalar!(
        "select sealed from vault.signature_strokes where shop_id = $1 and signature_id = $2",
        shop,
        signature.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let clear = tx.keys()?.open(&strokes_place(signature), &sealed).await?;
    let json = std::str::from_utf8(&clear).map_err(|_| Error::Vault("sealed strokes are not text".into()))?;
    Ink::parse(json).map(Some).map_err(|error| Error::Vault(format!("sealed strokes cannot be read: {error}")))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
