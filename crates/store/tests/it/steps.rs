//! What stands in the domain and in the database alike, compared.

use crate::harness;
use domain::{
    choice::Choice,
    jobs::{JobStatus, LEGAL_STEPS},
};
use std::collections::BTreeSet;

#[tokio::test]
async fn the_database_and_the_domain_know_the_same_steps() {
    let db = harness::fresh().await;
    let job = db.crowd.a.clients[0]["job"];
    let mut conn = db.login("postgres").await;
    let legal: BTreeSet<_> = LEGAL_STEPS.iter().map(|(from, _, to)| (from.as_str(), to.as_str())).collect();
    for from in JobStatus::ALL {
        for to in JobStatus::ALL.iter().filter(|to| *to != from) {
            let jump = format!(
                "begin; alter table app.jobs disable trigger jobs_step; update app.jobs set status = '{}' where id = '{job}'; alter table app.jobs enable trigger jobs_step;
                 update app.jobs set status = '{}' where id = '{job}'", from.as_str(), to.as_str());
            let allowed = sqlx::raw_sql(sqlx::AssertSqlSafe(jump)).execute(&mut conn).await;
            sqlx::raw_sql("rollback").execute(&mut conn).await.unwrap();
            assert_eq!(
                allowed.is_ok(),
                legal.contains(&(from.as_str(), to.as_str())),
                "{from:?} > {to:?}: {allowed:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_database_knows_every_word_of_the_closed_sets() {
    let db = harness::fresh().await;
    for (table, column, words) in [
        ("auth.memberships", "role", domain::Role::ALL.iter().map(|r| r.as_str()).collect::<BTreeSet<_>>()),
        ("app.jobs", "status", JobStatus::ALL.iter().map(|s| s.as_str()).collect()),
        ("app.job_lines", "kind", domain::lines::LineKind::ALL.iter().map(|s| s.as_str()).collect()),
        ("app.invoice_lines", "kind", domain::lines::LineKind::ALL.iter().map(|s| s.as_str()).collect()),
        ("app.authority_checks", "relation", domain::jobs::Relation::ALL.iter().map(|s| s.as_str()).collect()),
        ("app.authority_checks", "document", domain::jobs::DocumentSeen::ALL.iter().map(|s| s.as_str()).collect()),
        ("app.authority_checks", "outcome", domain::jobs::AuthorityOutcome::ALL.iter().map(|s| s.as_str()).collect()),
    ] {
        let check: String = db.ask(&format!(
            "select pg_get_constraintdef(k.oid) from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and k.conkey = array[a.attnum]
             where k.conrelid = '{table}'::regclass and k.contype = 'c' and a.attname = '{column}'")).await;
        let known: BTreeSet<_> = check.split('\'').skip(1).step_by(2).collect();
        assert_eq!(known, words, "{table}.{column}");
    }
}
