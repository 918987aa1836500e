//! The history of records: each field, what stood there and what stands there since, for those who may see the audit trail.

use crate::app::{self, TestApp, Who, post_fields};
use domain::Role;

async fn change(app: &TestApp, who: &Who, path: &str, fields: &[(&str, &str)]) {
    let mut form = post_fields(who, "/");
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let answer = app.post(who, path, &form).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_75_each_changed_field_is_on_the_records_page_with_what_stood_there() {
    let app = app::start().await;
    let things = app.on.crowd.a.clients[0].clone();
    let owner = app.staff(Role::Owner).await;
    let [client, site, opening, job] = ["client", "site", "opening", "job"].map(|noun| things[noun].to_string());
    let version = async |table: &str, id: &str| -> String {
        let version: i32 = app.on.ask(&format!("select version from app.{table} where id = '{id}'")).await;
        version.to_string()
    };
    let (v1, v2, v3, v4) = (
        version("clients", &client).await,
        version("sites", &site).await,
        version("openings", &opening).await,
        version("jobs", &job).await,
    );
    let of_client = [
        ("client", &*client),
        ("form[name]", "Ada Reyes Ltd"),
        ("form[kind]", "company"),
        ("form[alert]", "Rings twice"),
        ("form[version]", &v1),
    ];
    change(&app, &owner, "/fn/desk/update_client", &of_client).await;
    let of_site =
        [("site", &*site), ("form[address]", "9 New Street"), ("form[hazards]", "Dog"), ("form[version]", &v2)];
    change(&app, &owner, "/fn/desk/update_site", &of_site).await;
    let of_opening =
        [("opening", &*opening), ("form[number]", "D-77"), ("form[location]", "Cellar"), ("form[version]", &v3)];
    change(&app, &owner, "/fn/desk/update_opening", &of_opening).await;
    let of_job =
        [("job", &*job), ("form[requested]", "Rekey all of it"), ("form[po_number]", "PO-9"), ("form[version]", &v4)];
    change(&app, &owner, "/fn/desk/change_order", &of_job).await;
    let auditor = app.staff(Role::Auditor).await;
    for (page, told) in [
        (format!("/clients/{client}"), ["Ada Reyes Ltd", "Rings twice"]),
        (format!("/sites/{site}"), ["9 New Street", "Dog"]),
        (format!("/sites/{site}"), ["D-77", "Cellar"]),
        (format!("/jobs/{job}"), ["Rekey all of it", "PO-9"]),
    ] {
        let shown = app.get(&auditor, &page).await;
        let history = shown.body.split("change__before").skip(1).collect::<String>();
        for words in told {
            assert!(history.contains(words), "{page} does not tell of {words}");
        }
        let dispatcher = app.get(&app.staff(Role::Dispatcher).await, &page).await;
        assert!(!dispatcher.body.contains("change__before"), "{page} shows what was before to whoever may not see it");
    }
    let other = app.get(&auditor, &format!("/clients/{}", app.on.crowd.a.clients[1]["client"])).await;
    assert_eq!(other.status, 200);
    let around = other.body.split("Rings twice").next().unwrap_or_default().len();
    assert!(
        !other.body.contains("Rings twice"),
        "another client's: …{}",
        &other.body[around.saturating_sub(300)..around]
    );
}

/// Times are the server's: what a form says of them is nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_75_a_time_that_is_sent_is_ignored() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let client = app.on.crowd.a.clients[0]["client"];
    let fields = [
        ("client", client.to_string()),
        ("form[note]", "Rang back".to_owned()),
        ("form[at]", "2001-01-01T00:00:00Z".to_owned()),
        ("form[created_at]", "2001-01-01T00:00:00Z".to_owned()),
        ("created_at", "2001-01-01T00:00:00Z".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    change(&app, &owner, "/fn/desk/add_client_note", &fields).await;
    let old: i64 = app.on.ask("select count(*) from app.client_notes where created_at < '2020-01-01'").await;
    let new: i64 = app.on.ask("select count(*) from app.client_notes where body = 'Rang back'").await;
    assert_eq!((old, new), (0, 1));
    let past: i64 = app.on.ask("select count(*) from audit.entries where time_us < 1577836800000000").await;
    assert_eq!(past, 0);
}
