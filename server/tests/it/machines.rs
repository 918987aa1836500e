//! Keys and the API, over HTTP: what a key reaches, when it dies, what a honeypot tells and what it does not.

use crate::app::{self, Answer, TestApp, Who, post_fields};
use crate::harness::Shop;
use domain::{
    Role,
    choice::Choice,
    machines::{Namespace, NewApiKey, Reach, Scope},
};
use serde_json::{Value, json};
use server::api::DOCUMENT;
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use store::front_door::api_keys;
use uuid::Uuid;

/// A key as text.
async fn key(app: &TestApp, shop: &Shop, scope: Scope, rooms: &[Namespace]) -> String {
    let owner = shop.actor(&app.on.db, Role::Owner).await;
    let new =
        NewApiKey { name: "Test".into(), reach: Reach { scope, namespaces: rooms.to_vec() }, days: 90, trap: false };
    let form = Uuid::now_v7().to_string();
    api_keys::text(&app.on.db.front_door().make_api_key(&owner, &form, &new).await.expect("key"))
}

pub async fn all(app: &TestApp, shop: &Shop) -> String {
    key(app, shop, Scope::Write, Namespace::ALL).await
}

/// One call with more headers than the key.
async fn with(app: &TestApp, key: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let mut all =
        vec![("authorization", if key.is_empty() { "" } else { &bearer }), ("content-type", "application/json")];
    all.extend_from_slice(headers);
    app.send(method, path, &all, body.as_bytes()).await
}

pub async fn call(app: &TestApp, key: &str, method: &str, path: &str, body: &str) -> Answer {
    with(app, key, method, path, &[], body).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

/// Every operation there is: method, path, room and scope, as the description has them.
fn operations() -> Vec<(String, String, Namespace, Scope)> {
    let document = serde_json::to_value(&*DOCUMENT).expect("description");
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, act) in methods.as_object().expect("methods") {
            let needs =
                act["security"][0]["key"][0].as_str().unwrap_or_else(|| panic!("{method} {path} names no reach"));
            let (room, scope) = needs.split_once(':').expect("room:scope");
            let (room, scope) = (Namespace::parse(room).expect("room"), Scope::parse(scope).expect("scope"));
            all.push((method.to_uppercase(), path.clone(), room, scope));
        }
    }
    assert!(all.len() >= 25, "{}", all.len());
    all
}

