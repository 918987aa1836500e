//! keyd: the process that alone holds root and shop keys. `serve` has it watched over; it may as well be run by itself.
//!
//! Started by root it becomes a user of its own, whom nobody else is, before it reads a key. Its folder holds the root keys
//! (0400), its log, its lock and its socket.

pub mod guard;
pub mod keys;
mod memory;
pub mod own;
pub mod place;
pub mod root;
pub mod service;
pub mod token;
mod watch;

pub use guard::Guard;
pub use place::Place;
pub use root::Roots;

use crate::{config::Config, ground::read_roles, privileges};
use anyhow::{Context, Result, anyhow};
use ipnet::IpNet;
use nix::sys::{prctl, signal::Signal};
use service::RootKey;
use std::{
    fs,
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::{OpenOptionsExt, PermissionsExt, lchown},
    sync::Arc,
    time::Duration,
};
use store::{Roles, keyd::DbWitness};
use tokio::net::UnixListener;
use vault::{
    KeyFile, Vault,
    keyd::{Client, Keyd, Rules},
};

/// Everything that has to be done before the first thread and by whoever started us: the folder, the login, the user.
pub struct Ready {
    place: Place,
    root_key: RootKey,
    networks: Vec<IpNet>,
    roles: Roles,
    lock: File,
}

impl Ready {
    /// Makes the folder, reads the login, and becomes keyd's user for good.
    ///
    /// # Errors
    /// A folder that is somebody else's, a login that is not there, a keyd that runs already.
    pub fn make(config: &Config, watched: bool) -> Result<Self> {
        let place = config.keyd.clone();
        place.make()?;
        renew(config, &place)?;
        let roles = read_roles(config).context("keyd asks the database by a login of its own")?;
        memory::raise_limit();
        privileges::become_user(place.user, place.group)?;
        harden(watched)?;
        memory::lock();
        let lock = locked(&place)?;
        let (root_key, networks) = (config.root_key.clone(), config.webhook_networks.clone());
        Ok(Self { place, root_key, networks, roles, lock })
    }
}

/// No look into this memory, and no life after whoever watches.
fn harden(watched: bool) -> Result<()> {
    privileges::close_memory()?;
    if watched {
        prctl::set_pdeathsig(Signal::SIGKILL).context("this process would outlive its watcher")?;
    }
    Ok(())
}

pub(crate) fn locked(place: &Place) -> Result<File> {
    let path = place.folder.join("keyd.lock");
    let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
    let file = opened.with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(anyhow!("a keyd already runs in {}", place.folder.display())),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
    }
}

/// Answers until it is ended.
///
/// # Errors
/// A key file or a log that cannot be used.
pub async fn run(ready: Ready) -> Result<()> {
    let Ready { place, root_key, networks, roles, lock } = ready;
    let witness = DbWitness::open(&roles)?;
    let vault = Arc::new(Vault::new(keys(&place, root_key, &witness).await?.provider()));
    let stood = watch::stood(&witness).await;
    let rules = Rules { services: own::services(&networks)?, stood, ..rules() };
    let log = place.log();
    let keyd = match Keyd::new(vault, witness.clone(), &log, rules) {
        Ok(keyd) => keyd,
        Err(error) => return Err(watch::complained(&witness, error).await),
    };
    let listener = listen(&place)?;
    tracing::info!(folder = %place.folder.display(), "keyd answers");
    let answered = tokio::select! {
        answered = Arc::clone(&keyd).serve(listener, place.askers()) => answered.map_err(Into::into),
        fault = watch::run(&keyd, &witness, &log) => Err(fault),
    };
    drop(lock);
    answered
}

/// What may be opened, and what a search finds.
#[must_use]
pub fn rules() -> Rules {
    Rules {
        fits: |table, wanted, clear| table == "vault.bittings" && domain::bittings::fits(wanted, clear),
        ..Rules::default()
    }
}

/// Takes the root keys of an installation from before keyd, and makes a new one beside them, for what comes from now on.
fn renew(config: &Config, place: &Place) -> Result<()> {
    let (handed, path) = (config.handed_over(), place.root_key());
    if !handed.exists() {
        return Ok(());
    }
    if !path.exists() {
        KeyFile::renewed(&handed, &path).map_err(|error| anyhow!("{error}"))?;
        lchown(&path, Some(place.user), Some(place.group))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400))?;
    }
    fs::remove_file(&handed).with_context(|| format!("cannot remove {}", handed.display()))
}

/// The root keys: as they lie there, or made for an installation that has no shop yet.
async fn keys(place: &Place, root_key: RootKey, witness: &DbWitness) -> Result<Roots> {
    let path = place.root_key();
    if path.exists() {
        return Roots::open(place, &root_key);
    }
    loop {
        match witness.inhabited().await {
            Ok(false) => break,
            Ok(true) => {
                return Err(anyhow!(
                    "the root key is missing, though the database holds shops whose secrets only it opens. Put its backup back as {0} (chmod 400 {0}, owner {1}); nothing was changed",
                    path.display(),
                    place.user
                ));
            }
            Err(error) => {
                tracing::warn!(%error, "keyd waits for the database before it makes a root key");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
    let (at, service) = (path.clone(), root_key.service(place)?);
    let keys = tokio::task::spawn_blocking(move || Roots::create(&at, service)).await??;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400))?;
    Ok(keys)
}

/// The socket, for our group alone: who else may ask is decided at each connection.
fn listen(place: &Place) -> Result<UnixListener> {
    let socket = place.socket();
    let beside = socket.with_extension("new");
    let _ = fs::remove_file(&beside);
    let listener = UnixListener::bind(&beside).with_context(|| format!("cannot listen at {}", beside.display()))?;
    fs::set_permissions(&beside, fs::Permissions::from_mode(0o660))?;
    // Moved over the old one: there is no moment without a socket.
    fs::rename(&beside, &socket)?;
    Ok(listener)
}

/// Waits until keyd answers, for a while.
pub async fn answers(client: &Client, patience: Duration) -> bool {
    let until = std::time::Instant::now() + patience;
    loop {
        if client.ready().await.is_ok() {
            return true;
        }
        if std::time::Instant::now() >= until {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// As [`answers`], for those that cannot go on without.
///
/// # Errors
/// A keyd that does not answer.
pub async fn demand(config: &Config) -> Result<()> {
    let there = answers(&config.keyd.client(), Duration::from_secs(15)).await;
    there.then_some(()).context("keyd, the process that holds the keys, does not answer; its words stand above")
}

/// Moves the root key of an installation from before keyd: it goes on as the front key, and keyd is handed a copy, to make a
/// new root key beside it. Does nothing where there is none.
///
/// # Errors
/// A folder that cannot be written.
pub fn hand_over(config: &Config) -> Result<()> {
    let (old, front, handed) = (config.data.join("root.key"), config.front_key_file(), config.handed_over());
    if !old.exists() || front.exists() {
        return Ok(());
    }
    fs::copy(&old, &handed).with_context(|| format!("cannot hand the root key over as {}", handed.display()))?;
    fs::rename(&old, &front).with_context(|| format!("cannot make {} of the root key", front.display()))
}
