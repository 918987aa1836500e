//! The programs that are measured, started beside each other and ended with the driver.

use crate::http::{Line, request};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A running program and where it listens.
pub struct Running {
    child: Child,
    /// Where it listens.
    pub addr: SocketAddr,
}

impl Running {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A built program beside this one.
fn program(name: &str) -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    ensure!(path.exists(), "{} is not built: cargo build --release -p server -p bench", path.display());
    Ok(path)
}

/// Our binary with nothing set but where its database, data and assets are; what else it does are its defaults.
pub fn shearline(database: &str, data: &Path) -> Result<Command> {
    let mut command = Command::new(program("shearline")?);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SHEARLINE_")) {
        command.env_remove(name);
    }
    command.env("DATABASE_URL", database).env("SHEARLINE_DATA", data);
    if let Some(site) = std::env::var_os("SHEARLINE_SITE") {
        command.env("SHEARLINE_SITE", site);
    }
    Ok(command)
}

/// Serves one of the databases.
pub async fn serve(database: &str, data: &Path) -> Result<Running> {
    let addr = free()?;
    let mut command = shearline(database, data)?;
    // All load comes from one address.
    command.arg("serve").env("SHEARLINE_ADDR", addr.to_string()).env("SHEARLINE_REQUESTS_A_MINUTE", "100000000");
    start(command, addr, "/readyz", data).await
}

/// Serves the floor's pages.
pub async fn floor(url: &str, cap_url: &str, data: &Path) -> Result<Running> {
    let addr = free()?;
    let mut command = Command::new(program("floor")?);
    command.env("FLOOR_ADDR", addr.to_string()).env("FLOOR_URL", url).env("FLOOR_CAP_URL", cap_url);
    start(command, addr, "/render", data).await
}

fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Starts and waits for the first answer. What the program prints is kept in the data folder.
async fn start(mut command: Command, addr: SocketAddr, path: &str, data: &Path) -> Result<Running> {
    let log = data.join(format!("{}.log", addr.port()));
    let (out, err) = (File::create(&log)?, File::options().append(true).open(&log)?);
    let child = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn().context("cannot start")?;
    let mut running = Running { child, addr };
    let began = Instant::now();
    let asked = request("GET", path, "", "");
    loop {
        if let Ok(mut line) = Line::open(addr).await
            && let Ok(answer) = line.ask(&asked).await
            && answer.status == 200
        {
            return Ok(running);
        }
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        if let Some(status) = running.child.try_wait()? {
            bail!("ended with {status}:\n{}", said());
        }
        ensure!(began.elapsed() < Duration::from_secs(60), "did not answer in a minute:\n{}", said());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
