//! Content-hashed files: what is named by its content never needs to be written or checked twice.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// First 12 hex digits of the SHA-256 over all parts: plenty to tell versions of one file apart.
pub fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Every file below `folder`, sorted, as paths relative to it; nothing if the folder is missing.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        if !dir.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&dir).with_context(|| dir.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(folder)?.to_path_buf());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The hashed folder of the site, and which of its files this build refers to.
pub struct Pkg {
    dir: PathBuf,
    kept: BTreeSet<String>,
}

impl Pkg {
    /// Opens (and makes) `pkg/` below the site folder.
    pub fn open(site: &Path) -> Result<Self> {
        let dir = site.join("pkg");
        fs::create_dir_all(&dir)?;
        Ok(Self { dir, kept: BTreeSet::new() })
    }

    /// Writes `bytes` as `stem.HASH.extension` and returns its path in URLs.
    pub fn put(&mut self, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
        let name = format!("{stem}.{}.{extension}", digest(&[bytes]));
        write_if_changed(&self.dir.join(&name), bytes)?;
        let url = format!("/pkg/{name}");
        self.kept.insert(name);
        Ok(url)
    }

    /// Writes a file under the name it has; for scripts that others import by relative path.
    pub fn put_named(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.dir.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.dir))?;
        write_if_changed(&path, bytes)?;
        self.kept.insert(name.to_owned());
        Ok(())
    }

    /// Full paths of the files this build refers to.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.kept.iter().map(|name| self.dir.join(name)).collect()
    }

    /// Removes what earlier builds left and this one does not refer to.
    pub fn sweep(&self) -> Result<()> {
        for file in below(&self.dir)? {
            let name = file.to_string_lossy().into_owned();
            let base = name.trim_end_matches(".br").trim_end_matches(".gz");
            if !self.kept.contains(base) {
                fs::remove_file(self.dir.join(&file))?;
            }
        }
        Ok(())
    }
}

/// Leaves an equal file alone, so that time stamps and compressed siblings stay good. Written beside and
/// renamed, so that a running server never reads half a file.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    for stale in ["br", "gz"] {
        let _ = fs::remove_file(sibling(path, stale));
    }
    let fresh = sibling(path, "new");
    fs::write(&fresh, bytes).with_context(|| fresh.display().to_string())?;
    fs::rename(&fresh, path).with_context(|| path.display().to_string())
}

/// `file.js` → `file.js.br`.
pub fn sibling(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    #[test]
    fn names_follow_content_and_borders_between_parts_count() {
        assert_eq!(digest(&[b"ab", b"c"]), digest(&[b"ab", b"c"]));
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }

    #[test]
    fn a_sweep_takes_what_an_earlier_build_left_and_nothing_else() {
        let site = scratch("sweep");
        let mut first = Pkg::open(&site).unwrap();
        let old = first.put("office", "js", b"one").unwrap();
        fs::write(site.join(format!("{}.br", &old[1..])), b"packed").unwrap();

        let mut second = Pkg::open(&site).unwrap();
        let new = second.put("office", "js", b"two").unwrap();
        fs::write(site.join(format!("{}.br", &new[1..])), b"packed").unwrap();
        second.put_named("snippets/a/inline0.js", b"three").unwrap();
        second.sweep().unwrap();

        let left: Vec<String> = below(&site).unwrap().iter().map(|file| format!("/{}", file.display())).collect();
        assert_eq!(left, [new.clone(), format!("{new}.br"), "/pkg/snippets/a/inline0.js".to_owned()]);
        fs::remove_dir_all(site).unwrap();
    }

    #[test]
    fn a_changed_file_loses_its_compressed_siblings() {
        let file = scratch("stale").join("robots.txt");
        write_if_changed(&file, b"one").unwrap();
        fs::write(sibling(&file, "br"), b"packed one").unwrap();
        write_if_changed(&file, b"one").unwrap();
        assert!(sibling(&file, "br").exists());
        write_if_changed(&file, b"two").unwrap();
        assert!(!sibling(&file, "br").exists());
    }
}