/// The path with the id of a thing of that shop.
fn about(shop: &Shop, path: &str) -> String {
    let noun = path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default().trim_end_matches('s');
    path.replace("{id}", &shop.clients[0].get(noun).copied().unwrap_or(Uuid::nil()).to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_33_a_key_is_shown_once_and_kept_as_a_hash() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let mut form = post_fields(&owner, "/shop/keys");
    for (name, value) in [("name", "Accounting"), ("scope", "read"), ("days", "90"), ("clients", "on")] {
        form.push((format!("form[{name}]"), value.to_owned()));
    }
    let made = app.plain(&owner, "/fn/office/make_api_key", &form).await;
    assert_eq!((made.status, made.header("location")), (303, "/shop/keys"), "{}", made.body);
    let flash =
        made.headers.iter().find(|(name, value)| name == "set-cookie" && value.starts_with("flash=")).expect("flash");
    let carrying = Who { cookie: format!("{}; {}", owner.cookie, flash.1.split(';').next().unwrap()), ..owner.clone() };
    let shown = app.get(&carrying, "/shop/keys").await.body;
    let at = shown.find("shl_").expect("the key is shown");
    let key = &shown[at..at + 47];
    assert!(key[4..].bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{key}");
    assert!(!app.get(&carrying, "/shop/keys").await.body.contains(key), "a second look shows it no more");
    assert_eq!(call(&app, key, "GET", "/api/v1/clients", "").await.status, 200);
    // In no column of any table: as text, as bytes, or what stands behind the prefix.
    let everything = app.on.everything().await;
    assert!(everything.holds("Accounting"), "what is searched holds the shop");
    assert!(![key, &key[4..]].iter().any(|part| everything.holds(part)), "the key stands in the database");
    // No key, a malformed one, an unknown, an expired and a revoked one: one answer.
    let (expired, revoked) = (all(&app, &app.on.crowd.a).await, all(&app, &app.on.crowd.a).await);
    app.on.sudo("update auth.api_keys set revoked_at = app.now() where created_at = (select max(created_at) from auth.api_keys)").await;
    app.on.sudo("update auth.capabilities set revoked_at = app.now() where kind = 'api_key' and created_at = (select max(created_at) from auth.capabilities where kind = 'api_key')").await;
    app.on.later("91 days").await;
    let unknown = api_keys::text(&store::Token::fresh());
    let mut answers = BTreeSet::new();
    for key in ["", "shl_x", &unknown, &expired, &revoked, key] {
        let answer = call(&app, key, "GET", "/api/v1/clients", "").await;
        let headers: Vec<_> = answer
            .headers
            .iter()
            .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
            .cloned()
            .collect();
        answers.insert(format!("{} {headers:?} {}", answer.status, answer.body));
    }
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert!(answers.first().unwrap().starts_with("401"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_34_every_route_is_shut_to_keys_of_other_rooms() {
    let app = app::start().await;
    let shop = &app.on.crowd.a;
    for held in Namespace::ALL {
        let reader = key(&app, shop, Scope::Read, &[*held]).await;
        let writer = key(&app, shop, Scope::Write, &[*held]).await;
        for (method, path, room, scope) in operations() {
            for (key, holds) in [(&reader, Scope::Read), (&writer, Scope::Write)] {
                let mut status = 503;
                // A busy machine may keep a connection waiting for longer than the server does.
                for _ in 0..5 {
                    if status == 503 {
                        status = call(&app, key, &method, &about(shop, &path), "").await.status;
                    }
                }
                let reaches = room == *held && (scope == Scope::Read || holds == Scope::Write);
                assert_eq!(status != 403, reaches, "{method} {path} by a key that may {holds:?} {held:?}: {status}");
                assert!(![401, 500, 503].contains(&status), "{method} {path}: {status}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_34_a_use_is_noted_with_its_address_once_a_minute() {
    let app = app::start().await;
    let key = all(&app, &app.on.crowd.a).await;
    let used =
        "select coalesce(to_char(max(last_used_at), 'HH24:MI:SS.US'), '') || ' ' || max(last_ip) from auth.api_keys";
    assert_eq!(app.on.ask::<String>(used).await, " ");
    call(&app, &key, "GET", "/api/v1/clients", "").await;
    let first: String = app.on.ask(used).await;
    assert!(first.ends_with(&app.from.to_string()), "{first}");
    app.on.later("30 seconds").await;
    call(&app, &key, "GET", "/api/v1/clients", "").await;
    assert_eq!(app.on.ask::<String>(used).await, first, "within the minute nothing is written");
    app.on.later("31 seconds").await;
    call(&app, &key, "GET", "/api/v1/clients", "").await;
    assert_ne!(app.on.ask::<String>(used).await, first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_35_a_replaced_key_is_dead_when_the_answer_comes() {
    let app = Arc::new(app::start().await);
    let shop = &app.on.crowd.a;
    let old = all(&app, shop).await;
    let (over, before, after) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let load: Vec<_> = (0..4)
        .map(|_| {
            let (app, old, over, before, after) =
                (app.clone(), old.clone(), over.clone(), before.clone(), after.clone());
            tokio::spawn(async move {
                for _ in 0..40 {
                    let late = over.load(Ordering::SeqCst);
                    if call(&app, &old, "GET", "/api/v1/clients?limit=1", "").await.status == 200 {
                        if late { &after } else { &before }.fetch_add(1, Ordering::SeqCst);
                    }
                }
            })
        })
        .collect();
    while before.load(Ordering::SeqCst) < 10 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let owner = shop.actor(&app.on.db, Role::Owner).await;
    let row = app.on.db.front_door().api_keys(&owner).await.expect("keys").remove(0);
    let new = app.on.db.front_door().rotate_api_key(&owner, "again", row.id.into()).await.expect("rotated");
    over.store(true, Ordering::SeqCst);
    for task in load {
        task.await.expect("load");
    }
    assert_eq!(after.load(Ordering::SeqCst), 0, "the old key still opened something");
    assert_eq!(call(&app, &old, "GET", "/api/v1/clients", "").await.status, 401);
    assert_eq!(call(&app, &api_keys::text(&new), "GET", "/api/v1/clients", "").await.status, 200);
    // And so it is when the maker leaves.
    app.on
        .sudo(&format!(
            "update auth.memberships set disabled_at = app.now() where person_id = '{}'",
            shop.people[&Role::Owner]
        ))
        .await;
    assert_eq!(call(&app, &api_keys::text(&new), "GET", "/api/v1/clients", "").await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_36_a_honeypot_answers_like_an_unknown_key_and_tells_the_owners() {
    let app = app::start().await;
    let shop = &app.on.crowd.a;
    let owner = shop.actor(&app.on.db, Role::Owner).await;
    let new = NewApiKey {
        name: "Old backup script".into(),
        reach: Reach { scope: Scope::Read, namespaces: Vec::new() },
        days: 365,
        trap: true,
    };
    let trap = api_keys::text(&app.on.db.front_door().make_api_key(&owner, "trap", &new).await.expect("trap"));
    let told =
        format!("select count(*) from audit.entries where shop_id = '{}' and action = 119 and result = 1", shop.id);
    let letters = format!("select count(*) from worker.outbox where shop_id = '{}'", shop.id);
    let (waiting, none): (i64, i64) = (app.on.ask(&letters).await, app.on.ask(&told).await);
    let unknown = api_keys::text(&store::Token::fresh());
    let strip = |answer: Answer| {
        let headers: Vec<_> =
            answer.headers.into_iter().filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str())).collect();
        (answer.status, headers, answer.body)
    };
    let sprung = Instant::now();
    let first = strip(call(&app, &trap, "GET", "/api/v1/clients", "").await);
    assert_eq!(first, strip(call(&app, &unknown, "GET", "/api/v1/clients", "").await));
    while app.on.ask::<i64>(&told).await == none {
        assert!(sprung.elapsed() < Duration::from_secs(5), "nobody was told");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let owners: i64 = app
        .on
        .ask(&format!(
            "select count(*) from auth.memberships where shop_id = '{}' and role in ('owner','admin')",
            shop.id
        ))
        .await;
    assert_eq!(app.on.ask::<i64>(&letters).await - waiting, owners, "a letter to each owner and admin");
    let mut subjects = Vec::new();
    while let Some(letter) = app.on.db.claim_mail().await.expect("claim") {
        subjects.push(letter.mail.subject.clone());
        app.on.db.mail_sent(&letter).await.expect("sent");
    }
    assert!(subjects.iter().any(|subject| subject.contains("honeypot key")), "{subjects:?}");
    // More tries within the minute are counted, not told one by one; the next entry says how many.
    for _ in 0..3 {
        call(&app, &trap, "POST", "/api/v1/clients", "{}").await;
    }
    let counted = "select max(unrecorded) from auth.api_keys";
    while app.on.ask::<i32>(counted).await < 3 {
        assert!(sprung.elapsed() < Duration::from_secs(20), "tries are not counted");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(app.on.ask::<i64>(&told).await, 1);
    // As long as an unknown key takes: the alarm is raised beside the answer.
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..60 {
        let began = Instant::now();
        call(&app, [&trap, &unknown][round % 2], "GET", "/api/v1/clients", "").await;
        times[round % 2].push(began.elapsed());
    }
    let [trapped, other] = times.map(|mut all| {
        all.sort();
        all[all.len() / 2]
    });
    assert!(trapped < other * 3 && other < trapped * 3, "{trapped:?} against {other:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_shops_ids_name_nothing() {
    let app = app::start().await;
    let (a, b) = (&app.on.crowd.a, &app.on.crowd.b);
    let rival = all(&app, b).await;
    let own = all(&app, a).await;
    let mut walked = 0;
    for (method, path, ..) in operations().into_iter().filter(|(_, path, ..)| path.contains("{id}")) {
        let body = match (method.as_str(), path.ends_with("/steps")) {
            ("PATCH", _) => "{}",
            ("POST", true) => r#"{"step":"arrive"}"#,
            _ => "",
        };
        let ask = async |key: &str, path: &str| with(&app, key, &method, path, &[("if-match", "\"1\"")], body).await;
        let theirs = ask(&rival, &about(a, &path)).await;
        let nowhere = ask(&rival, &path.replace("{id}", &Uuid::now_v7().to_string())).await;
        assert_eq!((theirs.status, &theirs.body), (404, &nowhere.body), "{method} {path}");
        assert_eq!(nowhere.status, 404);
        assert_ne!(
            ask(&own, &about(a, &path)).await.status,
            404,
            "{method} {path}: the walk must meet something there is"
        );
        walked += 1;
    }
    assert!(walked >= 13, "{walked}");
    // In lists, filters and bodies too.
    for list in ["clients", "contacts", "sites", "openings", "jobs", "invoices", "payments"] {
        let answer = call(&app, &rival, "GET", &format!("/api/v1/{list}?limit=200"), "").await;
        let rows = read(&answer)["data"].as_array().expect("rows").len();
        assert!(rows > 0, "{list} shows the rival's own");
        for id in a.clients.iter().flat_map(|things| things.values()) {
            assert!(!answer.body.contains(&id.to_string()), "{list} tells of shop A");
        }
    }
    let client = a.clients[0]["client"];
    let made = call(
        &app,
        &rival,
        "POST",
        "/api/v1/sites",
        &json!({ "client": client, "address": "1 Low Street" }).to_string(),
    )
    .await;
    let random = json!({ "client": Uuid::now_v7(), "address": "1 Low Street" }).to_string();
    assert_eq!((made.status, made.body), (404, call(&app, &rival, "POST", "/api/v1/sites", &random).await.body));
    let trail = read(&call(&app, &rival, "GET", "/api/v1/audit?limit=200", "").await);
    let last = trail["data"].as_array().expect("entries").last().expect("one")["seq"].as_i64();
    assert!(trail["data"][0]["seq"] == 1 && last <= Some(200), "{last:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_is_added_once_changed_by_version_and_found_in_pages() {
    let app = app::start().await;
    let key = all(&app, &app.on.crowd.a).await;
    let new = json!({ "kind": "company", "name": "Machine Made Ltd", "phones": [{ "label": "Office", "value": "416 555 0190" }], "terms_days": 30 }).to_string();
    let once = [("idempotency-key", "order-1")];
    let (first, second) = tokio::join!(
        with(&app, &key, "POST", "/api/v1/clients", &once, &new),
        with(&app, &key, "POST", "/api/v1/clients", &once, &new)
    );
    assert_eq!((first.status, second.status), (201, 201), "{} {}", first.body, second.body);
    assert_eq!((&first.body, first.header("location")), (&second.body, second.header("location")));
    assert_eq!(app.on.ask::<i64>("select count(*) from app.clients where name = 'Machine Made Ltd'").await, 1);
    let other = with(&app, &key, "POST", "/api/v1/clients", &once, &new.replace("Made", "Found")).await;
    assert_eq!(other.status, 409, "{}", other.body);
    let double = call(&app, &key, "POST", "/api/v1/clients", &new).await;
    assert!(double.status == 422 && read(&double)["errors"]["allow_duplicate"].is_string(), "{}", double.body);
    // Changed by whoever read it last.
    let at = first.header("location").to_owned();
    assert!(at.starts_with("/api/v1/clients/") && first.header("etag") == "\"1\"", "{at}");
    let patch = r#"{"name":"Machine Made Inc","terms_days":null}"#;
    assert_eq!(call(&app, &key, "PATCH", &at, patch).await.status, 428);
    let changed = with(&app, &key, "PATCH", &at, &[("if-match", "\"1\"")], patch).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""), "{}", changed.body);
    let body = read(&changed);
    assert_eq!(
        (&body["name"], &body["terms_days"], &body["phones"][0]["label"]),
        (&json!("Machine Made Inc"), &Value::Null, &json!("Office"))
    );
    assert_eq!(with(&app, &key, "PATCH", &at, &[("if-match", "\"1\"")], patch).await.status, 412);
    assert_eq!(
        app.on.ask::<i64>("select count(*) from audit.entries where actor_kind = 4 and action in (20, 21)").await,
        2,
        "each act is an entry, by the key"
    );
    // All of them, page by page, each once.
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = read(&call(&app, &key, "GET", &format!("/api/v1/clients?limit=1{cursor}"), "").await);
        seen.extend(page["data"].as_array().expect("rows").iter().map(|row| row["id"].to_string()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let there: i64 =
        app.on.ask(&format!("select count(*) from app.clients where shop_id = '{}'", app.on.crowd.a.id)).await;
    assert_eq!((seen.len() as i64, seen.iter().collect::<BTreeSet<_>>().len() as i64), (there, there));
    // The owner reads on the trail which program it was.
    let owner = app.staff(Role::Owner).await;
    assert!(app.get(&owner, "/audit").await.body.contains("The key “Test”"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_are_problems_and_nothing_unknown_is_taken() {
    let app = app::start().await;
    let shop = &app.on.crowd.a;
    let key = all(&app, shop).await;
    let client = shop.clients[0]["client"];
    for (method, path, body, status) in [
        ("GET", "/api/v1/clients?limit=0", "", 400),
        ("GET", "/api/v1/clients?limit=1&tenant_id=x", "", 400),
        ("GET", "/api/v1/clients?cursor=x", "", 400),
        ("GET", "/api/v1/jobs?status=lost", "", 400),
        ("GET", "/api/v1/clients/x", "", 404),
        ("GET", "/api/v1/nothing", "", 404),
        ("GET", "/api/v2/clients", "", 404),
        ("GET", "/api/v1/clients/%00", "", 404),
        ("TRACE", "/api/v1/clients", "", 405),
        ("DELETE", "/api/v1/clients", "", 405),
        ("POST", "/api/v1/clients", "{", 400),
        ("POST", "/api/v1/clients", "[]", 422),
        ("POST", "/api/v1/clients", r#"{"kind":"person","name":"X","shop_id":"x"}"#, 422),
        ("POST", "/api/v1/clients", r#"{"kind":"person","name":"X\u0000Y"}"#, 422),
        ("POST", "/api/v1/clients", r#"{"kind":"ghost","name":""}"#, 422),
        (
            "POST",
            "/api/v1/payments",
            &json!({ "invoice": client, "amount_minor": 1, "method": "cash", "received_on": "2026-01-01" }).to_string(),
            404,
        ),
    ] {
        let answer = call(&app, &key, method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
        let problem = read(&answer);
        assert_eq!((&problem["type"], &problem["status"]), (&json!("about:blank"), &json!(status)), "{}", answer.body);
        assert!(
            ["title", "detail"].iter().all(|part| problem[part].as_str().is_some_and(|text| !text.is_empty())),
            "{}",
            answer.body
        );
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let wrong = read(
        &call(
            &app,
            &key,
            "POST",
            "/api/v1/clients",
            r#"{"kind":"ghost","name":"","phones":[{"label":"","value":"=1"}]}"#,
        )
        .await,
    );
    let fields: Vec<_> = wrong["errors"].as_object().expect("errors").keys().cloned().collect();
    assert_eq!(fields, ["kind", "name", "phones[0].value"]);
    let bearer = format!("Bearer {key}");
    let plain =
        app.send("POST", "/api/v1/clients", &[("authorization", &bearer), ("content-type", "text/plain")], b"{}").await;
    assert_eq!(plain.status, 415);
    let large = call(&app, &key, "POST", "/api/v1/clients", &format!(r#"{{"name":"{}"}}"#, "x".repeat(70_000))).await;
    assert_eq!(large.status, 413);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_counts_in_its_header_and_a_cookie_never() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let key = all(&app, &app.on.crowd.a).await;
    for (method, path, ..) in operations() {
        let path = about(&app.on.crowd.a, &path);
        let headers = [
            ("cookie", owner.cookie.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/json"),
        ];
        assert_eq!(app.send(&method, &path, &headers, b"{}").await.status, 401, "{method} {path} by a cookie");
        assert_eq!(call(&app, "", &method, &path, "{}").await.status, 401, "{method} {path} by nobody");
    }
    // A key opens no page, and no function of the pages.
    let bearer = format!("Bearer {key}");
    assert_eq!(
        app.send("GET", "/clients", &[("authorization", &bearer), ("accept", "text/html")], b"").await.status,
        401
    );
    // The description is for keys and for people who are signed in; others learn of none.
    for path in ["/api/v1/openapi.json", "/api/v1/docs"] {
        assert_eq!(app.get(&Who::default(), path).await.status, 404, "{path}");
        assert_eq!(app.get(&owner, path).await.status, 200, "{path}");
    }
    assert_eq!(call(&app, &key, "GET", "/api/v1/openapi.json", "").await.status, 200);
    assert!(app.get(&owner, "/api/v1/docs").await.body.contains("/api/v1/jobs/{id}/steps"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_may_only_read_writes_nothing_even_below_the_program() {
    let app = app::start().await;
    let shop = &app.on.crowd.a;
    let (reader, writer) = (key(&app, shop, Scope::Read, Namespace::ALL).await, all(&app, shop).await);
    for (key, may) in [(reader, false), (writer, true)] {
        let cap = api_keys::parse(&key).expect("key").cap();
        let mut conn = app.on.login("shearline_app").await;
        let digits = api_keys::parse(&key).expect("key").proof("db");
        assert!(!format!("{cap:?}").contains(&digits));
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("begin; set local app.cap = '{digits}'")))
            .execute(&mut conn)
            .await
            .expect("begin");
        let changed =
            sqlx::query("update app.clients set alert = 'x'").execute(&mut conn).await.expect("update").rows_affected();
        assert_eq!(changed > 0, may);
        // And at the front door a key is nobody.
        let mut door = app.on.login("shearline_auth").await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("begin; set local app.cap = '{digits}'")))
            .execute(&mut door)
            .await
            .expect("begin");
        let shop: Option<Uuid> = sqlx::query_scalar("select app.ctx_shop()").fetch_one(&mut door).await.expect("ctx");
        assert_eq!(shop, None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_goes_from_the_call_to_its_end_by_key() {
    let app = app::start().await;
    let shop = &app.on.crowd.a;
    let key = all(&app, shop).await;
    let (client, site) = (shop.clients[0]["client"], shop.clients[0]["site"]);
    let template: String =
        app.on.ask(&format!("select key from app.job_templates where shop_id = '{}' limit 1", shop.id)).await;
    let new = json!({ "client": client, "site": site, "template": template, "requested": "Rekey the back door", "ceiling_minor": 25000, "allow_duplicate": true });
    let made = call(&app, &key, "POST", "/api/v1/jobs", &new.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let at = made.header("location").to_owned();
    assert_eq!(read(&made)["ceiling_minor"], 25000);
    let changed =
        with(&app, &key, "PATCH", &at, &[("if-match", "\"1\"")], r#"{"urgent":true,"ceiling_minor":null}"#).await;
    assert_eq!(
        (changed.status, &read(&changed)["urgent"], &read(&changed)["site"]),
        (200, &json!(true), &json!(site)),
        "{}",
        changed.body
    );
    let steps = format!("{at}/steps");
    let too_soon = call(&app, &key, "POST", &steps, r#"{"step":"complete"}"#).await;
    assert_eq!(too_soon.status, 409, "{}", too_soon.body);
    assert_eq!(call(&app, &key, "POST", &steps, r#"{"step":"cancel"}"#).await.status, 422, "a reason is asked for");
    let cancelled = call(&app, &key, "POST", &steps, r#"{"step":"cancel","reason":"Found the key"}"#).await;
    assert_eq!((cancelled.status, &read(&cancelled)["status"]), (200, &json!("cancelled")), "{}", cancelled.body);
    let here = read(&call(&app, &key, "GET", &format!("/api/v1/jobs?status=cancelled&client={client}"), "").await);
    assert_eq!(here["data"].as_array().expect("rows").len(), 1, "{here}");
}
