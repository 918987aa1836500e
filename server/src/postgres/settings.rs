//! Settings of the private cluster, written anew before each start: this version's, whatever made the cluster.

use anyhow::{Context, Result};
use std::{fs, io::Write, path::Path};
use store::bootstrap::SERVING;

/// Names the socket; nothing listens on a port.
pub(super) const PORT: u16 = 5432;

/// Name of the socket in its folder.
pub(super) const SOCKET: &str = ".s.PGSQL.5432";

/// Our file beside postgresql.conf.
const FILE: &str = "shearline.conf";

/// Makes a fresh cluster read our file.
pub(super) fn include(pg: &Path) -> Result<()> {
    let conf = pg.join("postgresql.conf");
    let appended = fs::OpenOptions::new()
        .append(true)
        .open(&conf)
        .and_then(|mut file| writeln!(file, "\ninclude_if_exists = '{FILE}'"));
    appended.with_context(|| format!("cannot write {}", conf.display()))
}

/// Writes all three files.
pub(super) fn write(pg: &Path, run: &Path, user: &str, shared: bool) -> Result<()> {
    for (name, content) in [(FILE, settings(run, shared)), ("pg_hba.conf", doors()), ("pg_ident.conf", names(user))] {
        let path = pg.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// `shared`: keyd is another user of our group, and comes in by a password as the others do.
fn settings(run: &Path, shared: bool) -> String {
    let mode = if shared { "0770" } else { "0700" };
    let run = run.display().to_string().replace('\'', "''");
    // A failed statement is not logged, nor the row it failed on: the one holds capabilities, the other personal data.
    format!(
        "# Written by Shearline at each start; put own settings into postgresql.conf after the include.
listen_addresses = ''
port = {PORT}
unix_socket_directories = '{run}'
unix_socket_permissions = {mode}
max_connections = 60
password_encryption = scram-sha-256
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_file_mode = 0600
log_statement = none
log_min_error_statement = panic
log_error_verbosity = terse
cluster_name = 'shearline'
"
    )
}

/// Who comes in by the operating system's word, who by password, and that nobody else does.
fn doors() -> String {
    format!(
        "# Written by Shearline at each start.
local all postgres,shearline_migrator,shearline_backup peer map=shearline
local all {} scram-sha-256
local all all reject
",
        SERVING.join(",")
    )
}

fn names(user: &str) -> String {
    let user = user.replace('"', "");
    ["postgres", "shearline_migrator", "shearline_backup"].map(|role| format!("shearline \"{user}\" {role}\n")).concat()
}
