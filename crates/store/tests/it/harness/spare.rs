//! A cluster of a test's own, to be killed and started again.

use super::cluster::{TestDb, alone_in};
use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

static SPARES: AtomicU32 = AtomicU32::new(0);

/// A PostgreSQL server in a folder that goes with it.
pub struct Spare {
    folder: PathBuf,
}

impl Spare {
    /// Makes and starts one. `settings` are lines of postgresql.conf.
    pub fn start(settings: &str) -> Self {
        let base = if Path::new("/var/tmp").is_dir() { "/var/tmp" } else { "/tmp" };
        let folder = PathBuf::from(base).join(format!(
            "shearline-spare-{}-{}",
            process::id(),
            SPARES.fetch_add(1, Ordering::Relaxed)
        ));
        fs::create_dir_all(folder.join("data")).expect("folder");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("mode");
        fs::set_permissions(folder.join("data"), fs::Permissions::from_mode(0o700)).expect("mode");
        if is_root() {
            assert!(Command::new("chown").args(["-R", "postgres:"]).arg(&folder).status().expect("chown").success());
        }
        let spare = Self { folder };
        spare.as_postgres("initdb", &["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        let conf = spare.data().join("postgresql.conf");
        let text = fs::read_to_string(&conf).expect("conf");
        let own = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nunix_socket_permissions = 0777\nfsync = off\nmax_connections = 60\nshared_buffers = 64MB\nautovacuum = off\n{settings}\n",
            spare.folder.display()
        );
        fs::write(&conf, text + &own).expect("conf");
        spare.up();
        spare
    }

    /// Starts it (again) and waits until it answers.
    pub fn up(&self) {
        let log = self.log().display().to_string();
        let deadline = Instant::now() + Duration::from_secs(60);
        // After a kill -9 the old backends need a moment to notice before the new postmaster may have the memory.
        while !self.try_as_postgres("pg_ctl", &["-w", "-t", "60", "-l", &log, "start"]) {
            assert!(
                Instant::now() < deadline,
                "the spare cluster does not start: {}",
                fs::read_to_string(self.log()).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// Stops it in good order; sessions are cut.
    pub fn down(&self) {
        self.as_postgres("pg_ctl", &["-w", "-m", "fast", "stop"]);
    }

    /// Kills the postmaster with signal 9, as a power cut would.
    pub fn kill(&self) {
        let pid = fs::read_to_string(self.data().join("postmaster.pid")).expect("pid file");
        let pid = pid.lines().next().expect("pid").to_owned();
        assert!(Command::new("kill").args(["-9", &pid]).status().expect("kill").success());
    }

    /// Its superuser's address.
    pub fn superuser(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.folder)
            .username("postgres")
            .database("postgres")
            .disable_statement_logging()
    }

    /// A migrated and peopled database in it.
    pub async fn people(&self) -> TestDb {
        alone_in(&self.superuser()).await
    }

    /// The server's log.
    pub fn log(&self) -> PathBuf {
        self.data().join("log")
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn as_postgres(&self, tool: &str, args: &[&str]) {
        assert!(self.try_as_postgres(tool, args), "{tool} {args:?} failed in {}", self.folder.display());
    }

    fn try_as_postgres(&self, tool: &str, args: &[&str]) -> bool {
        let tool = tools().join(tool);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(tool);
            command
        } else {
            Command::new(tool)
        };
        command.current_dir("/").env("PGDATA", self.data()).env("LC_ALL", "C.UTF-8").args(args);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        self.try_as_postgres("pg_ctl", &["-m", "immediate", "stop"]);
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The newest PostgreSQL's own tools, where Debian puts them.
fn tools() -> PathBuf {
    let mut found: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| {
            entries.flatten().map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").is_file()).collect()
        })
        .unwrap_or_default();
    found.sort_by_key(|bin: &PathBuf| {
        bin.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok())
    });
    found.pop().expect("PostgreSQL is not installed (make setup)")
}

/// Whether this process is root, which PostgreSQL refuses to run as.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}
