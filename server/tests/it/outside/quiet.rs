//! What an answer gives away: the same headers everywhere, nothing to be kept, nothing that names us, nothing to be found.

use crate::{
    app::{self, Answer, TestApp, Who, ids, post_fields},
    endpoints, harness,
};
use domain::Role;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::OnceCell;

/// What every answer carries, word for word. `Strict-Transport-Security` is for those who come by https.
const HEADERS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains; preload"),
];

/// Headers by which scanners tell products and versions apart.
const NAMES: [&str; 6] = ["server", "x-powered-by", "via", "x-aspnet-version", "x-generator", "x-runtime"];

async fn behind_tls() -> TestApp {
    let settings = [
        ("SHEARLINE_PUBLIC_URL", "https://shop.example.org"),
        ("SHEARLINE_TRUSTED_PROXIES", "127.0.0.1"),
        ("SHEARLINE_REQUESTS_A_MINUTE", "1000000"),
        ("SHEARLINE_SECURITY_CONTACT", "mailto:security@shop.example.org"),
    ];
    app::serve_with(harness::fresh().await, &settings).await
}

/// Sessions as browsers keep them where the address is https.
fn hosted(who: Who) -> Who {
    Who { cookie: format!("__Host-{}", who.cookie), ..who }
}

/// What all of it answers, asked once for all tests.
async fn swept() -> &'static Vec<(String, Answer)> {
    static SWEPT: OnceCell<Vec<(String, Answer)>> = OnceCell::const_new();
    let ask = async || {
        let app = behind_tls().await;
        let mut answers = sweep(&app).await;
        answers.extend(refusals(&app).await);
        answers
    };
    SWEPT.get_or_init(ask).await
}

/// Every page, function and other route, asked in every way there is, by somebody signed in and by nobody.
async fn sweep(app: &TestApp) -> Vec<(String, Answer)> {
    let things = ids(&app.on);
    let (owner, client) = (hosted(app.staff(Role::Owner).await), hosted(app.client(0).await));
    let mut paths: Vec<String> = endpoints::pages(&things).into_iter().map(|page| page.path).collect();
    paths.extend(endpoints::others());
    paths.extend(["/no/such/page", "/pkg/office.a1.js", "/pkg/main.a1.css", "/robots.txt", "/%00"].map(str::to_owned));
    let mut answers = Vec::new();
    for path in &paths {
        for who in [&owner, &client, &Who::default()] {
            answers.push((format!("GET {path}"), app.get(who, path).await));
        }
        for method in ["HEAD", "OPTIONS", "POST", "PUT", "DELETE"] {
            let headers = [("cookie", owner.cookie.as_str()), ("sec-fetch-site", "same-origin")];
            answers.push((format!("{method} {path}"), app.send(method, path, &headers, b"").await));
        }
    }
    for function in endpoints::functions() {
        for who in [hosted(app.staff(Role::Owner).await), client.clone(), Who::default()] {
            let body = endpoints::body(&function, &things, &post_fields(&who, "/"));
            answers.push((format!("POST {}", function.path), app.post(&who, &function.path, &body).await));
            answers.push((format!("plain POST {}", function.path), app.plain(&who, &function.path, &body).await));
        }
    }
    answers
}

