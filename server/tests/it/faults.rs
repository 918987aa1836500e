//! `docs/faults.toml` plants what it says it plants, in what stands there today. Planting them is `cargo xtask faults`.

use crate::matrix;
use serde::Deserialize;
use std::{collections::BTreeSet, fs};

#[derive(Deserialize)]
struct Faults {
    fault: Vec<Fault>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    name: String,
    does: String,
    file: String,
    find: String,
    plant: String,
    red: Vec<String>,
}

#[test]
fn every_fault_can_be_planted_and_names_tests_there_are() {
    let text = fs::read_to_string(matrix::root().join("docs/faults.toml")).expect("docs/faults.toml");
    let faults: Faults = toml::from_str(&text).expect("faults");
    let tests = matrix::tests();
    let (mut wrong, mut names) = (Vec::new(), BTreeSet::new());
    for fault in &faults.fault {
        let source = fs::read_to_string(matrix::root().join(&fault.file)).unwrap_or_default();
        let found = source.matches(&fault.find).count();
        if found != 1 {
            wrong.push(format!("{}: its text stands {found} times in {}", fault.name, fault.file));
        }
        let unsaid = fault.does.is_empty() || fault.find == fault.plant || fault.red.is_empty();
        if unsaid || !names.insert(&fault.name) {
            wrong.push(format!("{} says nothing, changes nothing or is not the only one of its name", fault.name));
        }
        let missing = fault.red.iter().filter(|red| !tests.contains_key(*red));
        wrong.extend(missing.map(|red| format!("{}: there is no test {red}", fault.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
