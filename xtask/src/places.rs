//! Where things lie: the repository, cargo's output, the site folder, the Node tools.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The folders every step works in.
pub struct Places {
    /// Repository root.
    pub root: PathBuf,
    /// Cargo's output folder of the application workspace.
    pub target: PathBuf,
    /// Intermediate results, kept between runs.
    pub stage: PathBuf,
    /// What the server serves.
    pub site: PathBuf,
}

impl Places {
    /// Derives the folders from the environment `cargo run` gives us, so that a moved clone still works.
    pub fn find() -> Result<Self> {
        let here = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(xtask) => PathBuf::from(xtask).join(".."),
            None => std::env::current_dir()?,
        };
        let root = here.canonicalize().context("repository root")?;
        ensure!(root.join("frontend").is_dir(), "{} is not the repository", root.display());
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => root.join(dir),
            None => root.join("target"),
        };
        let site = root.join("target/site");
        Ok(Self { stage: target.join("assets"), target, site, root })
    }

    /// A cargo command in the repository root.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new("cargo");
        forget_cargo(command.current_dir(&self.root));
        command
    }

    /// A Node command running one of our scripts or an installed package's.
    pub fn node(&self, script: impl AsRef<Path>) -> Command {
        let own = self.root.join(".tools/bin/node");
        let mut command = Command::new(if own.exists() { own } else { "node".into() });
        command.current_dir(&self.root).arg(self.root.join(script));
        command
    }
}

/// Removes what `cargo run` set for xtask: to a nested cargo it would describe the wrong package.
pub fn forget_cargo(command: &mut Command) {
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO"] {
        command.env_remove(name);
    }
}

/// Runs a command to its end; a failing one is an error that shows its command line.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}
