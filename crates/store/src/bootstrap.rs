//! Roles, database and migrations: what `migrate` does, as the migrator, and nothing else ever does.

use crate::{Db, Error, Result};
use serde::{Deserialize, Serialize};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgExecutor,
    migrate::{MigrateError, Migrator},
    postgres::PgConnectOptions,
};
use std::{collections::BTreeMap, str::FromStr};
use url::Url;
use uuid::Uuid;
use vault::{Vault, WrappedShopKey};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Words for a schema that is not ours to change. Nothing is ever emptied to get past it: whose shops these are cannot be seen.
const FOREIGN: &str = "the schema was made by another build of Shearline, and `shearline migrate` leaves it as it is. Put that build back; if the data folder holds nothing but the demo, stop the server and remove the folder";

/// The logins that serve, each its own door.
pub const SERVING: [&str; 6] =
    ["shearline_app", "shearline_portal", "shearline_auth", "shearline_worker", "shearline_instance", "shearline_keyd"];

/// Content of `roles.toml`: where the database is and the passwords of the serving logins. Mode 0600.
#[derive(Clone, Serialize, Deserialize)]
pub struct Roles {
    /// Address without user or password.
    pub database: String,
    /// Login → password.
    pub passwords: BTreeMap<String, String>,
}

impl Roles {
    /// How to connect as one of the serving logins.
    ///
    /// # Errors
    /// An address that cannot be read.
    pub fn login(&self, name: &str) -> Result<PgConnectOptions> {
        let options = PgConnectOptions::from_str(&self.database)?.username(name);
        Ok(match self.passwords.get(name) {
            Some(password) => options.password(password),
            None => options,
        })
    }
}

/// Makes roles (idempotent), database and schema. `url` names a login that may create roles: the private cluster's
/// superuser, or `DATABASE_URL`.
///
/// # Errors
/// Whatever the database says, and a schema that another build of Shearline made: it is left as it is.
pub async fn migrate(url: &str) -> Result<Roles> {
    let (target, name) = target(url)?;
    // Before the logins get new passwords: a server of that other build may be using them.
    if matches!(look(target.clone().database(&name)).await, Ok(found) if found.foreign) {
        return Err(Error::Setup(FOREIGN.to_owned()));
    }
    let passwords = make_roles(&target, &name).await?;
    let mut conn = target.clone().database(&name).connect().await?;
    apply(&mut conn).await.map_err(|error| Error::Database(error.into()))?;
    // One serving login may see which migrations were applied, so that `serve` can tell.
    run(&mut conn, &format!("grant usage on schema public to shearline_worker; grant select (version, checksum) on {} to shearline_worker", MIGRATIONS.table_name)).await?;
    fence(&mut conn, &name).await?;
    conn.close().await?;
    Ok(Roles { database: address_only(url, &name)?, passwords })
}

/// Rights on the database itself. `CREATE DATABASE … TEMPLATE` drops them, so tests call this after each copy.
///
/// # Errors
/// Whatever the database says.
pub async fn fence(conn: &mut PgConnection, database: &str) -> Result<()> {
    let all = SERVING.join(", ");
    run(
        conn,
        &format!("revoke all on database {0} from public; grant connect on database {0} to {all}", quoted(database)),
    )
    .await
}

/// What [`inspect`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// `server_version_num`: 150018 is 15.18.
    pub version: i32,
    /// Names of migrations that are not applied yet.
    pub pending: Vec<String>,
    /// Whether an applied migration is not, or no longer, one of this program's.
    pub foreign: bool,
    /// What time it is there, in seconds since 1970.
    pub clock: i64,
}

/// Looks at server and schema without changing them. `url` as for [`migrate`].
///
/// # Errors
/// A database that cannot be reached or read.
pub async fn inspect(url: &str) -> Result<Inspected> {
    look(target(url)?.0).await
}

/// Refuses to serve on a schema that is not the one this program knows.
///
/// # Errors
/// Says what to do about it; [`Error::Unavailable`].
pub async fn check_schema(db: &Db) -> Result<()> {
    let applied = applied(&db.worker).await;
    // Before the first `migrate` there is nothing to read, or no right to.
    let unknown = |error: &Error| matches!(error, Error::Database(sqlx::Error::Database(said)) if said.code().is_some_and(|code| code.starts_with("42")));
    let applied = match applied {
        Err(error) if unknown(&error) => Vec::new(),
        other => other?,
    };
    if !applied.iter().all(known) {
        return Err(Error::Setup(FOREIGN.to_owned()));
    }
    match pending(&applied).as_slice() {
        [] => Ok(()),
        pending => Err(Error::Setup(format!(
            "the schema is not up to date: {} missing ({}). Run `shearline migrate`",
            pending.len(),
            pending.join(", ")
        ))),
    }
}

