//! Recovery sheets: any two give the keys back, one gives nothing, and a slip of the pen is named.

use proptest::prelude::*;
use uuid::Uuid;
use vault::{KeyFile, KeyProvider, Sheet, SheetError, Vault, join, split};

fn again(sheet: &Sheet) -> Sheet {
    Sheet::read(&sheet.text()).expect("its own text")
}

#[test]
fn any_two_of_three_give_the_keys_back() {
    let folder = std::env::temp_dir().join(format!("sheets-test-{}", Uuid::now_v7()));
    std::fs::create_dir(&folder).expect("a folder");
    let keys = KeyFile::create_or_open(folder.join("root.key")).expect("a key file");
    keys.begin_next().expect("a second key");
    let sheets = split(&keys.packed()).expect("split");
    let sealed = Vault::new(KeyFile::open(folder.join("root.key")).expect("opened")).instance_seal("x", b"", b"held");
    for (n, pair) in [[0, 1], [0, 2], [2, 1]].into_iter().enumerate() {
        let back = join(&pair.map(|at| again(&sheets[at]))).expect("joined");
        let path = folder.join(format!("back-{n}.key"));
        let restored = KeyFile::restore(&path, &back).expect("restored");
        assert_eq!((restored.ids(), restored.active()), (vec![1, 2], 2));
        let opened = Vault::new(restored).instance_open("x", b"", sealed.as_ref().expect("sealed"));
        assert_eq!(opened.expect("opens").as_slice(), b"held");
        assert!(KeyFile::restore(&path, &back).is_err(), "a key file that is there is never replaced");
        for cut in 0..back.len() {
            assert!(KeyFile::restore(folder.join("cut.key"), &back[..cut]).is_err() || cut == 41, "{cut}");
        }
    }
    std::fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn one_alone_the_same_twice_and_strangers_give_nothing() {
    let (one, other) = (split(b"a key").expect("split"), split(b"a key").expect("split"));
    assert_eq!(join(&[]).err(), Some(SheetError::TooFew));
    assert_eq!(join(&[again(&one[0])]).err(), Some(SheetError::TooFew));
    assert_eq!(join(&[again(&one[0]), again(&one[0])]).err(), Some(SheetError::TooFew));
    assert_eq!(join(&[again(&one[0]), again(&other[1])]).err(), Some(SheetError::Apart));
    assert!(!one[0].text().contains("61206b6579"), "the secret itself is on no sheet");
}

#[test]
fn a_slip_of_the_pen_is_named_by_its_line() {
    let sheet = &split(&[7; 200]).expect("split")[1];
    let text = sheet.text();
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.trim_start().starts_with("3 ")).expect("line 3");
    let digits = lines[at].char_indices().filter(|(n, c)| *n > 4 && c.is_ascii_hexdigit()).map(|(n, _)| n);
    let mut named = 0;
    for n in digits.take(16) {
        let mut wrong = lines[at].to_owned();
        wrong.replace_range(n..=n, if &lines[at][n..=n] == "0" { "1" } else { "0" });
        let typed = text.replacen(lines[at], &wrong, 1);
        assert_eq!(Sheet::read(&typed).err(), Some(SheetError::Line(3)), "{wrong}");
        named += 1;
    }
    assert_eq!(named, 16);
    let without = text.replacen(&format!("{}\n", lines[at]), "", 1);
    assert_eq!(Sheet::read(&without).err(), Some(SheetError::Line(3)));
    let swapped =
        text.replacen(lines[at], "@", 1).replacen(lines[at + 1], lines[at], 1).replacen('@', lines[at + 1], 1);
    assert_eq!(Sheet::read(&swapped).err(), Some(SheetError::Line(3)));
    let cut = text[..text.find("\nend").expect("an end")].to_owned();
    assert!(matches!(Sheet::read(&cut), Err(SheetError::Line(_))));
    assert_eq!(Sheet::read("a letter").err(), Some(SheetError::NoSheet));
    assert!(Sheet::read(&text.to_uppercase().replace(' ', "  ")).is_ok(), "case and spaces do not matter");
}

proptest! {
    #[test]
    fn anything_comes_back_and_no_text_panics(secret in prop::collection::vec(any::<u8>(), 1..300), text in "\\PC{0,200}") {
        let sheets = split(&secret).expect("split");
        let back = join(&[again(&sheets[2]), again(&sheets[0])]).expect("joined");
        prop_assert_eq!(back.as_slice(), secret.as_slice());
        prop_assert!(Sheet::read(&text).is_err());
        let _ = Sheet::read(&format!("SHEARLINE RECOVERY SHEET 1 of 3 · set 00000000\n{text}"));
    }
}
