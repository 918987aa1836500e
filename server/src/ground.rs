//! What every command stands on: settings, data folder, ordinary user, database, key.

use crate::{
    config::{Config, asked_data},
    keyd,
    lock::Serving,
    postgres::{Cluster, initialised},
    privileges::{self, Place},
    ranges::RangeServer,
};
use anyhow::{Context, Result, anyhow, bail, ensure};
use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
    sync::Arc,
};
use store::{Db, Roles, attachments::Files, bootstrap, front_door::breach::Breached};
use vault::{KeyFile, Vault};

/// Settings and data folder of a process that is still who it was started as.
pub struct Threshold {
    /// Checked settings.
    pub config: Arc<Config>,
    /// Where the data are and whom to become.
    pub place: Place,
}

impl Threshold {
    /// Decides on the data folder and reads the settings.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn find() -> Result<Self> {
        let (asked, explicit) = asked_data()?;
        let place = privileges::find(&asked, explicit)?;
        let config = Arc::new(Config::for_person(&place.data, place.person.as_ref())?);
        Ok(Self { config, place })
    }

    /// Makes the data folder, becomes the ordinary user and begins the log. Nothing that only root can read is within reach
    /// afterwards, and no thread may run before.
    ///
    /// # Errors
    /// A folder that cannot be used.
    pub fn cross(self) -> Result<Arc<Config>> {
        privileges::settle(&self.place)?;
        crate::logging::start(self.config.dev);
        if let Some(notice) = &self.place.notice {
            eprintln!("shearline: {notice}");
        }
        Ok(self.config)
    }
}

/// The database of these settings, with the private cluster running if it is that.
pub struct Ground {
    /// Checked settings.
    pub config: Arc<Config>,
    cluster: Option<Cluster>,
}

impl Ground {
    /// Starts the private cluster, or does nothing where `DATABASE_URL` names a database.
    ///
    /// # Errors
    /// A cluster that does not start.
    pub async fn open(config: Arc<Config>) -> Result<Self> {
        let cluster = match &config.database_url {
            Some(_) => None,
            None => {
                let data = config.data.clone();
                Some(tokio::task::spawn_blocking(move || Cluster::start(&data)).await??)
            }
        };
        Ok(Self { config, cluster })
    }

    /// As [`Ground::open`], for commands that only look: they make no cluster.
    ///
    /// # Errors
    /// A cluster that does not exist yet, or does not start.
    pub async fn visit(config: Arc<Config>) -> Result<Self> {
        let there = config.database_url.is_some() || initialised(&config.data.join("pg"));
        ensure!(there, "there is no database in {} yet: `shearline serve` makes one", config.data.display());
        Self::open(config).await
    }

    /// The private cluster ends with this server, even if another process started it.
    pub fn take_over(&mut self) {
        if let Some(cluster) = &mut self.cluster {
            cluster.take_over();
        }
    }

    /// Address of the login that may migrate.
    #[must_use]
    pub fn url(&self) -> String {
        match (&self.cluster, &self.config.database_url) {
            (Some(cluster), _) => cluster.url(None),
            (None, url) => url.clone().unwrap_or_default(),
        }
    }

    /// Brings roles and schema up to date, makes the front key the first time, and writes `roles.toml`.
    ///
    /// # Errors
    /// Whatever the database says; a front key that is missing though there are shops.
    pub async fn migrate(&self) -> Result<Roles> {
        keyd::hand_over(&self.config)?;
        let front = self.config.front_key_file();
        // Asked before anything changes: a fresh key would open nothing that is here, and seal what comes under another.
        // keyd looks after the root key in the same way.
        if !front.exists() && bootstrap::inhabited(&self.url()).await.context("the database cannot be read")? {
            bail!(
                "the front key is missing, though the database holds shops whose passwords and second steps need it. Put its backup back as {0} (chmod 600 {0}); nothing was changed",
                front.display()
            );
        }
        let mut roles = bootstrap::migrate(&self.url()).await.context("the database could not be migrated")?;
        if let Some(cluster) = &self.cluster {
            roles.database = cluster.address();
        }
        KeyFile::create_or_open(front).map_err(|error| anyhow!("{error}"))?;
        write_private(&self.config.roles_file(), &toml::to_string(&roles)?)?;
        Ok(roles)
    }

    /// The logins: freshly made where that is ours to do, else read from `roles.toml`.
    ///
    /// # Errors
    /// As [`Ground::migrate`] and [`read_roles`].
    pub async fn roles(&self, migrate: bool) -> Result<Roles> {
        if migrate || self.cluster.is_some() { self.migrate().await } else { read_roles(&self.config) }
    }

    /// Stops the private cluster if it is ours to stop. A guest that started it leaves it to a server that came meanwhile.
    ///
    /// # Errors
    /// What PostgreSQL said.
    pub async fn leave(mut self, held: Option<Serving>) -> Result<()> {
        let Some(mut cluster) = self.cluster.take() else { return Ok(()) };
        let lock = match held {
            Some(lock) => Some(lock),
            None => Serving::take(&self.config.data)?,
        };
        if lock.is_none() {
            cluster.leave_running();
        }
        // The lock goes last: the next server waits for a cluster that is down.
        tokio::task::spawn_blocking(move || cluster.stop().map(|()| drop(lock))).await?
    }
}

/// Opens pools and vault, and reads the list of leaked passwords where there is to be one: without it passwords would pass
/// that the operator meant to be refused.
///
/// # Errors
/// A key file that is missing, open to others or damaged; a list that is missing or not whole.
pub fn open_db(config: &Config, roles: &Roles) -> Result<Db> {
    // The message names its cause already.
    let key = KeyFile::open(config.front_key_file())
        .map_err(|error| anyhow!("{error}. Without the front key nobody can sign in; put its backup back"))?;
    let db = Db::open(roles, Vault::new(key))?
        .asking_keyd(config.keyd.client())
        .keeping(Files::within(config.data.join("files")));
    let db = match &config.breach_filter {
        Some(list) => db.without_leaked(Breached::load(list).context("SHEARLINE_BREACH_FILTER")?),
        None => db,
    };
    Ok(match &config.breach_ranges {
        Some(address) => db.asking(Arc::new(RangeServer::new(address.clone())?)),
        None => db,
    })
}

/// Reads the serving logins.
///
/// # Errors
/// A file that is missing, open to others, or damaged.
pub fn read_roles(config: &Config) -> Result<Roles> {
    let path = config.roles_file();
    let about = fs::metadata(&path)
        .with_context(|| format!("{} cannot be read: run `shearline migrate` with DATABASE_URL set", path.display()))?;
    ensure!(about.mode() & 0o077 == 0, "{0} can be read by others: chmod 600 {0}", path.display());
    // The cause would repeat the line, and with it a password.
    toml::from_str(&fs::read_to_string(&path)?)
        .ok()
        .with_context(|| format!("{} is damaged: run `shearline migrate`", path.display()))
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_private(path: &Path, content: &str) -> Result<()> {
    let beside = path.with_extension("new");
    let written =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside).and_then(|mut file| {
            file.write_all(content.as_bytes())?;
            file.sync_all()
        });
    written.and_then(|()| fs::rename(&beside, path)).with_context(|| format!("cannot write {}", path.display()))
}
