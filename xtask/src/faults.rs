//! `faults`: plants the faults of `docs/faults.toml` in a copy of the tree and expects the tests they name to fail.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::places::{self, Places};

#[derive(Deserialize)]
struct Faults {
    fault: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    name: String,
    does: String,
    file: String,
    find: String,
    plant: String,
    red: Vec<String>,
}

/// Plants the faults whose names hold one of `words`, or all: one after the other, or `together` in one build.
///
/// Together is quicker, and says less: a test may fail by a neighbour's fault. Those that change the same text take turns.
pub fn run(places: &Places, words: &[&str], together: bool) -> Result<()> {
    let text = fs::read_to_string(places.root.join("docs/faults.toml"))?;
    let all: Faults = toml::from_str(&text).context("docs/faults.toml")?;
    let chosen = |fault: &Fault| words.is_empty() || words.iter().any(|word| fault.name.contains(word));
    let faults: Vec<Fault> = all.fault.into_iter().filter(chosen).collect();
    ensure!(!faults.is_empty(), "no fault is called so");
    let tree = copied(places)?;
    let (mut unseen, mut left) = (Vec::new(), faults.iter().collect::<Vec<_>>());
    let all = left.len();
    while !left.is_empty() {
        let (group, others) = planted(&tree, left, together)?;
        left = others;
        let red = red(places, &tree, &group)?;
        for fault in group {
            let quiet: Vec<_> = fault.red.iter().filter(|test| !red.contains(*test)).collect();
            println!("{} {}: {}", if quiet.is_empty() { "seen  " } else { "UNSEEN" }, fault.name, fault.does);
            unseen.extend(quiet.into_iter().map(|test| format!("{}: {test} did not fail", fault.name)));
        }
        git(&tree, &["checkout", "--quiet", "."])?;
    }
    ensure!(unseen.is_empty(), "{}", unseen.join("\n"));
    println!("{all} faults planted, each seen");
    Ok(())
}

/// A copy of what is committed; what is built of it stays for the next time.
fn copied(places: &Places) -> Result<std::path::PathBuf> {
    let tree = places.target.join("faults/tree");
    if tree.exists() {
        git(&places.root, &["worktree", "remove", "--force", &tree.display().to_string()])?;
    }
    git(&places.root, &["worktree", "prune"])?;
    git(&places.root, &["worktree", "add", "--quiet", "--detach", &tree.display().to_string()])?;
    Ok(tree)
}

fn git(at: &Path, words: &[&str]) -> Result<()> {
    ensure!(Command::new("git").arg("-C").arg(at).args(words).status()?.success(), "git {words:?}");
    Ok(())
}

/// Plants one, or as many together as leave each other's text alone; gives those, and the others.
fn planted<'a>(tree: &Path, faults: Vec<&'a Fault>, together: bool) -> Result<(Vec<&'a Fault>, Vec<&'a Fault>)> {
    let (mut done, mut others) = (Vec::new(), Vec::new());
    for fault in faults {
        let whole = done.is_empty();
        if (whole || together) && plant(tree, fault).with_context(|| fault.name.clone())? {
            done.push(fault);
        } else {
            ensure!(!whole, "{}: its text is not to be found once in {}", fault.name, fault.file);
            others.push(fault);
        }
    }
    Ok((done, others))
}

/// Plants a fault; not where its text does not stand, once.
fn plant(tree: &Path, fault: &Fault) -> Result<bool> {
    let file = tree.join(&fault.file);
    let text = fs::read_to_string(&file)?;
    let once = text.matches(&fault.find).count() == 1;
    if once {
        fs::write(&file, text.replace(&fault.find, &fault.plant))?;
    }
    Ok(once)
}

/// Which of the tests these faults name fail.
fn red(places: &Places, tree: &Path, faults: &[&Fault]) -> Result<BTreeSet<String>> {
    let asked: BTreeSet<&str> = faults.iter().flat_map(|fault| &fault.red).map(String::as_str).collect();
    let mut command = Command::new(tree.join("scripts/test-postgres.sh"));
    places::forget_cargo(&mut command);
    let output = command
        .args(["cargo", "test", "--no-fail-fast", "--lib", "--tests"])
        .args(["server", "store", "domain", "proof", "vault"].map(|room| format!("--package={room}")))
        .arg("--")
        .args(&asked)
        .current_dir(tree)
        .env("CARGO_TARGET_DIR", places.target.join("faults/build"))
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let results: Vec<(&str, &str)> = said
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "))
        .map(|(test, how)| (test.rsplit("::").next().unwrap_or(test), how))
        .collect();
    let silent: Vec<_> = asked.iter().filter(|test| !results.iter().any(|(ran, _)| ran == *test)).collect();
    if !silent.is_empty() {
        bail!("{silent:?} did not run:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(results.iter().filter(|(_, how)| how.starts_with("FAILED")).map(|(test, _)| (*test).to_owned()).collect())
}
