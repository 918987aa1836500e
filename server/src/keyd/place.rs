//! Where keyd keeps its keys and as whom it runs.

use crate::privileges::Person;
use anyhow::{Context, Result, ensure};
use nix::unistd::{AccessFlags, Uid, User, access, getegid, geteuid};
use std::{
    fs::{self, DirBuilder},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown},
    path::{Path, PathBuf},
};
use vault::keyd::Client;

/// The user an operator may make for keyd.
const NAME: &str = "shearline-keyd";
/// The number keyd takes where there is no such user: nobody's, so that nobody else reads what is its own.
const NUMBER: u32 = 59_417;
/// Longest path of a socket that is asked for; the kernel ends at 108 bytes.
const SOCKET_PATH: usize = 100;

/// Where and as whom.
#[derive(Clone, Debug)]
pub struct Place {
    /// keyd's folder.
    pub folder: PathBuf,
    /// keyd's user.
    pub user: u32,
    /// keyd's group: the web's, so that it reaches keyd's socket, and keyd the database's.
    pub group: u32,
    /// The web's user.
    pub web: u32,
}

impl Place {
    /// Decides for a data folder. `asked` is a folder of the operator's; `person` is whom the web becomes, when root starts it.
    #[must_use]
    pub fn find(data: &Path, asked: Option<PathBuf>, person: Option<&Person>) -> Self {
        let inside = data.join("keyd");
        let beside = PathBuf::from(format!("{}.keyd", data.display()));
        match person {
            // Within the web's own folder a user of its own would be none.
            Some(web) if asked.is_none() && inside.exists() => {
                Self { folder: inside, user: web.uid, group: web.gid, web: web.uid }
            }
            Some(web) => Self { folder: asked.unwrap_or(beside), user: own_user(), group: web.gid, web: web.uid },
            None => {
                // A copy of the data folder is to open nothing; inside only what is there from before, and where nothing may
                // be made beside it.
                let outside = |beside: &Path| beside.exists() || beside.parent().is_some_and(may_make_in);
                let usual = || if !inside.exists() && outside(&beside) { beside } else { inside };
                let folder = asked.unwrap_or_else(usual);
                let (me, group) = (geteuid().as_raw(), getegid().as_raw());
                let owner = fs::metadata(&folder).map_or(me, |about| about.uid());
                Self { folder, user: owner, group, web: me }
            }
        }
    }

    /// Makes the folder and gives it to keyd's user, as root; others make it for themselves.
    ///
    /// # Errors
    /// A folder that is somebody else's.
    pub fn make(&self) -> Result<()> {
        let folder = self.folder.as_path();
        match DirBuilder::new().mode(0o710).create(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                Err(error).with_context(|| format!("keyd's folder {} cannot be made", folder.display()))?;
            }
            _ => {}
        }
        let about = fs::symlink_metadata(folder)?;
        ensure!(about.is_dir(), "keyd's folder {} is a link; name the folder itself", folder.display());
        if geteuid().is_root() && self.user != 0 && about.uid() == 0 {
            for entry in fs::read_dir(folder)? {
                lchown(entry?.path(), Some(self.user), Some(self.group))?;
            }
            fs::set_permissions(folder, fs::Permissions::from_mode(0o710))?;
            lchown(folder, Some(self.user), Some(self.group))?;
        }
        let owner = fs::symlink_metadata(folder)?.uid();
        ensure!(
            owner == self.user,
            "keyd's folder {} belongs to user number {owner}, but keyd runs as number {}: chown -R {} {}",
            folder.display(),
            self.user,
            self.user,
            folder.display()
        );
        Ok(())
    }

    /// Whether keyd is a user of its own.
    #[must_use]
    pub const fn is_apart(&self) -> bool {
        self.user != self.web
    }

    /// The root keys.
    #[must_use]
    pub fn root_key(&self) -> PathBuf {
        self.folder.join("root.key")
    }

    /// The log of openings.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.folder.join("openings.log")
    }

    /// The socket: in the folder, or a short path where that would be too long for one.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        let near = self.folder.join("keyd.sock");
        if near.as_os_str().len() < SOCKET_PATH {
            return near;
        }
        PathBuf::from(format!("/tmp/shearline-keyd-{}.sock", crate::postgres::mark_of(&self.folder)))
    }

    /// Who may ask: the web.
    #[must_use]
    pub fn askers(&self) -> Vec<u32> {
        vec![self.web]
    }

    /// The web's end. It believes no socket but keyd's.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.socket(), vec![self.user])
    }
}

/// Whether we may make something in a folder, or make the folder first.
pub(crate) fn may_make_in(folder: &Path) -> bool {
    let there = folder.ancestors().find(|one| one.exists());
    there.is_some_and(|one| access(one, AccessFlags::W_OK | AccessFlags::X_OK).is_ok())
}

/// keyd's user: the operator's, or a number of nobody's.
fn own_user() -> u32 {
    let named = User::from_name(NAME).ok().flatten().map(|user| user.uid.as_raw());
    let free = |number: &u32| matches!(User::from_uid(Uid::from_raw(*number)), Ok(None));
    named.or_else(|| (NUMBER..NUMBER + 100).find(free)).unwrap_or(NUMBER)
}