/// Whether any shop was ever opened here. A database that is not there yet holds none.
///
/// # Errors
/// A database that cannot be reached or read.
pub async fn inhabited(url: &str) -> Result<bool> {
    let (at, name) = target(url)?;
    let mut conn = match at.database(&name).connect().await {
        Err(sqlx::Error::Database(said)) if said.code().is_some_and(|code| code == "3D000") => return Ok(false),
        other => other?,
    };
    let inhabited = filled(&mut conn, "auth.shops").await?;
    conn.close().await?;
    Ok(inhabited)
}

/// How many shops there are whose newest key this vault opens, and how many it does not.
///
/// # Errors
/// A database that cannot be reached or read.
pub async fn opened_keys(url: &str, vault: &Vault) -> Result<(usize, usize)> {
    let mut conn = target(url)?.0.connect().await?;
    let mut keys: Vec<(Uuid, i32, Vec<u8>)> = Vec::new();
    if filled(&mut conn, "vault.shop_keys").await? {
        keys = sqlx::query_as(
            "select distinct on (shop_id) shop_id, kek_id, wrapped from vault.shop_keys order by shop_id, kek_id desc",
        )
        .fetch_all(&mut conn)
        .await?;
    }
    conn.close().await?;
    // Those with a lock of the shop's own open by its service alone.
    keys.retain(|(_, kek_id, wrapped)| {
        !Vault::is_locked(&WrappedShopKey { kek_id: *kek_id, wrapped: wrapped.clone() })
    });
    let all = keys.len();
    let opens = |(shop, kek_id, wrapped)| vault.load_shop_key(shop, &WrappedShopKey { kek_id, wrapped }).is_ok();
    let opened = keys.into_iter().filter(|key| opens(key.clone())).count();
    Ok((opened, all - opened))
}

/// Whether a table is there and holds a row. Row security must not make it look empty: then this is an error.
async fn filled(conn: &mut PgConnection, table: &'static str) -> Result<bool> {
    run(conn, "set row_security = off").await?;
    let there: bool =
        sqlx::query_scalar("select to_regclass($1) is not null").bind(table).fetch_one(&mut *conn).await?;
    if !there {
        return Ok(false);
    }
    Ok(sqlx::query_scalar(AssertSqlSafe(format!("select exists (select from {table})"))).fetch_one(conn).await?)
}

/// Where an address leads: for which login, and to which database.
fn target(url: &str) -> Result<(PgConnectOptions, String)> {
    let at = PgConnectOptions::from_str(url)?.disable_statement_logging();
    let name = at.get_database().unwrap_or("shearline").to_owned();
    Ok((at.clone().database(&name), name))
}

async fn look(at: PgConnectOptions) -> Result<Inspected> {
    let mut conn = at.connect().await?;
    let version = sqlx::query_scalar("select current_setting('server_version_num')::int").fetch_one(&mut conn).await?;
    let clock = sqlx::query_scalar("select extract(epoch from clock_timestamp())::bigint").fetch_one(&mut conn).await?;
    let name = MIGRATIONS.table_name.replace('"', "");
    let begun: bool = sqlx::query_scalar("select to_regclass($1) is not null").bind(&name).fetch_one(&mut conn).await?;
    let applied = if begun { applied(&mut conn).await? } else { Vec::new() };
    conn.close().await?;
    Ok(Inspected { version, pending: pending(&applied), foreign: !applied.iter().all(known), clock })
}

/// Number and checksum of a migration.
type Applied = (i64, Vec<u8>);

async fn applied(at: impl PgExecutor<'_>) -> Result<Vec<Applied>> {
    let statement = format!("select version, checksum from {}", MIGRATIONS.table_name);
    Ok(sqlx::query_as(AssertSqlSafe(statement)).fetch_all(at).await?)
}

fn known((version, sum): &Applied) -> bool {
    MIGRATIONS.iter().any(|ours| ours.version == *version && *ours.checksum == **sum)
}

fn pending(applied: &[Applied]) -> Vec<String> {
    let missing = |version| !applied.iter().any(|(done, _)| *done == version);
    MIGRATIONS.iter().filter(|ours| missing(ours.version)).map(|ours| ours.description.to_string()).collect()
}

