//! Databases: one template a run, migrated and peopled once; each test gets a copy and drops it.

use super::{
    crowd::{self, Crowd},
    keyd::TestKeyd,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    env,
    path::PathBuf,
    process,
    str::FromStr,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};
use store::{Db, Roles, bootstrap};
use tokio::sync::OnceCell;
use vault::{KeyFile, Vault};

/// What the template says instead of `select now()`, so that tests can move time. The walker knows of both names.
const CLOCK: &str = "
  set role shearline_owner;
  create table auth.clock (shift interval not null);
  insert into auth.clock values ('0');
  create or replace function app.now() returns timestamptz language sql stable security definer set search_path = pg_catalog, pg_temp
    as 'select now() + (select shift from auth.clock)';
  reset role;";

static TEMPLATE: OnceCell<Crowd> = OnceCell::const_new();
static COPIES: AtomicU32 = AtomicU32::new(0);

/// Superuser's address of the throw-away cluster. Without it there is nothing to test against, and that is a failure.
fn superuser() -> PgConnectOptions {
    let url = env::var("SHEARLINE_TEST_PG")
        .expect("SHEARLINE_TEST_PG is not set: run these tests as `scripts/test-postgres.sh cargo test -p store`, or by `make test`");
    PgConnectOptions::from_str(&url)
        .expect("SHEARLINE_TEST_PG is not an address of PostgreSQL")
        .disable_statement_logging()
}

/// A database of its own, gone when dropped.
pub struct TestDb {
    /// Its name in the cluster.
    pub name: String,
    /// The database as the server opens it.
    pub db: Db,
    /// Who lives in it.
    pub crowd: Crowd,
    /// What `Db::open` was given.
    pub roles: Roles,
    /// The process that holds the keys.
    pub keyd: TestKeyd,
    at: PgConnectOptions,
}

/// A fresh copy of the peopled template.
pub async fn fresh() -> TestDb {
    let at = superuser();
    let crowd = TEMPLATE.get_or_init(template).await.clone();
    let name = format!("t_{}_{}", process::id(), COPIES.fetch_add(1, Ordering::Relaxed));
    let mut conn = at.connect().await.expect("the test cluster cannot be reached");
    run(&mut conn, &format!("create database {name} template {} owner shearline_owner", template_name())).await;
    bootstrap::fence(&mut conn, &name).await.expect("fence");
    conn.close().await.expect("close");
    let (db, roles, keyd) = opened(&at, &name);
    TestDb { db, name, crowd, roles, keyd, at }
}

/// A peopled database in a cluster of the test's own.
pub async fn alone_in(at: &PgConnectOptions) -> TestDb {
    let name = "t_alone".to_owned();
    let crowd = people(at, &name).await;
    let (db, roles, keyd) = opened(at, &name);
    TestDb { db, name, crowd, roles, keyd, at: at.clone() }
}

/// A database as the server opens it, with its keyd.
fn opened(at: &PgConnectOptions, name: &str) -> (Db, Roles, TestKeyd) {
    let roles = roles(at, name);
    let keyd = TestKeyd::start(&roles);
    (Db::open(&roles, vault()).expect("open").asking_keyd(keyd.client.clone()), roles, keyd)
}

impl TestDb {
    /// A connection as one of the logins, or as `postgres`.
    pub async fn login(&self, login: &str) -> PgConnection {
        self.at
            .clone()
            .username(login)
            .database(&self.name)
            .connect()
            .await
            .unwrap_or_else(|error| panic!("{login} cannot connect: {error}"))
    }

    /// Its address for the superuser, as `migrate` takes one.
    pub fn url(&self) -> String {
        address(&self.at, &self.name)
    }

    /// Runs statements as the superuser.
    pub async fn sudo(&self, statements: &str) {
        let mut conn = self.login("postgres").await;
        run(&mut conn, statements).await;
        conn.close().await.expect("close");
    }

    /// One value, asked as the superuser.
    pub async fn ask<T>(&self, query: &str) -> T
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
    {
        let mut conn = self.login("postgres").await;
        let value = sqlx::query_scalar(AssertSqlSafe(query.to_owned()))
            .fetch_one(&mut conn)
            .await
            .unwrap_or_else(|error| panic!("{query}: {error}"));
        conn.close().await.expect("close");
        value
    }

