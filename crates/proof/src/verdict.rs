//! What a reader is told: yes, or which field differs.

use std::fmt;

/// A part of what is proved, in the words of whoever has to understand it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The file as a whole.
    File,
    /// The key.
    Key,
    /// The signature under the checkpoint.
    Checkpoint,
    /// Where the entry stands.
    Position,
    /// The entry, or its place in the record.
    Entry,
    /// What happened.
    Payload,
    /// The evidence of the signature.
    Evidence,
    /// The seal under it.
    Seal,
    /// The consent that was shown.
    Consent,
    /// The name that was signed with.
    Signer,
    /// Network address.
    Ip,
    /// Browser.
    UserAgent,
    /// The signer's clock.
    DeviceTime,
    /// Who stood beside.
    Witness,
    /// The document itself.
    Document,
}

impl Field {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::File => "the proof file",
            Self::Key => "the shop's key",
            Self::Checkpoint => "the signature under the checkpoint",
            Self::Position => "the position in the shop's record",
            Self::Entry => "the entry in the shop's record",
            Self::Payload => "what the entry says",
            Self::Evidence => "the evidence of the signature",
            Self::Seal => "the seal under the evidence",
            Self::Consent => "the text the signer consented to",
            Self::Signer => "the signer's name",
            Self::Ip => "the network address",
            Self::UserAgent => "the browser",
            Self::DeviceTime => "the time on the signer's device",
            Self::Witness => "the person who stood beside",
            Self::Document => "the document",
        }
    }
}

/// What a proof that holds shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Label and value of each, in the order they are to be read.
    pub lines: Vec<(String, String)>,
    /// What was checked.
    pub of: Of,
}

/// What was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Of {
    /// One entry.
    #[default]
    Entry,
    /// One entry, and the bytes of the document it is about.
    Document,
    /// A whole audit trail.
    Trail,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything agrees.
    Yes(Facts),
    /// Everything agrees as far as it goes, but the entry is of a document, and none was given.
    DocumentMissing(Facts),
    /// Everything agrees, but no signature covers the last so many entries: whoever made the file may have invented them.
    Unsigned(Facts, u64),
    /// Everything agrees, if this is the fingerprint of the shop's key: the reader named no key.
    KeyUnknown(Facts, String),
    /// Something differs.
    No {
        /// What.
        field: Field,
        /// Why, as a sentence.
        why: String,
    },
}

impl Verdict {
    /// Whether everything agrees and nothing is missing.
    #[must_use]
    pub const fn is_yes(&self) -> bool {
        matches!(self, Self::Yes(_))
    }

    /// The answer in one sentence.
    #[must_use]
    pub fn headline(&self) -> String {
        match self {
            Self::Yes(facts) => match facts.of {
                Of::Entry => "Yes. This entry stands in the shop's record as it says.".into(),
                Of::Document => "Yes. This document is, byte for byte, the one in the shop's record.".into(),
                Of::Trail => "Yes. This is the shop's record, whole and unchanged.".into(),
            },
            Self::Unsigned(_, last) => format!(
                "Not complete. No signature of the shop covers the last {last} entries: whoever made this file may have written them. Have the trail exported anew."
            ),
            Self::KeyUnknown(_, fingerprint) => format!(
                "It holds, if this is the shop's key: {fingerprint}. Compare it with the foot of an invoice or work order that you had from the shop before."
            ),
            Self::DocumentMissing(_) => {
                "Not complete. The entry stands in the shop's record; add the document to know whether it is the same."
                    .into()
            }
            Self::No { field, .. } => format!("No. What differs: {}.", field.words()),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.headline())?;
        match self {
            Self::No { why, .. } => writeln!(f, "{why}"),
            Self::Yes(facts) | Self::Unsigned(facts, _) | Self::KeyUnknown(facts, _) | Self::DocumentMissing(facts) => {
                facts.lines.iter().try_for_each(|(label, value)| writeln!(f, "  {label}: {value}"))
            }
        }
    }
}
