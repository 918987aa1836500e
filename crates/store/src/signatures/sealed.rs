//! The evidence of a signature: made and sealed at the moment of signing, before the entry that holds its hash.

use crate::{
    Db, Error, Result,
    audit::sign::{Purpose, sign},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    ids::{DocumentId, ShopId, SignatureId},
    signatures::{CONSENT_TEXT, CONSENT_VERSION, Mark, NewSignature},
};
use proof::{Evidence, Secrets, hex, sha256};

/// What is signed, by whom, from where.
pub(crate) struct Moment<'a> {
    pub signature: SignatureId,
    pub document: DocumentId,
    pub version: i32,
    pub sha256: &'a str,
    pub new: &'a NewSignature,
    pub ip: &'a str,
    pub user_agent: &'a str,
    /// Who of the shop stood beside; empty when it came by a link.
    pub witness: &'a str,
}

/// Evidence under its seal.
pub(crate) struct Sealed {
    pub body: String,
    pub key: String,
    pub seal: [u8; 64],
    pub salt: [u8; 32],
    /// What the entry holds of it.
    pub hash: String,
}

/// Writes the evidence down and has it sealed by the shop's evidence key.
pub(crate) async fn seal(db: &Db, shop: ShopId, moment: &Moment<'_>) -> Result<Sealed> {
    let salt: [u8; 32] = rand::random();
    let body = evidence(moment, &salt).to_text().map_err(|error| Error::Vault(error.to_string()))?;
    let (key, seal) = sign(db, shop.uuid(), Purpose::Evidence, &Evidence::message(&body)).await?;
    let key = key.to_string();
    let hash = hex(&Evidence::hash(&body, &key, &STANDARD.encode(seal)));
    Ok(Sealed { body, key, seal, salt, hash })
}

fn evidence(moment: &Moment<'_>, salt: &[u8; 32]) -> Evidence {
    let Moment { signature, document, version, sha256: document_sha256, new, ip, user_agent, witness } = moment;
    let facts = Secrets {
        signer: new.name.clone(),
        ip: (*ip).to_owned(),
        user_agent: (*user_agent).to_owned(),
        device_time: new.device_time.clone(),
        witness: (*witness).to_owned(),
    };
    let (method, strokes) = match &new.mark {
        Mark::Drawn(ink) => ("drawn", Some(hex(&ink.hash()))),
        Mark::Typed => ("typed", None),
    };
    Evidence {
        signature: signature.uuid(),
        document: document.uuid(),
        document_version: *version,
        document_sha256: (*document_sha256).to_owned(),
        role: new.role.as_str().to_owned(),
        method: method.to_owned(),
        consent_version: CONSENT_VERSION,
        consent_sha256: hex(&sha256(&[CONSENT_TEXT.as_bytes()])),
        could_read: Some(new.opened),
        strokes_sha256: strokes,
        committed: facts.openings(salt).committed(),
    }
}
