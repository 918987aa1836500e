//! Signing: what is consented to, what the signer filled in, and what pages show of documents and signatures.

mod consent;
mod form;
mod work_order;
mod writer;

pub use consent::{CONSENT_TEXT, CONSENT_VERSION};
pub use form::{Mark, NewSignature, SignForm};
pub use work_order::{Authority, Charge, TITLE, WorkOrder};

pub(crate) use writer::Writer;

use crate::{
    audit::{Seen, Stamp},
    ids::*,
    jobs::SignerRole,
};
use serde::{Deserialize, Serialize};

/// A frozen document, as it is shown and signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Which.
    pub id: DocumentId,
    /// Counts up for each job.
    pub version: i32,
    /// The stored bytes: UTF-8 HTML.
    pub html: String,
    /// SHA-256 of them, 64 hexadecimal digits.
    pub sha256: String,
    /// When it was frozen, in the shop's zone.
    pub prepared: String,
}

/// A signature in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureRow {
    /// Which.
    pub id: SignatureId,
    /// Version of the document it stands under.
    pub version: i32,
    /// Whose, as written.
    pub name: String,
    /// As what.
    pub role: SignerRole,
    /// Drawn, or a typed name.
    pub drawn: bool,
    /// When, in the shop's zone.
    pub at: String,
}

/// The page on which a work order is signed in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignPage {
    /// The job.
    pub job: JobId,
    /// Its number.
    pub number: i64,
    /// Who it is for.
    pub client: String,
    /// Who asked, as a suggestion for the signer's name; may be empty.
    pub contact: String,
    /// Their address, as a suggestion for the copy; may be empty.
    pub email: String,
    /// The newest document; none before it is prepared for the first time.
    pub paper: Option<Paper>,
    /// Whether that document still says what the job says.
    pub current: bool,
    /// Who may still sign it, those the template demands first.
    pub open_roles: Vec<SignerRole>,
    /// Signatures under any version, newest first.
    pub signatures: Vec<SignatureRow>,
    /// False for a job that was called off or refused: nothing is signed for it.
    pub signable: bool,
}

/// Everything kept of one signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The signature itself.
    pub signature: SignatureRow,
    /// Its job.
    pub job: JobId,
    /// Its job's number.
    pub number: i64,
    /// Who the work was for.
    pub client: String,
    /// The document, as stored.
    pub paper: Paper,
    /// SHA-256 the signer was shown and sent back.
    pub signed_sha256: String,
    /// Whether the stored bytes still come to that hash.
    pub bytes_hold: bool,
    /// The strokes as SVG; none for a typed name.
    pub drawing: Option<String>,
    /// Canonical hash of the strokes; none for a typed name.
    pub strokes_sha256: Option<String>,
    /// Whether the opened strokes still come to that hash; none for a typed name.
    pub strokes_hold: Option<bool>,
    /// Whether the signer affirmed that the document could be opened and read; not asked of the first signatures.
    pub could_read: bool,
    /// When a copy was mailed, in the shop's zone; empty when none was.
    pub copy_at: String,
    /// To which address; empty for those who do not see it, and once it was forgotten.
    pub copy_to: String,
    /// Version of the consent text.
    pub consent_version: i32,
    /// The consent text as it was shown.
    pub consent_text: String,
    /// What the signer's own clock said; empty when it did not.
    pub device_time: String,
    /// Where from.
    pub ip: String,
    /// By what browser.
    pub user_agent: String,
    /// Who of the shop stood beside; none when it came by a portal link.
    pub witness: Option<String>,
    /// Position on the shop's chain; none when there is no such entry, which would be a fault.
    pub seq: Option<i64>,
    /// Hash of that entry, 64 hexadecimal digits.
    pub entry_hash: String,
    /// Whether a proof of it can be taken along: not of signatures from before evidence was sealed.
    pub provable: bool,
    /// The newest checkpoint of the shop's record.
    pub stamp: Option<Stamp>,
    /// Who opened it, the newest first.
    pub seen: Vec<Seen>,
}
