//! The archive of checkpoints: whether it protects against more than the database's own superuser.

use super::Report;
use crate::config::{ArchivePlace, Config};
use std::{fs, io, os::unix::fs::MetadataExt, path::Path};

/// Says where the archive is, and whether it shares the fate of the data.
pub(super) fn look(report: &mut Report, config: &Config) {
    let (what, at) = ("archive of checkpoints", &config.archive);
    let found = match at {
        ArchivePlace::Folder(folder) => apart(folder, &config.data),
        ArchivePlace::Bucket(_) => match crate::proof::open(at).map(|archive| archive.list("doctor")) {
            Ok(Ok(_)) => return report.ok(what, format!("{at}, kept {} years under object lock", crate::proof::YEARS)),
            Ok(Err(error)) => return report.problem(what, format!("{at}: {error}")),
            Err(error) => return report.problem(what, format!("{error:#}")),
        },
    };
    match found {
        Ok(true) => report.ok(what, format!("{at}, on a volume of its own")),
        Ok(false) => report.note(
            what,
            format!("{at} is on the volume of the data: whoever can change one can change the other. SHEARLINE_ARCHIVE names another place (docs/PROOF.md)"),
        ),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            report.note(what, format!("{at} is made with the first checkpoint"));
        }
        Err(error) => report.problem(what, format!("{at} cannot be read: {error}")),
    }
}

/// Whether two folders are on different volumes.
fn apart(archive: &Path, data: &Path) -> io::Result<bool> {
    Ok(fs::metadata(archive)?.dev() != fs::metadata(data)?.dev())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_are_told_apart() {
        let (here, memory) = (Path::new("/"), Path::new("/proc"));
        assert!(apart(memory, here).unwrap() && !apart(here, here).unwrap());
        assert_eq!(apart(Path::new("/nowhere"), here).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
