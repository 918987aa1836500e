//! The key file on a real file system: modes, first use, races.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use uuid::Uuid;
use vault::{KeyFile, KeyFileError, Vault};

fn folder() -> PathBuf {
    let path = std::env::temp_dir().join(format!("key-file-test-{}", Uuid::now_v7()));
    fs::create_dir(&path).expect("a folder");
    path
}

#[test]
fn created_once_for_the_owner_alone_and_opened_afterwards() {
    let folder = folder();
    let path = folder.join("root.key");
    let first = Vault::new(KeyFile::create_or_open(&path).expect("created"));
    let mode = fs::metadata(&path).expect("there").permissions().mode() & 0o7777;
    assert_eq!(mode, 0o600);
    assert_eq!(fs::read_dir(&folder).expect("listed").count(), 1, "nothing is left beside it");
    let sealed = first.instance_seal("flash", b"", b"typed").expect("sealed");
    fs::set_permissions(&path, Permissions::from_mode(0o400)).expect("chmod");
    let second = Vault::new(KeyFile::create_or_open(&path).expect("opened"));
    assert_eq!(second.instance_open("flash", b"", &sealed).expect("opened").as_slice(), b"typed");
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn others_may_not_read_it() {
    let folder = folder();
    let path = folder.join("root.key");
    KeyFile::create_or_open(&path).expect("created");
    for mode in [0o640, 0o604, 0o644, 0o660, 0o700, 0o777, 0o4600] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("chmod");
        let error = KeyFile::create_or_open(&path).expect_err("refused");
        assert!(matches!(error, KeyFileError::TooOpen { mode: is, .. } if is == mode), "{error}");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn damaged_missing_and_not_a_file() {
    let folder = folder();
    let path = folder.join("root.key");
    assert!(matches!(KeyFile::open(&path), Err(KeyFileError::Io { .. })));
    assert!(matches!(KeyFile::create_or_open(folder.join("no/such/folder.key")), Err(KeyFileError::Io { .. })));
    fs::create_dir(&path).expect("a folder");
    assert!(matches!(KeyFile::create_or_open(&path), Err(KeyFileError::NotAFile(_))));
    fs::remove_dir(&path).expect("removed");
    for content in [&b""[..], b"shearline-root-keys 1\nactive 1\n", b"\xff\xfe\x00"] {
        fs::write(&path, content).expect("written");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("chmod");
        assert!(KeyFile::create_or_open(&path).is_err());
        assert_eq!(fs::read(&path).expect("still there"), content, "a damaged file is never replaced");
    }
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn many_first_users_get_one_key() {
    let folder = folder();
    let path = folder.join("root.key");
    let vaults: Vec<Vault> = std::thread::scope(|scope| {
        let starts: Vec<_> =
            (0..16).map(|_| scope.spawn(|| Vault::new(KeyFile::create_or_open(&path).expect("a key file")))).collect();
        starts.into_iter().map(|start| start.join().expect("no panic")).collect()
    });
    let sealed = vaults[0].instance_seal("flash", b"", b"typed").expect("sealed");
    for vault in &vaults {
        assert!(vault.instance_open("flash", b"", &sealed).is_ok());
    }
    assert_eq!(fs::read_dir(&folder).expect("listed").count(), 1, "nothing is left beside it");
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn its_debug_holds_no_key() {
    let folder = folder();
    let file = KeyFile::create_or_open(folder.join("root.key")).expect("created");
    assert_eq!(format!("{file:?}"), "KeyFile { active: 1, ids: [1], .. }");
    fs::remove_dir_all(folder).expect("removed");
}
