//! Started as root: which ordinary user the server becomes, and where its data can lie so that this user reaches them.
//!
//! PostgreSQL refuses to run as root, and a web server should not. Everything that only root can read (assets in a
//! clone under /root, a port below 1024) is opened before.

use anyhow::{Context, Result, bail, ensure};
use nix::{
    sys::{
        prctl,
        resource::{Resource, setrlimit},
    },
    unistd::{Gid, Uid, User, setgid, setgroups, setuid},
};
use std::{
    fs::{self, DirBuilder, Metadata},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown},
    path::{Path, PathBuf},
};

/// Users the server may become, in order.
const CANDIDATES: [&str; 2] = ["postgres", "nobody"];

/// What may lie in a data folder; only these are ever handed over.
const OURS: [&str; 11] = [
    "pg",
    "pg.new",
    "run",
    "outbox",
    "files",
    "keyd",
    "root.key",
    "root.key.before",
    "front.key",
    "roles.toml",
    "serving.lock",
];

/// An ordinary user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Name in the user list.
    pub name: String,
    /// User number.
    pub uid: u32,
    /// Number of the main group. The others are given up: on Debian `postgres` may read TLS keys by one of them.
    pub gid: u32,
}

impl Person {
    fn from_user(user: &User) -> Self {
        Self { name: user.name.clone(), uid: user.uid.as_raw(), gid: user.gid.as_raw() }
    }

    /// Whether mode bits let this person through a folder.
    #[must_use]
    pub fn may_enter(&self, mode: u32, uid: u32, gid: u32) -> bool {
        let bit = match () {
            () if self.uid == uid => 0o100,
            () if self.gid == gid => 0o010,
            () => 0o001,
        };
        mode & bit != 0
    }
}

/// Where the data lie and as whom the server goes on.
#[derive(Debug)]
pub struct Place {
    /// The data folder, absolute.
    pub data: PathBuf,
    /// Whom to become; `None` when started as an ordinary user.
    pub person: Option<Person>,
    /// What to tell the operator: the data lie elsewhere than expected.
    pub notice: Option<String>,
}

/// What root finds, gathered so that the decision is a pure function.
#[derive(Clone, Debug)]
pub struct Situation {
    /// The data folder asked for, or the default one.
    pub data: PathBuf,
    /// Whether SHEARLINE_DATA was set.
    pub explicit: bool,
    /// The folder on the way to it that the person cannot enter.
    pub barred: Option<PathBuf>,
    /// A folder outside that can be used instead.
    pub outside: PathBuf,
}

/// Which folder to use, and what to say about it.
///
/// # Errors
/// A folder that was asked for and that the person cannot reach.
pub fn decide(person: &Person, found: &Situation) -> Result<(PathBuf, Option<String>)> {
    let Some(barred) = &found.barred else { return Ok((found.data.clone(), None)) };
    let (data, barred, name) = (found.data.display(), barred.display(), &person.name);
    if found.explicit {
        bail!(
            "SHEARLINE_DATA is {data}, but the server runs as `{name}`, who cannot enter {barred}. Choose a folder that `{name}` can reach, or open the way: chmod o+x {barred}"
        );
    }
    let outside = found.outside.display();
    Ok((
        found.outside.clone(),
        Some(format!(
            "`{name}`, as whom the server runs, cannot enter {barred}; the data are in {outside} (set SHEARLINE_DATA to choose)"
        )),
    ))
}

/// Finds the place: for an ordinary user the folder as asked for, for root as [`decide`] says.
///
/// # Errors
/// As [`decide`], and when no ordinary user exists.
pub fn find(data: &Path, explicit: bool) -> Result<Place> {
    if !Uid::effective().is_root() {
        return Ok(Place { data: data.to_owned(), person: None, notice: None });
    }
    let person = ordinary(data)?;
    let barred = barred(data, &person)?;
    // Looked for only when needed, for looking makes it.
    let outside = if barred.is_some() && !explicit { outside(data) } else { PathBuf::new() };
    let found = Situation { data: data.to_owned(), explicit, barred, outside };
    let (data, notice) = decide(&person, &found)?;
    Ok(Place { data, person: Some(person), notice })
}

