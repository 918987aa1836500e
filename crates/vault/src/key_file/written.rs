//! Writing a key file: beside its place and then moved there, whole or not at all.

use super::KeyFileError;
use crate::aead;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Writes a new file; never over another.
pub(crate) fn create(path: &Path, content: &str) -> Result<(), KeyFileError> {
    let failed = |source| KeyFileError::Io { path: path.into(), source };
    let (beside, written) = beside(path, content, 0o600)?;
    let linked = written.and_then(|()| fs::hard_link(&beside, path));
    let removed = fs::remove_file(&beside);
    match linked {
        // Another process was first: its key is the key.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.exists() => {}
        other => other.and(removed).map_err(failed)?,
    }
    settled(path).map_err(failed)
}

/// Writes the file anew, with the mode it had.
pub(crate) fn replace(path: &Path, content: &str) -> Result<(), KeyFileError> {
    let failed = |source| KeyFileError::Io { path: path.into(), source };
    let mode = fs::metadata(path).map_err(failed)?.mode() & 0o777;
    let (beside, written) = beside(path, content, mode)?;
    if let Err(error) = written.and_then(|()| fs::rename(&beside, path)) {
        let _ = fs::remove_file(&beside);
        return Err(failed(error));
    }
    settled(path).map_err(failed)
}

/// A file beside that place, on the disk when it is written, and whether it was.
fn beside(path: &Path, content: &str, mode: u32) -> Result<(PathBuf, io::Result<()>), KeyFileError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", u64::from_be_bytes(aead::random()?)));
    let beside = PathBuf::from(beside);
    let written = OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside).and_then(|mut file| {
        file.write_all(content.as_bytes())?;
        file.sync_all()
    });
    Ok((beside, written))
}

/// The folder's list, on the disk.
fn settled(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
