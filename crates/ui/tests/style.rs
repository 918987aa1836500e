//! The rules of `style/README.md` that a machine can keep.

use std::fs;
use std::path::{Path, PathBuf};

fn style() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../style")
}

/// All sheets below a folder, with their text.
fn sheets(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the style folder is beside the crates") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            found.extend(sheets(&path));
        } else if path.extension().is_some_and(|end| end == "css") {
            let name = path.strip_prefix(style()).unwrap_or(&path).to_string_lossy().into_owned();
            found.push((name, fs::read_to_string(&path).expect("a readable sheet")));
        }
    }
    found
}

/// Whether a line names a colour by its own value.
fn names_a_colour(line: &str) -> bool {
    let hex = line.split('#').skip(1).any(|rest| {
        let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        matches!(digits, 3 | 4 | 6 | 8) && line.contains(':')
    });
    hex || ["oklch(", "rgb(", "rgba(", "hsl(", "light-dark("].iter().any(|function| line.contains(function))
}

#[test]
fn raw_colours_stand_in_tokens_alone() {
    assert!(
        names_a_colour("color: #fff;")
            && names_a_colour("color: oklch(0 0 0);")
            && !names_a_colour("color: var(--ink);")
    );
    let strays: Vec<_> = sheets(&style())
        .into_iter()
        .filter(|(name, _)| !name.starts_with("tokens"))
        .flat_map(|(name, text)| {
            text.lines().filter(|line| names_a_colour(line)).map(|line| format!("{name}: {line}")).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(strays, Vec::<String>::new());
}

#[test]
fn every_sheet_is_imported_by_the_office() {
    let office = fs::read_to_string(style().join("main.css")).expect("main.css");
    let lost: Vec<_> = sheets(&style())
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !["main.css", "portal.css"].contains(&name.as_str()) && !office.contains(&format!("\"{name}\"")))
        .collect();
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn every_tone_has_its_badge() {
    let badge = fs::read_to_string(style().join("components/badge.css")).expect("badge.css");
    let states = ["new", "scheduled", "en_route", "on_site", "completed", "invoiced", "closed", "refused", "cancelled"];
    for tone in states.map(ui::Tone::of_job) {
        assert!(badge.contains(&format!(".badge--{} {{", tone.class())), "{}", tone.class());
    }
}
