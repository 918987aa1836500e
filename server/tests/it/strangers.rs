//! A rival who knows every id of shop A learns no more from it than from an id of nothing.

use crate::{app::{self, Who, ids, post_fields, settled}, endpoints};
use std::collections::BTreeMap;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_id_of_another_shop_is_like_no_id_at_all() {
    let app = app::start().await;
    let rival = app.rival().await;
    let things = ids(&app.on);
    let nothing: BTreeMap<_, _> = things.keys().map(|name| (*name, Uuid::now_v7())).collect();
    let mut asked = 0;
    for ((page, random), pattern) in endpoints::pages(&things).iter().zip(endpoints::pages(&nothing)).map(|(a, b)| ((a.path.clone(), b.path), a.pattern.clone())) {
        if !pattern.contains("id") || pattern.contains("token") {
            continue;
        }
        let expected = app.get(&rival, &random).await;
        assert_eq!(expected.status, 404, "{pattern} of nothing");
        let expected_body = settled(&expected.body);
        for (noun, id) in &things {
            let path = page.split('/').map(|part| if Uuid::parse_str(part).is_ok() { id.to_string() } else { part.to_owned() }).collect::<Vec<_>>().join("/");
            let answer = app.get(&rival, &path).await;
            assert_eq!(answer.status, 404, "{path} ({noun})");
            assert_eq!(settled(&answer.body), expected_body, "{path} ({noun}) reads otherwise than an id of nothing");
            asked += 1;
        }
    }
    assert!(asked > 100, "{asked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_function_treats_another_shops_things_as_nothing() {
    let app = app::start().await;
    let things = ids(&app.on);
    let nothing: BTreeMap<_, _> = things.keys().map(|name| (*name, Uuid::now_v7())).collect();
    let before = fingerprint(&app).await;
    for function in endpoints::functions() {
        let about_something = function.arguments.iter().any(|(name, kind)| kind.ends_with("Id") || things.contains_key(name.as_str()) || name == "id");
        if !about_something || function.name == "revoke_session" {
            continue;
        }
        let mut answers = Vec::new();
        for of in [&things, &nothing] {
            let rival: Who = app.rival().await;
            let body = endpoints::body(&function, of, &post_fields(&rival, "/"));
            let answer = app.post(&rival, &function.path, &body).await;
            answers.push((answer.status, settled(&answer.body)));
        }
        assert_eq!(answers[0], answers[1], "{}: the rival can tell that these exist", function.path);
    }
    assert_eq!(before, fingerprint(&app).await, "the rival changed something");
}

async fn fingerprint(app: &app::TestApp) -> String {
    let a = app.on.crowd.a.id;
    let mut print = String::new();
    for table in ["app.clients", "app.contacts", "app.sites", "app.openings", "app.jobs", "app.job_lines", "app.visits", "app.invoices", "app.payments", "app.signatures", "audit.entries", "auth.memberships"] {
        let rows = format!("select md5(string_agg(t::text, '' order by t::text)) from {table} t where shop_id = '{a}'");
        print += &app.on.ask::<String>(&rows).await;
    }
    print
}