/// Makes the data folder, for its owner alone, and hands it over; then becomes the person, for good.
///
/// # Errors
/// A folder that cannot be made, or that is somebody else's; a kernel that refuses.
pub fn settle(place: &Place) -> Result<()> {
    let data = place.data.as_path();
    make(data).with_context(|| format!("SHEARLINE_DATA: cannot make {}", data.display()))?;
    if let Some(person) = &place.person {
        hand_over(data, person)?;
    }
    let beside = made_beside(place)?;
    step_down(place)?;
    if let Some(folder) = beside {
        moved(&data.join("front.key"), &folder.join("front.key"))?;
    }
    if place.person.is_some() {
        // keyd is of our group, and passes through to the database's socket.
        fs::set_permissions(data, fs::Permissions::from_mode(0o710))?;
    }
    Ok(())
}

/// Becomes the person, for good, and leaves the data folder as it is.
///
/// # Errors
/// A kernel that refuses.
pub fn step_down(place: &Place) -> Result<()> {
    let Some(person) = &place.person else { return Ok(()) };
    become_user(person.uid, person.gid).with_context(|| format!("cannot become the user `{}`", person.name))
}

/// Becomes that user, of that group alone, for good. Whoever is that user already stays as they are.
///
/// # Errors
/// A kernel that refuses.
pub fn become_user(uid: u32, gid: u32) -> Result<()> {
    let (user, group) = (Uid::from_raw(uid), Gid::from_raw(gid));
    if Uid::effective() == user {
        return Ok(());
    }
    let become_it = || {
        setgroups(&[group])?;
        setgid(group)?;
        setuid(user)
    };
    become_it().with_context(|| format!("cannot become the user number {uid}"))?;
    ensure!(setuid(Uid::from_raw(0)).is_err(), "still root after becoming the user number {uid}");
    // The working folder may be one that only root can enter; nothing below relies on it.
    std::env::set_current_dir("/").context("cannot go to /")
}

/// No core of this process, nor of those it starts, and no look into its memory by others of the same user: keys stay in
/// it, or what was revealed passes through.
///
/// # Errors
/// A kernel that refuses.
pub fn close_memory() -> Result<()> {
    setrlimit(Resource::RLIMIT_CORE, 0, 0).context("core dumps cannot be switched off")?;
    prctl::set_dumpable(false).context("this process cannot be closed to others")
}

