//! One table and the ways to read it.

use sqlx::{
    AssertSqlSafe, FromRow, PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::str::FromStr;
use uuid::Uuid;

/// A row of `floor.jobs`.
#[derive(Clone, FromRow)]
pub struct Job {
    pub id: Uuid,
    pub number: i64,
    pub title: String,
    pub customer: String,
    pub status: String,
    pub assignee: String,
    pub total_cents: i64,
    pub due: String,
}

impl Job {
    /// A page of them, made in memory.
    pub fn invented() -> Vec<Self> {
        let one = |number: i64| Self {
            id: Uuid::from_u128(number.unsigned_abs().into()),
            number,
            title: format!("Closer on door {number} slams."),
            customer: format!("Client {number:06}"),
            status: "closed".into(),
            assignee: "Bench Owner".into(),
            total_cents: 19_775,
            due: "2026-03-01".into(),
        };
        (5001..5051).rev().map(one).collect()
    }
}

/// How a transaction says whose it is.
pub enum Walls {
    /// `set_config` as a statement of its own.
    Setting(Uuid),
    /// In the same message as `begin`.
    SettingAtOnce(Uuid),
    /// A capability, in the same message as `begin`.
    Capability(String),
}

/// Both logins.
#[derive(Clone)]
pub struct Floor {
    own: PgPool,
    by_capability: PgPool,
}

const COLUMNS: &str = "id, number, title, customer, status, assignee, total_cents, due::text as due";

impl Floor {
    /// Opens the pools, eight connections each.
    pub fn open(url: &str, cap_url: &str) -> sqlx::Result<Self> {
        let pool = || PgPoolOptions::new().max_connections(8);
        let cleaned = pool().after_release(|connection, _| {
            Box::pin(async move { sqlx::raw_sql("rollback; reset all").execute(connection).await.map(|_| true) })
        });
        Ok(Self {
            own: pool().connect_lazy_with(PgConnectOptions::from_str(url)?),
            by_capability: cleaned.connect_lazy_with(PgConnectOptions::from_str(cap_url)?),
        })
    }

    /// Fifty rows of a shop, without walls and without a transaction.
    pub async fn list_plain(&self, shop: Uuid, before: i64) -> sqlx::Result<Vec<Job>> {
        let text = format!(
            "select {COLUMNS} from floor.jobs_plain where shop_id = $1 and number < $2 order by number desc limit 50"
        );
        sqlx::query_as(AssertSqlSafe(text)).bind(shop).bind(before).fetch_all(&self.own).await
    }

    /// Fifty rows of whatever shop the walls show.
    pub async fn list(&self, walls: &Walls, before: i64) -> sqlx::Result<Vec<Job>> {
        let mut tx = self.begin(walls).await?;
        let text = format!("select {COLUMNS} from floor.jobs where number < $1 order by number desc limit 50");
        let rows = sqlx::query_as(AssertSqlSafe(text)).bind(before).fetch_all(&mut *tx).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// One row.
    pub async fn job(&self, shop: Uuid, id: Uuid) -> sqlx::Result<Option<Job>> {
        let mut tx = self.begin(&Walls::Setting(shop)).await?;
        let text = format!("select {COLUMNS} from floor.jobs where id = $1");
        let row = sqlx::query_as(AssertSqlSafe(text)).bind(id).fetch_optional(&mut *tx).await?;
        tx.commit().await?;
        Ok(row)
    }

    async fn begin(&self, walls: &Walls) -> sqlx::Result<Transaction<'static, Postgres>> {
        match walls {
            Walls::Setting(shop) => {
                let mut tx = self.own.begin().await?;
                sqlx::query("select set_config('floor.shop', $1, true)")
                    .bind(shop.to_string())
                    .execute(&mut *tx)
                    .await?;
                Ok(tx)
            }
            Walls::SettingAtOnce(shop) => {
                self.own.begin_with(AssertSqlSafe(format!("begin; set local floor.shop = '{shop}'"))).await
            }
            Walls::Capability(cap) => {
                let digits: String = cap.chars().filter(char::is_ascii_hexdigit).collect();
                let text = format!("begin read only; set local app.cap = '{digits}'");
                self.by_capability.begin_with(AssertSqlSafe(text)).await
            }
        }
    }
}
