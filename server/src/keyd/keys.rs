//! `shearline keys`: root keys made, kept on paper, brought back, turned.

use super::Place;
use crate::{config::Config, ground::Ground};
use anyhow::{Context, Result, anyhow, ensure};
use std::{
    fs,
    fs::OpenOptions,
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt, lchown},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::keyd::rotation;
use vault::{KeyFile, KeyFileError, Sheet};

/// Makes the first root key, by whoever may write keyd's folder.
///
/// # Errors
/// A key that is there already.
pub fn init(place: &Place) -> Result<()> {
    place.make()?;
    let path = place.root_key();
    ensure!(!path.exists(), "{} is there already; nothing was changed", path.display());
    KeyFile::create_or_open(&path).map_err(|error| anyhow!("{error}"))?;
    give(place, &path)?;
    println!(
        "A root key is in {}. Keep a copy apart from the database, on paper by `shearline keys split`.",
        path.display()
    );
    Ok(())
}

/// Writes three recovery sheets into a folder, each for its owner's eyes alone.
///
/// # Errors
/// A key file that cannot be read, a folder that cannot be written.
pub fn split(place: &Place, folder: &Path) -> Result<()> {
    let keys = KeyFile::open(place.root_key()).map_err(|error| match error {
        KeyFileError::Io { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
            anyhow!("the root key is keyd's alone; run this as root")
        }
        error => anyhow!("{error}"),
    })?;
    let sheets = vault::split(&keys.packed())?;
    for (n, sheet) in sheets.iter().enumerate() {
        let path = folder.join(format!("recovery-sheet-{}.txt", n + 1));
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let mut file = opened.with_context(|| format!("cannot write {}", path.display()))?;
        file.write_all(sheet.text().as_bytes())?;
        file.sync_all()?;
        println!("{}", path.display());
    }
    println!(
        "\nPrint each, give each to another person, and remove the files. Any two bring the keys back; one alone tells nothing.\nAfter root keys were turned, split again: these sheets hold the keys {}.",
        keys.ids().iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
    );
    Ok(())
}

/// Makes the key file of two sheets.
///
/// # Errors
/// Says which line of which sheet to compare with the paper; a key file that is there already.
pub fn join(place: &Place, sheets: &[PathBuf]) -> Result<()> {
    let read = sheets.iter().map(|path| {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Sheet::read(&text).map_err(|error| anyhow!("{}: {error}", path.display()))
    });
    let content = vault::join(&read.collect::<Result<Vec<_>>>()?)?;
    place.make()?;
    let path = place.root_key();
    KeyFile::restore(&path, &content).map_err(|error| anyhow!("{error}"))?;
    give(place, &path)?;
    println!("The root keys are back in {}. Start the server.", path.display());
    Ok(())
}

fn give(place: &Place, path: &Path) -> Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o400))?;
    lchown(path, Some(place.user), Some(place.group)).with_context(|| format!("cannot give {} to keyd", path.display()))
}

/// What is turned.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// A fresh root key.
    pub root: bool,
    /// A fresh key for each shop.
    pub shops: bool,
}

/// Turns keys beside a running server, which goes on meanwhile. Run again, it goes on where it was cut off.
///
/// # Errors
/// No keyd, no database.
pub async fn rotate(config: Arc<Config>, turn: Turn) -> Result<()> {
    let (ground, keyd) = beside(config).await?;
    if turn.root {
        println!("Root key {} is the active one now.", keyd.next_root().await?);
    }
    if turn.shops {
        println!("{} shops have a new key.", rotation::begin_generation(&ground.url(), &keyd).await?);
    }
    let done = rotation::catch_up(&ground.url(), &keyd).await?;
    println!("{} shop keys and {} secrets were wrapped under the new keys.", done.shop_keys, done.secrets);
    println!(
        "The old keys stay until `shearline keys retire`. Split the recovery sheets anew if the root key was turned."
    );
    ground.leave(None).await
}

/// Gives up the keys that nothing is under any more.
///
/// # Errors
/// As [`rotate`].
pub async fn retire(config: Arc<Config>) -> Result<()> {
    let (ground, keyd) = beside(config).await?;
    println!("{} keys that nothing needs any more were given up.", rotation::retire(&ground.url(), &keyd).await?);
    ground.leave(None).await
}

async fn beside(config: Arc<Config>) -> Result<(Ground, vault::keyd::Client)> {
    let keyd = config.keyd.client();
    keyd.ready().await.context("keys are turned beside a running server, whose keyd wraps them")?;
    Ok((Ground::visit(config).await?, keyd))
}

/// Compares keyd's log with the audit chains: every reveal that keyd did must be recorded there, and the other way about.
///
/// # Errors
/// A log that was changed, a database that cannot be read.
pub async fn reconcile(config: Arc<Config>, log: Vec<vault::keyd::Opening>) -> Result<bool> {
    let ground = Ground::visit(Arc::clone(&config)).await?;
    let found = store::keyd::reconciled(&ground.url(), &log).await;
    ground.leave(None).await?;
    let found = found?;
    for line in &found.differences {
        println!("{line}");
    }
    println!(
        "{} openings in keyd's log, of which {} were reveals or searches; {} of those stand on the audit chains.",
        log.len(),
        found.opened,
        found.recorded
    );
    Ok(found.differences.is_empty())
}

/// keyd's log, read by whoever may.
///
/// # Errors
/// A log that was changed.
pub fn log(place: &Place) -> Result<Vec<vault::keyd::Opening>> {
    let mut lines = Vec::new();
    vault::keyd::Log::review(&place.log(), |line| lines.push(line))?;
    Ok(lines)
}