/// The web's folder beside the data, for its key: theirs alone. None where we may not make one.
fn made_beside(place: &Place) -> Result<Option<PathBuf>> {
    let folder = PathBuf::from(format!("{}.web", place.data.display()));
    match DirBuilder::new().mode(0o700).create(&folder) {
        Ok(()) => {
            if let Some(person) = &place.person {
                lchown(&folder, Some(person.uid), Some(person.gid))?;
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(_) => return Ok(None),
    }
    let about = fs::symlink_metadata(&folder)?;
    let owner = place.person.as_ref().map_or_else(|| Uid::effective().as_raw(), |person| person.uid);
    ensure!(
        about.is_dir() && about.uid() == owner && about.mode() & 0o077 == 0,
        "{0} must be a folder of user number {owner} alone: it holds the front key (chown {owner} {0}; chmod 700 {0})",
        folder.display()
    );
    Ok(Some(folder))
}

/// Moves a key out of the data folder, whole or not at all. One that is there already is never written over.
fn moved(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() || to.exists() {
        return Ok(());
    }
    fs::rename(from, to).with_context(|| format!("cannot move {} to {}", from.display(), to.display()))?;
    eprintln!("shearline: the front key is now {}, apart from the data: take it into its backup", to.display());
    Ok(())
}

fn make(data: &Path) -> std::io::Result<()> {
    if let Some(parent) = data.parent() {
        DirBuilder::new().recursive(true).mode(0o755).create(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(data) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && data.is_dir() => Ok(()),
        other => other,
    }
}

/// Gives a folder of root's to the person. A folder that is theirs already is left alone: nothing in it can be trusted
/// by root, least of all its links.
fn hand_over(data: &Path, person: &Person) -> Result<()> {
    let about = fs::symlink_metadata(data)?;
    ensure!(about.is_dir(), "SHEARLINE_DATA: {} is a link; name the folder itself", data.display());
    if about.uid() == person.uid {
        return Ok(());
    }
    ensure!(
        about.uid() == 0,
        "SHEARLINE_DATA: {} belongs to user number {}, not to `{}`",
        data.display(),
        about.uid(),
        person.name
    );
    let strange = fs::read_dir(data)?.filter_map(Result::ok).find(|entry| {
        let name = entry.file_name();
        name != crate::config::FILE && !OURS.iter().any(|ours| name == **ours)
    });
    if let Some(entry) = strange {
        bail!(
            "SHEARLINE_DATA: {} holds {}, which is not Shearline's; name a folder of its own",
            data.display(),
            entry.file_name().display()
        );
    }
    for name in OURS {
        give(&data.join(name), person)?;
    }
    fs::set_permissions(data, fs::Permissions::from_mode(0o700))?;
    lchown(data, Some(person.uid), Some(person.gid))
        .with_context(|| format!("SHEARLINE_DATA: cannot give {} to `{}`", data.display(), person.name))
}

fn give(path: &Path, person: &Person) -> Result<()> {
    let Ok(about) = fs::symlink_metadata(path) else { return Ok(()) };
    if about.is_dir() {
        for entry in fs::read_dir(path)? {
            give(&entry?.path(), person)?;
        }
    }
    lchown(path, Some(person.uid), Some(person.gid))
        .with_context(|| format!("cannot give {} to `{}`", path.display(), person.name))
}

/// The owner of an existing data folder, else the first candidate this machine has.
fn ordinary(data: &Path) -> Result<Person> {
    let owner = fs::symlink_metadata(data).ok().map(|about| about.uid()).filter(|uid| *uid != 0);
    if let Some(user) = owner.and_then(|uid| User::from_uid(Uid::from_raw(uid)).ok().flatten()) {
        return Ok(Person::from_user(&user));
    }
    let user =
        CANDIDATES.iter().find_map(|name| User::from_name(name).ok().flatten().filter(|user| !user.uid.is_root()));
    let user = user.context(
        "started as root, but there is neither a user `postgres` nor `nobody` to become; start as an ordinary user",
    )?;
    Ok(Person::from_user(&user))
}

/// The first folder on the way that the person cannot enter. What does not exist yet is made later, enterable.
fn barred(data: &Path, person: &Person) -> Result<Option<PathBuf>> {
    let Some(there) = data.parent().and_then(|parent| parent.ancestors().find(|path| path.exists())) else {
        return Ok(None);
    };
    let there = there.canonicalize().with_context(|| format!("SHEARLINE_DATA: cannot read {}", there.display()))?;
    let mut way: Vec<&Path> = there.ancestors().collect();
    way.reverse();
    for folder in way {
        let about: Metadata = fs::metadata(folder)?;
        if !about.is_dir() || !person.may_enter(about.mode(), about.uid(), about.gid()) {
            return Ok(Some(folder.to_owned()));
        }
    }
    Ok(None)
}

/// A folder any user can reach: the system's place for such data, or one in /var/tmp named after the folder asked for.
fn outside(data: &Path) -> PathBuf {
    let place = Path::new("/var/lib/shearline");
    if DirBuilder::new().recursive(true).mode(0o755).create(place).is_ok() {
        return place.join("data");
    }
    PathBuf::from(format!("/var/tmp/shearline-{}", crate::postgres::mark_of(data)))
}

#[cfg(test)]
mod tests;
