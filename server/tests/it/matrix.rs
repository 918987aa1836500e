//! `docs/SECURITY-MATRIX.md` says for each row of the control matrix how far it is and by which tests; what it says is checked.

use serde::Deserialize;
use std::{
    collections::BTreeMap,
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

#[derive(Deserialize)]
struct Rows {
    row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    number: u32,
    does: String,
    status: Status,
    #[serde(default)]
    tests: Vec<String>,
    #[serde(default)]
    note: String,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
enum Status {
    #[serde(rename = "built")]
    Built,
    #[serde(rename = "partly")]
    Partly,
    #[serde(rename = "not built")]
    Not,
}

const HEAD: &str = "# Security matrix

Made by `make matrix` from `docs/security-rows.toml` and the tests in the sources; a test fails when it is stale, when a row
called built has no test, or when a test it names is gone. *Built*: what the row asks is there and proved by the tests named.
*Partly*: see the note. The rows are those of the control matrix this project is measured by.

";

/// The top of the tree.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Names of all tests of the workspace → file.
pub fn tests() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for folder in ["crates", "app", "server"] {
        gather(&root().join(folder), &mut found);
    }
    found
}

fn gather(folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("sources").flatten() {
        let path = entry.path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target" && name != "node_modules") {
            gather(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("source");
            let file = path.strip_prefix(root()).expect("inside").display().to_string();
            for name in named(&text) {
                found.insert(name.to_owned(), file.clone());
            }
        }
    }
}

/// The functions of a source that a test attribute stands before.
fn named(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_test = |line: &&str| line.starts_with("#[test]") || line.starts_with("#[tokio::test");
    let tests = lines.iter().enumerate().filter(|(_, line)| is_test(line));
    tests
        .filter_map(|(at, _)| {
            let after = lines[at + 1..].iter().find(|line| !line.starts_with("#[") && !line.starts_with("//"))?;
            after.trim_start_matches("async ").strip_prefix("fn ")?.split('(').next()
        })
        .collect()
}

fn of_row(number: u32, row: &Row, tests: &BTreeMap<String, String>) -> Vec<String> {
    let begins = format!("row_{number:02}_");
    let own = tests.keys().filter(|name| name.starts_with(&begins)).cloned();
    own.chain(row.tests.iter().cloned()).collect()
}

#[test]
fn the_security_matrix_is_true() {
    let text = fs::read_to_string(root().join("docs/security-rows.toml")).expect("docs/security-rows.toml");
    let rows: Rows = toml::from_str(&text).expect("rows");
    let tests = tests();
    let (mut page, mut wrong) = (HEAD.to_owned(), Vec::new());
    let count = |status: Status| rows.row.iter().filter(|row| row.status == status).count();
    let counts = (count(Status::Built), count(Status::Partly), count(Status::Not));
    let _ =
        writeln!(page, "{} rows: {} built, {} partly, {} not built.\n", rows.row.len(), counts.0, counts.1, counts.2);
    page += "| row | must | status | shown by | note |\n|---|---|---|---|---|\n";
    for (row, expected) in rows.row.iter().zip(1..) {
        assert_eq!(row.number, expected, "rows are in order and none is missing");
        let proofs = of_row(row.number, row, &tests);
        wrong.extend(
            row.tests
                .iter()
                .filter(|name| !tests.contains_key(*name))
                .map(|name| format!("row {}: no test {name}", row.number)),
        );
        if row.status == Status::Built && proofs.is_empty() {
            wrong.push(format!("row {} is called built, and nothing shows it", row.number));
        }
        let status = match row.status {
            Status::Built => "built",
            Status::Partly => "partly",
            Status::Not => "not built",
        };
        let shown = proofs.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" · ");
        let _ =
            writeln!(page, "| {} | {} | {status} | {shown} | {} |", row.number, row.does.replace('|', "/"), row.note);
    }
    let strays = tests.keys().filter_map(|name| name.strip_prefix("row_")?.split('_').next()?.parse::<usize>().ok());
    wrong.extend(
        strays
            .filter(|number| *number == 0 || *number > rows.row.len())
            .map(|number| format!("there is no row {number}")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let file = root().join("docs/SECURITY-MATRIX.md");
    if env::var_os("SHEARLINE_REVIEW").is_some() {
        fs::write(&file, &page).expect("write");
    }
    let stands = fs::read_to_string(&file).unwrap_or_default();
    assert!(stands == page, "docs/SECURITY-MATRIX.md is stale: make matrix");
}

#[test]
fn the_map_of_the_standard_names_tests_there_are() {
    let tests = tests();
    let map = fs::read_to_string(root().join("docs/ASVS.md")).expect("docs/ASVS.md");
    let shown = map.lines().filter(|line| line.starts_with("| ")).filter_map(|line| line.rsplit('|').nth(1));
    let named: Vec<_> = shown.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    let missing: Vec<_> = named.iter().filter(|name| !tests.contains_key(**name)).collect();
    assert!(missing.is_empty() && named.len() > 40, "{} named, missing {missing:?}", named.len());
}

#[test]
fn tests_are_told_from_other_functions() {
    let text = "#[test]\nfn one() {}\nfn two() {}\n#[tokio::test(flavor = \"x\")]\n// why\nasync fn three() {}\n";
    assert_eq!(named(text), ["one", "three"]);
}
