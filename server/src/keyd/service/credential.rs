//! What keyd shows a key service. Read anew for each request, so that one that was replaced is simply used.

use anyhow::{Result, ensure};
use nix::{fcntl::OFlag, unistd::geteuid};
use std::{
    fmt, fs,
    fs::OpenOptions,
    io::Read,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use vault::{VaultError, Zeroizing};

/// The longest file that is read.
const MOST: u64 = 16 * 1024;

/// Where the credential is.
pub enum Credential {
    /// In a file that only this user, or root, or whoever runs us may read and own.
    File(PathBuf, u32),
    /// Out of keyd's own seals.
    Given(Zeroizing<String>),
}

/// A key and what signs with it, as AWS has them.
pub(super) struct AccessKey {
    pub id: String,
    pub secret: Zeroizing<String>,
    pub session: Option<Zeroizing<String>>,
}

impl Credential {
    /// The text of it.
    pub(in crate::keyd) fn read(&self) -> Result<Zeroizing<String>, VaultError> {
        match self {
            Self::File(path, owner) => text(path, *owner)
                .map_err(|words| VaultError::Provider(format!("the credential {}: {words}", path.display()))),
            Self::Given(text) => Ok(text.clone()),
        }
    }

    /// When and where its file was written: another one is another credential. Nothing of what is in it.
    pub(in crate::keyd) fn stamp(&self) -> String {
        let Self::File(path, _) = self else { return String::new() };
        fs::metadata(path).map_or_else(
            |_| String::new(),
            |about| format!("{}:{}:{}.{:09}", about.dev(), about.ino(), about.mtime(), about.mtime_nsec()),
        )
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, _) => f.debug_tuple("File").field(path).finish(),
            Self::Given(_) => f.write_str("Given(…)"),
        }
    }
}

fn text(path: &Path, owner: u32) -> Result<Zeroizing<String>, String> {
    let mut options = OpenOptions::new();
    // A pipe in its place must not keep us waiting.
    let file =
        options.read(true).custom_flags(OFlag::O_NONBLOCK.bits()).open(path).map_err(|error| error.to_string())?;
    let about = file.metadata().map_err(|error| error.to_string())?;
    let mode = about.mode() & 0o7777;
    if !about.is_file() {
        return Err("it is not an ordinary file".into());
    }
    if !matches!(mode, 0o400 | 0o600) {
        return Err(format!("it has mode {mode:04o}, and others could read it: chmod 400 {}", path.display()));
    }
    if ![owner, geteuid().as_raw(), 0].contains(&about.uid()) {
        return Err(format!("it belongs to user number {}, who is not keyd's", about.uid()));
    }
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(about.len().min(MOST)).unwrap_or(0) + 1));
    file.take(MOST).read_to_string(&mut text).map_err(|_| "it cannot be read as text".to_owned())?;
    Ok(text)
}

/// The file named by a setting, for what may be kept in files alone.
pub(super) fn path(setting: &str, text: &str) -> Result<PathBuf> {
    // The value may be the secret itself, put where its file's name belongs: it is never repeated.
    ensure!(
        text.starts_with('/') && !super::address::holds_secret(text),
        "{setting} must be the path of a file, beginning with /. If the secret itself was written there, put it into that file instead (mode 0400), and have the key service replace it"
    );
    Ok(fs::canonicalize(text).unwrap_or_else(|_| text.into()))
}

/// The token in a text: one line.
pub(super) fn token(text: &str) -> Result<Zeroizing<String>, VaultError> {
    let token = text.trim();
    let fits = (1..=4096).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(Zeroizing::new(token.to_owned()))
    } else {
        Err(VaultError::Denied("its credential is no token: one line of letters and digits".into()))
    }
}

/// The access key in a text: lines `aws_access_key_id = …` and `aws_secret_access_key = …`, as AWS's own file has them.
pub(super) fn access_key(text: &str) -> Result<AccessKey, VaultError> {
    let line = |name: &str| {
        let found = text.lines().filter_map(|line| line.split_once('=')).find(|(key, _)| key.trim() == name)?.1.trim();
        (!found.is_empty() && found.len() <= 4096 && found.bytes().all(|byte| byte.is_ascii_graphic()))
            .then(|| found.to_owned())
    };
    let words = || {
        VaultError::Denied(
            "its credential is no access key: it needs the lines aws_access_key_id = … and aws_secret_access_key = …"
                .into(),
        )
    };
    Ok(AccessKey {
        id: line("aws_access_key_id").ok_or_else(words)?,
        secret: line("aws_secret_access_key").map(Zeroizing::new).ok_or_else(words)?,
        session: line("aws_session_token").map(Zeroizing::new),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn row_46_a_credential_is_read_from_a_file_of_its_own_that_nobody_else_may_read() {
        let path = std::env::temp_dir().join(format!("shearline-credential-{}", std::process::id()));
        fs::write(&path, "hvs.CAESIJ\n").unwrap();
        for (mode, opens) in
            [(0o644, false), (0o640, false), (0o604, false), (0o600, true), (0o400, true), (0o4400, false)]
        {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let read = Credential::File(path.clone(), 0).read();
            assert_eq!(read.is_ok(), opens, "{mode:o}");
            if let Err(error) = read {
                assert!(error.to_string().contains("chmod 400") && !error.to_string().contains("CAESIJ"), "{error}");
            }
        }
        if geteuid().is_root() {
            std::os::unix::fs::chown(&path, Some(59_999), None).unwrap();
            assert!(Credential::File(path.clone(), 0).read().unwrap_err().to_string().contains("user number 59999"));
        }
        fs::remove_file(&path).unwrap();
        assert!(Credential::File(path, 0).read().is_err());
        assert!(Credential::File("/".into(), 0).read().unwrap_err().to_string().contains("ordinary file"));
        assert_eq!(format!("{:?}", Credential::Given(Zeroizing::new("hvs.CAESIJ".into()))), "Given(…)");
    }

    #[test]
    fn row_46_the_secret_in_place_of_its_file_is_refused_and_not_repeated() {
        for text in ["hvs.CAESIJ", "/hvs.CAESIJ", "relative", "s.1234"] {
            let words = super::path("SHEARLINE_ROOT_KEY_CREDENTIAL", text).unwrap_err().to_string();
            assert!(words.contains("SHEARLINE_ROOT_KEY_CREDENTIAL") && !words.contains(text), "{words}");
        }
        assert!(super::path("SHEARLINE_ROOT_KEY_CREDENTIAL", "/run/credentials/token").is_ok());
    }

    #[test]
    fn tokens_and_access_keys_are_read_and_nothing_else() {
        assert_eq!(token(" hvs.X \n").unwrap().as_str(), "hvs.X");
        for text in ["", "two words", "a\nb", "é"] {
            assert!(token(text).is_err(), "{text}");
        }
        let key = access_key("[default]\naws_access_key_id = AKIA1\naws_secret_access_key=a/b+c=\n").unwrap();
        assert_eq!((key.id.as_str(), key.secret.as_str(), key.session.is_none()), ("AKIA1", "a/b+c=", true));
        assert!(access_key("aws_access_key_id = AKIA1\n").is_err() && access_key("AKIA1 secret").is_err());
        assert!(
            access_key("aws_access_key_id=a\naws_secret_access_key=b\naws_session_token=c").unwrap().session.is_some()
        );
    }
}
