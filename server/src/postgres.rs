//! The private PostgreSQL in the data folder: made once, started with the server, stopped with it.
//!
//! It listens on a socket only, in a folder that only its owner can enter. A cluster that a killed server left running
//! is taken over as it is.

mod postmaster;
mod settings;

use anyhow::{Context, Result, bail, ensure};
use nix::unistd::{User, geteuid};
use postmaster::State;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, DirBuilder},
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// The superuser of the private cluster, reached by the operating system's word for who we are.
const SUPERUSER: &str = "postgres";

/// Longest path of the socket itself that we ask for; the kernel ends at 108 bytes.
const SOCKET_PATH: usize = 100;

/// How long a cluster may take to come up or go down: crash recovery included.
const PATIENCE: Duration = Duration::from_secs(300);

/// A running private cluster. Dropping it stops it, if it was started here.
#[derive(Debug)]
pub struct Cluster {
    bin: PathBuf,
    pg: PathBuf,
    run: PathBuf,
    ours: bool,
}

impl Cluster {
    /// Starts the cluster of a data folder, making it first if there is none, or takes over the one that runs.
    ///
    /// # Errors
    /// What PostgreSQL said, and where to look further.
    pub fn start(data: &Path) -> Result<Self> {
        let pg = data.join("pg");
        let bin = binaries(&pg)?;
        let until = Instant::now() + PATIENCE;
        loop {
            match postmaster::state(&pg)? {
                State::Ready { run } => return Ok(Self { bin, pg, run, ours: false }),
                State::Changing => ensure!(
                    Instant::now() < until,
                    "PostgreSQL in {} neither starts nor stops; look at {}/log",
                    pg.display(),
                    pg.display()
                ),
                State::Down => break,
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        // The data folder lets our group through where keyd is a user of its own.
        let shared = fs::metadata(data)?.mode() & 0o010 != 0;
        let run = run_folder(data, shared)?;
        if !initialised(&pg) {
            initialise(&bin, data, &pg)?;
        }
        settings::write(&pg, &run, &own_name()?, shared)?;
        let limit = PATIENCE.as_secs().to_string();
        tool(
            &bin,
            data,
            "pg_ctl",
            &["-D", &text(&pg)?, "-w", "-t", &limit, "-s", "-l", &text(&pg.join("start.log"))?, "start"],
        )
        .with_context(|| format!("the private PostgreSQL did not start: {}", postmaster::last_words(&pg)))?;
        Ok(Self { bin, pg, run, ours: true })
    }

    /// Whether this process started it.
    #[must_use]
    pub fn started_here(&self) -> bool {
        self.ours
    }

    /// From now on it stops with us, whoever started it.
    pub fn take_over(&mut self) {
        self.ours = true;
    }

    /// From now on it goes on without us.
    pub fn leave_running(&mut self) {
        self.ours = false;
    }

    /// Address of a database for a login that the operating system vouches for: the superuser when `login` is `None`.
    #[must_use]
    pub fn url(&self, login: Option<&str>) -> String {
        format!("{}&user={}", self.address(), login.unwrap_or(SUPERUSER))
    }

    /// Address without a login, for the serving logins.
    #[must_use]
    pub fn address(&self) -> String {
        format!("postgres:///shearline?host={}&port={}", encoded(&self.run), settings::PORT)
    }

    /// Stops it, if it is ours to stop. Connections still open are ended.
    ///
    /// # Errors
    /// What PostgreSQL said.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        if !std::mem::take(&mut self.ours) || matches!(postmaster::state(&self.pg)?, State::Down) {
            return Ok(());
        }
        let home = self.pg.parent().unwrap_or(&self.pg);
        tool(&self.bin, home, "pg_ctl", &["-D", &text(&self.pg)?, "-m", "fast", "-w", "-t", "60", "-s", "stop"])
            .context("the private PostgreSQL did not stop")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::error!(error = format!("{error:#}"), "the private PostgreSQL was left running");
        }
    }
}

/// Whether a data folder holds a finished cluster.
#[must_use]
pub fn initialised(pg: &Path) -> bool {
    pg.join("PG_VERSION").is_file()
}

