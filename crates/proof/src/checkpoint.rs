//! C2SP tlog-checkpoints: how many entries there were, and the root of the tree over them, signed.

use crate::{
    hash::{Hash, base64, hash_of, number},
    key::{Key, Origin, Signer},
    note,
    unreadable::Unreadable,
};

/// The largest note that is read: ours have some three hundred bytes, and every witness adds a hundred and fifty.
const LARGEST: usize = 16 * 1024;

/// A checkpoint that was read; [`Checkpoint::signed_by`] says whether to believe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose record.
    pub origin: Origin,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
    note: String,
}

impl Checkpoint {
    /// What is signed for a new one.
    #[must_use]
    pub fn text(origin: Origin, size: u64, root: &Hash) -> String {
        format!("{origin}\n{size}\n{}\n", base64(root))
    }

    /// A new one, from the signature of its text.
    #[must_use]
    pub fn signed(size: u64, root: Hash, key: &Key, signature: &[u8; 64]) -> Self {
        let text = Self::text(key.origin(), size, &root);
        Self { origin: key.origin(), size, root, note: note::signed(&text, key, signature) }
    }

    /// A new one, where the private key is at hand.
    #[must_use]
    pub fn sign(size: u64, root: Hash, signer: &Signer) -> Self {
        let key = signer.key();
        Self::signed(size, root, &key, &signer.sign(Self::text(key.origin(), size, &root).as_bytes()))
    }

    /// Reads one; its signature is not looked at yet.
    ///
    /// # Errors
    /// [`Unreadable::Checkpoint`].
    pub fn read(note: &str) -> Result<Self, Unreadable> {
        Self::parse(note).ok_or(Unreadable::Checkpoint)
    }

    fn parse(note: &str) -> Option<Self> {
        let (text, _) = (note.len() <= LARGEST).then(|| note::split(note)).flatten()?;
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        // We write no extension lines, and so we read none: nothing stands in a checkpoint that nobody checks.
        let read = Self { origin: origin.parse().ok()?, size: number(size)?, root: hash_of(root)?, note: note.into() };
        lines.next().is_none().then_some(read)
    }

    /// Whether this key signed it, and the record is that key's.
    #[must_use]
    pub fn signed_by(&self, key: &Key) -> bool {
        key.origin() == self.origin
            && note::split(&self.note).is_some_and(|(text, lines)| note::signed_by(text, lines, key))
    }

    /// As it is kept and handed on.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The root as people read it.
    #[must_use]
    pub fn root_text(&self) -> String {
        base64(&self.root)
    }
}
