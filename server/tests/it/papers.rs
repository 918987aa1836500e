//! Papers opened in the office: each opening stands on the chain before the paper is shown.

use crate::{
    app::{self, TestApp, Who},
    proof::signed,
};
use domain::Role;

async fn openings(app: &TestApp) -> i64 {
    app.on.ask("select count(*) from audit.entries where action = 205").await
}

async fn get(app: &TestApp, who: &Who, path: &str, range: bool) -> u16 {
    let range = if range { "bytes=10-20" } else { "" };
    app.send("GET", path, &[("cookie", &who.cookie), ("accept", "text/html"), ("range", range)], b"").await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_74_each_paper_opened_in_the_office_is_an_entry_of_its_own() {
    let on = crate::harness::fresh().await;
    let signature = signed(&on).await;
    let app = app::serve(on).await;
    let invoice = app.on.crowd.a.clients[0]["invoice"];
    let owner = app.staff(Role::Owner).await;
    let paper = format!("/proof/invoices/{invoice}/document");
    let order = format!("/proof/signatures/{signature}/document");
    for path in [&paper, &order, &format!("/signatures/{signature}"), &paper] {
        let before = openings(&app).await;
        assert_eq!(get(&app, &owner, path, false).await, 200, "{path}");
        assert_eq!(openings(&app).await, before + 1, "{path}: once for each opening");
    }
    let before = openings(&app).await;
    for _ in 0..3 {
        assert_eq!(get(&app, &owner, &paper, true).await, 200);
    }
    assert_eq!(openings(&app).await, before, "pieces of a file under way belong to its opening");
    app.on.later("2 minutes").await;
    assert_eq!(get(&app, &owner, &paper, true).await, 200);
    assert_eq!(openings(&app).await, before + 1, "a piece asked for later is an opening");
    let auditor = app.staff(Role::Auditor).await;
    assert_eq!(get(&app, &auditor, &paper, true).await, 200);
    assert_eq!(openings(&app).await, before + 2, "another person's is another's");
    told(&app, &auditor, &signature.to_string()).await;
    let before = openings(&app).await;
    for (who, status) in [(app.rival().await, 404), (app.staff(Role::Technician).await, 403), (Who::default(), 401)] {
        assert_eq!(get(&app, &who, &paper, false).await, status);
    }
    assert_eq!(openings(&app).await, before, "what was not shown was not opened");
}

/// It stands on the paper's page, and in the report of the client and of the person.
async fn told(app: &TestApp, auditor: &Who, signature: &str) {
    let a = &app.on.crowd.a;
    let invoice = app.get(auditor, &format!("/invoices/{}", a.clients[0]["invoice"])).await;
    assert!(invoice.body.contains("Seen by"), "{}", invoice.body);
    let signature = app.get(auditor, &format!("/signatures/{signature}")).await;
    assert!(signature.body.contains("Seen by"), "{}", signature.body);
    let (client, owner) = (a.clients[0]["client"], a.people[&Role::Owner]);
    for narrowed in [format!("client={client}"), format!("person={owner}")] {
        let report = app.get(auditor, &format!("/audit/openings?{narrowed}")).await;
        assert!(
            report.body.contains("opened the invoice") && report.body.contains("opened the signed work order"),
            "{narrowed}"
        );
    }
    let other = app.get(auditor, &format!("/audit/openings?client={}", a.clients[1]["client"])).await;
    assert!(!other.body.contains("opened the invoice"), "another client's");
}

/// No record, no paper: the entry is refused, and nothing is shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_74_a_paper_whose_opening_cannot_be_recorded_is_not_shown() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    app.on
        .sudo(
            "create function audit.no_more() returns trigger language plpgsql as $$ begin raise exception 'full' using errcode = '53100'; end $$;
             create trigger no_more before insert on audit.entries for each row when (new.action = 205) execute function audit.no_more()",
        )
        .await;
    let invoice = app.on.crowd.a.clients[0]["invoice"];
    let answer = app.get(&owner, &format!("/proof/invoices/{invoice}/document")).await;
    assert!(answer.status >= 500 && !answer.body.contains("Invoice 0"), "{answer:?}");
}
