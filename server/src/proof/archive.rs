//! The archive of checkpoints, outside the database: written once, never again.

use ::proof::{Checkpoint, hex, sha256};
use base64::{Engine, prelude::BASE64_STANDARD};
use nix::{errno::Errno, fcntl::OFlag};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use store::audit::checkpoints::{Kept, Line};
use uuid::Uuid;

/// How the names of checkpoints end.
const ENDING: &str = ".checkpoint";
/// The most that is read of one file.
const MOST: u64 = 64 << 20;
/// How a file is opened that may be a stranger's: no link is followed, no pipe waited for.
const STRANGE: i32 = OFlag::O_NOFOLLOW.union(OFlag::O_NONBLOCK).bits();

/// A link where a file is expected is no file of ours.
fn kind_of(error: &io::Error) -> io::ErrorKind {
    if error.raw_os_error() == Some(Errno::ELOOP as i32) { io::ErrorKind::InvalidData } else { error.kind() }
}

/// Where something is put that must never change: write once, read many.
pub trait WormSink: Send + Sync {
    /// Puts bytes under a name. The same bytes again are no fault; other bytes under the same name are, and change nothing.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] for other bytes; whatever kept it from being written.
    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// What stands under a name.
    ///
    /// # Errors
    /// Whatever kept it from being read.
    fn get(&self, name: &str) -> io::Result<Vec<u8>>;

    /// Names below a folder, in order.
    ///
    /// # Errors
    /// Whatever kept it from being read.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;
}

/// A folder, best on a volume or machine of its own and, where the file system knows it, append-only (`chattr +a`).
pub struct Folder(PathBuf);

impl Folder {
    /// Opens the folder; it is made when something is put into it.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    fn made(&self, folder: &Path) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }
}