/// A short name for a path, the same every time.
#[must_use]
pub fn mark_of(path: &Path) -> String {
    Sha256::digest(path.as_os_str().as_encoded_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The folder of PostgreSQL's programs: of the version that made the cluster, else the newest.
fn binaries(pg: &Path) -> Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            Some((entry.as_ref().ok()?.file_name().to_str()?.parse().ok()?, entry.ok()?.path().join("bin")))
        })
        .filter(|(_, bin): &(u32, PathBuf)| bin.join("initdb").is_file() && bin.join("pg_ctl").is_file())
        .collect();
    found.sort();
    let Ok(made_by) = fs::read_to_string(pg.join("PG_VERSION")) else {
        let (version, bin) =
            found.pop().context("PostgreSQL is not installed: apt-get install postgresql, or set DATABASE_URL")?;
        ensure!(version >= 15, "PostgreSQL {version} is too old: Shearline needs 15 or newer");
        return Ok(bin);
    };
    let made_by = made_by.trim();
    let fitting = found.into_iter().find(|(version, _)| version.to_string() == made_by);
    Ok(fitting
        .with_context(|| {
            format!(
                "{} was made by PostgreSQL {made_by}, which is not installed: apt-get install postgresql-{made_by}",
                pg.display()
            )
        })?
        .1)
}

/// Makes the cluster beside its place and moves it there: whole, or not at all.
fn initialise(bin: &Path, data: &Path, pg: &Path) -> Result<()> {
    let beside = data.join("pg.new");
    if beside.exists() {
        fs::remove_dir_all(&beside).with_context(|| format!("cannot remove {}", beside.display()))?;
    }
    tool(
        bin,
        data,
        "initdb",
        &["-D", &text(&beside)?, "-U", SUPERUSER, "-A", "peer", "-E", "UTF8", "--locale=C.UTF-8"],
    )
    .context("the private PostgreSQL could not be made")?;
    settings::include(&beside)?;
    fs::rename(&beside, pg).with_context(|| format!("cannot move {} into place", beside.display()))
}

/// The folder of the socket: in the data folder, or a short one where that path would be too long for a socket.
fn run_folder(data: &Path, shared: bool) -> Result<PathBuf> {
    let near = data.join("run");
    let fits = near.as_os_str().len() + settings::SOCKET.len() + 1 < SOCKET_PATH;
    let run = if fits { near } else { PathBuf::from(format!("/tmp/shearline-{}", mark_of(data))) };
    match DirBuilder::new().mode(0o700).create(&run) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("cannot make {}", run.display()))?
        }
        _ => {}
    }
    // In /tmp anybody can be first.
    let about = fs::symlink_metadata(&run)?;
    let safe = about.is_dir() && about.uid() == geteuid().as_raw() && about.mode() & 0o067 == 0;
    ensure!(safe, "{} is not a folder of ours alone (mode 0700); remove it and start again", run.display());
    fs::set_permissions(&run, fs::Permissions::from_mode(if shared { 0o710 } else { 0o700 }))?;
    Ok(run)
}

fn own_name() -> Result<String> {
    let user = User::from_uid(geteuid()).ok().flatten();
    Ok(user.with_context(|| format!("user number {} has no name on this machine, and PostgreSQL wants one; set DATABASE_URL, or add the user", geteuid()))?.name)
}

/// Runs one of PostgreSQL's programs, apart from our terminal and environment.
fn tool(bin: &Path, home: &Path, name: &str, args: &[&str]) -> Result<()> {
    let output = Command::new(bin.join(name))
        .args(args)
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C.UTF-8")])
        .env("HOME", home)
        .current_dir("/")
        // Ctrl-C is for us: we end PostgreSQL ourselves, in order.
        .process_group(0)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", bin.join(name).display()))?;
    if !output.status.success() {
        bail!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

fn text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).with_context(|| format!("SHEARLINE_DATA: {} is not UTF-8", path.display()))
}

/// A path inside an address.
fn encoded(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(|&byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests;
