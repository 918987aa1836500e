//! From an entry to a file: the newest checkpoint, the path to it, and a look whether it holds.

use super::soon;
use crate::{Error, Result, Scope};
use proof::{Bundle, Checkpoint, Entry, Ground, Key, ProofFile, Sealed, Trusted, Verdict, verify};
use sqlx::query;

/// What is proved.
pub(super) struct Part {
    /// The entry's bytes.
    pub entry: Vec<u8>,
    /// Its position.
    pub seq: i64,
    /// What it says.
    pub payload: String,
    /// The evidence, where it is a signature's.
    pub sealed: Option<Sealed>,
}

/// The proof file.
pub(super) async fn file(tx: &mut impl Scope, part: Part) -> Result<String> {
    let newest =
        query!(r#"select size as "size!", key as "key!", note as "note!" from audit.newest_checkpoint($1)"#, part.seq);
    let newest = newest.fetch_optional(tx.conn()).await?.ok_or_else(soon)?;
    let ground = query!(
        r#"select roots as "roots!", near as "near!", tail as "tail!" from audit.path_ground($1, $2)"#,
        part.seq,
        newest.size
    );
    let ground = ground.fetch_one(tx.conn()).await?;
    let path = usize::try_from(part.seq - 1).ok().and_then(|index| {
        Ground::read(&ground.roots, &ground.near, &ground.tail).and_then(|ground| ground.path(index))
    });
    let key: Key = newest.key.parse().map_err(|_| fault("a checkpoint's key"))?;
    let file = ProofFile {
        bundle: Bundle {
            key: newest.key,
            entry: Entry::read(&part.entry).ok_or_else(|| fault("an entry"))?,
            payload: part.payload,
            sealed: part.sealed,
        },
        index: (part.seq - 1).cast_unsigned(),
        path: path.ok_or_else(|| fault("the tiles of a chain"))?,
        checkpoint: Checkpoint::read(&newest.note).map_err(|_| fault("a checkpoint"))?,
    };
    let text = file.to_text().map_err(|error| Error::Vault(error.to_string()))?;
    match verify(text.as_bytes(), None, &Trusted::Key(key)) {
        Verdict::Yes(_) | Verdict::DocumentMissing(_) => Ok(text),
        no => Err(Error::Vault(format!("a proof does not hold: {}", no.headline()))),
    }
}

fn fault(what: &str) -> Error {
    Error::Vault(format!("{what} cannot be read"))
}
