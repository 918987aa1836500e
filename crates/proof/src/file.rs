//! Proof files: C2SP tlog-proof@v1.

use crate::{
    bundle::Bundle,
    checkpoint::Checkpoint,
    hash::{Hash, base64, hash_of, number, unbase64},
    unreadable::Unreadable,
};
use std::fmt::Write;

/// How a proof file's name ends.
pub const EXTENSION: &str = "tlog-proof";

const FIRST: &str = "c2sp.org/tlog-proof@v1";

/// The largest file that is read.
const LARGEST: usize = 1024 * 1024;

/// More hashes than any tree of ours is high.
const HIGHEST: usize = 64;

/// A proof, read but not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFile {
    /// What is proved.
    pub bundle: Bundle,
    /// Position of the entry in the tree, from zero.
    pub index: u64,
    /// From the entry's sibling to the root's child.
    pub path: Vec<Hash>,
    /// The checkpoint the path leads to.
    pub checkpoint: Checkpoint,
}

impl ProofFile {
    /// The file's text.
    ///
    /// # Errors
    /// Only what the serializer says.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut text = format!("{FIRST}\nextra {}\nindex {}\n", base64(&self.bundle.to_bytes()?), self.index);
        for hash in &self.path {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "{}", base64(hash));
        }
        text.push('\n');
        text.push_str(self.checkpoint.note());
        Ok(text)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Which part cannot be read.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LARGEST).ok_or(Unreadable::NotText)?;
        let rest = text.strip_prefix(FIRST).and_then(|rest| rest.strip_prefix('\n')).ok_or(Unreadable::NotAProof)?;
        let (head, note) = rest.split_once("\n\n").ok_or(Unreadable::Checkpoint)?;
        let mut lines = head.split('\n');
        let extra = lines.next().and_then(|line| line.strip_prefix("extra ")).and_then(unbase64);
        let bundle = extra.and_then(|bytes| Bundle::read(&bytes)).ok_or(Unreadable::Bundle)?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(number);
        let path: Option<Vec<Hash>> = lines.map(hash_of).collect();
        Ok(Self {
            bundle,
            index: index.ok_or(Unreadable::Index)?,
            path: path.filter(|path| path.len() <= HIGHEST).ok_or(Unreadable::Path)?,
            checkpoint: Checkpoint::read(note)?,
        })
    }
}
