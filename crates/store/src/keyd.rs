//! What keyd asks of the database, by a login that may ask that and nothing else.

mod reconcile;
pub mod rotation;

pub use reconcile::{Reconciled, reconciled};

use crate::{Error, Result, Roles};
use sqlx::{ConnectOptions, PgPool, postgres::PgPoolOptions, query, query_scalar};
use std::time::Duration;
use uuid::Uuid;
use vault::{
    WrappedShopKey,
    keyd::{Away, Head, Receipt, Record, Standing, Witness},
};

/// Its login reads, but for where its log stands and what is wrong with it.
const WRITING: &str = "begin read write";

/// The database as keyd's witness.
#[derive(Clone)]
pub struct DbWitness {
    pool: PgPool,
}

impl DbWitness {
    /// Connects when it is first asked.
    ///
    /// # Errors
    /// An address that cannot be read.
    pub fn open(roles: &Roles) -> Result<Self> {
        let login = roles.login("shearline_keyd")?.disable_statement_logging();
        let login =
            login.options([("statement_timeout", "5s"), ("jit", "off"), ("default_transaction_read_only", "on")]);
        let pool = PgPoolOptions::new().max_connections(4).acquire_timeout(Duration::from_secs(5));
        Ok(Self { pool: pool.connect_lazy_with(login) })
    }

    /// Whether any shop has a key: then a root key that is missing is not made anew.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn inhabited(&self) -> Result<bool> {
        Ok(query_scalar!(r#"select keyd.inhabited() as "inhabited!""#).fetch_one(&self.pool).await?)
    }

    /// Where keyd's log stood when that was last written down; none where it never was.
    ///
    /// # Errors
    /// A database that cannot be reached.
    pub async fn head(&self) -> Result<Option<Head>, Away> {
        let row = query!(r#"select seq as "seq!", hash as "hash!" from keyd.head()"#).fetch_optional(&self.pool).await;
        let head = |seq: i64, hash: Vec<u8>| Some(Head { seq: seq.cast_unsigned(), hash: hash.try_into().ok()? });
        Ok(row.map_err(away)?.and_then(|row| head(row.seq, row.hash)))
    }

    /// Says what is wrong with keyd's log, for the shops to be told; '' where nothing is.
    ///
    /// # Errors
    /// A database that cannot be reached.
    pub async fn complain(&self, words: &str) -> Result<(), Away> {
        let mut tx = self.pool.begin_with(WRITING).await.map_err(away)?;
        query!("select keyd.complain($1)", words).execute(&mut *tx).await.map_err(away)?;
        tx.commit().await.map_err(away)
    }

    /// Closes its connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl Witness for DbWitness {
    async fn bearer(&self, capability: &str) -> Result<Option<Standing>, Away> {
        let row = query!(
            r#"select shop_id as "shop!", actor as "actor!", person as "person!", works as "works!" from keyd.bearer($1)"#,
            capability
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(away)?;
        Ok(row.map(|row| Standing { shop: row.shop, actor: row.actor, person: row.person, works: row.works }))
    }

    async fn claimed(&self, shop: Uuid, record: &Record, claim: Uuid) -> Result<bool, Away> {
        query_scalar!(r#"select keyd.claimed($1, $2, $3, $4) as "claimed!""#, shop, record.table, record.row, claim)
            .fetch_one(&self.pool)
            .await
            .map_err(away)
    }

    async fn keys(&self, shop: Uuid) -> Result<Vec<WrappedShopKey>, Away> {
        let rows = query!(r#"select kek_id as "kek_id!", wrapped as "wrapped!" from keyd.keys($1)"#, shop)
            .fetch_all(&self.pool)
            .await
            .map_err(away)?;
        Ok(rows.into_iter().map(|row| WrappedShopKey { kek_id: row.kek_id, wrapped: row.wrapped }).collect())
    }

    async fn own_key(&self, shop: Uuid) -> Result<Option<Vec<u8>>, Away> {
        query_scalar!("select keyd.own_key($1)", shop).fetch_one(&self.pool).await.map_err(away)
    }

    async fn roots(&self) -> Result<Vec<u32>, Away> {
        let rows =
            query_scalar!(r#"select root as "root!" from keyd.roots()"#).fetch_all(&self.pool).await.map_err(away)?;
        Ok(rows.into_iter().map(i32::cast_unsigned).collect())
    }

    async fn committed(&self, receipt: &Receipt) -> Result<bool, Away> {
        let Receipt { shop, actor, entry, search, record } = receipt;
        query_scalar!(
            r#"select keyd.committed($1, $2, $3, $4, $5) as "committed!""#,
            shop,
            actor,
            entry,
            search,
            record.row
        )
        .fetch_one(&self.pool)
        .await
        .map_err(away)
    }

    async fn keep_head(&self, head: Head) -> Result<(), Away> {
        let mut tx = self.pool.begin_with(WRITING).await.map_err(away)?;
        query!("select keyd.keep_head($1, $2)", head.seq.cast_signed(), &head.hash[..])
            .execute(&mut *tx)
            .await
            .map_err(away)?;
        tx.commit().await.map_err(away)
    }
}

fn away(error: sqlx::Error) -> Away {
    Away(Error::from(error).to_string())
}
