//! The whole check, from the key the reader trusts to the bytes in the reader's hand. Each step rests on the one before.

use crate::{
    bundle::{Bundle, Sealed},
    evidence::{Committed, Evidence, Opening, Secrets},
    file::ProofFile,
    hash::{hex, sha256},
    key::{Key, Origin},
    path::included,
    tree::leaf,
    unreadable::Unreadable,
    verdict::{Facts, Field, Of, Verdict},
};
use serde_json::Value;

mod words;

/// What the reader knows the shop by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trusted {
    /// The key itself.
    Key(Key),
    /// Its fingerprint, from paper.
    Fingerprint(String),
    /// Nothing yet: the verdict will name the fingerprint to be compared, and not say yes.
    Nothing,
}

impl Trusted {
    /// Reads either from what somebody typed, pasted or dropped; nothing from an empty text.
    ///
    /// # Errors
    /// [`Unreadable::Key`].
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::Nothing);
        }
        if let Ok(key) = text.parse() {
            return Ok(Self::Key(key));
        }
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let plain = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        plain.then_some(Self::Fingerprint(digits)).ok_or(Unreadable::Key)
    }

    pub(crate) fn is(&self, key: &Key) -> bool {
        match self {
            Self::Key(trusted) => trusted == key,
            Self::Nothing => true,
            Self::Fingerprint(digits) => *digits == key.fingerprint().replace(' ', ""),
        }
    }
}

/// Verifies a proof file, and the document it is about when there is one.
#[must_use]
pub fn verify(proof: &[u8], document: Option<&[u8]>, trusted: &Trusted) -> Verdict {
    match ProofFile::read(proof) {
        Err(problem) => Verdict::No { field: Field::File, why: format!("The file cannot be read: {problem}.") },
        Ok(file) => {
            check(&file, document, trusted).unwrap_or_else(|No(field, why)| Verdict::No { field, why: why.into() })
        }
    }
}

struct No(Field, &'static str);

fn hold(holds: bool, field: Field, why: &'static str) -> Result<(), No> {
    if holds { Ok(()) } else { Err(No(field, why)) }
}

fn check(file: &ProofFile, document: Option<&[u8]>, trusted: &Trusted) -> Result<Verdict, No> {
    let (bundle, checkpoint) = (&file.bundle, &file.checkpoint);
    let key: Key = bundle.key.parse().map_err(|_| No(Field::Key, "The key in the file cannot be read."))?;
    hold(trusted.is(&key), Field::Key, "The file was made with another key than the one you trust.")?;
    hold(checkpoint.signed_by(&key), Field::Checkpoint, "The shop's key did not sign this checkpoint.")?;
    let entry = &bundle.entry;
    hold(entry.shop == key.origin().0, Field::Entry, "The entry is of another shop.")?;
    hold(file.index.checked_add(1) == Some(entry.seq), Field::Position, "The entry says that it stands elsewhere.")?;
    let stands = included(&leaf(&entry.to_bytes()), file.index, checkpoint.size, &file.path, &checkpoint.root);
    hold(stands, Field::Entry, "The entry was changed, or never stood in the record the shop signed.")?;
    hold(
        sha256(&[bundle.payload.as_bytes()]) == entry.payload,
        Field::Payload,
        "What the file says happened is not what the entry holds.",
    )?;
    let event = event(bundle)?;
    let mut facts = Facts { lines: words::of(&event, bundle, checkpoint), of: Of::Entry };
    let expected = match (&bundle.sealed, text(&event, "evidence_sha256")) {
        (Some(sealed), Some(hash)) => {
            let evidence = evidence(sealed, hash, &event, key.origin())?;
            facts.lines.extend(words::evidence(&evidence, &sealed.opened));
            Some(evidence.document_sha256)
        }
        (None, None) => text(&event, "paper_sha256").map(str::to_owned),
        _ => return Err(No(Field::Evidence, "The entry and the file disagree on whether there is evidence.")),
    };
    Ok(match compare(expected, document, facts)? {
        Verdict::Yes(facts) if *trusted == Trusted::Nothing => Verdict::KeyUnknown(facts, key.fingerprint()),
        other => other,
    })
}

fn compare(expected: Option<String>, document: Option<&[u8]>, mut facts: Facts) -> Result<Verdict, No> {
    match (expected, document) {
        (Some(hash), Some(bytes)) => {
            let is = hex(&sha256(&[bytes]));
            hold(is == hash, Field::Document, "The document is not the one that was recorded: its bytes differ.")?;
            facts.lines.push(("SHA-256 of the document".into(), is));
            facts.of = Of::Document;
            Ok(Verdict::Yes(facts))
        }
        (Some(_), None) => Ok(Verdict::DocumentMissing(facts)),
        (None, Some(_)) => Err(No(Field::Document, "This proof is of an event without a document.")),
        (None, None) => Ok(Verdict::Yes(facts)),
    }
}

fn event(bundle: &Bundle) -> Result<Value, No> {
    let payload: Option<Value> = serde_json::from_str(&bundle.payload).ok();
    payload.and_then(|payload| payload.get("event").cloned()).ok_or(No(Field::Payload, "What happened cannot be read."))
}

fn text<'a>(event: &'a Value, name: &str) -> Option<&'a str> {
    event.get(name).and_then(Value::as_str)
}

fn evidence(sealed: &Sealed, hash: &str, event: &Value, origin: Origin) -> Result<Evidence, No> {
    hold(
        hex(&Evidence::hash(&sealed.evidence, &sealed.key, &sealed.seal)) == hash,
        Field::Evidence,
        "It is not the evidence that was recorded when the document was signed.",
    )?;
    let evidence = Evidence::read(&sealed.evidence).ok_or(No(Field::Evidence, "It cannot be read."))?;
    let by = sealed.key.parse::<Key>().ok().filter(|key| key.origin() == origin);
    let sealed_by = by.is_some_and(|key| Evidence::sealed(&sealed.evidence, &key, &sealed.seal));
    hold(sealed_by, Field::Seal, "The shop's evidence key did not seal this evidence.")?;
    let same = text(event, "signature") == Some(&evidence.signature.to_string())
        && text(event, "document") == Some(&evidence.document.to_string());
    hold(same, Field::Evidence, "It is the evidence of another signature.")?;
    let consent = hex(&sha256(&[sealed.consent.as_bytes()])) == evidence.consent_sha256;
    hold(consent, Field::Consent, "It is not the text that was shown at the time.")?;
    opened(&sealed.opened, &evidence.committed)?;
    Ok(evidence)
}

fn opened(opened: &Secrets<Option<Opening>>, committed: &Committed) -> Result<(), No> {
    for (opening, commitment, field) in [
        (&opened.signer, &committed.signer, Field::Signer),
        (&opened.ip, &committed.ip, Field::Ip),
        (&opened.user_agent, &committed.user_agent, Field::UserAgent),
        (&opened.device_time, &committed.device_time, Field::DeviceTime),
        (&opened.witness, &committed.witness, Field::Witness),
    ] {
        let same = opening.as_ref().is_none_or(|opening| opening.commitment() == *commitment);
        hold(same, field, "It is not what was recorded when the document was signed.")?;
    }
    Ok(())
}
