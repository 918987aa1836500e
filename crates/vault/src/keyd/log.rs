//! keyd's own log: a line for each opening, each bound to the one before by its hash. Names keys, records and people; never
//! a secret. Appended, flushed to disk before a revealed secret leaves, and read at each start.

use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// What was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningKind {
    /// What the shop works with.
    Open,
    /// A recorded reveal.
    Reveal,
    /// A recorded search.
    Find,
    /// The data key was wrapped anew.
    Rewrap,
    /// A signature.
    Sign,
    /// The shop's keys were put under a lock of its own, or taken out from under it.
    Own,
}

const KINDS: [(OpeningKind, &str); 6] = [
    (OpeningKind::Open, "open"),
    (OpeningKind::Reveal, "reveal"),
    (OpeningKind::Find, "find"),
    (OpeningKind::Rewrap, "rewrap"),
    (OpeningKind::Sign, "sign"),
    (OpeningKind::Own, "own"),
];

impl OpeningKind {
    fn word(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// Whether it counts as a reveal: against the quotas, and in the audit chain.
    #[must_use]
    pub fn is_reveal(self) -> bool {
        matches!(self, OpeningKind::Reveal | OpeningKind::Find)
    }
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// When, in seconds since 1970.
    pub at: i64,
    /// What for.
    pub kind: OpeningKind,
    /// Whose secret.
    pub shop: Uuid,
    /// For whom: a person, a worker's claim, nobody.
    pub actor: Uuid,
    /// The record's table; of a signature its purpose.
    pub table: String,
    /// The record.
    pub row: Uuid,
    /// Generation of the shop's key.
    pub key: i32,
    /// Number of the audit entry that records it; of a checkpoint that was signed, over how many entries; else 0.
    pub receipt: i64,
}

impl Opening {
    fn line(&self, seq: u64) -> String {
        let Opening { at, kind, shop, actor, table, row, key, receipt } = self;
        let table: String = table.chars().map(|c| if c.is_ascii_graphic() { c } else { '_' }).collect();
        format!("{seq} {at} {} {shop} {actor} {table} {row} {key} {receipt}", kind.word())
    }

    fn read(words: &[&str]) -> Option<(u64, Opening)> {
        let [seq, at, kind, shop, actor, table, row, key, receipt] = words else { return None };
        let kind = KINDS.iter().find(|(_, word)| word == kind)?.0;
        let opening = Opening {
            at: at.parse().ok()?,
            kind,
            shop: shop.parse().ok()?,
            actor: actor.parse().ok()?,
            table: (*table).to_owned(),
            row: row.parse().ok()?,
            key: key.parse().ok()?,
            receipt: receipt.parse().ok()?,
        };
        Some((seq.parse().ok()?, opening))
    }
}

/// Why the log is not used: then nothing is opened.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A line is not what was written.
    #[error(
        "the log of openings {path} was changed at line {line}; keep it for whoever looks into that, move it away, take a new one with `shearline audit accept openings`, and start again"
    )]
    Changed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
    },
    /// Lines that are on record elsewhere are not in it, or others in their place.
    #[error(
        "the log of openings {path} is not the one that was written: it does not lead to line {line}, which stands on record in the database. Put it back; if it is lost, `shearline audit accept openings` takes what is there, on the record of every shop"
    )]
    Behind {
        /// The file.
        path: PathBuf,
        /// The last line on record.
        line: u64,
    },
    /// It cannot be read or written.
    #[error("the log of openings {path} cannot be used: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

/// Where a log stands: the number of its last line, and that line's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number; 0 of an empty log.
    pub seq: u64,
    /// The hash.
    pub hash: [u8; 32],
}

/// The log, open for appending.
pub struct Log {
    file: File,
    head: Head,
}

impl Log {
    /// Opens or begins the log, and hands each line in it to `seen`. A last line that a fall of the machine cut short is
    /// taken off: its secret had not left.
    ///
    /// # Errors
    /// A line that was changed, put in or taken out.
    pub fn open(path: &Path, seen: impl FnMut(Opening)) -> Result<Log, LogError> {
        Self::open_past(path, None, seen)
    }

