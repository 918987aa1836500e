//! Who may what, over everything there is: `access.txt` is read by a reviewer, and what has no row in it fails.

use crate::{
    app::{self, TestApp, Who, ids, post_fields},
    endpoints,
};
use domain::Role;
use std::{collections::BTreeMap, env, fmt::Write, fs, path::PathBuf};

/// Columns of the file.
const ACTORS: [&str; 11] = [
    "anonymous",
    "client",
    "owner",
    "admin",
    "manager",
    "dispatcher",
    "bookkeeper",
    "front_desk",
    "technician",
    "auditor",
    "rival",
];

async fn actor(app: &TestApp, name: &str) -> Who {
    match name {
        "anonymous" => Who::default(),
        "client" => app.client(0).await,
        "rival" => app.rival().await,
        role => app.staff(Role::parse(role).expect("role")).await,
    }
}

/// One actor's column: endpoint → status. Each call in a session of its own, for some of them end it.
async fn column(name: &'static str) -> BTreeMap<String, u16> {
    let app = app::start().await;
    let things = ids(&app.on);
    let mut column = BTreeMap::new();
    for page in endpoints::pages(&things) {
        let who = actor(&app, name).await;
        column.insert(format!("GET {}", page.pattern), app.get(&who, &page.path).await.status);
    }
    for function in endpoints::functions() {
        let who = actor(&app, name).await;
        let body = endpoints::body(&function, &things, &post_fields(&who, "/"));
        column.insert(format!("POST {}", function.path), app.post(&who, &function.path, &body).await.status);
    }
    column
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_gets_what_was_reviewed() {
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in ACTORS {
        for (endpoint, status) in column(name).await {
            rows.entry(endpoint).or_default().push(status.to_string());
        }
    }
    let mut text = format!("endpoint | {}\n", ACTORS.join(" "));
    for (endpoint, statuses) in &rows {
        let _ = writeln!(text, "{endpoint} | {}", statuses.join(" "));
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/access.txt");
    if env::var_os("SHEARLINE_REVIEW").is_some() {
        fs::write(&path, &text).expect("write access.txt");
    }
    let reviewed = fs::read_to_string(&path).expect("access.txt: SHEARLINE_REVIEW=1 writes it");
    let fresh: Vec<_> = text.lines().filter(|line| !reviewed.lines().any(|old| old == *line)).collect();
    let gone: Vec<_> = reviewed.lines().filter(|line| !text.lines().any(|new| new == *line)).collect();
    assert!(
        fresh.is_empty() && gone.is_empty(),
        "not as reviewed:\n{}\nreviewed was:\n{}",
        fresh.join("\n"),
        gone.join("\n")
    );
    for (endpoint, statuses) in &rows {
        assert!(statuses.iter().all(|status| !status.starts_with('5')), "{endpoint} fell over: {statuses:?}");
    }
}

/// What the file may never say, whoever reviews it.
#[test]
fn what_was_reviewed_keeps_the_rules() {
    let reviewed = include_str!("access.txt");
    let open = [
        "GET / ",
        "/sign-in",
        "/sign-up",
        "/invite/",
        "/forgot",
        "/reset/",
        "office/forgot_password",
        "office/find_reset",
        "office/weigh_password",
        "office/reset_password",
        "office/blank",
        "office/sign_in",
        "office/sign_up",
        "office/find_invitation",
        "office/accept_invite",
    ];
    for line in reviewed.lines().skip(1) {
        let (endpoint, statuses) = line.split_once(" | ").expect("a row");
        let of: BTreeMap<_, _> = ACTORS.iter().copied().zip(statuses.split(' ')).collect();
        if open.iter().any(|open| format!("{endpoint} ").contains(open)) {
            continue;
        }
        assert!(
            matches!(of["anonymous"], "401" | "404" | "303" | "302"),
            "{endpoint} answers people nobody knows with {}",
            of["anonymous"]
        );
        let of_the_portal = endpoint.contains("/portal");
        assert!(
            !endpoint.contains("{id}") || of["rival"] == if of_the_portal { "401" } else { "404" },
            "{endpoint} answers the rival with {}",
            of["rival"]
        );
        assert!(
            of_the_portal || of["client"] == of["anonymous"],
            "{endpoint}: the client's cookie is worth {} in the office",
            of["client"]
        );
        assert!(
            !of_the_portal || of["owner"] == of["anonymous"],
            "{endpoint}: the owner's cookie is worth {} in the portal",
            of["owner"]
        );
    }
}
