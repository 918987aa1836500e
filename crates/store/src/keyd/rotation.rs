//! Turning keys: a new one is begun, everything is wrapped under it, and only then the old one goes. Each step leaves
//! everything readable, and may be cut off anywhere: begun again, it goes on where it was.
//!
//! The operator does this, by the login that may migrate; keyd wraps, and nothing is opened for it.

use crate::Result;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;
use vault::{
    WrappedShopKey,
    keyd::{Asked, Bearer, Client, KeydError, No, Record},
};

/// Everything that is sealed under shops' keys: table, the column of its id, the sealed column.
pub const SEALED: [(&str, &str, &str); 9] = [
    ("vault.access_notes", "site_id", "sealed"),
    ("vault.site_codes", "id", "sealed"),
    ("vault.bittings", "id", "sealed"),
    ("vault.file_keys", "attachment_id", "sealed"),
    ("vault.signature_strokes", "signature_id", "sealed"),
    ("app.authority_checks", "id", "sealed_characters"),
    ("worker.receivers", "id", "sealed"),
    ("worker.receivers", "id", "sealed_before"),
    ("worker.outbox", "id", "sealed"),
];

/// Rows in one go.
const BATCH: i64 = 200;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turned {
    /// Shop keys wrapped under the active root key.
    pub shop_keys: usize,
    /// Secrets whose data key was wrapped under their shop's newest key.
    pub secrets: usize,
    /// Shops left as they are: their own key service does not let their keys open now.
    pub closed: usize,
}

/// The root keys that shops' keys are under, and how many are.
///
/// # Errors
/// A database that cannot be read.
pub async fn under(url: &str) -> Result<Vec<(u32, i64)>> {
    let mut conn = connect(url).await?;
    let rows: Vec<(i32, i64)> = sqlx::query_as(
        "select ('x' || encode(substr(wrapped, 3, 4), 'hex'))::bit(32)::int as root, count(*) from vault.shop_keys group by 1 order by 1",
    )
    .fetch_all(&mut conn)
    .await?;
    conn.close().await?;
    Ok(rows.into_iter().map(|(root, keys)| (root.cast_unsigned(), keys)).collect())
}

/// Connects as whoever may migrate.
async fn connect(url: &str) -> Result<PgConnection> {
    let mut conn = PgConnection::connect(url).await?;
    sqlx::raw_sql("set role shearline_owner").execute(&mut conn).await?;
    Ok(conn)
}

/// Gives every shop a new key, but those whose own key service closes theirs; what is sealed from now on is sealed under it.
///
/// # Errors
/// Keyd or the database away.
pub async fn begin_generation(url: &str, keyd: &Client) -> Result<usize> {
    let mut conn = connect(url).await?;
    let shops: Vec<(Uuid, i32)> = sqlx::query_as("select shop_id, max(kek_id) from vault.shop_keys group by shop_id")
        .fetch_all(&mut conn)
        .await?;
    let mut begun = 0;
    for (shop, newest) in &shops {
        let key = match keyd.next_shop_key(*shop, *newest).await {
            Err(KeydError::No(No::OwnKey { .. })) => continue,
            other => other?,
        };
        begun += 1;
        sqlx::query("insert into vault.shop_keys (shop_id, kek_id, wrapped) values ($1, $2, $3)")
            .bind(shop)
            .bind(key.kek_id)
            .bind(key.wrapped)
            .execute(&mut conn)
            .await?;
    }
    conn.close().await?;
    Ok(begun)
}

/// Wraps everything under the newest keys that is not yet: shops' keys under the active root key, secrets' keys under
/// their shop's newest.
///
/// # Errors
/// Keyd or the database away; what was done until then stays done.
pub async fn catch_up(url: &str, keyd: &Client) -> Result<Turned> {
    let mut conn = connect(url).await?;
    let mut turned = Turned { shop_keys: shop_keys(&mut conn, keyd).await?, ..Turned::default() };
    own_keys(&mut conn, keyd).await?;
    let mut closed = Vec::new();
    for place in SEALED {
        turned.secrets += secrets(&mut conn, keyd, place, &mut closed).await?;
    }
    turned.closed = closed.len();
    conn.close().await?;
    Ok(turned)
}

