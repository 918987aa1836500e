//! The rival, nobody and the wrong door try every verb on every row of shop A.

use super::{Finding, LOGINS, Table, ask};
use crate::{caps, harness::TestDb};
use sqlx::{AssertSqlSafe, PgConnection, Row};
use uuid::Uuid;

/// Who tries.
struct Trespasser {
    who: &'static str,
    login: &'static str,
    cap: String,
}

pub async fn check(db: &TestDb, root: &mut PgConnection, tables: &[Table], found: &mut Vec<Finding>) {
    let (a, b) = (db.crowd.a.id.uuid(), db.crowd.b.id.uuid());
    for table in tables {
        for (shop, of) in [(a, "A"), (b, "B")] {
            if count(root, &format!("select count(*) from {} where shop_id = '{shop}'", table.name)).await == 0 {
                found.push(Finding::new(&table.name, format!("no fixture row for shop {of}")));
            }
        }
    }
    for trespasser in trespassers(db).await {
        let mut conn = db.login(trespasser.login).await;
        for table in tables {
            for (what, statement, passes) in attempts(root, table, a, b).await {
                let outcome = attempt(&mut conn, &trespasser.cap, &statement).await;
                if !passes(&outcome) {
                    found.push(Finding::new(&table.name, format!("{} as {}: {outcome:?}", what, trespasser.who)));
                }
            }
        }
    }
    foreign_parents(root, tables, a, b, found).await;
}

async fn trespassers(db: &TestDb) -> Vec<Trespasser> {
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let mut who = vec![
        Trespasser {
            who: "the rival's owner",
            login: "shearline_app",
            cap: caps::session(db, b, domain::Role::Owner).await,
        },
        Trespasser { who: "the rival's client", login: "shearline_portal", cap: caps::portal(db, b, 0).await },
        Trespasser {
            who: "A's client at the office's door",
            login: "shearline_app",
            cap: caps::portal(db, a, 0).await,
        },
        Trespasser {
            who: "A's owner at the client's door",
            login: "shearline_portal",
            cap: caps::session(db, a, domain::Role::Owner).await,
        },
        Trespasser {
            who: "A's owner at the worker's door",
            login: "shearline_worker",
            cap: caps::session(db, a, domain::Role::Owner).await,
        },
        Trespasser {
            who: "the rival's owner at the front door",
            login: "shearline_auth",
            cap: caps::session(db, b, domain::Role::Owner).await,
        },
        Trespasser {
            who: "A's owner at the installation's door",
            login: "shearline_instance",
            cap: caps::session(db, a, domain::Role::Owner).await,
        },
        Trespasser {
            who: "whoever runs the installation",
            login: "shearline_instance",
            cap: caps::administrator(db).await,
        },
    ];
    who.extend(LOGINS.map(|login| Trespasser { who: "nobody", login, cap: String::new() }));
    who.push(Trespasser { who: "somebody with a made-up capability", login: "shearline_app", cap: "ab".repeat(32) });
    who
}

/// What came of a statement.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// So many rows, counted or changed.
    Rows(i64),
    /// The database's code for no.
    No(String),
}

