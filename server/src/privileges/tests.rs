//! Who the server becomes and where its data go, without being root; and the handing over, as root where the tests are.

use super::*;

fn person() -> Person {
    Person { name: "postgres".into(), uid: 101, gid: 104 }
}

fn situation(explicit: bool, barred: Option<&str>) -> Situation {
    Situation {
        data: "/root/shop/data".into(),
        explicit,
        barred: barred.map(PathBuf::from),
        outside: "/var/lib/shearline/data".into(),
    }
}

#[test]
fn a_folder_that_can_be_reached_is_used_and_nothing_said() {
    for explicit in [true, false] {
        let (data, notice) = decide(&person(), &situation(explicit, None)).unwrap();
        assert_eq!((data, notice), (PathBuf::from("/root/shop/data"), None));
    }
}

#[test]
fn the_default_folder_gives_way_and_says_so() {
    let (data, notice) = decide(&person(), &situation(false, Some("/root"))).unwrap();
    assert_eq!(data, Path::new("/var/lib/shearline/data"));
    let notice = notice.unwrap();
    assert!(
        notice.contains("/var/lib/shearline/data")
            && notice.contains("enter /root;")
            && notice.contains("SHEARLINE_DATA"),
        "{notice}"
    );
}

#[test]
fn a_folder_that_was_asked_for_is_never_exchanged() {
    let said = decide(&person(), &situation(true, Some("/root"))).expect_err("out of reach").to_string();
    assert!(said.starts_with("SHEARLINE_DATA is /root/shop/data") && said.contains("cannot enter /root"), "{said}");
}

#[test]
fn mode_bits_count_for_the_one_they_are_meant_for() {
    let person = person();
    for (mode, uid, gid, enters) in [
        (0o755, 0, 0, true),
        (0o700, 0, 0, false),
        (0o750, 0, 104, true),
        (0o750, 0, 0, false),
        (0o700, 101, 0, true),
        // The owner's bits decide for the owner, and the group's for the group, even when the others may.
        (0o077, 101, 104, false),
        (0o707, 0, 104, false),
    ] {
        assert_eq!(person.may_enter(mode, uid, gid), enters, "{mode:o} {uid} {gid}");
    }
}

/// A folder in /tmp, which any user reaches, removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = PathBuf::from(format!("/tmp/shearline-place-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_first_closed_folder_on_the_way_is_named() {
    let folder = Folder::new();
    let closed = folder.0.join("closed");
    fs::create_dir_all(closed.join("inner")).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let stranger = Person { name: "stranger".into(), uid: 4_000_000, gid: 4_000_000 };
    assert_eq!(barred(&closed.join("inner/new/data"), &stranger).unwrap(), Some(closed.clone()));
    assert_eq!(barred(&folder.0.join("new/data"), &stranger).unwrap(), None);
    // The data folder itself may be closed: it is theirs.
    assert_eq!(barred(&closed, &stranger).unwrap(), None);
}

#[test]
fn a_folder_of_other_things_is_not_taken_over() {
    let folder = Folder::new();
    fs::write(folder.0.join("letters.txt"), "").unwrap();
    let owner = fs::metadata(&folder.0).unwrap().uid();
    let said = hand_over(&folder.0, &Person { uid: owner + 1, ..person() }).expect_err("not ours").to_string();
    // As root it is the content that forbids, as anybody else the owner.
    let part = if owner == 0 { "letters.txt, which is not Shearline's" } else { "belongs to user number" };
    assert!(said.contains(part), "{said}");
}

#[test]
fn the_data_folder_is_its_owners_alone() {
    let folder = Folder::new();
    let data = folder.0.join("a/b/data");
    make(&data).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!((mode(&data), mode(&folder.0.join("a/b"))), (0o700, 0o755));
    make(&data).unwrap();
    fs::write(folder.0.join("file"), "").unwrap();
    assert!(make(&folder.0.join("file")).is_err());
}