async fn shop_keys(conn: &mut PgConnection, keyd: &Client) -> Result<usize> {
    let (active, mut done) = (keyd.ready().await?.cast_signed(), 0);
    loop {
        let rows: Vec<(Uuid, i32, Vec<u8>)> = sqlx::query_as(
            "select shop_id, kek_id, wrapped from vault.shop_keys
             where ('x' || encode(substr(wrapped, 3, 4), 'hex'))::bit(32)::int <> $1 limit $2",
        )
        .bind(active)
        .bind(BATCH)
        .fetch_all(&mut *conn)
        .await?;
        if rows.is_empty() {
            return Ok(done);
        }
        for (shop, kek_id, wrapped) in rows {
            let new = keyd.rewrap_shop_key(shop, WrappedShopKey { kek_id, wrapped: wrapped.clone() }).await?;
            sqlx::query("update vault.shop_keys set wrapped = $4 where shop_id = $1 and kek_id = $2 and wrapped = $3")
                .bind(shop)
                .bind(kek_id)
                .bind(wrapped)
                .bind(new.wrapped)
                .execute(&mut *conn)
                .await?;
            done += 1;
        }
    }
}

/// What is sealed of shops' own key services, directly under the root key.
async fn own_keys(conn: &mut PgConnection, keyd: &Client) -> Result<()> {
    let active = keyd.ready().await?.cast_signed();
    let rows: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as("select shop_id, sealed from vault.own_keys where vault.root_of(sealed) <> $1")
            .bind(active)
            .fetch_all(&mut *conn)
            .await?;
    for (shop, sealed) in rows {
        let new = keyd.rewrap_own(shop, &sealed).await?;
        sqlx::query("update vault.own_keys set sealed = $3 where shop_id = $1 and sealed = $2")
            .bind(shop)
            .bind(sealed)
            .bind(new)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

async fn secrets(
    conn: &mut PgConnection,
    keyd: &Client,
    place: (&str, &str, &str),
    closed: &mut Vec<Uuid>,
) -> Result<usize> {
    let ((table, id, column), mut done) = (place, 0);
    let select = format!(
        "select t.shop_id, t.{id}, t.{column} from {table} t
         where vault.generation(t.{column}) < (select max(k.kek_id) from vault.shop_keys k where k.shop_id = t.shop_id)
           and t.shop_id <> all ($2) limit $1"
    );
    let update = format!("update {table} set {column} = $4 where shop_id = $1 and {id} = $2 and {column} = $3");
    loop {
        let rows: Vec<(Uuid, Uuid, Vec<u8>)> =
            sqlx::query_as(AssertSqlSafe(select.clone())).bind(BATCH).bind(&*closed).fetch_all(&mut *conn).await?;
        if rows.is_empty() {
            return Ok(done);
        }
        for (shop, row, sealed) in rows {
            let record = Record { table: table.into(), row, column: column.into(), version: 1 };
            if closed.contains(&shop) {
                continue;
            }
            let new = match keyd.rewrap(Asked { bearer: Bearer::House, shop, record }, &sealed).await {
                // Left as they are, and readable as before once their service lets them.
                Err(KeydError::No(No::OwnKey { .. })) => {
                    closed.push(shop);
                    continue;
                }
                other => other?,
            };
            // Somebody who sealed it anew meanwhile did so under the newest key.
            sqlx::query(AssertSqlSafe(update.clone()))
                .bind(shop)
                .bind(row)
                .bind(sealed)
                .bind(new)
                .execute(&mut *conn)
                .await?;
            done += 1;
        }
    }
}

/// Gives up keys that nothing is under: older keys of shops, ten minutes after the newer one came at the earliest (who read
/// a secret before it was wrapped anew may still be opening it), and the root keys that are not active.
///
/// # Errors
/// Keyd or the database away.
pub async fn retire(url: &str, keyd: &Client) -> Result<usize> {
    let mut conn = connect(url).await?;
    let still = SEALED.map(|(table, _, column)| {
        format!(
            "not exists (select from {table} t where t.shop_id = k.shop_id and vault.generation(t.{column}) = k.kek_id)"
        )
    });
    let unused = format!(
        "delete from vault.shop_keys k where exists (select from vault.shop_keys n where n.shop_id = k.shop_id and n.kek_id > k.kek_id
           and n.created_at < app.now() - interval '10 minutes') and {}",
        still.join(" and ")
    );
    let mut gone = sqlx::query(AssertSqlSafe(unused)).execute(&mut conn).await?.rows_affected() as usize;
    conn.close().await?;
    let active = keyd.ready().await?;
    for root in 1..active {
        gone += match keyd.retire_root(root).await {
            Ok(_) => 1,
            // Gone already, or still needed: keyd asks the database itself.
            Err(KeydError::No(No::Forbidden | No::Unavailable)) => 0,
            Err(error) => return Err(error.into()),
        };
    }
    Ok(gone)
}
