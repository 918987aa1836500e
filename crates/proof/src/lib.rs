//! What a shop recorded, provable without the shop: an RFC 6962 Merkle tree over the entries of its audit chain, signed
//! checkpoints of that tree (C2SP tlog-checkpoint), and files that prove one entry (C2SP tlog-proof).
//!
//! No files, no network, no clock: the server, the command line and the offline page in a browser run the same code.
//! [`verify`] is the whole of what somebody needs who was handed a document, a proof file and the shop's key.

#![forbid(unsafe_code)]

mod bundle;
mod checkpoint;
mod entry;
mod evidence;
mod file;
mod hash;
mod key;
mod log;
mod note;
mod path;
mod seal;
mod tiles;
mod tree;
mod unreadable;
mod verdict;
mod verify;

pub use bundle::{Bundle, Sealed};
pub use checkpoint::Checkpoint;
pub use entry::{Entry, chain, genesis};
pub use evidence::{Committed, Evidence, Opening, Secrets};
pub use file::{EXTENSION, ProofFile};
pub use hash::{Hash, hex, sha256};
pub use key::{Key, Origin, Signer};
pub use log::{LogCheck, LogHead, LogLine};
pub use path::{consistency, consistent, included, inclusion, root};
pub use tiles::{Ground, TILE};
pub use tree::{Frontier, leaf, node};
pub use unreadable::Unreadable;
pub use verdict::{Facts, Field, Of, Verdict};
pub use verify::{Trusted, verify};
