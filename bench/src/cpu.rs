//! CPU time and memory of a process tree, from the scheduler's own counters.
//!
//! CPU is field 1 of `schedstat` (nanoseconds on a CPU) of every thread. It does not count waiting, so it stands a busy
//! machine better than any clock does. Threads that ended between two readings are left out on both sides.

use anyhow::{Context, Result};
use std::{collections::HashMap, fs, str::FromStr};

/// Nanoseconds by thread.
#[derive(Default)]
pub struct Reading(HashMap<u32, u64>);

impl Reading {
    /// Reads the tree under `root`.
    pub fn of(root: u32) -> Self {
        let mut threads = HashMap::new();
        for process in tree(root) {
            for entry in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
                let Ok(text) = fs::read_to_string(entry.path().join("schedstat")) else { continue };
                if let (Some(thread), Some(ns)) = (number(&entry.file_name().to_string_lossy()), first(&text)) {
                    threads.insert(thread, ns);
                }
            }
        }
        Self(threads)
    }

    /// Milliseconds since an earlier reading.
    pub fn since(&self, earlier: &Self) -> f64 {
        let spent = |(thread, now): (&u32, &u64)| now.saturating_sub(earlier.0.get(thread).copied().unwrap_or(0));
        self.0.iter().map(spent).sum::<u64>() as f64 / 1e6
    }
}

/// Proportional memory of the tree under `root`, in MiB.
pub fn memory(root: u32) -> Option<f64> {
    let mut kib = 0;
    for process in tree(root) {
        let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
        kib += text.lines().find_map(|line| first::<u64>(line.strip_prefix("Pss:")?))?;
    }
    Some(kib as f64 / 1024.0)
}

/// The parent of a process.
pub fn parent(process: u32) -> Result<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).context("is the process on this machine?")?;
    parent_in(&stat).with_context(|| format!("cannot read the parent of {process}"))
}

/// Load averages, as the kernel writes them.
pub fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

fn tree(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = number(&entry.file_name().to_string_lossy()) else { continue };
        if let Some(parent) = fs::read_to_string(entry.path().join("stat")).ok().as_deref().and_then(parent_in) {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut found = vec![root];
    let mut at = 0;
    while at < found.len() {
        found.extend(children.remove(&found[at]).unwrap_or_default());
        at += 1;
    }
    found
}

/// The command's name may hold anything, so the fields are counted from its last bracket.
fn parent_in(stat: &str) -> Option<u32> {
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

fn first<T: FromStr>(text: &str) -> Option<T> {
    text.split_whitespace().next()?.parse().ok()
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}
