//! Walks the whole catalogue, so that a table nobody remembered is covered too. Catalogue first, rows second: a missing
//! fixture must not hide a missing wall.

pub use trespass::{Outcome, attempt};

mod catalogue;
mod probes;
mod review;
mod trespass;

use crate::harness::TestDb;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// Schemas that belong to Shearline.
pub const SCHEMAS: &str = "('app','vault','audit','auth','worker','portal','instance','keyd','public')";
/// What the test template adds; nothing of it exists outside tests.
pub const OF_THE_TEMPLATE: [&str; 2] = ["auth.clock", "app.now()"];
/// The logins that serve.
pub const LOGINS: [&str; 6] = store::bootstrap::SERVING;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Table, function or view.
    pub of: String,
    /// What is wrong.
    pub what: String,
}

impl Finding {
    fn new(of: impl Into<String>, what: impl Into<String>) -> Self {
        Self { of: of.into(), what: what.into() }
    }
}

/// A tenant table and what is needed to try its doors.
pub struct Table {
    /// `schema.name`.
    pub name: String,
    /// All columns, in order.
    pub columns: Vec<String>,
    /// Columns of type uuid, the shop's aside.
    pub ids: Vec<String>,
    /// Those of them the client's door may read.
    pub for_portal: Vec<String>,
}

/// Everything wrong with this database; empty when all is well.
pub async fn walk(db: &TestDb) -> Vec<Finding> {
    let mut found = read(db).await;
    let mut conn = db.login("postgres").await;
    let tables = tenant_tables(&mut conn).await;
    trespass::check(db, &mut conn, &tables, &mut found).await;
    probes::check(db, &mut conn, &tables, &mut found).await;
    found.sort();
    found.dedup();
    found
}

/// The first half: what can be read from the catalogue alone.
pub async fn read(db: &TestDb) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut conn = db.login("postgres").await;
    catalogue::check(&mut conn, &mut found).await;
    review::check(&mut conn, &mut found).await;
    found
}

/// Tables of shops: all there are, but those reviewed as shared (`unshared.txt`).
async fn tenant_tables(conn: &mut PgConnection) -> Vec<Table> {
    let shared = review::shared_tables();
    let mut tables = Vec::new();
    let rows = ask(conn, &format!(
        "select n.nspname || '.' || c.relname as name, array_agg(a.attname::text order by a.attnum) as columns,
           coalesce(array_agg(a.attname::text) filter (where a.atttypid = 'uuid'::regtype and a.attname <> 'shop_id'), '{{}}') as ids,
           coalesce(array_agg(a.attname::text) filter (where a.atttypid = 'uuid'::regtype and a.attname <> 'shop_id'
             and has_column_privilege('shearline_portal', c.oid, a.attnum, 'select')), '{{}}') as for_portal
         from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where n.nspname in {SCHEMAS} and c.relkind in ('r','p') group by 1 having bool_or(a.attname = 'shop_id') order by 1"
    )).await;
    for row in rows {
        let name: String = row.get("name");
        if !shared.contains(&name) && !OF_THE_TEMPLATE.contains(&name.as_str()) {
            tables.push(Table {
                name,
                columns: row.get("columns"),
                ids: row.get("ids"),
                for_portal: row.get("for_portal"),
            });
        }
    }
    tables
}

/// Rows of a query of the catalogue.
async fn ask(conn: &mut PgConnection, query: &str) -> Vec<sqlx::postgres::PgRow> {
    sqlx::query(AssertSqlSafe(query.to_owned()))
        .persistent(false)
        .fetch_all(conn)
        .await
        .unwrap_or_else(|error| panic!("{error}\n{query}"))
}
