//! Why a text is no proof, checkpoint or key.

/// What could not be read, for whoever was handed the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not UTF-8, or larger than any proof.
    #[error("this is no text, or a very long one")]
    NotText,
    /// The first line is another.
    #[error("it does not begin as a proof file does")]
    NotAProof,
    /// What comes with the proof.
    #[error("what it says of the entry cannot be read")]
    Bundle,
    /// The position.
    #[error("the position in the record cannot be read")]
    Index,
    /// The path of hashes.
    #[error("the hashes that lead to the checkpoint cannot be read")]
    Path,
    /// The checkpoint.
    #[error("the checkpoint cannot be read")]
    Checkpoint,
    /// The entry.
    #[error("the entry cannot be read")]
    Entry,
    /// The key.
    #[error("this is not the key of a shop")]
    Key,
}
