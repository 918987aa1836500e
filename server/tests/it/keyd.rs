//! Rows 44 and 48 with the real program: keyd is another process, another user where root starts it, closed to the web and
//! to dumps, and there again when it was killed. And what pages say while it is away.

use crate::{
    app::{self, Who},
    harness,
};
use domain::Role;
use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// The program on a data folder of its own, with everything it started.
pub struct Served {
    child: Child,
    pub data: PathBuf,
    url: String,
}

impl Served {
    /// On this database, with the keys of this run.
    pub async fn of(on: &harness::TestDb) -> Served {
        let data = folder(&on.name);
        let keys = harness::cluster::scratch();
        fs::copy(keys.join("front.key"), data.join("front.key")).unwrap();
        fs::copy(keys.join("root.key"), data.join("root.key.before")).unwrap();
        let ran = command(&data, &on.url(), "127.0.0.1:0").arg("migrate").output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        Served { child: serving(&data, &on.url(), |_| {}), data, url: on.url() }
    }

    /// The process that serves.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it, and what it started.
    pub fn stop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        let keyd = keyd_of(self.child.id());
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
        // Its keyd may need a moment longer.
        for _ in 0..100 {
            let ended = keyd.is_none_or(|(pid, _)| !Path::new(&format!("/proc/{pid}")).exists());
            if ended {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Starts it again, with settings.
    pub fn start(&mut self, settings: impl FnOnce(&mut Command)) {
        self.child = serving(&self.data, &self.url, settings);
    }

    /// Waits until its keyd has its socket, and answers on it.
    pub async fn answers(&self) {
        until("keyd", || keyd_of(self.child.id())).await;
        let socket = self.keyd_folder().await.join("keyd.sock");
        until("its socket", || std::os::unix::net::UnixStream::connect(&socket).ok()).await;
    }

    /// keyd's folder, once its key is in it.
    pub async fn keyd_folder(&self) -> PathBuf {
        let places = [beside(&self.data), self.data.join("keyd")];
        until("its key", || places.iter().find(|place| place.join("root.key").exists()).cloned()).await
    }
}

fn serving(data: &Path, url: &str, settings: impl FnOnce(&mut Command)) -> Child {
    let mut command = command(data, url, "127.0.0.1:0");
    settings(&mut command);
    let said = || fs::OpenOptions::new().create(true).append(true).open(data.join("said")).unwrap();
    command.arg("serve").stdout(said()).stderr(said()).spawn().unwrap()
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop();
        for folder in [self.data.clone(), beside(&self.data), web(&self.data)] {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn beside(data: &Path) -> PathBuf {
    PathBuf::from(format!("{}.keyd", data.display()))
}

fn web(data: &Path) -> PathBuf {
    PathBuf::from(format!("{}.web", data.display()))
}

pub fn command(data: &Path, url: &str, addr: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shearline"));
    command.env("SHEARLINE_DATA", data).env("DATABASE_URL", url).env("SHEARLINE_ADDR", addr);
    command.env("SHEARLINE_SITE", app::SITE.display().to_string());
    command
}

/// Where any user may go.
pub fn folder(name: &str) -> PathBuf {
    let base = if Path::new("/var/tmp").is_dir() { "/var/tmp" } else { "/tmp" };
    let data = PathBuf::from(format!("{base}/shearline-keyd-{name}"));
    fs::create_dir_all(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    data
}

/// The process whose command line is keyd's, below that one.
pub fn keyd_of(server: u32) -> Option<(u32, u32)> {
    let children = |of: u32| {
        let all = fs::read_dir("/proc").into_iter().flatten().flatten();
        all.filter_map(move |entry| {
            let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            let parent: u32 = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
            (parent == of).then_some(pid)
        })
        .collect::<Vec<_>>()
    };
    let watched = |pid: &u32| fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.ends_with(b"--watched\0"));
    let pid = children(server).into_iter().flat_map(children).find(watched)?;
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let user = status.lines().find_map(|line| line.strip_prefix("Uid:"))?.split_whitespace().next()?.parse().ok()?;
    Some((pid, user))
}

pub async fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..300 {
        if let Some(found) = ask() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{what} did not come");
}

/// Whether a user may read a file, tried as that user.
fn may_read(user: u32, path: &Path) -> bool {
    let user = user.to_string();
    let tried = Command::new("setpriv")
        .args(["--reuid", &user, "--regid", "65534", "--clear-groups", "cat"])
        .arg(path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

#[tokio::test]
async fn row_48_keyd_is_another_process_whose_key_the_web_cannot_read() {
    let on = harness::fresh().await;
    let server = Served::of(&on).await;
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    // It is root's for the moment before it becomes its own user.
    let settled = || keyd_of(server.child.id()).filter(|(_, user)| !root || *user != 0);
    let (pid, user) = until("keyd", settled).await;
    let apart = beside(&server.data);
    let place = if apart.exists() { apart } else { server.data.join("keyd") };
    let key = until("its key", || fs::metadata(place.join("root.key")).ok()).await;
    assert_eq!((key.permissions().mode() & 0o777, key.uid()), (0o400, user));
    assert!(!server.data.join("root.key.before").exists(), "the web was left a copy");
    let web = fs::metadata(&server.data).unwrap().uid();
    if root {
        assert!(user != web && user != 0 && web != 0, "keyd is user {user}, the web {web}");
        assert!(!may_read(web, &place.join("root.key")) && may_read(user, &place.join("root.key")));
        // What a process may not be looked into belongs to root in /proc, not to its user.
        let closed =
            until("its closing", || fs::metadata(format!("/proc/{pid}/mem")).ok().filter(|about| about.uid() == 0));
        closed.await;
        assert!(!may_read(user, Path::new(&format!("/proc/{pid}/environ"))), "a process of its own user looks into it");
    }
    assert_eq!(user == web, !root, "apart where that is possible");
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn row_41_a_copy_of_the_data_folder_opens_nothing() {
    let on = harness::fresh().await;
    let mut server = Served::of(&on).await;
    server.answers().await;
    let front = web(&server.data).join("front.key");
    assert_eq!(fs::metadata(&front).expect("beside the data").permissions().mode() & 0o077, 0);
    assert_eq!(fs::metadata(web(&server.data)).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(beside(&server.data).join("root.key").exists(), "keyd's folder is beside, too");
    server.stop();
    let keys = files(&server.data).into_iter().filter(|file| vault::KeyFile::open(file).is_ok());
    assert_eq!(keys.collect::<Vec<_>>(), Vec::<PathBuf>::new(), "a key lies in the data folder");
    let copy = folder(&format!("{}-copy", on.name));
    fs::copy(server.data.join("roles.toml"), copy.join("roles.toml")).unwrap();
    let ran = command(&copy, &on.url(), "127.0.0.1:0").arg("migrate").output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(!ran.status.success() && said.contains("the front key is missing"), "{said}");
    for left in [copy.clone(), web(&copy), beside(&copy)] {
        let _ = fs::remove_dir_all(left);
    }
}

#[tokio::test]
async fn row_48_a_log_that_lost_its_last_lines_stops_keyd_and_is_told() {
    let on = harness::fresh().await;
    crate::archive::act(&on).await;
    on.later("61 minutes").await;
    let mut server = Served::of(&on).await;
    server.answers().await;
    let log = server.keyd_folder().await.join("openings.log");
    let lines = || fs::read_to_string(&log).unwrap_or_default();
    let mut stood = 0;
    for _ in 0..900 {
        stood = on.ask::<i64>("select coalesce(max(seq), 0) from keyd.openings").await;
        if stood >= 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(stood >= 1, "where the log stands is on record outside it");
    server.stop();
    let whole = lines();
    let shorter: String = whole.split_inclusive('\n').take(usize::try_from(stood).unwrap() - 1).collect();
    fs::write(&log, shorter).unwrap();
    on.later("16 minutes").await;
    server.start(|_| {});
    let told = "select count(*) from audit.entries where action = 222";
    for _ in 0..300 {
        if on.ask::<i64>(told).await >= 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(on.ask::<i64>(told).await, 2, "each shop is told");
    let said = fs::read_to_string(server.data.join("said")).unwrap();
    assert!(said.contains("is not the one that was written"), "{said}");
    let socket = server.keyd_folder().await.join("keyd.sock");
    assert!(std::os::unix::net::UnixStream::connect(&socket).is_err(), "keyd goes on with a shorter log");
    let ran = command(&server.data, &on.url(), "127.0.0.1:0").args(["audit", "accept", "openings"]).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(on.ask::<i64>("select count(*) from audit.entries where action = 221").await, 2, "on the record");
    server.answers().await;
}

#[tokio::test]
async fn row_44_no_memory_is_dumped_anywhere_and_keyd_comes_back_when_it_is_killed() {
    let on = harness::fresh().await;
    let server = Served::of(&on).await;
    let (first, _) = until("keyd", || keyd_of(server.child.id())).await;
    let limit = |process| {
        let limits = fs::read_to_string(format!("/proc/{process}/limits")).ok()?;
        let line = limits.lines().find(|line| line.starts_with("Max core file size"))?.to_owned();
        line.split_whitespace().skip(4).take(2).all(|value| value == "0").then_some(())
    };
    for process in [first, server.child.id()] {
        until("its limit of core dumps", || limit(process)).await;
    }
    // Nor swapped, where root's limits allow that; else it says so, once.
    let locked = || {
        let status = fs::read_to_string(format!("/proc/{first}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmLck:"))?.to_owned();
        let said = fs::read_to_string(server.data.join("said")).ok()?;
        match (line.split_whitespace().next()? != "0", said.matches("cannot be kept out of swap").count()) {
            (true, 0) | (false, 1) => Some(()),
            _ => None,
        }
    };
    until("its memory's lock, or words about it", locked).await;
    let killed = Command::new("kill").args(["-KILL", &first.to_string()]).status().unwrap();
    assert!(killed.success());
    let again =
        until("another keyd", || keyd_of(server.child.id()).map(|(pid, _)| pid).filter(|pid| *pid != first)).await;
    assert_ne!(again, first);
    let child = server.child.id();
    drop(server);
    until("keyd's end with the server", || keyd_of(child).is_none().then_some(())).await;
    let left = fs::read(format!("/proc/{again}/cmdline")).unwrap_or_default();
    assert!(!left.ends_with(b"--watched\0"), "keyd outlives its server");
}

#[tokio::test]
async fn while_keyd_is_away_pages_show_the_rest_and_say_so_in_words() {
    let mut app = app::start().await;
    let who = app.staff(Role::Owner).await;
    let site = app.on.crowd.a.clients[0]["site"];
    let (page, path) = (format!("/sites/{site}"), "/fn/desk/write_access_notes");
    assert_eq!(app.get(&who, &page).await.status, 200);
    let job = app.on.crowd.a.clients[0]["job"];
    app.on
        .sudo(&format!(
            "insert into app.authority_checks (shop_id, id, job_id, person_name, relation, document, sealed_characters, outcome, checked_by)
             select shop_id, gen_random_uuid(), job_id, person_name, relation, 'driving_licence', '\\x0101', outcome, checked_by
             from app.authority_checks where job_id = '{job}' limit 1"
        ))
        .await;
    app.on.keyd.stop();
    let shown = app.get(&who, &page).await;
    assert_eq!(shown.status, 200, "the page shows the rest");
    let client = &app.on.crowd.a.clients[0];
    let (job, signature) = (format!("/jobs/{}", client["job"]), format!("/signatures/{}", client["signature"]));
    for page in ["/", "/clients", "/jobs", "/account", &job, &signature] {
        assert_eq!(app.get(&who, page).await.status, 200, "{page}");
    }
    let job = app.get(&who, &job).await;
    assert!(job.body.contains("cannot be opened at the moment"), "the job says nothing of the document's characters");
    assert_eq!(app.get(&Who::default(), "/sign-in").await.status, 200);
    assert!(app.staff(Role::Dispatcher).await.cookie.contains("session"), "people sign in");
    let mut form = app::post_fields(&who, &page);
    for (name, value) in
        [("site", site.to_string()), ("form[access_notes]", "ZZQ-NOTE-4711".into()), ("form[version]", "1".into())]
    {
        form.push((name.into(), value));
    }
    let refused = app.post(&who, path, &form).await;
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(refused.body.contains("Everything else works") && !refused.body.contains("ZZQ-NOTE"), "{}", refused.body);
    let kept: bool = app
        .on
        .ask("select exists (select from vault.access_notes where position('ZZQ-NOTE'::bytea in sealed) > 0)")
        .await;
    assert!(!kept, "stored in clear");
    app.on.keyd.go_on();
    let again = app.post(&who, path, &form).await;
    assert_ne!(again.status, 503, "{}", again.body);
}
