//! The databases: seeded by our own `shearline seed --size`, the floor's table copied from ours row by row.

use crate::{children, cpu};
use anyhow::{Context, Result, ensure};
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    str::FromStr,
};
use store::{Db, Roles};
use vault::{KeyFile, Vault};

/// The cluster `scripts/test-postgres.sh` started, and a folder for the servers' data.
pub struct Ground {
    superuser: String,
    folder: PathBuf,
    /// The process all backends descend from.
    pub postmaster: u32,
}

/// A seeded database.
pub struct Stocked {
    /// Its superuser's address.
    pub url: String,
    /// Data folder of the server that serves it.
    pub data: PathBuf,
    /// Opened as the server opens it.
    pub db: Db,
}

impl Ground {
    /// Finds the cluster.
    pub async fn find() -> Result<Self> {
        let superuser = std::env::var("SHEARLINE_TEST_PG").context("run this by scripts/bench.sh")?;
        let mut conn = connect(&superuser).await?;
        let backend: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut conn).await?;
        let postmaster = cpu::parent(backend.try_into()?)?;
        let base = if Path::new("/var/tmp").is_dir() { "/var/tmp" } else { "/tmp" };
        let folder = PathBuf::from(format!("{base}/shearline-bench.{}", std::process::id()));
        fs::create_dir(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755))?;
        Ok(Self { superuser, folder, postmaster })
    }

    /// A fresh database with one shop of half of `jobs` and twenty that share the rest.
    pub async fn stock(&self, name: &str, jobs: u32) -> Result<Stocked> {
        let (url, data) = (self.address(name, "postgres"), self.folder.join(name));
        let mut command = children::shearline(&url, &data)?;
        command.args(["seed", "--size", &jobs.to_string()]);
        let status = tokio::task::spawn_blocking(move || command.status()).await??;
        ensure!(status.success(), "seeding {name} ended with {status}");
        let roles: Roles = toml::from_str(&fs::read_to_string(data.join("roles.toml"))?)?;
        let db = Db::open(&roles, Vault::new(KeyFile::open(format!("{}.web/front.key", data.display()))?))?;
        Ok(Stocked { url, data, db })
    }

    /// Address of a database for one of the logins.
    pub fn address(&self, database: &str, login: &str) -> String {
        self.superuser.replacen("///postgres?", &format!("///{database}?"), 1).replacen(
            "user=postgres",
            &format!("user={login}"),
            1,
        )
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Connects without logging statements.
pub async fn connect(url: &str) -> Result<PgConnection> {
    Ok(PgConnectOptions::from_str(url)?.disable_statement_logging().connect().await?)
}

/// The floor's table with the jobs of this database: the same shops, the same number of rows for each.
pub async fn lay_floor(url: &str) -> Result<()> {
    let mut conn = connect(url).await?;
    sqlx::raw_sql(FLOOR).execute(&mut conn).await.context("making the floor's table")?;
    sqlx::raw_sql("vacuum analyze floor.jobs, floor.jobs_plain").execute(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

const FLOOR: &str = "
create role floor_app login;
do $$ begin execute format('grant connect on database %I to floor_app', current_database()); end $$;
create schema floor;
grant usage on schema floor to floor_app, shearline_app;
create table floor.jobs_plain (
  id uuid not null, shop_id uuid not null, number bigint not null, title text not null, customer text not null,
  status text not null, assignee text not null, total_cents bigint not null, due date not null, created_at timestamptz not null,
  primary key (shop_id, id)
);
insert into floor.jobs_plain
  select j.id, j.shop_id, j.number, j.requested, c.name, j.status, 'Bench Owner', 19775, j.created_at::date, j.created_at
  from app.jobs j join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id order by j.created_at;
create table floor.jobs (like floor.jobs_plain including all);
insert into floor.jobs select * from floor.jobs_plain;
create index on floor.jobs_plain (shop_id, number desc);
create index on floor.jobs (shop_id, number desc);
grant select on floor.jobs, floor.jobs_plain to floor_app;
grant select on floor.jobs to shearline_app;
alter table floor.jobs enable row level security, force row level security;
create policy by_setting on floor.jobs to floor_app using (shop_id = (select nullif(current_setting('floor.shop', true), '')::uuid));
create policy by_capability on floor.jobs to shearline_app using (shop_id = (select app.ctx_shop()))";
