//! A real cluster: made, started, left behind by a killed server, taken over, stopped.
//!
//! PostgreSQL refuses root, so each test that root runs starts itself again as `postgres`.

use super::*;
use store::{Db, Roles, bootstrap};
use vault::{KeyFile, Vault};

/// A data folder that any user can reach, removed afterwards.
struct Data(PathBuf);

impl Data {
    fn new() -> Self {
        let path = PathBuf::from(format!("/var/tmp/shearline-pg-{}", uuid::Uuid::now_v7()));
        DirBuilder::new().mode(0o700).create(&path).unwrap();
        Self(path)
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a test as an ordinary user: at once, or for root in a process of `postgres`.
fn as_ordinary(test: &str, body: impl FnOnce(&Path)) {
    if !geteuid().is_root() {
        return body(&Data::new().0);
    }
    let folder = PathBuf::from(format!("/var/tmp/shearline-run-{}", uuid::Uuid::now_v7()));
    DirBuilder::new().mode(0o755).create(&folder).unwrap();
    // The folder of the build may be closed to everybody else.
    fs::copy(std::env::current_exe().unwrap(), folder.join("test")).unwrap();
    let done = Command::new("setpriv")
        .args(["--reuid=postgres", "--regid=postgres", "--init-groups"])
        .arg(folder.join("test"))
        .args(["--exact", &format!("postgres::tests::{test}"), "--nocapture"])
        .current_dir("/")
        .output()
        .unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}\n{}", String::from_utf8_lossy(&done.stderr));
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// What a serving login finds with these passwords.
async fn ready(data: &Path, roles: &Roles) -> store::Result<()> {
    let db = Db::open(roles, Vault::new(KeyFile::create_or_open(data.join("front.key")).unwrap()))?;
    let walls = db.ready().await.and(db.check_walls().await);
    db.close().await;
    walls
}

#[test]
fn it_is_made_serves_passwords_only_and_stops() {
    as_ordinary("it_is_made_serves_passwords_only_and_stops", |data| {
        let cluster = Cluster::start(data).unwrap();
        assert!(cluster.started_here() && initialised(&data.join("pg")));
        wait(async {
            let roles = bootstrap::migrate(&cluster.url(None)).await.unwrap();
            let roles = Roles { database: cluster.address(), ..roles };
            ready(data, &roles).await.unwrap();
            let mut wrong = roles.clone();
            wrong.passwords.insert("shearline_app".into(), "guessed".into());
            assert!(ready(data, &wrong).await.is_err(), "a wrong password got in");
            wrong.passwords.clear();
            assert!(ready(data, &wrong).await.is_err(), "no password got in");
            // The migrator needs none: the operating system vouches for it.
            assert!(bootstrap::inspect(&cluster.url(Some("shearline_migrator"))).await.unwrap().version >= 150_000);
            assert!(
                bootstrap::inspect(&cluster.url(Some("shearline_app"))).await.is_err(),
                "peer let a serving login in"
            );
        });
        let open = fs::metadata(data.join("run")).unwrap().mode() & 0o077;
        assert_eq!(open, 0, "others can enter the socket's folder");
        cluster.stop().unwrap();
        assert_eq!(postmaster::state(&data.join("pg")).unwrap(), State::Down);
        assert!(!data.join("pg/postmaster.pid").exists());
    });
}

#[test]
fn one_left_running_is_taken_over() {
    as_ordinary("one_left_running_is_taken_over", |data| {
        let mut first = Cluster::start(data).unwrap();
        first.leave_running();
        drop(first);
        let found = Cluster::start(data).unwrap();
        assert!(!found.started_here());
        drop(found);
        assert!(matches!(postmaster::state(&data.join("pg")).unwrap(), State::Ready { .. }), "a guest stopped it");
        let mut found = Cluster::start(data).unwrap();
        found.take_over();
        drop(found);
        assert_eq!(postmaster::state(&data.join("pg")).unwrap(), State::Down);
    });
}

#[test]
fn a_strangers_process_number_does_not_keep_it_down() {
    as_ordinary("a_strangers_process_number_does_not_keep_it_down", |data| {
        let pg = data.join("pg");
        drop(Cluster::start(data).unwrap());
        // As after a power cut, with the number now given to another process: this one.
        fs::write(
            pg.join("postmaster.pid"),
            format!("{}\n{}\n0\n5432\n{}\n\n0\nready\n", std::process::id(), pg.display(), data.join("run").display()),
        )
        .unwrap();
        let cluster = Cluster::start(data).unwrap();
        assert!(cluster.started_here());
    });
}

#[test]
fn a_half_made_cluster_is_made_again() {
    as_ordinary("a_half_made_cluster_is_made_again", |data| {
        fs::create_dir(data.join("pg.new")).unwrap();
        fs::write(data.join("pg.new/PG_VERSION"), "15").unwrap();
        drop(Cluster::start(data).unwrap());
        assert!(initialised(&data.join("pg")) && !data.join("pg.new").exists());
    });
}

#[test]
fn a_cluster_that_cannot_start_says_why() {
    as_ordinary("a_cluster_that_cannot_start_says_why", |data| {
        drop(Cluster::start(data).unwrap());
        let conf = data.join("pg/postgresql.conf");
        fs::write(&conf, "no_such_setting = 1\n").unwrap();
        let said = format!("{:#}", Cluster::start(data).expect_err("started"));
        assert!(said.contains("no_such_setting"), "{said}");
        fs::write(data.join("pg/PG_VERSION"), "9").unwrap();
        let said = format!("{:#}", Cluster::start(data).expect_err("started"));
        assert!(said.contains("apt-get install postgresql-9"), "{said}");
    });
}

#[test]
fn a_long_path_gets_a_short_socket() {
    as_ordinary("a_long_path_gets_a_short_socket", |data| {
        let deep = data.join("d".repeat(90));
        DirBuilder::new().mode(0o700).create(&deep).unwrap();
        let cluster = Cluster::start(&deep).unwrap();
        assert!(cluster.run.starts_with("/tmp"), "{}", cluster.run.display());
        wait(async { bootstrap::migrate(&cluster.url(None)).await.unwrap() });
        let run = cluster.run.clone();
        cluster.stop().unwrap();
        // Made by somebody else, or open to others, it is not used.
        fs::set_permissions(&run, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        assert!(Cluster::start(&deep).is_err());
        fs::remove_dir_all(run).unwrap();
    });
}

#[test]
fn addresses_survive_strange_folders() {
    assert_eq!(mark_of(Path::new("/a")).len(), 12);
    assert_ne!(mark_of(Path::new("/a")), mark_of(Path::new("/b")));
    assert_eq!(encoded(Path::new("/a b/c+d&e")), "/a%20b/c%2Bd%26e");
}