impl WormSink for Folder {
    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.0.join(name);
        let folder = path.parent().unwrap_or(&self.0);
        self.made(folder)?;
        match OpenOptions::new().write(true).create_new(true).mode(0o400).open(&path) {
            Ok(mut file) => {
                file.write_all(bytes)?;
                file.sync_all()?;
                File::open(folder)?.sync_all()
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match self.get(name) {
                Ok(there) if there == bytes => Ok(()),
                _ => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    fn get(&self, name: &str) -> io::Result<Vec<u8>> {
        // Strangers may have put anything here: a pipe would keep us waiting, a link lead us astray.
        let opened = OpenOptions::new().read(true).custom_flags(STRANGE).open(self.0.join(name));
        let file = opened.map_err(|error| io::Error::new(kind_of(&error), error))?;
        let about = file.metadata()?;
        if !about.is_file() || about.len() > MOST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is no file of ours"));
        }
        let mut bytes = Vec::new();
        file.take(MOST).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.0.join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names = Vec::new();
        for entry in entries {
            names.push(format!("{folder}/{}", entry?.file_name().to_string_lossy()));
        }
        names.sort();
        Ok(names)
    }
}

/// The name of a checkpoint: its shop and size, so that no second one of that size can be put beside it; `apart` only where a
/// stranger has taken that name.
fn name(shop: Uuid, size: i64, apart: &str) -> String {
    format!("{}/{size:020}{apart}{ENDING}", shop.hyphenated())
}

/// The size that a name tells, if it is one of ours.
fn size_in(name: &str) -> Option<i64> {
    let (size, apart) = name.rsplit_once('/')?.1.strip_suffix(ENDING)?.split_at_checked(20)?;
    let whole = size.bytes().all(|byte| byte.is_ascii_digit()) && (apart.is_empty() || apart.starts_with('-'));
    whole.then(|| size.parse().ok())?
}

/// What a name is made of where a stranger has taken the usual one.
fn mark(bytes: &[u8]) -> String {
    format!("-{}", &hex(&sha256(&[bytes]))[..16])
}

/// Puts a checkpoint: the key on the first line, then the signed note. A name that somebody took with something unsigned
/// keeps nobody from it; another checkpoint, signed, over as many entries does.
pub(super) fn keep(sink: &dyn WormSink, shop: Uuid, size: i64, kept: &Kept) -> io::Result<()> {
    let text = format!("{}\n{}", kept.key, kept.note);
    let usual = name(shop, size, "");
    match sink.put(&usual, text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            match (signed(sink, shop, &usual)?, kept.checkpoint(shop)) {
                // Signed anew, with a newer key.
                (Some((_, there)), Some(new)) if (there.size, there.root) == (new.size, new.root) => Ok(()),
                (Some(_), _) => Err(error),
                (None, _) => sink.put(&name(shop, size, &mark(text.as_bytes())), text.as_bytes()),
            }
        }
        other => other,
    }
}

/// The newest checkpoint of a shop, if there is one.
///
/// # Errors
/// An archive that cannot be read.
pub(super) fn newest(sink: &dyn WormSink, shop: Uuid) -> io::Result<Vec<Kept>> {
    for name in sink.list(&shop.hyphenated().to_string())?.iter().rev() {
        if let Some((kept, _)) = signed(sink, shop, name)? {
            return Ok(vec![kept]);
        }
    }
    Ok(Vec::new())
}

/// The checkpoint of that name. Nothing where it is a stranger's: not of our names, not to be read, or signed by nobody.
fn signed(sink: &dyn WormSink, shop: Uuid, name: &str) -> io::Result<Option<(Kept, Checkpoint)>> {
    let Some(size) = size_in(name) else {
        if name.ends_with(ENDING) {
            tracing::warn!(name, "a stranger's file lies in the archive of checkpoints");
        }
        return Ok(None);
    };
    let text = match sink.get(name) {
        Ok(bytes) => String::from_utf8(bytes).unwrap_or_default(),
        // Of this one alone; an archive that cannot be read as a whole says so otherwise.
        Err(error) if UNREADABLE.contains(&error.kind()) => String::new(),
        Err(error) => return Err(error),
    };
    let (key, note) = text.split_once('\n').unwrap_or_default();
    let kept = Kept { key: key.into(), note: note.into() };
    let checkpoint = kept.checkpoint(shop).filter(|checkpoint| checkpoint.size == size.cast_unsigned());
    if checkpoint.is_none() {
        tracing::warn!(name, "what lies in the archive of checkpoints is signed by nobody, and is passed over");
    }
    Ok(checkpoint.map(|checkpoint| (kept, checkpoint)))
}

/// Why one file cannot be read though the archive can.
const UNREADABLE: [io::ErrorKind; 4] =
    [io::ErrorKind::NotFound, io::ErrorKind::PermissionDenied, io::ErrorKind::IsADirectory, io::ErrorKind::InvalidData];

/// The name of a stretch of the log itself.
fn segment(shop: Uuid, first: i64, last: i64, apart: &str) -> String {
    format!("{}/log/{first:020}-{last:020}{apart}.ndjson", shop.hyphenated())
}

/// Position of the last entry of a shop whose log is in the archive, stretch after stretch; 0 where there is none.
pub(super) fn logged(sink: &dyn WormSink, shop: Uuid) -> io::Result<i64> {
    let names = sink.list(&format!("{}/log", shop.hyphenated()))?;
    let ends = |name: &String| {
        let (first, rest) = name.rsplit_once('/')?.1.strip_suffix(".ndjson")?.split_once('-')?;
        Some((first.parse::<i64>().ok()?, rest.split('-').next()?.parse::<i64>().ok()?))
    };
    let mut at = 0;
    for (first, last) in names.iter().filter_map(ends) {
        // What does not join on is a stranger's.
        if first == at + 1 && last >= first {
            at = last;
        }
    }
    Ok(at)
}

/// Puts a stretch of the log: a line for each entry, its bytes in base 64 and what it says.
pub(super) fn log(sink: &dyn WormSink, shop: Uuid, lines: &[Line]) -> io::Result<()> {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(()) };
    let mut text = String::new();
    for line in lines {
        let payload = String::from_utf8_lossy(&line.payload);
        let line =
            serde_json::json!({ "seq": line.seq, "entry": BASE64_STANDARD.encode(&line.entry), "payload": payload });
        text.push_str(&line.to_string());
        text.push('\n');
    }
    let usual = segment(shop, first.seq, last.seq, "");
    match sink.put(&usual, text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            sink.put(&segment(shop, first.seq, last.seq, &mark(text.as_bytes())), text.as_bytes())
        }
        other => other,
    }
}

/// All checkpoints of a shop. What a stranger put between them is passed over.
///
/// # Errors
/// An archive that cannot be read.
pub fn archived(sink: &dyn WormSink, shop: Uuid) -> io::Result<Vec<Kept>> {
    let names = sink.list(&shop.hyphenated().to_string())?;
    let all =
        names.iter().filter_map(|name| signed(sink, shop, name).map(|found| found.map(|(kept, _)| kept)).transpose());
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_archive_is_never_overwritten() {
        let folder = std::env::temp_dir().join(format!("shearline-archive-{}", Uuid::now_v7()));
        let sink = Folder::new(folder.clone());
        assert!(sink.list("a").unwrap().is_empty());
        sink.put("a/2", b"two").unwrap();
        sink.put("a/1", b"one").unwrap();
        sink.put("a/1", b"one").unwrap();
        assert_eq!(sink.put("a/1", b"other").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(
            (sink.list("a").unwrap(), sink.get("a/1").unwrap()),
            (vec!["a/1".into(), "a/2".into()], b"one".to_vec())
        );
        assert!(fs::metadata(folder.join("a/1")).unwrap().permissions().readonly());
        fs::remove_dir_all(folder).unwrap();
    }
}
