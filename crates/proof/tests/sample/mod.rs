//! A shop with forty entries, the twenty-third of them a signature, and what is handed to its client.

use proof::*;
use std::str::FromStr;
use uuid::Uuid;

pub const DOCUMENT: &[u8] = b"<h1>Work order 1042</h1><p>Two cylinders replaced.</p>";
pub const CONSENT: &str = "I agree to sign electronically.";
pub const SHOP: Uuid = Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001);

pub struct Sample {
    pub signer: Signer,
    pub file: ProofFile,
}

pub fn signature(n: u128) -> Uuid {
    Uuid::from_u128(0x77_0000 + n)
}

/// The evidence and the openings of all five facts.
pub fn evidence() -> (String, Secrets<Option<Opening>>) {
    let values = Secrets {
        signer: "Carla Meier".to_owned(),
        ip: "203.0.113.9".into(),
        user_agent: "Firefox".into(),
        device_time: "2026-11-23T07:00:00+01:00".into(),
        witness: "Theo".into(),
    };
    let openings = values.openings(&[9; 32]);
    let evidence = Evidence {
        signature: signature(1),
        document: signature(2),
        document_version: 1,
        document_sha256: hex(&sha256(&[DOCUMENT])),
        role: "client".into(),
        method: "drawn".into(),
        consent_version: 1,
        consent_sha256: hex(&sha256(&[CONSENT.as_bytes()])),
        could_read: None,
        strokes_sha256: Some(hex(&sha256(&[b"strokes"]))),
        committed: openings.committed(),
    };
    (evidence.to_text().unwrap(), openings.map(|_, opening| Some(opening)))
}

fn sealer() -> Signer {
    Signer::new(Origin(SHOP), &[8; 32])
}

fn seal(evidence: &str) -> String {
    base64(&sealer().sign(&Evidence::message(evidence)))
}

pub fn payload(seq: u64, evidence: &str) -> String {
    if seq == 23 {
        format!(
            r#"{{"about":["{0}"],"event":{{"document":"{1}","event":"document_signed","evidence_sha256":"{2}","signature":"{0}"}}}}"#,
            signature(1),
            signature(2),
            hex(&Evidence::hash(evidence, &sealer().key().to_string(), &seal(evidence)))
        )
    } else {
        format!(r#"{{"about":[],"event":{{"event":"job_created","number":{seq}}}}}"#)
    }
}

pub fn sample() -> Sample {
    let signer = Signer::new(Origin(SHOP), &[7; 32]);
    let (evidence, opened) = evidence();
    let entries: Vec<Entry> = (1..=40)
        .map(|seq| Entry {
            shop: SHOP,
            seq,
            time_us: 1_795_413_600_000_000 + i64::try_from(seq).unwrap(),
            action: 61,
            actor_kind: 1,
            actor: signature(3),
            entity: signature(1),
            result: 0,
            payload: sha256(&[payload(seq, &evidence).as_bytes()]),
            commitment: sha256(&[&seq.to_be_bytes()]),
        })
        .collect();
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf(&entry.to_bytes())).collect();
    let sealed = Sealed {
        key: sealer().key().to_string(),
        seal: seal(&evidence),
        consent: CONSENT.into(),
        opened,
        evidence: evidence.clone(),
    };
    let file = ProofFile {
        bundle: Bundle {
            key: signer.key().to_string(),
            entry: entries[22].clone(),
            payload: payload(23, &evidence),
            sealed: Some(sealed),
        },
        index: 22,
        path: inclusion(22, &leaves).unwrap(),
        checkpoint: Checkpoint::sign(40, root(&leaves), &signer),
    };
    Sample { signer, file }
}

pub fn trusted(sample: &Sample) -> Trusted {
    Trusted::Key(Key::from_str(&sample.signer.key().to_string()).unwrap())
}

pub fn base64(bytes: &[u8]) -> String {
    use ::base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}
