//! A form is done once, however often it is sent; and a page asks no more often for three rows than for one.

use crate::{
    app::{self, TestApp, Who, ids, post_fields},
    endpoints,
    harness::{Spare, rows},
};
use domain::Role;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

fn client(name: &str, post: &[(String, String)]) -> Vec<(String, String)> {
    let mut fields = post.to_vec();
    fields.extend([("form[kind]".to_owned(), "person".to_owned()), ("form[name]".to_owned(), name.to_owned())]);
    fields
}

async fn named(app: &TestApp, name: &str) -> i64 {
    app.on.ask(&format!("select count(*) from app.clients where name = '{name}'")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_form_twice_is_one_client() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let post = post_fields(&owner, "/clients/new");
    let form = client("Twice Once", &post);
    let (first, second) = tokio::join!(
        app.plain(&owner, "/fn/desk/create_client", &form),
        app.plain(&owner, "/fn/desk/create_client", &form)
    );
    assert_eq!((first.status, second.status), (303, 303), "{} {}", first.body, second.body);
    assert!(first.header("location").starts_with("/clients/"), "{}", first.header("location"));
    assert_eq!(first.header("location"), second.header("location"), "a double click leads to the one result");
    assert_eq!(named(&app, "Twice Once").await, 1);
    let resent = app.plain(&owner, "/fn/desk/create_client", &form).await;
    assert_eq!(resent.header("location"), first.header("location"), "the back button too");
    let changed = app.post(&owner, "/fn/desk/create_client", &client("Somebody Else", &post)).await;
    assert_eq!(changed.status, 409, "the same form with other content is a conflict");
    assert_eq!((named(&app, "Twice Once").await, named(&app, "Somebody Else").await), (1, 0));
    let fresh =
        app.post(&owner, "/fn/desk/create_client", &client("Another Once", &post_fields(&owner, "/clients/new"))).await;
    assert_eq!((fresh.status, named(&app, "Another Once").await), (200, 1), "two forms are two clients");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_another_shop_changes_nothing_here() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let stale = Who { shop: app.on.crowd.b.id.to_string(), ..owner.clone() };
    let answer =
        app.post(&owner, "/fn/desk/create_client", &client("Elsewhere", &post_fields(&stale, "/clients/new"))).await;
    assert_eq!((answer.status, named(&app, "Elsewhere").await), (409, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_edit_the_same_client_both_learn_of_it() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let id = app.on.crowd.a.clients[0]["client"];
    let edit = |name: &str| {
        let mut form = client(name, &post_fields(&owner, "/"));
        form.extend([("client".to_owned(), id.to_string()), ("form[version]".to_owned(), "1".to_owned())]);
        form
    };
    let first = app.post(&owner, "/fn/desk/update_client", &edit("First Editor")).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let second = app.post(&owner, "/fn/desk/update_client", &edit("Second Editor")).await;
    assert_eq!(second.status, 409, "{}", second.body);
    assert_eq!((named(&app, "First Editor").await, named(&app, "Second Editor").await), (1, 0));
}

/// Statements each function that reads sends, by path.
async fn counts(app: &TestApp) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for function in
        endpoints::functions().into_iter().filter(|function| function.arguments.iter().all(|(_, kind)| kind != "Post"))
    {
        let who =
            if function.path.starts_with("/fn/portal/") { app.client(0).await } else { app.staff(Role::Owner).await };
        let before = app.on.db.statements();
        app.post(&who, &function.path, &endpoints::body(&function, &ids(&app.on), &[])).await;
        counts.insert(function.path, app.on.db.statements() - before);
    }
    counts
}

/// Statements each page sends, by path.
async fn page_counts(app: &TestApp) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for page in endpoints::pages(&ids(&app.on)) {
        let who = if page.pattern.starts_with("/portal") { app.client(0).await } else { app.staff(Role::Owner).await };
        let before = app.on.db.statements();
        app.get(&who, &page.path).await;
        counts.insert(page.pattern, app.on.db.statements() - before);
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_loads_what_it_shows_once() {
    let app = app::start().await;
    let few = page_counts(&app).await;
    let mut root = app.on.login("postgres").await;
    for n in 3..6 {
        rows::one_more(&mut root, &app.on.crowd.a, n).await;
    }
    let more = page_counts(&app).await;
    for (pattern, count) in &few {
        assert_eq!(more[pattern], *count, "{pattern}: {count} statements for two of each, {} for five", more[pattern]);
        // One of them is the number of alerts beside their name in the frame.
        assert!(*count <= 21, "{pattern}: {count} statements");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_asked_more_often_for_more_rows() {
    let app = app::start().await;
    let few = counts(&app).await;
    let mut root = app.on.login("postgres").await;
    for n in 3..6 {
        rows::one_more(&mut root, &app.on.crowd.a, n).await;
    }
    let more = counts(&app).await;
    for (path, count) in &few {
        assert_eq!(more[path], *count, "{path}: {count} statements for two of each, {} for five", more[path]);
        assert!(*count <= 20, "{path}: {count} statements");
    }
    assert!(few.values().filter(|count| **count > 0).count() > 15);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_database_the_server_says_so_and_comes_back() {
    let spare = Spare::start("");
    let app = app::serve(spare.people().await).await;
    let owner = app.staff(Role::Owner).await;
    let nobody = Who::default();
    assert_eq!(app.get(&owner, "/clients").await.status, 200);
    spare.down();
    let (page, ready, alive) =
        tokio::join!(app.get(&owner, "/clients"), app.get(&nobody, "/readyz"), app.get(&nobody, "/healthz"));
    assert_eq!((page.status, ready.status, alive.status), (503, 503, 200));
    assert!(page.body.contains("cannot reach its database"), "the page says what is the matter");
    let form = client("While Down", &post_fields(&owner, "/clients/new"));
    let (plain, script) = tokio::join!(
        app.plain(&owner, "/fn/desk/create_client", &form),
        app.post(&owner, "/fn/desk/create_client", &form)
    );
    assert_eq!((plain.status, script.status), (503, 503), "{} {}", plain.body, script.body);
    spare.up();
    let deadline = Instant::now() + Duration::from_secs(30);
    while app.get(&owner, "/clients").await.status != 200 {
        assert!(Instant::now() < deadline, "the server did not come back");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(app.plain(&owner, "/fn/desk/create_client", &form).await.status, 303);
    assert_eq!(named(&app, "While Down").await, 1, "what was sent while it was down was not lost and not done twice");
}
