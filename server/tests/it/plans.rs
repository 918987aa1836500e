//! No page reads a whole table: PostgreSQL itself writes down the plan of every statement while every page is opened.

use crate::{
    app::{self, ids},
    endpoints,
    harness::{Spare, cluster::run},
};
use domain::Role;
use std::{collections::BTreeSet, fs};

/// Small by nature (the clock is the test template's): a handful of rows to a shop, read whole sooner than by an index.
const SMALL: [&str; 11] = [
    "clock",
    "verifications",
    "shops",
    "tax_rates",
    "number_series",
    "job_templates",
    "job_template_versions",
    "shop_keys",
    "own_keys",
    "heads",
    "receivers",
];

/// Tables that a plan in this log reads whole, with the statement that does.
fn read_whole(log: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for plan in log.split("Query Text: ").skip(1) {
        let plan = plan.split("\n20").next().unwrap_or_default();
        for scan in plan.split("Seq Scan on ").skip(1) {
            let table: String = scan.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !SMALL.contains(&table.as_str()) {
                let statement: String =
                    plan.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(400).collect();
                found.insert(format!("{table}: {statement}"));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_reads_a_whole_table() {
    let spare = Spare::start(
        "shared_preload_libraries = 'auto_explain'\nauto_explain.log_min_duration = 0\nlog_line_prefix = '%m [%p] %u '",
    );
    let app = app::serve(spare.people().await).await;
    let (a, things) = (&app.on.crowd.a, ids(&app.on));
    let mut sql = include_str!("many.sql").to_owned();
    for (name, id) in [
        ("shop", a.id.uuid()),
        ("owner", a.people[&Role::Owner].uuid()),
        ("technician", a.people[&Role::Technician].uuid()),
        ("template", things["template"]),
    ] {
        sql = sql.replace(&format!("{{{name}}}"), &format!("'{id}'"));
    }
    run(&mut app.on.login("postgres").await, &sql).await;
    let mut seen = BTreeSet::new();
    let visitors = [app.staff(Role::Owner).await, app.staff(Role::Technician).await, app.client(0).await];
    for who in &visitors {
        let mut paths: Vec<_> = endpoints::pages(&things).into_iter().map(|page| page.path).collect();
        paths.extend(
            [
                "/clients?q=person",
                "/clients?sort=newest",
                "/search?q=street",
                "/search?q=416",
                "/jobs?status=open",
                "/jobs?q=5001",
                "/invoices?status=overdue",
                "/audit?action=20",
            ]
            .map(str::to_owned),
        );
        for path in paths {
            let from = usize::try_from(fs::metadata(spare.log()).unwrap().len()).unwrap();
            let answer = app.get(who, &path).await;
            assert!(answer.status < 500, "{path}: {}", answer.status);
            let log = fs::read(spare.log()).unwrap();
            seen.extend(
                read_whole(&String::from_utf8_lossy(&log[from..])).into_iter().map(|found| format!("{path}: {found}")),
            );
        }
    }
    assert!(seen.is_empty(), "{}", seen.into_iter().collect::<Vec<_>>().join("\n"));
    // The log must be telling: a statement that does read a whole table is seen.
    let from = usize::try_from(fs::metadata(spare.log()).unwrap().len()).unwrap();
    app.on.ask::<i64>("select count(*) from app.jobs where requested = 'x'").await;
    let log = fs::read(spare.log()).unwrap();
    assert_eq!(read_whole(&String::from_utf8_lossy(&log[from..])).len(), 1);
}
