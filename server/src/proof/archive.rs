//! The archive of checkpoints, outside the database: written once, never again.

use base64::{Engine, prelude::BASE64_STANDARD};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use store::audit::checkpoints::{Kept, Line};
use uuid::Uuid;

/// How the names of checkpoints end.
const ENDING: &str = ".checkpoint";

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
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && self.get(name)? == bytes => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn get(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(name))
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

/// The name of a checkpoint: its shop and size, so that no second one of that size can be put beside it.
fn name(shop: Uuid, size: i64) -> String {
    format!("{}/{size:020}{ENDING}", shop.hyphenated())
}

/// Puts a checkpoint: the key on the first line, then the signed note.
pub(super) fn keep(sink: &dyn WormSink, shop: Uuid, size: i64, kept: &Kept) -> io::Result<()> {
    sink.put(&name(shop, size), format!("{}\n{}", kept.key, kept.note).as_bytes())
}

/// The newest checkpoint of a shop, if there is one.
///
/// # Errors
/// An archive that cannot be read.
pub(super) fn newest(sink: &dyn WormSink, shop: Uuid) -> io::Result<Vec<Kept>> {
    let names = sink.list(&shop.hyphenated().to_string())?;
    names.iter().rev().find(|name| name.ends_with(ENDING)).map(|name| read(sink, name)).into_iter().collect()
}

fn read(sink: &dyn WormSink, name: &str) -> io::Result<Kept> {
    let text = String::from_utf8(sink.get(name)?).unwrap_or_default();
    let (key, note) = text.split_once('\n').unwrap_or_default();
    Ok(Kept { key: key.into(), note: note.into() })
}

/// The name of a stretch of the log itself.
fn segment(shop: Uuid, first: i64, last: i64) -> String {
    format!("{}/log/{first:020}-{last:020}.ndjson", shop.hyphenated())
}

/// Position of the last entry of a shop whose log is in the archive; 0 where there is none.
pub(super) fn logged(sink: &dyn WormSink, shop: Uuid) -> io::Result<i64> {
    let names = sink.list(&format!("{}/log", shop.hyphenated()))?;
    let end = |name: &String| name.strip_suffix(".ndjson")?.rsplit_once('-')?.1.parse().ok();
    Ok(names.iter().filter_map(end).max().unwrap_or(0))
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
    sink.put(&segment(shop, first.seq, last.seq), text.as_bytes())
}

/// All checkpoints of a shop. A file that cannot be read as one comes back as a checkpoint that does not hold.
///
/// # Errors
/// An archive that cannot be read.
pub fn archived(sink: &dyn WormSink, shop: Uuid) -> io::Result<Vec<Kept>> {
    let names = sink.list(&shop.hyphenated().to_string())?;
    names.iter().filter(|name| name.ends_with(ENDING)).map(|name| read(sink, name)).collect()
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
