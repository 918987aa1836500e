//! The pools, private to this crate: a login each, so that a hole in one door does not open another.

use crate::{
    Cap, Error, Grant, ReadTx, Result, WriteTx,
    attachments::Files,
    bootstrap::Roles,
    front_door::{breach::Breached, ranges::Ranges},
    looks::{Looks, Way},
    scope::{PortalTx, Visitor},
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, PgPool, Postgres, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use vault::{Vault, keyd::Client};

/// The database as the server may use it.
#[derive(Clone)]
pub struct Db {
    pub(crate) app: PgPool,
    pub(crate) portal: PgPool,
    pub(crate) auth: PgPool,
    pub(crate) worker: PgPool,
    pub(crate) instance: PgPool,
    pub(crate) vault: Arc<Vault>,
    pub(crate) keyd: Option<Client>,
    pub(crate) statements: Arc<AtomicU64>,
    pub(crate) hashes: Arc<AtomicU64>,
    pub(crate) breached: Option<Arc<Breached>>,
    pub(crate) ranges: Option<Arc<dyn Ranges>>,
    pub(crate) files: Option<Files>,
    pub(crate) looks: Looks,
}

impl Db {
    /// Opens the pools, lazily: a database that is down now may be up in a minute. `vault` holds the front key, for what
    /// belongs to no shop.
    ///
    /// # Errors
    /// An address that cannot be read.
    pub fn open(roles: &Roles, vault: Vault) -> Result<Self> {
        Ok(Self {
            app: pool(roles.login("shearline_app")?, 12),
            portal: pool(roles.login("shearline_portal")?, 6),
            auth: pool(roles.login("shearline_auth")?, 6),
            worker: pool(roles.login("shearline_worker")?, 3),
            instance: pool(roles.login("shearline_instance")?, 2),
            vault: Arc::new(vault),
            keyd: None,
            statements: Arc::default(),
            hashes: Arc::default(),
            breached: None,
            ranges: None,
            files: None,
            looks: Looks::default(),
        })
    }

    /// A transaction that can only read, in the shop and name of the grant's actor.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be reached.
    pub async fn read(&self, grant: Grant) -> Result<ReadTx> {
        let tx = self.begin(&self.app, "begin read only", grant.actor().cap()).await?;
        Ok(ReadTx::new(tx, grant, self.clone()))
    }

    /// A transaction that changes things, in the shop and name of the grant's actor. It ends by an event or not at all.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be reached.
    pub async fn write(&self, grant: Grant) -> Result<WriteTx> {
        let tx = self.begin(&self.app, "begin", grant.actor().cap()).await?;
        Ok(WriteTx::new(tx, grant, self.clone()))
    }

    /// A transaction of the client's door: what the link's client may see, to be read.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be reached.
    pub async fn visit(&self, visitor: Arc<Visitor>) -> Result<PortalTx> {
        self.looks.by_visitor(&visitor, Way::Followed);
        let tx = self.begin(&self.portal, "begin read only", visitor.cap()).await?;
        Ok(PortalTx::new(tx, visitor, self.clone()))
    }

    /// From now on no new password may be on this list.
    #[must_use]
    pub fn without_leaked(self, breached: Breached) -> Self {
        Self { breached: Some(Arc::new(breached)), ..self }
    }

    /// Number of Argon2 computations so far, for tests that count them.
    #[must_use]
    pub fn password_hashes(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }

    /// Number of statements sent by pages so far, for tests that count them.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Refuses to serve with logins that the walls would not hold: superusers, bypassers, owners of tables, and members of
    /// any role, whose power they could take on.
    ///
    /// # Errors
    /// Says which login is too powerful.
    pub async fn check_walls(&self) -> Result<()> {
        for (name, pool) in [
            ("app", &self.app),
            ("portal", &self.portal),
            ("auth", &self.auth),
            ("worker", &self.worker),
            ("instance", &self.instance),
        ] {
            let weak: bool = sqlx::query_scalar(
                "select r.rolsuper or r.rolbypassrls or r.rolcreaterole or exists (select from pg_class c where c.relowner = r.oid)
                 or exists (select from pg_auth_members m where m.member = r.oid) or has_database_privilege(current_database(), 'temp')
                 from pg_roles r where r.rolname = current_user",
            )
            .fetch_one(pool)
            .await?;
            if weak {
                return Err(Error::Setup(format!(
                    "the {name} login has more power than a serving login may have: run `shearline migrate`, which clears its attributes, and \
                     revoke every role that was granted to it"
                )));
            }
        }
        Ok(())
    }

    /// Whether a statement gets through.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn ready(&self) -> Result<()> {
        sqlx::query("select 1").execute(&self.app).await.map_err(|_| Error::Unavailable)?;
        Ok(())
    }

    /// Closes all pools; statements under way end first.
    pub async fn close(&self) {
        for pool in [&self.app, &self.portal, &self.auth, &self.worker, &self.instance] {
            pool.close().await;
        }
    }

    /// A connection of the worker's for a row of statements that need no transaction.
    pub(crate) async fn worker_conn(&self) -> Result<PoolConnection<Postgres>> {
        Ok(self.worker.acquire().await?)
    }

    /// The one `begin` of the project. The capability travels in the same message; its 64 hexadecimal digits are checked
    /// by construction, and BEGIN takes no parameters.
    pub(crate) async fn begin(
        &self,
        pool: &PgPool,
        begin: &'static str,
        cap: &Cap,
    ) -> Result<Transaction<'static, Postgres>> {
        let text = format!("{begin}; set local app.cap = '{}'", cap.digits());
        Ok(pool.begin_with(AssertSqlSafe(text)).await?)
    }
}

fn pool(login: PgConnectOptions, size: u32) -> PgPool {
    let options = login.disable_statement_logging().options([
        ("statement_timeout", "15s"),
        ("idle_in_transaction_session_timeout", "15s"),
        ("lock_timeout", "10s"),
        // Our statements are short: compiling one costs more than it could save.
        ("jit", "off"),
    ]);
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(5))
        // sqlx 0.9.0 can hand out a connection whose begin was cancelled half-way, with the transaction still open. A
        // rollback without one would write a warning into PostgreSQL's log each time.
        .after_release(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql("begin; rollback; reset all").execute(connection).await?;
                Ok(true)
            })
        })
        .connect_lazy_with(options)
}
