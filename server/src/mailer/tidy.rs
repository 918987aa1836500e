//! The hourly round of the post: what could not be sent, and letters that lie as files, go after thirty days.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use store::Db;

/// How often.
pub const EVERY: Duration = Duration::from_secs(3600);
/// How long a letter lies.
const KEPT: Duration = Duration::from_secs(30 * 86_400);

/// One round. What cannot be done is logged, and tried again an hour later.
pub async fn round(db: &Db, folder: PathBuf) {
    if let Err(error) = db.empty_failed_mail().await {
        tracing::warn!(%error, "letters that could not be sent were not emptied");
    }
    let swept = tokio::task::spawn_blocking(move || sweep(&folder, SystemTime::now())).await;
    match swept.unwrap_or_else(|error| Err(io::Error::other(error))) {
        Ok(0) => {}
        Ok(gone) => tracing::info!(gone, "letters that lay as files for thirty days were deleted"),
        Err(error) => tracing::warn!(%error, "letters that lie as files were not deleted"),
    }
}

/// Deletes letters of the folder that are older than thirty days; how many. Other files are nobody's business here.
fn sweep(folder: &Path, now: SystemTime) -> io::Result<usize> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut gone = 0;
    for entry in entries {
        let entry = entry?;
        let letter = entry.path().extension().is_some_and(|end| end == "eml") && entry.file_type()?.is_file();
        let age = now.duration_since(entry.metadata()?.modified()?).unwrap_or_default();
        if letter && age > KEPT {
            fs::remove_file(entry.path())?;
            gone += 1;
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_80_letters_that_lie_as_files_go_after_thirty_days() {
        let folder = std::env::temp_dir().join(format!("shearline-sweep-{}", uuid::Uuid::now_v7()));
        assert_eq!(sweep(&folder, SystemTime::now()).ok(), Some(0), "no folder, no letters");
        fs::create_dir(&folder).expect("a folder");
        for name in ["one.eml", "notes.txt"] {
            fs::write(folder.join(name), "x").expect("written");
        }
        let after = |days: u64| sweep(&folder, SystemTime::now() + Duration::from_secs(days * 86_400 + 60)).ok();
        assert_eq!((after(0), after(29)), (Some(0), Some(0)));
        assert_eq!(after(30), Some(1));
        assert!(!folder.join("one.eml").exists() && folder.join("notes.txt").exists());
        fs::remove_dir_all(&folder).expect("swept up");
    }
}