    /// As [`Log::open`], of a log that has to lead past this: where it stood when it was last written down elsewhere.
    ///
    /// # Errors
    /// As [`Log::open`], and one that does not.
    pub fn open_past(path: &Path, stood: Option<Head>, seen: impl FnMut(Opening)) -> Result<Log, LogError> {
        let failed = |source| LogError::Io { path: path.to_owned(), source };
        let file = OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(path).map_err(failed)?;
        let (head, whole) = read(&file, path, stood, seen)?;
        if file.metadata().map_err(failed)?.len() > whole {
            file.set_len(whole).and_then(|()| file.sync_all()).map_err(failed)?;
        }
        Ok(Log { file, head })
    }

    /// Reads a log without changing it.
    ///
    /// # Errors
    /// As for [`Log::open`].
    pub fn review(path: &Path, seen: impl FnMut(Opening)) -> Result<(), LogError> {
        Self::review_past(path, None, seen)
    }

    /// As [`Log::review`], of a log that has to lead past this.
    ///
    /// # Errors
    /// As for [`Log::open_past`].
    pub fn review_past(path: &Path, stood: Option<Head>, seen: impl FnMut(Opening)) -> Result<(), LogError> {
        let file = File::open(path).map_err(|source| LogError::Io { path: path.to_owned(), source })?;
        read(&file, path, stood, seen).map(drop)
    }

    /// Where it stands.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// Appends a line; on the disk when it returns, if it counts as a reveal.
    pub(super) fn append(&mut self, opening: &Opening) -> io::Result<()> {
        let line = opening.line(self.head.seq + 1);
        let hash = chained(&self.head.hash, &line);
        let before = self.file.metadata()?.len();
        let written = self
            .file
            .write_all(format!("{line} {}\n", hex(&hash)).as_bytes())
            .and_then(|()| if opening.kind.is_reveal() { self.file.sync_data() } else { Ok(()) });
        if written.is_err() {
            // A line half written would break the chain for what follows.
            self.file.set_len(before)?;
        }
        written?;
        self.head = Head { seq: self.head.seq + 1, hash };
        Ok(())
    }
}

/// Where it stands, and how many bytes are whole lines.
fn read(file: &File, path: &Path, stood: Option<Head>, mut seen: impl FnMut(Opening)) -> Result<(Head, u64), LogError> {
    let (mut head, mut whole) = (Head { seq: 0, hash: Sha256::digest(b"shearline-openings-v1").into() }, 0);
    let stood = stood.filter(|stood| stood.seq > 0);
    let behind = |stood: Head| LogError::Behind { path: path.into(), line: stood.seq };
    let mut lines = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line).map_err(|source| LogError::Io { path: path.into(), source })?;
        if line.pop() != Some(b'\n') {
            return match stood.filter(|stood| stood.seq > head.seq) {
                Some(stood) => Err(behind(stood)),
                None => Ok((head, whole)),
            };
        }
        let changed = || LogError::Changed { path: path.into(), line: head.seq + 1 };
        let text = std::str::from_utf8(&line).map_err(|_| changed())?;
        let (body, end) = text.rsplit_once(' ').ok_or_else(changed)?;
        let hash = chained(&head.hash, body);
        let (number, opening) = Opening::read(&body.split(' ').collect::<Vec<_>>()).ok_or_else(changed)?;
        if number != head.seq + 1 || end != hex(&hash) {
            return Err(changed());
        }
        (head, whole) = (Head { seq: number, hash }, whole + read as u64);
        if let Some(stood) = stood.filter(|stood| stood.seq == head.seq && stood.hash != head.hash) {
            return Err(behind(stood));
        }
        seen(opening);
    }
}

fn chained(before: &[u8; 32], line: &str) -> [u8; 32] {
    Sha256::new_with_prefix(before).chain_update(line).finalize().into()
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
