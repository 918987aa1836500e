//! What stands before every route: no request another site made a browser send, and headers on every answer.

use crate::{
    app::{self, Answer, ids, post_fields},
    endpoints,
};
use domain::Role;

/// What `app::SITE` has for the office's module comes to.
const MODULE: &str = "sha384-0DeSvYsDquR15dA3vw6sdT+tE32nJCBO6Aklkh06a82PqZy0X9FKOJD+lF0u7oz4";

/// Marks of requests that did not come from a page of ours; `scheme` is our own origin but for the scheme.
fn foreign(scheme: &str) -> [Vec<(&str, &str)>; 7] {
    [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("origin", "null")],
        vec![("origin", scheme)],
        vec![("origin", "https://evil.example")],
        vec![("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
        vec![],
    ]
}

/// Whether a foreign request got nowhere. A client's link is posted from a page without referrer, so marks that are missing
/// prove nothing against it: its nonce does, and without one the page is shown again. Health is answered before all this.
fn refused(path: &str, marks: &[(&str, &str)], answer: &Answer) -> bool {
    let unmarked = marks.is_empty() || marks == [("origin", "null")];
    match path {
        _ if path.starts_with("/p/") && unmarked => {
            matches!(answer.status, 404 | 405) && answer.headers.iter().all(|(name, _)| name != "set-cookie")
        }
        "/healthz" | "/readyz" => answer.status == 405,
        _ => answer.status == 403,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_no_other_site_gets_anything_done() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let things = ids(&app.on);
    let entries = format!("select count(*) from audit.entries where shop_id = '{}'", app.on.crowd.a.id);
    let before: i64 = app.on.ask(&entries).await;
    let mut targets: Vec<_> = endpoints::functions()
        .iter()
        .map(|function| (function.path.clone(), endpoints::body(function, &things, &post_fields(&owner, "/"))))
        .collect();
    targets.extend(endpoints::pages(&things).iter().map(|page| (page.path.clone(), Vec::new())));
    targets.extend(endpoints::others().into_iter().map(|path| (path, Vec::new())));
    targets.extend(["/fn/desk/nothing", "/no/such/page"].map(|path| (path.into(), Vec::new())));
    let http = format!("http://{}", app.addr).replace("http", "https");
    for (path, body) in targets {
        let body = serde_urlencoded::to_string(&body).unwrap();
        for marks in foreign(&http) {
            for method in ["POST", "PUT", "DELETE", "PATCH"] {
                if method != "POST" && path.starts_with("/fn/") && marks.is_empty() {
                    continue; // one foreign mark is enough for what no form can send
                }
                let mut headers =
                    vec![("cookie", owner.cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
                headers.extend(marks.iter());
                let answer = app.send(method, &path, &headers, body.as_bytes()).await;
                assert!(refused(&path, &marks, &answer), "{method} {path} with {marks:?}: {}", answer.status);
            }
        }
    }
    assert_eq!(app.on.ask::<i64>(&entries).await, before, "something was done all the same");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_no_function_runs_by_get() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let things = ids(&app.on);
    for function in endpoints::functions() {
        let query =
            serde_urlencoded::to_string(endpoints::body(&function, &things, &post_fields(&owner, "/"))).unwrap();
        let answer = app.get(&owner, &format!("{}?{query}", function.path)).await;
        assert!(matches!(answer.status, 404 | 405), "GET {}: {}", function.path, answer.status);
    }
}

/// Every kind of answer there is.
async fn answers(app: &app::TestApp) -> Vec<(&'static str, Answer)> {
    let (owner, nobody) = (app.staff(Role::Owner).await, app::Who::default());
    let ours = [("cookie", owner.cookie.as_str()), ("sec-fetch-site", "same-origin")];
    vec![
        ("a page", app.get(&owner, "/").await),
        ("a page for nobody", app.get(&nobody, "/clients").await),
        ("the way in", app.get(&nobody, "/sign-in").await),
        ("no page", app.get(&owner, "/no/such/page").await),
        ("no id", app.get(&owner, "/clients/not-an-id").await),
        ("a file", app.get(&nobody, "/pkg/office.a1.js").await),
        ("a top file", app.get(&nobody, "/robots.txt").await),
        ("no file", app.get(&nobody, "/pkg/none.js").await),
        ("a refused function", app.post(&nobody, "/fn/desk/list_clients", &[]).await),
        ("no function", app.post(&nobody, "/fn/none", &[]).await),
        ("a wrong method", app.send("PUT", "/sign-in", &ours, b"").await),
        (
            "a foreign request",
            app.send("POST", "/fn/desk/list_clients", &[("sec-fetch-site", "cross-site")], b"").await,
        ),
        ("too much", app.send("POST", "/fn/desk/list_clients", &ours, &vec![b'x'; 3 * 1024 * 1024]).await),
        ("alive", app.get(&nobody, "/healthz").await),
        ("ready", app.get(&nobody, "/readyz").await),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_55_every_kind_of_answer_carries_every_header() {
    let app = app::start().await;
    for (what, answer) in answers(&app).await {
        for (name, expected) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
        ] {
            assert_eq!(answer.header(name), expected, "{what} ({}): {name}", answer.status);
        }
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{what}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains('*'),
            "{what}: {policy}"
        );
        assert!(
            !answer.header("referrer-policy").is_empty()
                && !answer.header("permissions-policy").is_empty()
                && !answer.header("cache-control").is_empty(),
            "{what}"
        );
        assert_eq!(answer.headers.iter().filter(|(name, _)| name == "content-security-policy").count(), 1, "{what}");
    }
    let too_much = answers(&app).await.into_iter().find(|(what, _)| *what == "too much").unwrap().1;
    assert_eq!(too_much.status, 413);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_55_every_script_of_a_page_carries_the_nonce_of_its_answer() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let mut nonces = std::collections::BTreeSet::new();
    for page in endpoints::pages(&ids(&app.on)) {
        let answer = app.get(&owner, &page.path).await;
        let nonce = answer
            .header("content-security-policy")
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .unwrap_or_else(|| panic!("{}: no nonce", page.pattern))
            .to_owned();
        assert!(nonce.len() >= 16, "{nonce}");
        for script in answer.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            // The hash of the small file the test site has for the office's module.
            assert!(!tag.contains(" src=") || tag.contains(&format!("integrity=\"{MODULE}\"")), "<script{tag}>");
            assert!(
                tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("type=\"application/json\""),
                "{}: <script{tag}>",
                page.pattern
            );
        }
        assert!(
            !answer.body.contains(" style=\"") && !answer.body.contains(" onclick="),
            "{}: inline style or handler",
            page.pattern
        );
        assert!(nonces.insert(nonce), "{}: a nonce came twice", page.pattern);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_search_engine_is_asked_in() {
    let app = app::start().await;
    let robots = app.get(&app::Who::default(), "/robots.txt").await;
    assert_eq!((robots.status, robots.header("content-type")), (200, "text/plain; charset=utf-8"));
    assert_eq!(robots.body.lines().collect::<Vec<_>>(), ["User-agent: *", "Disallow: /"]);
}
