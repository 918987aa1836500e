//! `shearline keys`: root keys made, kept on paper, brought back, moved, turned.

use super::{Place, Roots};
use crate::{config::Config, ground::Ground};
use anyhow::{Context, Result, anyhow, bail, ensure};
use std::{
    fs,
    fs::OpenOptions,
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt, lchown},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::keyd::rotation;
use vault::{Guarded, ServiceKeys, Sheet};

/// Makes the first root key, by whoever may write keyd's folder.
///
/// # Errors
/// A key that is there already; a key service that does not answer, or is not one to be used.
pub fn init(config: &Config) -> Result<()> {
    let place = &config.keyd;
    place.make()?;
    let path = place.root_key();
    ensure!(!path.exists(), "{} is there already; nothing was changed", path.display());
    asking(config, |config| Roots::create(&config.keyd.root_key(), config.root_key.service(&config.keyd)?).map(drop))?;
    give(place, &path)?;
    let wrapped = config.root_key.keeper().map(|at| format!(", wrapped by {at}")).unwrap_or_default();
    println!(
        "A root key is in {}{wrapped}. Keep a copy apart from the database, on paper by `shearline keys split`.",
        path.display()
    );
    Ok(())
}

/// Writes three recovery sheets into a folder, each for its owner's eyes alone.
///
/// # Errors
/// Keys that cannot be read, a folder that cannot be written.
pub fn split(config: &Config, folder: &Path) -> Result<()> {
    readable(&config.keyd)?;
    let (packed, ids) = asking(config, |config| {
        let roots = Roots::open(&config.keyd, &config.root_key)?;
        Ok((roots.packed()?, roots.ids()))
    })?;
    let sheets = vault::split(&packed)?;
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
        listed(&ids)
    );
    Ok(())
}

/// Makes the key file of two sheets.
///
/// # Errors
/// Says which line of which sheet to compare with the paper; a key file that is there already.
pub fn join(config: &Config, sheets: &[PathBuf]) -> Result<()> {
    let read = sheets.iter().map(|path| {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Sheet::read(&text).map_err(|error| anyhow!("{}: {error}", path.display()))
    });
    let content = vault::join(&read.collect::<Result<Vec<_>>>()?)?;
    let place = &config.keyd;
    place.make()?;
    let path = place.root_key();
    asking(config, move |config| {
        Roots::restore(&config.keyd.root_key(), config.root_key.service(&config.keyd)?, &content).map(drop)
    })?;
    give(place, &path)?;
    println!("The root keys are back in {}. Start the server.", path.display());
    Ok(())
}

/// Hands the root keys of a file over to the key service of the settings, or takes them back into the file itself.
///
/// # Errors
/// A running server; keys that are there already; a service that does not answer, or is not one to be used.
pub fn moved(config: &Config, back: bool) -> Result<()> {
    let place = &config.keyd;
    let address = config.root_key.keeper().context(
        "SHEARLINE_ROOT_KEY names no key service: set it to the one that is to guard the root keys, or that guards them now",
    )?;
    readable(place)?;
    let lock = super::locked(place).context("stop the server first")?;
    let (path, at) = (place.root_key(), place.root_key());
    asking(config, move |config| {
        let service = config.root_key.service(&config.keyd)?.context("no service")?;
        match (Guarded::read(&at).map_err(|error| anyhow!("{error}"))?, back) {
            (Guarded::ByFile, false) => ServiceKeys::adopt(&at, service).map(drop),
            (Guarded::ByService(_), true) => ServiceKeys::open(&at, service).and_then(|keys| keys.release()).map(drop),
            _ => bail!("the root keys are there already; nothing was changed"),
        }
        .map_err(|error| anyhow!("{error}"))
    })?;
    give(place, &path)?;
    lchown(place.folder.join("keyd.lock"), Some(place.user), Some(place.group))?;
    drop(lock);
    if back {
        println!(
            "The root keys lie in {} themselves. Take SHEARLINE_ROOT_KEY back, and start the server.",
            path.display()
        );
    } else {
        println!(
            "The root keys in {} are wrapped by {address} now. Start the server; then destroy the older copies of the file, or turn the keys: `shearline keys rotate` and `shearline keys retire`.",
            path.display()
        );
    }
    Ok(())
}

/// What may be said by whoever may read the keys: who guards them, and whether that one answers.
///
/// # Errors
/// Keys that cannot be read.
pub fn looked(config: &Config) -> Result<bool> {
    readable(&config.keyd)?;
    let guard = config.root_key.keeper().map_or_else(|| "the file itself".to_owned(), ToString::to_string);
    println!("Root keys: {}, guarded by {guard}", config.keyd.root_key().display());
    let (opens, ids, active) = asking(config, |config| {
        let roots = Roots::open(&config.keyd, &config.root_key)?;
        let (ids, active) = (roots.ids(), roots.active());
        Ok((roots.packed().map(drop), ids, active))
    })?;
    println!("Keys {}; {active} is the active one", listed(&ids));
    match &opens {
        Ok(()) => println!("They open."),
        Err(error) => println!("They do not open now: {error:#}"),
    }
    Ok(opens.is_ok())
}

/// The rest of it: whether keyd answers, and what is under which key.
///
/// # Errors
/// A database that cannot be read.
pub async fn status(config: Arc<Config>) -> Result<()> {
    match config.keyd.client().usable().await {
        Ok(root) => println!("keyd answers, and root key {root} opens."),
        Err(error) => println!("keyd: {error}"),
    }
    let ground = Ground::visit(config).await?;
    let under = rotation::under(&ground.url()).await;
    ground.leave(None).await?;
    for (root, keys) in under? {
        println!("{keys} shop keys are under root key {root}.");
    }
    Ok(())
}

/// Work that may ask the key service, from a command that has no threads yet.
fn asking<T: Send + 'static>(config: &Config, work: impl FnOnce(&Config) -> Result<T> + Send + 'static) -> Result<T> {
    let config = config.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async move { tokio::task::spawn_blocking(move || work(&config)).await? })
}

/// The root keys are keyd's alone, and root's to look after.
fn readable(place: &Place) -> Result<()> {
    match fs::File::open(place.root_key()) {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            bail!("the root key is keyd's alone; run this as root")
        }
        _ => Ok(()),
    }
}

fn listed(ids: &[u32]) -> String {
    ids.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
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
    keyd.renew_roots().await?;
    if turn.root {
        println!("Root key {} is the active one now.", keyd.next_root().await?);
    }
    if turn.shops {
        println!("{} shops have a new key.", rotation::begin_generation(&ground.url(), &keyd).await?);
    }
    let done = rotation::catch_up(&ground.url(), &keyd).await?;
    println!("{} shop keys and {} secrets were wrapped under the new keys.", done.shop_keys, done.secrets);
    if done.closed > 0 {
        println!(
            "{} shops were left as they are, for their own key services do not let their keys open now. Run `shearline keys rotate --resume` when they do.",
            done.closed
        );
    }
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
        "{} entries on the chains were never opened against, or their lines are missing in the log.",
        found.unopened
    );
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
