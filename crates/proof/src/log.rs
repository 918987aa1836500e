//! A whole record, exported: one line of RFC 8785 JSON with the newest checkpoint, then one for each entry. Every byte of the
//! file is bound: lines have one spelling, entries follow from each other, and what stands beside an entry is hashed in it.

use crate::{
    checkpoint::Checkpoint,
    entry::{Entry, chain, genesis},
    hash::{Hash, base64, hex, sha256, unbase64},
    key::{Key, Origin},
    tree::{Frontier, leaf},
    verdict::{Facts, Field, Of, Verdict},
    verify::Trusted,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// Version of this form.
const VERSION: u32 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogHead {
    /// [`LogHead::new`] knows.
    shearline_log: u32,
    /// Whose record.
    pub shop: Uuid,
    /// When it began, in microseconds since 1970: part of the hash before the first entry.
    pub created_us: i64,
    /// How many entries follow.
    pub entries: u64,
    /// The shop's key, as the shop names it.
    pub key: String,
    /// The newest checkpoint; empty in a shop's first minutes.
    pub checkpoint: String,
}

/// One entry with what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogLine {
    /// Bytes of the entry in base 64.
    entry: String,
    /// Hash of the chain up to here.
    hash: String,
    /// What the entry says.
    payload: String,
    /// What is personal, and its salt in base 64; none when it was erased.
    beside: Option<(String, String)>,
}

impl LogHead {
    /// The first line of a log.
    #[must_use]
    pub const fn new(shop: Uuid, created_us: i64, entries: u64, key: String, checkpoint: String) -> Self {
        Self { shearline_log: VERSION, shop, created_us, entries, key, checkpoint }
    }

    /// As it is written, without the line's end.
    ///
    /// # Errors
    /// Only what the serializer says.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        written(self)
    }
}

impl LogLine {
    /// The line of an entry: its bytes, the chain's hash, its payload, salt and facts.
    #[must_use]
    pub fn new(entry: &[u8], hash: &[u8], payload: String, beside: Option<(Vec<u8>, String)>) -> Self {
        let beside = beside.map(|(salt, facts)| (base64(&salt), facts));
        Self { entry: base64(entry), hash: hex(hash), payload, beside }
    }

    /// As it is written, without the line's end.
    ///
    /// # Errors
    /// Only what the serializer says.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        written(self)
    }
}

fn written(of: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(String::from_utf8_lossy(&serde_jcs::to_vec(of)?).into_owned())
}

/// Reads a line; none when it is not the one spelling of it.
fn read<T: Serialize + DeserializeOwned>(line: &str) -> Option<T> {
    let read: T = serde_json::from_str(line).ok()?;
    (written(&read).ok()? == line).then_some(read)
}

/// A walk along an exported log, line by line: it never holds more than one.
pub struct LogCheck {
    head: LogHead,
    key: Key,
    checkpoint: Option<Checkpoint>,
    last: Hash,
    tree: Frontier,
    erased: u64,
}

fn no(field: Field, why: impl Into<String>) -> Verdict {
    Verdict::No { field, why: why.into() }
}

impl LogCheck {
    /// Whether a first line is one of an exported log.
    #[must_use]
    pub fn is_log(first: &str) -> bool {
        first.contains("\"shearline_log\":")
    }

