//! Inside one shop: what one client, one technician and the auditor may see and do of the rest.

use super::{
    Finding, Table, ask,
    trespass::{Outcome, attempt, count},
};
use crate::{caps, harness::TestDb};
use domain::Role;
use sqlx::{PgConnection, Row};
use std::collections::BTreeSet;
use uuid::Uuid;

pub async fn check(db: &TestDb, root: &mut PgConnection, tables: &[Table], found: &mut Vec<Finding>) {
    let shop = &db.crowd.a;
    for (n, other) in [(0, 1), (1, 0)] {
        let (world, own) = (world(db, other), world(db, n));
        let client = caps::portal(db, shop, n).await;
        let technician = if n == 0 { shop.people[&Role::Technician] } else { shop.second_technician };
        let worker = caps::of_person(db, shop, technician.uuid()).await;
        for (who, login, cap) in [("client", "shearline_portal", &client), ("technician", "shearline_app", &worker)] {
            look_around(db, tables, (who, login, cap, n), &world, &own, found).await;
        }
    }
    client_changes_nothing(db, tables, found).await;
    auditor_changes_nothing(db, root, tables, found).await;
}

/// Ids that belong to client `n` of shop A alone.
fn world(db: &TestDb, n: usize) -> BTreeSet<Uuid> {
    db.crowd.a.clients[n].iter().filter(|(name, _)| **name != "template").map(|(_, id)| *id).collect()
}

/// Every visible row of every table: none may name a thing of the other client's; own things must be there.
async fn look_around(
    db: &TestDb,
    tables: &[Table],
    (who, login, cap, n): (&str, &str, &str, usize),
    others: &BTreeSet<Uuid>,
    own: &BTreeSet<Uuid>,
    found: &mut Vec<Finding>,
) {
    let mut conn = db.login(login).await;
    let mut seen_own = BTreeSet::new();
    for table in tables {
        let ids = if login == "shearline_portal" { &table.for_portal } else { &table.ids };
        if ids.is_empty() {
            continue;
        }
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("begin; set local app.cap = '{cap}'")))
            .execute(&mut conn)
            .await
            .expect("begin");
        let query = format!("select array[{}] from {}", ids.join(", "), table.name);
        let rows = sqlx::query(sqlx::AssertSqlSafe(query)).persistent(false).fetch_all(&mut conn).await;
        sqlx::raw_sql("rollback").execute(&mut conn).await.expect("rollback");
        let Ok(rows) = rows else { continue }; // refused altogether
        for row in rows {
            for id in row.get::<Vec<Option<Uuid>>, _>(0).into_iter().flatten() {
                if others.contains(&id) {
                    found.push(Finding::new(&table.name, format!("{who} {} sees a row of the other's", n + 1)));
                }
                if own.contains(&id) {
                    seen_own.insert(id);
                }
            }
        }
    }
    if seen_own.len() < 5 {
        found.push(Finding::new(who, format!("{who} {} sees nothing of the own: this test proves nothing", n + 1)));
    }
}

/// The client's door has no verb but select.
async fn client_changes_nothing(db: &TestDb, tables: &[Table], found: &mut Vec<Finding>) {
    let (shop, cap) = (db.crowd.a.id, caps::portal(db, &db.crowd.a, 0).await);
    let mut conn = db.login("shearline_portal").await;
    for table in tables {
        for statement in [
            format!("update {} set shop_id = shop_id where shop_id = '{shop}'", table.name),
            format!("delete from {} where shop_id = '{shop}'", table.name),
            format!("insert into {} (shop_id) values ('{shop}')", table.name),
        ] {
            let outcome = attempt(&mut conn, &cap, &statement).await;
            if outcome != Outcome::No("42501".into()) {
                found.push(Finding::new(&table.name, format!("a client may write: {outcome:?}")));
            }
        }
    }
}

/// The auditor sees the shop's rows and changes none of them.
async fn auditor_changes_nothing(db: &TestDb, root: &mut PgConnection, tables: &[Table], found: &mut Vec<Finding>) {
    let (shop, cap) = (db.crowd.a.id, caps::session(db, &db.crowd.a, Role::Auditor).await);
    let mut conn = db.login("shearline_app").await;
    for table in tables {
        let name = &table.name;
        let all = count(root, &format!("select count(*) from {name} where shop_id = '{shop}'")).await;
        let seen = attempt(&mut conn, &cap, &format!("select count(*) from {name}")).await;
        if seen != Outcome::Rows(all) && seen != Outcome::No("42501".into()) {
            found.push(Finding::new(name, format!("the auditor sees {seen:?} of {all}")));
        }
        let copy = ask(root, &format!("select to_jsonb(t)::text from {name} t where shop_id = '{shop}' limit 1")).await;
        let copy = copy.first().map_or_else(|| "{}".into(), |row| row.get::<String, _>(0)).replace('\'', "''");
        let updatable = ask(root, &format!(
            "select attname::text from pg_attribute where attrelid = '{name}'::regclass and attnum > 0 and not attisdropped
             and has_column_privilege('shearline_app', attrelid, attnum, 'update') limit 1")).await;
        let column = updatable.first().map_or_else(|| "shop_id".into(), |row| row.get::<String, _>(0));
        for (what, statement) in [
            ("insert", format!("insert into {name} select * from jsonb_populate_record(null::{name}, '{copy}')")),
            ("update", format!("update {name} set {column} = {column}")),
            ("delete", format!("delete from {name}")),
        ] {
            let outcome = attempt(&mut conn, &cap, &statement).await;
            if outcome != Outcome::No("42501".into()) && (what == "insert" || outcome != Outcome::Rows(0)) {
                found.push(Finding::new(name, format!("{what} as the auditor: {outcome:?}")));
            }
        }
    }
}