async fn make_roles(target: &PgConnectOptions, database: &str) -> Result<BTreeMap<String, String>> {
    let mut conn = target.clone().database("postgres").connect().await?;
    // Roles are cluster-wide: two servers starting at once would race.
    run(&mut conn, "select pg_advisory_lock(5417263)").await?;
    run(
        &mut conn,
        "do $$ begin create role shearline_owner nologin; exception when duplicate_object then null; end $$",
    )
    .await?;
    run(&mut conn, "do $$ begin create role shearline_migrator login; exception when duplicate_object then null; end $$; grant shearline_owner to shearline_migrator; alter role shearline_migrator set role = shearline_owner").await?;
    run(&mut conn, "do $$ begin create role shearline_backup login bypassrls; exception when duplicate_object then null; when insufficient_privilege then raise notice 'no shearline_backup role: needs a superuser'; end $$").await?;
    let mut passwords = BTreeMap::new();
    for login in SERVING {
        let password = crate::Token::fresh().reveal();
        run(&mut conn, &format!("do $$ begin create role {login} login; exception when duplicate_object then null; end $$; alter role {login} nosuperuser nobypassrls nocreatedb nocreaterole noinherit password '{password}'")).await?;
        passwords.insert(login.to_owned(), password);
    }
    let known: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(database)
        .fetch_one(&mut conn)
        .await?;
    if !known {
        run(&mut conn, &format!("create database {} owner shearline_owner", quoted(database))).await?;
    }
    run(&mut conn, "select pg_advisory_unlock(5417263)").await?;
    conn.close().await?;
    Ok(passwords)
}

async fn apply(conn: &mut PgConnection) -> Result<(), MigrateError> {
    sqlx::raw_sql("set role shearline_owner").execute(&mut *conn).await?;
    let done = MIGRATIONS.run(&mut *conn).await;
    sqlx::raw_sql("reset role").execute(&mut *conn).await?;
    done
}

async fn run(conn: &mut PgConnection, statements: &str) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(conn).await?;
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The address without user and password, for the serving logins: everything else in it is theirs too, above all how the
/// connection is encrypted.
fn address_only(url: &str, database: &str) -> Result<String> {
    let unreadable = || Error::Setup("the address of the database cannot be read".to_owned());
    let mut url = Url::parse(url).map_err(|_| unreadable())?;
    // As a part of a path these two are steps, not names, however they are written.
    if matches!(database, "." | "..") {
        return Err(Error::Setup(format!("a database named `{database}` cannot be written in an address")));
    }
    // An address without a host can hold neither.
    if url.has_host() && url.host_str() != Some("") {
        url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| unreadable())?;
    }
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !matches!(&**name, "user" | "password" | "dbname"))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    url.path_segments_mut().map_err(|()| unreadable())?.clear().push(database);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sqlx::postgres::PgSslMode;

    #[test]
    fn an_address_loses_user_and_password_and_nothing_else() {
        for (url, kept) in [
            (
                "postgres://admin:geheim@db.example.org:6432/shop?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem",
                "postgres://db.example.org:6432/shop?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem",
            ),
            (
                "postgres:///shop?host=/run/postgresql&user=admin&password=geheim",
                "postgres:///shop?host=%2Frun%2Fpostgresql",
            ),
            (
                "postgres:///?host=/run/a%20b%26c&port=5433&user=admin",
                "postgres:///shop?host=%2Frun%2Fa+b%26c&port=5433",
            ),
            ("postgres://admin:ge%40heim@%2Frun%2Fpostgresql/shop", "postgres://%2Frun%2Fpostgresql/shop"),
            (
                "postgresql://[::1]:5433/other?dbname=shop&application_name=a%3Db",
                "postgresql://[::1]:5433/shop?application_name=a%3Db",
            ),
        ] {
            assert_eq!(address_only(url, "shop").ok().as_deref(), Some(kept), "{url}");
        }
        assert!(address_only("db.example.org", "shop").is_err());
        assert!(address_only("postgres:///", ".").is_err() && address_only("postgres:///", "..").is_err());
    }

    #[test]
    fn a_serving_login_connects_as_safely_as_the_migrator() {
        let url = "postgres://admin:geheim@db.example.org/shop?sslmode=verify-full&sslrootcert=/etc/a%20b.pem";
        let database = address_only(url, "shop").expect("is an address");
        let roles = Roles { database, passwords: BTreeMap::from([("shearline_app".into(), "own".into())]) };
        let login = roles.login("shearline_app").expect("is an address");
        assert!(matches!(login.get_ssl_mode(), PgSslMode::VerifyFull));
        assert_eq!((login.get_username(), login.get_host()), ("shearline_app", "db.example.org"));
        assert!(format!("{login:?}").contains("/etc/a b.pem") && !format!("{login:?}").contains("geheim"));
    }

    proptest! {
        #[test]
        fn strange_names_survive(database in "[ -~]{1,20}", socket in "/[ -~]{1,30}") {
            prop_assume!(!matches!(&*database, "." | ".."));
            let mut url = Url::parse("postgres:///").expect("is an address");
            url.query_pairs_mut().append_pair("host", &socket).append_pair("user", "admin");
            let address = address_only(url.as_str(), &database).expect("is an address");
            let read = PgConnectOptions::from_str(&address).expect("is an address");
            prop_assert_eq!(read.get_database(), Some(database.as_str()));
            prop_assert_eq!(read.get_socket().map(|path| path.display().to_string()), Some(socket));
        }
    }
}