    /// Moves this database's clock and its keyd's on, e.g. `"31 minutes"`.
    pub async fn later(&self, by: &str) {
        self.sudo(&format!("update auth.clock set shift = shift + interval '{by}'")).await;
        let ahead: i64 = self.ask("select extract(epoch from shift)::bigint from auth.clock").await;
        self.keyd.shift.store(ahead, Ordering::SeqCst);
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (at, name) = (self.at.clone(), self.name.clone());
        // A thread of its own: the test's runtime may be ending.
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                tell_events(&at, &name).await;
                let mut conn = at.connect().await.ok()?;
                sqlx::raw_sql(AssertSqlSafe(format!("drop database if exists {name} with (force)")))
                    .execute(&mut conn)
                    .await
                    .ok()
            })
        });
        let _ = dropped.join();
    }
}

/// Which kinds of events the test brought onto a chain, for `scripts/events.sh`, which looks whether each kind is among
/// those of all tests. A database that cannot be asked any more tells nothing.
async fn tell_events(at: &PgConnectOptions, name: &str) -> Option<()> {
    let mut conn = at.clone().database(name).connect().await.ok()?;
    let codes = "select coalesce(string_agg(distinct action::text, E'\\n'), '') from audit.entries where seq < 100000";
    let codes: String = sqlx::query_scalar(codes).fetch_one(&mut conn).await.ok()?;
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("events");
    std::fs::create_dir_all(&folder).ok()?;
    std::fs::write(folder.join(name), codes + "\n").ok()
}

/// Sends statements; a test that cannot set its table cannot go on.
pub async fn run(conn: &mut PgConnection, statements: &str) {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))
        .execute(conn)
        .await
        .unwrap_or_else(|error| panic!("{error}\n{}", statements.chars().take(600).collect::<String>()));
}

/// The front key of this run; the root key is keyd's.
pub fn vault() -> Vault {
    let folder = scratch();
    Vault::new(KeyFile::create_or_open(folder.join("front.key")).expect("key file"))
}

/// A folder of this run's own.
pub fn scratch() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("it-{}", process::id()));
    std::fs::create_dir_all(&folder).expect("scratch folder");
    folder
}

fn template_name() -> String {
    format!("t_template_{}", process::id())
}

fn roles(at: &PgConnectOptions, database: &str) -> Roles {
    // The cluster trusts its socket: passwords are tested where they are set, in the server's own cluster.
    let passwords = bootstrap::SERVING.iter().map(|login| ((*login).to_owned(), String::new())).collect();
    Roles { database: format!("postgres:///{database}?host={}&port={}", socket(at), at.get_port()), passwords }
}

fn address(at: &PgConnectOptions, name: &str) -> String {
    format!("postgres:///{name}?host={}&port={}&user={}", socket(at), at.get_port(), at.get_username())
}

fn socket(at: &PgConnectOptions) -> String {
    at.get_socket().map_or_else(|| at.get_host().to_owned(), |socket| socket.display().to_string())
}

async fn template() -> Crowd {
    sweep().await;
    people(&superuser(), &template_name()).await
}

/// Migrates a new database and fills it with the two shops.
async fn people(at: &PgConnectOptions, name: &str) -> Crowd {
    let url = address(at, name);
    let mut conn = at.connect().await.expect("the test cluster cannot be reached");
    run(&mut conn, &format!("drop database if exists {name} with (force)")).await;
    bootstrap::migrate(&url).await.expect("the migrations do not run");
    let mut conn = at.clone().database(name).connect().await.expect("template");
    run(&mut conn, CLOCK).await;
    let (db, _, keyd) = opened(at, name);
    let crowd = crowd::gather(&db, &mut conn).await;
    db.close().await;
    // A database that somebody is connected to cannot be copied.
    keyd.close().await;
    conn.close().await.expect("close");
    crowd
}

/// Drops what earlier runs that were killed left in a cluster that outlives them.
async fn sweep() {
    let mut conn = superuser().connect().await.expect("the test cluster cannot be reached");
    let left: Vec<String> =
        sqlx::query_scalar(r"select datname::text from pg_database where datname ~ '^t_(template_)?[0-9]+'")
            .fetch_all(&mut conn)
            .await
            .expect("databases");
    for name in left {
        let pid = name.trim_start_matches("t_template_").trim_start_matches("t_").split('_').next().unwrap_or_default();
        if !PathBuf::from(format!("/proc/{pid}")).exists() {
            let _ = sqlx::raw_sql(AssertSqlSafe(format!("drop database if exists {name} with (force)")))
                .execute(&mut conn)
                .await;
        }
    }
}
