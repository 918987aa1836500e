//! What the audit chain costs a write: the same transaction with its entry and without.
//!
//! The write is the one every form makes (`app.form_posts`), as the serving login, under the owner's capability; eight
//! writers. "Spread" writes in one shop after the other, "hot" all in one: a shop's chain is written by one at a time.

use crate::people::Shop;
use anyhow::Result;
use sqlx::{AssertSqlSafe, PgPool, postgres::PgPoolOptions};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use uuid::Uuid;

const WRITERS: usize = 8;
const TIME: Duration = Duration::from_secs(3);

/// Transactions per second with the chain over those without.
#[derive(Clone, Copy)]
pub struct Chain {
    /// Without a chain, in one shop after the other.
    pub bare: f64,
    /// Ratio, in one shop after the other.
    pub spread: f64,
    /// Ratio, all in one shop.
    pub hot: f64,
}

/// Measures the four, in turn, twice.
pub async fn measure(url: &str, shops: &[(Uuid, String)]) -> Result<Chain> {
    let options: sqlx::postgres::PgConnectOptions = url.parse()?;
    let pool = PgPoolOptions::new().max_connections(WRITERS as u32).connect_with(options).await?;
    let (all, one): (Arc<[_]>, Arc<[_]>) = (shops.into(), shops[..1].into());
    let mut sums = [0.0; 4];
    for _ in 0..2 {
        for (sum, (shops, chained)) in sums.iter_mut().zip([(&all, false), (&all, true), (&one, false), (&one, true)]) {
            *sum += round(&pool, shops, chained).await? / 2.0;
        }
    }
    pool.close().await;
    let [bare, spread, bare_hot, hot] = sums;
    Ok(Chain { bare, spread: spread / bare, hot: hot / bare_hot })
}

/// Shops as [`measure`] wants them.
pub fn of(shops: &[Shop]) -> Vec<(Uuid, String)> {
    shops.iter().map(|shop| (shop.id, shop.cap.clone())).collect()
}

async fn round(pool: &PgPool, shops: &Arc<[(Uuid, String)]>, chained: bool) -> Result<f64> {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let (pool, shops) = (pool.clone(), Arc::clone(shops));
        tasks.spawn(async move {
            let mut written = 0_usize;
            while began.elapsed() < TIME {
                let (shop, cap) = &shops[(writer + written) % shops.len()];
                write(&pool, *shop, cap, chained).await?;
                written += 1;
            }
            anyhow::Ok(written)
        });
    }
    let mut written = 0;
    while let Some(done) = tasks.join_next().await {
        written += done??;
    }
    Ok(written as f64 / began.elapsed().as_secs_f64())
}

async fn write(pool: &PgPool, shop: Uuid, cap: &str, chained: bool) -> Result<()> {
    let id = Uuid::new_v4();
    let mut tx = pool.begin_with(AssertSqlSafe(format!("begin; set local app.cap = '{cap}'"))).await?;
    sqlx::query("insert into app.form_posts (shop_id, id, body_hash) values ($1, $2, $3)")
        .bind(shop)
        .bind(id.to_string())
        .bind(&[0_u8; 32][..])
        .execute(&mut *tx)
        .await?;
    if chained {
        // As long as the entry of a line added to a job.
        let payload =
            format!(r#"{{"about":["{id}","{shop}"],"event":{{"line_added":{{"job":"{id}","line":"{id}"}}}}}}"#);
        let facts = r#"{"ip":"127.0.0.1","user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"}"#;
        sqlx::query("select audit.append(20, $1, $2, $3, $4)")
            .bind(id)
            .bind(&[id, shop][..])
            .bind(payload.as_bytes())
            .bind(facts.as_bytes())
            .execute(&mut *tx)
            .await?;
    }
    Ok(tx.commit().await?)
}
