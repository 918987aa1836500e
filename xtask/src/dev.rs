//! The development loop: look for changes, rebuild, restart the server. Polling, so it works on any file system.

use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::assets::{Mode, build};
use crate::files::below;
use crate::places::{Places, run};

const SOURCES: [&str; 7] = ["app", "crates", "frontend", "migrations", "public", "server", "style"];
const EVERY: Duration = Duration::from_millis(400);

/// Runs until interrupted. A failed build leaves the old server running and says what is wrong.
pub fn watch(places: &Places) -> Result<()> {
    let mut server: Option<Child> = None;
    let mut built = None;
    loop {
        let now = newest(places);
        if built != Some(now) {
            built = Some(now);
            match rebuild(places) {
                Ok(()) => {
                    stop(&mut server)?;
                    server = Some(start(places)?);
                }
                Err(error) => eprintln!("dev: {error:#}"),
            }
        }
        sleep(EVERY);
    }
}

/// Count and latest change of the sources: a deleted file changes the count.
fn newest(places: &Places) -> (usize, SystemTime) {
    let mut count = 0;
    let mut latest = SystemTime::UNIX_EPOCH;
    let mut see = |path: &Path| {
        count += 1;
        if let Ok(changed) = path.metadata().and_then(|data| data.modified()) {
            latest = latest.max(changed);
        }
    };
    for folder in SOURCES.map(|name| places.root.join(name)) {
        // A folder that vanishes while we look will be seen at the next look.
        for file in below(&folder).unwrap_or_default() {
            see(&folder.join(file));
        }
    }
    see(&places.root.join("Cargo.toml"));
    (count, latest)
}

fn rebuild(places: &Places) -> Result<()> {
    build(places, Mode::Dev)?;
    run(places.cargo().args(["build", "-p", "server"]))
}

fn start(places: &Places) -> Result<Child> {
    let mut command = Command::new(places.target.join("debug/shearline"));
    command.args(["serve", "--demo"]).current_dir(&places.root);
    command.env("SHEARLINE_DEV", "1").env("SHEARLINE_SITE", &places.site);
    Ok(command.spawn()?)
}

/// Asks with SIGTERM, so that the server can stop its private PostgreSQL.
fn stop(server: &mut Option<Child>) -> Result<()> {
    if let Some(mut child) = server.take() {
        run(Command::new("kill").arg(child.id().to_string())).ok();
        child.wait()?;
    }
    Ok(())
}