/// Answers that no route gives by itself: too much, too slow, too often, from elsewhere, fallen over.
async fn refusals(app: &TestApp) -> Vec<(String, Answer)> {
    let named = |(what, answer): (&str, Answer)| (what.to_owned(), answer);
    let large = vec![b'x'; 3 * 1024 * 1024];
    let head = "x".repeat(17_000);
    vec![
        named(("413", app.send("POST", "/sign-in", &[("sec-fetch-site", "same-origin")], &large).await)),
        named(("414", app.send("GET", &format!("/{}", &head[..5000]), &[], b"").await)),
        named(("431", app.send("GET", "/", &[("x-long", &head)], b"").await)),
        named(("403", app.send("POST", "/sign-in", &[("sec-fetch-site", "cross-site")], b"").await)),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_55_every_answer_of_every_route_carries_every_header() {
    let answers = swept().await;
    let mut statuses = std::collections::BTreeSet::new();
    for (what, answer) in answers {
        statuses.insert(answer.status);
        for (name, expected) in HEADERS {
            let found: Vec<_> =
                answer.headers.iter().filter(|(found, _)| found == name).map(|(_, value)| value).collect();
            assert_eq!(found, [expected], "{what} ({}): {name}", answer.status);
        }
        let policy = answer.header("content-security-policy");
        let parts = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"];
        let to_us = ["form-action 'self'", "form-action 'none'"].iter().any(|part| policy.contains(part));
        assert!(to_us && parts.iter().all(|part| policy.contains(part)), "{what}: {policy}");
        assert!(
            !["unsafe-inline", "'unsafe-eval'", "*", "http:", "data: 's"].iter().any(|bad| policy.contains(bad)),
            "{what}: {policy}"
        );
        assert!(matches!(answer.header("referrer-policy"), "same-origin" | "no-referrer"), "{what}");
    }
    for status in [200, 303, 401, 403, 404, 405, 413, 414, 422, 431] {
        assert!(statuses.contains(&status), "no answer had status {status}: {statuses:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_61_only_built_files_may_be_kept_on_the_way() {
    for (what, answer) in swept().await {
        let kept = answer.header("cache-control");
        let file =
            ["/pkg/office", "/pkg/main", "/robots.txt"].iter().any(|path| what.contains(path)) && answer.status == 200;
        assert!(
            if file { kept.starts_with("public, ") } else { kept == "no-store" },
            "{what} ({}): {kept}",
            answer.status
        );
        assert!(!file || answer.header("set-cookie").is_empty(), "{what}: a cookie with a file that is kept");
    }
}

/// What it is made of, if the text says so in a word of its own: nonces and tokens hold any four letters in time.
fn made_of(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    ["axum", "hyper", "leptos", "postgres", "postgresql", "sqlx"].into_iter().find(|name| words.contains(name))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_59_no_answer_names_what_answers() {
    for (what, answer) in swept().await {
        for name in NAMES {
            assert_eq!(answer.header(name), "", "{what}: {name}");
        }
        for (name, value) in &answer.headers {
            let named = made_of(value).is_some() || value.contains(env!("CARGO_PKG_VERSION"));
            assert!(!named || name == "x-request-id", "{what}: {name}: {value}");
        }
        if answer.status >= 400 {
            let lower = answer.body.to_lowercase();
            let inside = ["panicked", "src/", ".rs:", "postgres"].iter().find(|word| lower.contains(**word));
            assert_eq!(inside.copied().or(made_of(&answer.body)), None, "{what} ({})", answer.status);
        }
    }
}

/// Over 500 paths that scanners try: words times endings.
fn wordlist() -> Vec<String> {
    let words = [
        "admin",
        "administrator",
        "api",
        "api/v2",
        "app",
        "backup",
        "backups",
        "bitting",
        "cgi-bin/test",
        "config",
        "console",
        "database",
        "db",
        "debug",
        "debug/pprof",
        "dump",
        "env",
        "graphql",
        "health",
        "internal",
        "keys",
        "login",
        "logs/app",
        "manager/html",
        "metrics",
        "nginx_status",
        "old",
        "phpinfo",
        "phpmyadmin/index",
        "private",
        "secret",
        "secrets",
        "server-status",
        "shearline",
        "src/main",
        "status",
        "swagger",
        "test",
        "trace",
        "users",
        "v1/users",
        "vault",
        "wp-admin",
        "wp-login",
        "actuator",
        "actuator/env",
        "dev/outbox",
        "pkg/office",
        "pkg/main",
        "fonts",
        "assets",
        "static/main",
    ];
    let endings = ["", "/", ".json", ".php", ".bak", ".sql", ".map", ".zip", ".toml", ".old"];
    let odd = [
        ".env",
        ".git/config",
        ".git/HEAD",
        ".ssh/id_ed25519",
        ".htaccess",
        ".DS_Store",
        ".well-known/openid-configuration",
        "Cargo.toml",
        "Cargo.lock",
        "assets.json",
        "roles.toml",
        "root.key",
        "front.key",
        "keyd/root.key",
        "shearline.toml",
        "openapi.json",
        "api/v1/openapi.json",
        "api/v1/docs",
        "swagger.json",
        "pkg/",
        "pkg/office.a1.js.map",
        "pkg/office.a1.wasm.map",
        "pkg/office.d.ts",
        "pkg/assets.json",
        "pkg/../assets.json",
        "fn/",
        "fn/desk",
        "fn/office",
        "migrations/0001_foundation.sql",
        "target/site/assets.json",
        "sitemap.xml",
        "crossdomain.xml",
        "server-info",
        "id_rsa",
    ];
    let crossed = words.iter().flat_map(|word| endings.iter().map(move |ending| format!("/{word}{ending}")));
    crossed.chain(odd.iter().map(|path| format!("/{path}"))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_59_five_hundred_guesses_find_nothing() {
    let app = app::start().await;
    let paths = wordlist();
    assert!(paths.len() >= 500, "{}", paths.len());
    let mut bodies = std::collections::BTreeSet::new();
    for path in &paths {
        for accept in ["text/html", "*/*"] {
            let answer = app.send("GET", path, &[("accept", accept)], b"").await;
            assert!(matches!(answer.status, 302 | 303 | 401 | 404), "{path}: {}", answer.status);
            bodies.insert((answer.status, answer.body.len() / 200));
        }
    }
    assert!(bodies.len() < 20, "answers tell guesses apart: {bodies:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_91_security_txt_says_whom_to_tell() {
    let app = behind_tls().await;
    let told = app.get(&Who::default(), "/.well-known/security.txt").await;
    assert_eq!((told.status, told.header("content-type")), (200, "text/plain; charset=utf-8"));
    let field =
        |name: &str| told.body.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
    assert_eq!(field("Contact:"), "mailto:security@shop.example.org");
    assert_eq!(field("Canonical:"), "https://shop.example.org/.well-known/security.txt");
    let expires: String =
        app.on.ask(&format!("select (extract(epoch from '{}'::timestamptz)::bigint)::text", field("Expires:"))).await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let days = expires.parse::<u64>().unwrap().saturating_sub(now) / 86_400;
    assert!((30..=365).contains(&days), "expires in {days} days");
    let unnamed = app::start().await;
    assert_eq!(
        unnamed.get(&Who::default(), "/.well-known/security.txt").await.status,
        404,
        "nobody is named by default"
    );
}
