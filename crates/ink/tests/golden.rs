//! Strokes recorded in Chromium from a mouse, a finger and a pen, and the pictures and hashes they must give for ever:
//! a signed document shows the same signature after every change of this crate.
//!
//! `INK_BLESS=1 cargo test -p ink --test golden` writes the pictures anew; look at each before committing it.

use std::fs;
use std::path::Path;

use ink::{Bounds, Ink};

/// Name of the recording and the first four bytes of its hash.
const RECORDED: [(&str, [u8; 4]); 5] = [
    ("mouse", [132, 229, 201, 242]),
    ("touch", [198, 121, 215, 247]),
    ("pen", [85, 95, 56, 71]),
    ("outside", [226, 42, 90, 205]),
    ("resized", [203, 105, 193, 157]),
];

fn recorded(name: &str) -> Ink {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/strokes/{name}.json"));
    Ink::parse(fs::read_to_string(path).unwrap().trim_end()).unwrap()
}

#[test]
fn recorded_strokes_give_the_same_picture() {
    for (name, _) in RECORDED {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/strokes/{name}.svg"));
        let svg = recorded(name).to_svg() + "\n";
        if std::env::var_os("INK_BLESS").is_some() {
            fs::write(&path, &svg).unwrap();
        }
        assert!(
            svg == fs::read_to_string(&path).unwrap_or_default(),
            "{name}: the picture differs from {}",
            path.display()
        );
    }
}

#[test]
fn recorded_strokes_give_the_same_hash() {
    let now = RECORDED.map(|(name, _)| (name, recorded(name).hash()[..4].try_into().unwrap()));
    assert_eq!(now, RECORDED);
}

#[test]
fn the_hash_is_that_of_the_documented_bytes() {
    let ink = Ink::parse(r#"{"v":1,"w":600,"h":200,"r":100,"s":[{"k":"pen","d":[1,-2,0,255]}]}"#).unwrap();
    // printf 'ink:1\0\0\x02\x58\0\0\0\xc8\0\0\0\x64\0\0\0\x01\x01\0\0\0\x01\0\0\0\x01\xff\xff\xff\xfe\0\0\0\0\xff' | sha256sum
    let hex: String = ink.hash().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "c1e98a7c3847fd07f0745ace2ea48650704464811a5731a95738414a26f32e7f");
}

#[test]
fn recorded_strokes_are_signatures_within_their_box() {
    for (name, _) in RECORDED {
        let ink = recorded(name);
        assert_eq!(ink.ensure_signature(), Ok(()), "{name}");
        let Bounds { left, top, right, bottom } = ink.bounds().unwrap();
        assert!(
            left >= -800
                && top >= -800
                && right <= ink.width() as i32 * 100 + 800
                && bottom <= ink.height() as i32 * 100 + 800,
            "{name}"
        );
        assert!(ink.duration_ms() > 100, "{name}");
    }
}

#[test]
fn a_tap_is_a_dot_even_when_the_pointer_reports_it_many_times() {
    for numbers in ["5000,4000,0,128", "5000,4000,0,128,0,0,9,0", "5000,4000,0,128,0,0,0,0,0,0,0,0,0,0,90,0"] {
        let ink =
            Ink::parse(&format!(r#"{{"v":1,"w":600,"h":200,"r":100,"s":[{{"k":"mouse","d":[{numbers}]}}]}}"#)).unwrap();
        let pieces = ink.segments();
        assert_eq!((pieces.len(), pieces[0].start, pieces[0].end), (1, (50.0, 40.0), (50.01, 40.0)), "{numbers}");
    }
}
