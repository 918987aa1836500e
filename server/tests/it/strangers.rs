//! A rival who knows every id of shop A learns no more from it than from an id of nothing.

use crate::{
    app::{self, TestApp, Who, ids, post_fields, settled},
    endpoints,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Who must not see the things of A's first client: at the office's pages the rival, at the portal's his clients and A's other one.
async fn strangers(app: &TestApp, pattern: &str) -> Vec<(&'static str, Who)> {
    if pattern.starts_with("/portal") {
        vec![("the rival's client", app.rivals_client().await), ("A's other client", app.client(1).await)]
    } else {
        vec![("the rival's owner", app.rival().await)]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_id_of_another_shop_is_like_no_id_at_all() {
    let app = app::start().await;
    let things = ids(&app.on);
    let mut asked = 0;
    // The page after declining says thanks and asks for nothing.
    let pages = endpoints::pages(&things);
    for page in pages.iter().filter(|page| {
        !page.pattern.ends_with("/declined") && page.path.split('/').any(|part| Uuid::parse_str(part).is_ok())
    }) {
        let about = |id: Uuid| {
            page.path
                .split('/')
                .map(|part| if Uuid::parse_str(part).is_ok() { id.to_string() } else { part.to_owned() })
                .collect::<Vec<_>>()
                .join("/")
        };
        for (name, who) in strangers(&app, &page.pattern).await {
            let random = Uuid::now_v7();
            let nothing = app.get(&who, &about(random)).await;
            assert_eq!(nothing.status, 404, "{} of nothing, for {name}", page.pattern);
            for (noun, id) in &things {
                let answer = app.get(&who, &about(*id)).await;
                assert_eq!(answer.status, 404, "{} of the {noun}, for {name}", page.pattern);
                let (told, expected) =
                    (settled(&answer.body, &id.to_string()), settled(&nothing.body, &random.to_string()));
                let differs = told
                    .bytes()
                    .zip(expected.bytes())
                    .position(|(a, b)| a != b)
                    .unwrap_or(told.len().min(expected.len()));
                assert!(
                    told == expected,
                    "{} of the {noun} reads otherwise than of nothing, for {name}: …{:?}",
                    page.pattern,
                    told.get(differs.saturating_sub(100)..differs + 100)
                );
                asked += 1;
            }
        }
    }
    assert!(asked > 200, "{asked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_function_treats_another_shops_things_as_nothing() {
    let app = app::start().await;
    let things = ids(&app.on);
    let nothing: BTreeMap<_, _> = things.keys().map(|name| (*name, Uuid::now_v7())).collect();
    let before = fingerprint(&app).await;
    for function in endpoints::functions() {
        let about_something = function
            .arguments
            .iter()
            .any(|(name, kind)| kind.ends_with("Id") || things.contains_key(name.as_str()) || name == "id");
        if !about_something || function.name == "revoke_session" {
            continue;
        }
        let mut answers = Vec::new();
        for of in [&things, &nothing] {
            let rival =
                if function.path.starts_with("/fn/portal/") { app.rivals_client().await } else { app.rival().await };
            let body = endpoints::body(&function, of, &post_fields(&rival, "/"));
            let answer = app.post(&rival, &function.path, &body).await;
            answers.push((answer.status, settled(&answer.body, "\0")));
        }
        assert_eq!(answers[0], answers[1], "{}: the rival can tell that these exist", function.path);
    }
    assert_eq!(before, fingerprint(&app).await, "the rival changed something");
}

async fn fingerprint(app: &TestApp) -> String {
    let a = app.on.crowd.a.id;
    let mut print = String::new();
    for table in [
        "app.clients",
        "app.contacts",
        "app.sites",
        "app.openings",
        "app.jobs",
        "app.job_lines",
        "app.visits",
        "app.invoices",
        "app.payments",
        "app.signatures",
        "audit.entries",
        "auth.memberships",
    ] {
        let rows = format!("select md5(string_agg(t::text, '' order by t::text)) from {table} t where shop_id = '{a}'");
        print += &app.on.ask::<String>(&rows).await;
    }
    print
}
