//! What was looked at by a person and written down: who may do what (`grants.txt`), which functions act as their owner
//! (`definers.txt`), which tables are not a shop's (`unshared.txt`). A difference in either direction is a finding.
//! `SHEARLINE_REVIEW=1` writes the first two anew, for the next reviewer to read the difference.

use super::{Finding, LOGINS, OF_THE_TEMPLATE, SCHEMAS, ask};
use sqlx::{PgConnection, Row};
use std::{collections::BTreeSet, env, fs, path::PathBuf};

/// Compares the database with the three files.
pub async fn check(conn: &mut PgConnection, found: &mut Vec<Finding>) {
    compare("grants.txt", privileges(conn).await, found);
    compare("definers.txt", definers(conn).await, found);
    let all: BTreeSet<String> = ask(conn, &format!(
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in {SCHEMAS} and c.relkind in ('r','p')"
    )).await.iter().map(|row| row.get(0)).collect();
    for gone in shared_tables().difference(&all) {
        found.push(Finding::new(gone, "stands in unshared.txt and is no table"));
    }
}

/// Tables reviewed as belonging to no single shop; the file gives the reason of each.
pub fn shared_tables() -> BTreeSet<String> {
    include_str!("unshared.txt")
        .lines()
        .filter_map(|line| line.split_once(": ").map(|(table, _)| table.to_owned()))
        .collect()
}

fn compare(file: &str, is: BTreeSet<String>, found: &mut Vec<Finding>) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/walker").join(file);
    if env::var_os("SHEARLINE_REVIEW").is_some() {
        let text: String = is.iter().map(|line| format!("{line}\n")).collect();
        fs::write(&path, text).expect("write the review file");
        return;
    }
    let text = fs::read_to_string(&path).expect("a review file is missing: SHEARLINE_REVIEW=1 writes it");
    let reviewed: BTreeSet<String> = text.lines().map(str::to_owned).collect();
    for line in is.difference(&reviewed) {
        found.push(Finding::new(file, format!("not reviewed: {line}")));
    }
    for line in reviewed.difference(&is) {
        found.push(Finding::new(file, format!("reviewed but gone: {line}")));
    }
}

/// `login: object: verbs`, columns where only columns were granted.
async fn privileges(conn: &mut PgConnection) -> BTreeSet<String> {
    let logins = LOGINS.map(|l| format!("'{l}'")).join(",");
    let rows = ask(conn, &format!(
        "with l as (select unnest(array[{logins}]) as login),
           t as (select c.oid, n.nspname || '.' || c.relname as relation from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in {SCHEMAS} and c.relkind in ('r','p','v','m','f','S'))
         select login || ': schema ' || n.nspname || ': usage' as line from l, pg_namespace n where n.nspname in {SCHEMAS} and has_schema_privilege(login, n.oid, 'usage')
         union all
         select login || ': ' || relation || ': ' || string_agg(lower(a.privilege_type), ' ' order by a.privilege_type)
         from l, t join pg_class c on c.oid = t.oid, aclexplode(c.relacl) a where a.grantee = 0 or pg_get_userbyid(a.grantee) = login group by login, relation
         union all
         select login || ': ' || relation || ': ' || lower(x.privilege_type) || ' (' || string_agg(a.attname, ', ' order by a.attname) || ')'
         from l, t join pg_attribute a on a.attrelid = t.oid, aclexplode(a.attacl) x where (x.grantee = 0 or pg_get_userbyid(x.grantee) = login) group by login, relation, x.privilege_type
         union all
         select login || ': ' || p.oid::regprocedure || ': execute' from l, pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in {SCHEMAS} and has_function_privilege(login, p.oid, 'execute')"
    )).await;
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

/// Functions that act as their owner, and so see every shop.
async fn definers(conn: &mut PgConnection) -> BTreeSet<String> {
    let rows = ask(conn, &format!(
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in {SCHEMAS} and p.prosecdef"
    )).await;
    rows.iter().map(|row| row.get::<String, _>(0)).filter(|name| !OF_THE_TEMPLATE.contains(&name.as_str())).collect()
}
