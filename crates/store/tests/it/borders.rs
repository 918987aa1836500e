//! Borders inside the code: who may use whom, and where SQL may stand.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Plumbing stands before all modules and may be used by each.
const PLUMBING: [&str; 11] =
    ["bootstrap", "db", "error", "front_door", "keyd", "looks", "mail", "scope", "seal", "synthetic", "token"];
/// A module uses only modules to its left (docs/ARCHITECTURE.md).
const ORDER: [&str; 25] = [
    "audit",
    "identity",
    "clients",
    "sites",
    "attachments",
    "signatures",
    "bittings",
    "jobs",
    "schedule",
    "reveal",
    "invoices",
    "payments",
    "portal",
    "proofs",
    "forgetting",
    "exports",
    "reports",
    "overview",
    "intake",
    "home",
    "machines",
    "webhooks",
    "own_keys",
    "alerts",
    "instance",
];

fn sources(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target" && name != "node_modules") {
            sources(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.insert(path, text);
        }
    }
}

fn of(folder: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    assert!(!found.is_empty(), "nothing in {folder}");
    found
}

/// Code without comments, white space and tests at the end.
fn bare(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default().trim()).collect()
}

/// Modules of this crate that a text names: `crate::x`, `crate::{x::y, z}`.
fn named(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in bare(text).split("crate::").skip(1) {
        let heads = if let Some(list) = rest.strip_prefix('{') { heads(list) } else { vec![word(rest)] };
        names.extend(
            heads.into_iter().filter(|name| ORDER.contains(&name.as_str()) || PLUMBING.contains(&name.as_str())),
        );
    }
    names
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// First words of a brace list's items.
fn heads(list: &str) -> Vec<String> {
    let (mut depth, mut item, mut items) = (1, String::new(), Vec::new());
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => items.push(std::mem::take(&mut item)),
            _ if depth == 1 => item.push(c),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    items.push(item);
    items.iter().map(|item| word(item.trim())).collect()
}

fn breaks(module: &str, text: &str) -> Vec<String> {
    let Some(place) = ORDER.iter().position(|name| *name == module) else { return Vec::new() };
    named(text)
        .into_iter()
        .filter(|name| ORDER.iter().position(|other| other == name).is_some_and(|other| other > place))
        .collect()
}

#[test]
fn a_module_uses_only_modules_to_its_left() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (path, text) in of("src") {
        let inside = path.strip_prefix(&root).unwrap();
        let module =
            inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        assert!(
            module == "lib" || ORDER.contains(&module.as_str()) || PLUMBING.contains(&module.as_str()),
            "{module} has no place in the order: give it one"
        );
        assert_eq!(breaks(&module, &text), Vec::<String>::new(), "{}", inside.display());
    }
}

#[test]
fn the_order_test_sees_a_wrong_import() {
    for text in [
        "use crate::jobs;",
        "use crate::{Error, Result, jobs::{self, lines}};",
        "fn f() { crate::jobs::find() }",
        "use crate::{\n    Result,\n    jobs,\n};",
    ] {
        assert_eq!(breaks("clients", text), ["jobs"], "{text}");
    }
    assert!(breaks("jobs", "use crate::{clients, sites::{self, jobs}}; // crate::invoices").is_empty());
}

#[test]
fn one_place_begins_transactions() {
    for (path, text) in of("src") {
        let begins = ["begin_with", ".begin(", "Connection::begin", ".acquire("]
            .iter()
            .filter(|call| bare(&text).contains(**call))
            .count();
        let through_db = bare(&text).replace("db.begin(&", "").replace("self.begin(&", "");
        let own = ["begin_with", ".begin(", ".acquire()"].iter().any(|call| through_db.contains(call));
        // synthetic.rs fills an empty database for benchmarks, as the migrator, on a connection of its own. keyd's login reads
        // only, but for where its log stands.
        let apart =
            ["db.rs", "front_door/passwords.rs", "synthetic.rs", "src/keyd.rs"].iter().any(|file| path.ends_with(file));
        assert!(!own || apart, "{} begins a transaction of its own ({begins})", path.display());
    }
}

#[test]
fn sql_stands_in_the_store_alone() {
    for folder in ["../../app", "../../server/src", "../domain/src", "../ui/src", "../vault/src", "../ink/src"] {
        for (path, text) in of(folder) {
            let code = bare(&text);
            assert!(
                !["use sqlx", "sqlx::query", "sqlx::raw_sql", "sqlx::Pg", "PgConnection", "PgPool"]
                    .iter()
                    .any(|sign| code.contains(sign)),
                "{} talks to the database behind the store's back",
                path.display()
            );
        }
    }
}

#[test]
fn no_operator_that_leaks_below_a_policy() {
    for (path, text) in of("src") {
        let text = bare(&text).to_lowercase();
        for word in [" ilike ", " similar to ", " ~* "] {
            assert!(
                !text.contains(word),
                "{} uses{word}on a tenant table: prefix search is ^@, substrings go through app.search",
                path.display()
            );
        }
    }
}