    /// Begins with the first line.
    ///
    /// # Errors
    /// What differs.
    pub fn begin(first: &str) -> Result<Self, Verdict> {
        let head: LogHead =
            read(first).ok_or_else(|| no(Field::File, "The first line is not that of an exported audit trail."))?;
        if head.shearline_log != VERSION {
            return Err(no(Field::File, "This is a later form of export than this program knows."));
        }
        let origin = Origin(head.shop);
        let key: Key = head.key.parse().map_err(|_| no(Field::Key, "The key in the first line cannot be read."))?;
        if key.origin() != origin {
            return Err(no(Field::Key, "The key in the first line is another shop's."));
        }
        let checkpoint = match head.checkpoint.as_str() {
            "" => None,
            note => {
                let read = Checkpoint::read(note).ok().filter(|it| it.signed_by(&key) && it.note() == note);
                Some(read.ok_or_else(|| no(Field::Checkpoint, "The shop's key did not sign this checkpoint."))?)
            }
        };
        if checkpoint.as_ref().is_some_and(|it| it.size > head.entries) {
            return Err(no(Field::Position, "The checkpoint is of more entries than the file says it holds."));
        }
        let last = genesis(head.shop, head.created_us);
        Ok(Self { head, key, checkpoint, last, tree: Frontier::default(), erased: 0 })
    }

    /// One more line.
    ///
    /// # Errors
    /// What differs.
    pub fn line(&mut self, line: &str) -> Result<(), Verdict> {
        let seq = self.tree.size() + 1;
        let fault = |field, why: &str| no(field, format!("Entry {seq}: {why}"));
        let line: LogLine = read(line).ok_or_else(|| fault(Field::File, "the line cannot be read."))?;
        let bytes = unbase64(&line.entry).ok_or_else(|| fault(Field::Entry, "it cannot be read."))?;
        let entry = Entry::read(&bytes).ok_or_else(|| fault(Field::Entry, "it cannot be read."))?;
        if entry.shop != self.head.shop || entry.seq != seq {
            return Err(fault(Field::Position, "another entry stands in its place."));
        }
        if entry.payload != sha256(&[line.payload.as_bytes()]) {
            return Err(fault(Field::Payload, "what it says is not what it was written with."));
        }
        match &line.beside {
            None => self.erased += 1,
            Some((salt, facts)) => {
                let salt = unbase64(salt).ok_or_else(|| fault(Field::Entry, "its salt cannot be read."))?;
                if entry.commitment != sha256(&[&salt, facts.as_bytes()]) {
                    return Err(fault(Field::Entry, "its facts are not those it was written with."));
                }
            }
        }
        self.last = chain(&self.last, &bytes);
        if line.hash != hex(&self.last) {
            return Err(fault(Field::Entry, "its hash does not follow from it and the entries before."));
        }
        self.tree.push(leaf(&bytes));
        match &self.checkpoint {
            Some(it) if it.size == seq && it.root != self.tree.root() => {
                Err(no(Field::Checkpoint, format!("The first {seq} entries are not those the checkpoint was made of.")))
            }
            _ => Ok(()),
        }
    }

    /// The end of the file.
    #[must_use]
    pub fn end(self, trusted: &Trusted) -> Verdict {
        let there = self.tree.size();
        if there != self.head.entries {
            return no(Field::File, format!("The file ends after {there} of {} entries.", self.head.entries));
        }
        let bound = self.checkpoint.as_ref().map_or(0, |it| it.size);
        let mut facts = Facts { of: Of::Trail, ..Facts::default() };
        let mut tell = |label: &str, value: String| facts.lines.push((label.to_owned(), value));
        tell("Record", Origin(self.head.shop).to_string());
        tell("Entries", there.to_string());
        tell("Bound by the signed checkpoint", format!("the first {bound}"));
        if bound < there {
            tell("Signed by nobody", format!("the last {}", there - bound));
        }
        if self.erased > 0 {
            tell("Personal facts erased", format!("in {} entries", self.erased));
        }
        let fingerprint = self.key.fingerprint();
        tell("Key", fingerprint.clone());
        match trusted {
            // Before all else: a chain alone is made by anybody, and anybody knows the shop's public key.
            _ if bound < there => Verdict::Unsigned(facts, there - bound),
            Trusted::Nothing => Verdict::KeyUnknown(facts, fingerprint),
            known if known.is(&self.key) => Verdict::Yes(facts),
            _ => no(Field::Key, format!("It is signed by {fingerprint}, and not by the key you named.")),
        }
    }
}