type Attempt = (&'static str, String, fn(&Outcome) -> bool);

fn unseen(outcome: &Outcome) -> bool {
    *outcome == Outcome::Rows(0) || refused(outcome)
}

fn refused(outcome: &Outcome) -> bool {
    *outcome == Outcome::No("42501".into())
}

async fn attempts(root: &mut PgConnection, table: &Table, a: Uuid, b: Uuid) -> Vec<Attempt> {
    let name = &table.name;
    let row = ask(root, &format!("select to_jsonb(t)::text from {name} t where shop_id = '{a}' limit 1")).await;
    let copy = row.first().map_or_else(|| "{}".into(), |row| row.get::<String, _>(0)).replace('\'', "''");
    vec![
        ("select", format!("select count(*) from {name} where shop_id = '{a}'"), unseen),
        ("select without a shop named", format!("select count(*) from {name} where shop_id <> '{b}'"), unseen),
        ("delete", format!("delete from {name} where shop_id = '{a}'"), unseen),
        ("insert", format!("insert into {name} select * from jsonb_populate_record(null::{name}, '{copy}')"), refused),
        ("truncate", format!("truncate {name} cascade"), refused),
        ("taking a row over", format!("update {name} set shop_id = '{b}' where shop_id = '{a}'"), unseen),
        ("planting an own row", format!("update {name} set shop_id = '{a}' where shop_id = '{b}'"), unseen),
        (
            "update",
            format!(
                "update {name} set {0} = {0} where shop_id = '{a}'",
                table.columns.last().map_or("shop_id", String::as_str)
            ),
            unseen,
        ),
    ]
}

/// Runs one statement in its own transaction, in the name of a capability, and undoes it.
pub async fn attempt(conn: &mut PgConnection, cap: &str, statement: &str) -> Outcome {
    let counts = statement.starts_with("select");
    sqlx::raw_sql(AssertSqlSafe(format!("begin; set local app.cap = '{cap}'")))
        .execute(&mut *conn)
        .await
        .expect("begin");
    let query = sqlx::query(AssertSqlSafe(statement.to_owned())).persistent(false);
    let outcome = if counts {
        query.fetch_one(&mut *conn).await.map(|row| row.get::<i64, _>(0))
    } else {
        query.execute(&mut *conn).await.map(|done| i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
    };
    sqlx::raw_sql("rollback").execute(&mut *conn).await.expect("rollback");
    match outcome {
        Ok(rows) => Outcome::Rows(rows),
        Err(sqlx::Error::Database(db)) => Outcome::No(db.code().map(|code| code.to_string()).unwrap_or_default()),
        Err(other) => panic!("{statement}: {other}"),
    }
}

/// B's own row may not hang on A's parent: 23503 by that very key, whoever asks.
async fn foreign_parents(root: &mut PgConnection, tables: &[Table], a: Uuid, b: Uuid, found: &mut Vec<Finding>) {
    for table in tables {
        for key in ask(root, &format!(
            "select conname::text as name, confrelid::regclass::text as parent,
               array(select attname::text from unnest(conkey) with ordinality u(n, i) join pg_attribute a on a.attrelid = conrelid and a.attnum = u.n order by i) as child_columns,
               array(select attname::text from unnest(confkey) with ordinality u(n, i) join pg_attribute a on a.attrelid = confrelid and a.attnum = u.n order by i) as parent_columns
             from pg_constraint where contype = 'f' and conrelid = '{}'::regclass", table.name
        )).await {
            let (name, parent): (String, String) = (key.get("name"), key.get("parent"));
            let (ours, theirs): (Vec<String>, Vec<String>) = (key.get("child_columns"), key.get("parent_columns"));
            let pairs: Vec<_> = ours.iter().zip(&theirs).filter(|(ours, _)| *ours != "shop_id").collect();
            if pairs.is_empty() {
                continue; // it points at the shop alone
            }
            let outcome = hang(root, &table.name, (&name, &parent), &pairs, a, b).await;
            if outcome != format!("23503 {name}") {
                found.push(Finding::new(&table.name, format!("a row of B hung on A's parent by {name}: {outcome}")));
            }
        }
    }
}

/// In a transaction that is undone, without the table's own guards and other keys, which might answer first.
async fn hang(
    root: &mut PgConnection,
    table: &str,
    (name, parent): (&str, &str),
    pairs: &[(&String, &String)],
    a: Uuid,
    b: Uuid,
) -> String {
    let same: Vec<_> = pairs.iter().map(|(_, theirs)| format!("q.{theirs} = p.{theirs}")).collect();
    let of_a = format!(
        "p.shop_id = '{a}' and not exists (select from {parent} q where q.shop_id = '{b}' and {})",
        same.join(" and ")
    );
    let columns: Vec<_> = pairs.iter().map(|(ours, _)| ours.as_str()).collect();
    let values: Vec<_> = pairs.iter().map(|(_, theirs)| format!("p.{theirs}")).collect();
    sqlx::raw_sql("begin").execute(&mut *root).await.expect("begin");
    let quiet = format!(
        "do $$ declare k record; begin
           for k in select tgname from pg_trigger where tgrelid = '{table}'::regclass and not tgisinternal loop execute format('alter table {table} disable trigger %I', k.tgname); end loop;
           for k in select conname, conrelid::regclass as child from pg_constraint where contype = 'f' and '{table}'::regclass in (confrelid, conrelid)
             and not (conrelid = '{table}'::regclass and conname = '{name}') loop
             execute format('alter table %s drop constraint %I', k.child, k.conname); end loop; end $$"
    );
    sqlx::raw_sql(AssertSqlSafe(quiet)).execute(&mut *root).await.expect("quiet");
    let update = format!(
        "update {table} t set ({0}) = (select {1} from {parent} p where {of_a} order by p desc limit 1) where t.ctid = (select x.ctid from {table} x where x.shop_id = '{b}' limit 1)",
        columns.join(", "),
        values.join(", ")
    );
    let update = if columns.len() == 1 { update.replacen(&format!("({})", columns[0]), columns[0], 1) } else { update };
    let outcome = sqlx::query(AssertSqlSafe(update)).persistent(false).execute(&mut *root).await;
    sqlx::raw_sql("rollback").execute(&mut *root).await.expect("rollback");
    match outcome {
        Ok(done) => format!("{} rows moved", done.rows_affected()),
        Err(sqlx::Error::Database(db)) => {
            format!("{} {}", db.code().unwrap_or_default(), db.constraint().unwrap_or_default())
        }
        Err(other) => other.to_string(),
    }
}

/// A number, asked as the superuser.
pub async fn count(conn: &mut PgConnection, query: &str) -> i64 {
    ask(conn, query).await.first().map_or(0, |row| row.get(0))
}
